"""Tracks files that staff have just uploaded: which session sent which. Each opens once, never through a link."""

import os
import re
import stat
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from qa.runtime.errors import StaffRefused

# As many as Gradio accepts in one upload. The sweep deletes files that nobody takes.
MOST_FILES = 1000
MOST_SESSIONS = 200
# Gradio names a file's folder by the hash of its content.
_HASH = re.compile(r"[0-9a-f]{64}")
# The open must neither follow a link nor wait for the other end of a pipe.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_INNER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
GONE = "上传的文件已不在，请再上传一次"


class NotUploaded(StaffRefused):
    """The session has not just uploaded this file, or it is no longer a regular file."""


class Arrivals:
    """The files in the upload folder, by the session that sent them. Nothing else is ever opened or removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, OrderedDict[str, tuple[str, str]]] = OrderedDict()

    def note(self, session: str, paths: Iterable[str]) -> None:
        """Remember that a session sent these files; paths outside of the folder are ignored."""
        with self._lock:
            mine = self._known.setdefault(session, OrderedDict())
            self._known.move_to_end(session)
            for path in paths:
                if place := self._place(path):
                    mine[path] = place
            while len(mine) > MOST_FILES:
                mine.popitem(last=False)
            while len(self._known) > MOST_SESSIONS:
                self._known.popitem(last=False)

    def has(self, session: str, path: str) -> bool:
        """Return whether the session has just sent this file and it is still a regular file with one name."""
        with self._lock:
            mine = self._known.get(session)
            place = mine.get(path) if mine else None
        if place is None:
            return False
        try:
            with self._inner(place[0]) as inner:
                return _is_plain(os.stat(place[1], dir_fd=inner, follow_symlinks=False))
        except OSError:
            return False

    @contextmanager
    def taken(self, session: str, path: str) -> Iterator[BinaryIO]:
        """Open a file that the session has just sent, once; it is removed afterwards. Raises `NotUploaded`."""
        with self._lock:
            place = self._known.get(session, OrderedDict()).pop(path, None)
        if place is None:
            raise NotUploaded(GONE)
        folder, name = place
        try:
            with self._inner(folder) as inner, os.fdopen(os.open(name, _READ, dir_fd=inner), "rb") as content:
                if not _is_plain(os.fstat(content.fileno())):
                    raise NotUploaded(GONE)
                try:
                    yield content
                finally:
                    with suppress(FileNotFoundError):
                        os.unlink(name, dir_fd=inner)
        except OSError as error:
            raise NotUploaded(GONE) from error

    def _place(self, path: str) -> tuple[str, str] | None:
        """Return folder and name of a file as Gradio stores it; None for every other path."""
        folder, _, name = path.removeprefix(f"{self._folder}/").partition("/")
        whole = path == f"{self._folder}/{folder}/{name}"
        plain = _HASH.fullmatch(folder) and name not in ("", ".", "..") and "/" not in name and "\0" not in name
        return (folder, name) if whole and plain else None

    @contextmanager
    def _inner(self, name: str) -> Iterator[int]:
        outer = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            inner = os.open(name, _INNER, dir_fd=outer)
        finally:
            os.close(outer)
        try:
            yield inner
        finally:
            os.close(inner)


def _is_plain(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1
