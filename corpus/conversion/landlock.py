"""Restricts the files that a process and its children may read and write, by Landlock of Linux 5.13 and later.

https://docs.kernel.org/userspace-api/landlock.html: it needs no privileges, and nothing can undo it.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # numbers of system calls, the same on every machine
_VERSION_ASKED, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38
EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
READ = _READ | _LIST
# For each version of the interface, all rights over files that it knows.
_ALL = (0, 0x1FFF, 0x3FFF, 0x7FFF, 0x7FFF, 0xFFFF)
_OF_FILES = EXECUTE | _WRITE | _READ | 0x4000 | 0x8000
ALL = 0xFFFF
SOCKETS = 0x20 | 0x200  # making sockets, and deleting files
_TCP = 0x3  # binding and connecting, from version 4
_ABSTRACT_SOCKETS_AND_SIGNALS = 0x3  # from version 6


def version() -> int:
    """Return the version of the kernel's interface; 0 or less without one."""
    found: int = ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_ASKED)
    return found


def restrict(rules: Iterable[tuple[Path, int]]) -> None:
    """Keep only the rights that the rules grant at and below their paths, and no TCP.

    Missing paths are skipped. Without Landlock nothing changes. Raises `OSError` if the kernel has Landlock and
    refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    has = version()
    if has < 1:
        return
    known = _ALL[min(has, len(_ALL) - 1)]
    rights = [known, *([_TCP] if has >= 4 else []), *([_ABSTRACT_SOCKETS_AND_SIGNALS] if has >= 6 else [])]
    attributes = struct.pack(f"={len(rights)}Q", *rights)
    ruleset = _called(libc, _CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        for path, allowed in rules:
            _allow(libc, ruleset, path, allowed & known)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _called(libc, _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = allowed if path.is_dir() else allowed & _OF_FILES
        _called(libc, _ADD, ruleset, _BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _called(libc: ctypes.CDLL, *arguments: object) -> int:
    outcome: int = libc.syscall(*arguments)
    if outcome < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return outcome
