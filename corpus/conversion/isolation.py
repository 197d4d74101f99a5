"""Confines the converting process before it reads a file: no network, writing, other programs; limited memory, time.

The process also takes the lowest priority and dies with its parent. The kernel enforces the limits on memory, time
and written bytes; where it permits a network namespace without devices, it closes the network. The audit hook sees
what Python code does. It is a second line, and the only one where the kernel does not permit the namespace.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from corpus.conversion.parent_death import end_with_parent
from corpus.limits import MEGABYTE

NICENESS = 19  # answering comes first; nothing waits for a conversion
_NEW_USER, _NEW_NETWORK, _NEW_PROCESSES, _NEW_MESSAGES = 0x10000000, 0x40000000, 0x20000000, 0x08000000
_NEW_MOUNTS, _BIND, _PRIVATE = 0x00020000, 0x1000, 0x40000 | 0x4000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "shutil.",
    "tempfile.",
    "pty.",
)


def isolate(*, most_megabytes: int) -> str:
    """Give up for good what conversion does not need; return how the network is closed: `namespace` or `hook`."""
    give_way()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most_megabytes * MEGABYTE,) * 2)
    network = "namespace" if _leave(_NEW_NETWORK) else "hook"
    end_with_parent()  # after the namespaces, because entering one undoes it
    sys.addaudithook(_refuse)
    return network


def give_way() -> None:
    """Take the lowest priority, write no memory dumps, and ignore signals meant for the parent."""
    # Ctrl-C, a closed terminal and a service manager address the parent, which then ends this process.
    for asked in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_others() -> bool:
    """Leave the network, and for processes started from now on all others; return False if the kernel forbids it."""
    return _leave(_NEW_NETWORK | _NEW_PROCESSES | _NEW_MESSAGES | _NEW_MOUNTS)


def see_as(folder: Path, place: Path) -> bool:
    """Mount one folder over another from now on; return False if the kernel forbids it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(None, b"/", None, _PRIVATE, None) != 0:
        return False
    return bool(libc.mount(os.fsencode(folder), os.fsencode(place), None, _BIND, None) == 0)


def allow(*, memory_megabytes: int, seconds: float) -> None:
    """Limit memory in MB from now on, and processor time to so many further seconds."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(memory_megabytes * MEGABYTE, most), most))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    # At the limit the kernel sends SIGXCPU, which ends the process even in native code.
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _leave(namespaces: int) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    # Root needs no user namespace for this; others do.
    return any(libc.unshare(flags) == 0 for flags in (namespaces, _NEW_USER | namespaces))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is closed to conversion")
    if event == "open":
        path, mode, flags = arguments
        writing = (isinstance(flags, int) and flags & _WRITING) or (isinstance(mode, str) and set(mode) & set("wax+"))
        if writing and path != os.devnull:
            raise PermissionError(f"Writing {path} is closed to conversion")
