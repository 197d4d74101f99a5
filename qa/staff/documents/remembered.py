"""Remembers what is costly to read for the list of files, as long as nothing in the folder was touched."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from corpus.files.scan import Scan, hash_of, side_file
from corpus.limits import Limits

T = TypeVar("T")

# Of files; a list of more is read anew each time.
MOST = 20_000
Touched = tuple[int, int, int, int]


class FileHashes:
    """The hash of each file as long as neither its nor its side file's time, size and number change.

    A file could be rewritten within the clock's grain and keep them, so only the list relies on it: a refresh and every
    change of a file hash anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[tuple[Touched | None, Touched | None], str]] = {}

    def __call__(self, path: Path, limits: Limits) -> str:
        signature = (touched(path), touched(side_file(path)))
        with self._lock:
            known = self._known.get(path)
        if known and known[0] == signature:
            return known[1]
        found = hash_of(path, limits)
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[path] = (signature, found)
        return found


class Last(Generic[T]):
    """The value for the key asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[object, T] | None = None

    def of(self, key: object, make: Callable[[], T]) -> T:
        """Return what `make` makes for a key, from memory if it was the last one."""
        with self._lock:
            if self._kept is None or self._kept[0] != key:
                self._kept = (key, make())
            return self._kept[1]


def signature(folder: Path) -> tuple[tuple[str, Touched], ...]:
    """Return a key that changes when anything below a folder is added, removed or touched; links are not followed."""
    found: list[tuple[str, Touched]] = []
    left = [str(folder)]
    while left:
        try:
            entries = list(os.scandir(left.pop()))
        except OSError:
            continue
        for entry in entries:
            found.append((entry.path, _of(entry.stat(follow_symlinks=False))))
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
    return tuple(sorted(found))


def touched(path: Path) -> Touched | None:
    """Return a key that changes when a file is written again; None without the file."""
    try:
        return _of(path.lstat())
    except OSError:
        return None


def _of(found: os.stat_result) -> Touched:
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


HASHES = FileHashes()
SCANNED: Last[Scan] = Last()
