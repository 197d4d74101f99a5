"""Locks between processes: files that say who holds them, released by the system when the holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

_PAUSE = 0.02  # seconds between two tries


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, in which process, since when (ISO 8601, UTC), and to do what."""

    who: str
    pid: int
    since: str
    doing: str


class LockHeld(Exception):
    """Someone else holds the lock; `holder` is None when it could not be told who."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(f"held by {holder}")
        self.holder = holder


@contextmanager
def held(path: Path, *, who: str, doing: str, wait: float = 0.2) -> Iterator[None]:
    """Hold the lock at `path` while the block runs, after `wait` seconds at most. Raises `LockHeld`.

    A little wait is needed always: `holder` takes the lock for a moment to look.

    The lock belongs to the open file, so it ends with its process: a dead one's is simply taken over.
    """
    with _opened(path) as file:
        deadline = time.monotonic() + wait
        while not _taken(file):
            if time.monotonic() >= deadline:
                raise LockHeld(_read(path))
            time.sleep(_PAUSE)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        _write(file, json.dumps(asdict(Holder(who, os.getpid(), now, doing)), ensure_ascii=False))
        try:
            yield
        finally:
            with suppress(OSError):  # a full disk; the lock itself is released all the same
                _write(file, "")


@contextmanager
def shared(path: Path, *, wait: float = 0.2) -> Iterator[None]:
    """Hold the lock at `path` together with others who share it, so that nobody holds it alone. Raises `LockHeld`."""
    with _opened(path) as file:
        deadline = time.monotonic() + wait
        while not _taken(file, fcntl.LOCK_SH):
            if time.monotonic() >= deadline:
                raise LockHeld(_read(path))
            time.sleep(_PAUSE)
        yield


def holder(path: Path) -> Holder | None:
    """Return who holds the lock at `path` at this moment; None when nobody does."""
    try:
        with path.open(encoding="utf-8") as file:
            # Shared, so that two who look at once do not take each other for the holder.
            if _taken(file, fcntl.LOCK_SH):
                return None
            return _read(path) or Holder("?", 0, "?", "?")
    except FileNotFoundError:
        return None


def _opened(path: Path) -> TextIO:
    # For its owner only: whoever may open a lock may hold it.
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+", encoding="utf-8")


def _taken(file: TextIO, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(file: TextIO, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _read(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # just being written
