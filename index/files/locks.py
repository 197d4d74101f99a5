"""Locks between processes: files that name their holder; the system releases them when the holder dies."""

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
    """The holder of a lock: its name, process, since when (ISO 8601, UTC), and its purpose."""

    who: str
    pid: int
    since: str
    doing: str


class LockHeld(Exception):
    """Somebody else holds the lock; `holder` is None if unknown."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(f"held by {holder}")
        self.holder = holder


@contextmanager
def held(path: Path, *, who: str, doing: str, wait: float = 0.2) -> Iterator[None]:
    """Hold the lock at `path` during the block, after at most `wait` seconds. Raises `LockHeld`.

    A short wait is always needed, because `holder` takes the lock for a moment to look.

    The lock belongs to the open file, so it ends with its process: the lock of a dead process is simply free.
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
            with suppress(OSError):  # a full disk; the lock itself is still released
                _write(file, "")


@contextmanager
def shared(path: Path, *, wait: float = 0.2) -> Iterator[None]:
    """Hold the lock at `path` together with other sharers, so that nobody holds it alone. Raises `LockHeld`."""
    with _opened(path) as file:
        deadline = time.monotonic() + wait
        while not _taken(file, fcntl.LOCK_SH):
            if time.monotonic() >= deadline:
                raise LockHeld(_read(path))
            time.sleep(_PAUSE)
        yield


def holder(path: Path) -> Holder | None:
    """Return the present holder of the lock at `path`; None if nobody holds it."""
    try:
        with path.open(encoding="utf-8") as file:
            # Shared, so that two processes that look at once do not mistake each other for the holder.
            if _taken(file, fcntl.LOCK_SH):
                return None
            return _read(path) or Holder("?", 0, "?", "?")
    except FileNotFoundError:
        return None


def _opened(path: Path) -> TextIO:
    # Readable only for its owner, because anybody who can open a lock can hold it.
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
        return None  # it is just being written
