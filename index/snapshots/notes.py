"""What is noted beside each snapshot, such as who made it: files here, a table where several machines share it."""

from pathlib import Path
from typing import Protocol

from index.files import atomic

SUFFIX = ".record.json"


class Notes(Protocol):
    """One text for each snapshot."""

    def read(self, name: str) -> bytes:
        """Raises `FileNotFoundError` where there is none, `OSError` where it cannot be read."""

    def write(self, name: str, content: bytes) -> None:
        """Replace the text whole."""

    def touched(self, name: str) -> tuple[int, ...]:
        """Return a key that changes when it is written again."""

    def forget(self, name: str) -> None:
        """Delete it, if there is one."""


class NoteFiles:
    """Files beside the snapshots' folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        atomic.replace(self._path(name), content)

    def touched(self, name: str) -> tuple[int, ...]:
        try:
            found = self._path(name).stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def forget(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{SUFFIX}"
