"""Writes files so that a crash leaves the old or the new content, never a part."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync(path: Path) -> None:
    """Flush a file, or a folder's list of names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Replace the file at `path` atomically and durably; the process's umask narrows `mode`."""
    with _beside(path, content, mode) as aside:
        aside.replace(path)
    sync(path.parent)


def create(path: Path, content: bytes) -> None:
    """Create a file at `path` atomically and durably. Raises `FileExistsError` if there is one."""
    with _beside(path, content) as aside:
        path.hardlink_to(aside)  # unlike renaming, this never replaces another file
    sync(path.parent)


@contextmanager
def _beside(path: Path, content: bytes, mode: int = 0o666) -> Iterator[Path]:
    """Yield a file with that content beside `path`, on the disk; it is deleted afterwards."""
    aside = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
