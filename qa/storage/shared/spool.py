"""Rows of the log that wait on the disk of this machine while the database of all servers is away.

A file of SQLite, because it appends whole rows or none, keeps their order, and forgets for good what was written on.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from index.files import locks

# In QA_HOME; servers with the same home share it.
SPOOL = "log-waiting.sqlite"
MOST_BYTES = 256 << 20

Row = Mapping[str, str | float | None]

_MADE = "CREATE TABLE IF NOT EXISTS waiting (number INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)"
_BUSY_SECONDS = 5.0
_OF_THE_DISK = sqlite3.OperationalError  # full or busy: the file is as good as before

logger = logging.getLogger(__name__)


class SpoolRefused(Exception):
    """The disk takes no row, or the file cannot be read."""


class Spool:
    """Rows in their order, on the disk once `add` returns; the oldest go where there are too many."""

    def __init__(self, file: Path, *, most: int, most_bytes: int = MOST_BYTES) -> None:
        self._file = file
        self._most = most
        self._most_bytes = most_bytes

    def count(self) -> int:
        """Return how many rows wait. Raises `SpoolRefused`."""
        with self._opened() as waiting:
            return int(waiting.execute("SELECT count(*) FROM waiting").fetchone()[0]) if waiting else 0

    def add(self, row: Row) -> int:
        """Keep a row; return how many older ones had to go for it. Raises `SpoolRefused`."""
        line = json.dumps(dict(row))
        with self._opened(make=True) as waiting:
            assert waiting
            gone = 0
            while self._is_full(waiting):
                gone += waiting.execute("DELETE FROM waiting WHERE number = (SELECT min(number) FROM waiting)").rowcount
            waiting.execute("INSERT INTO waiting (line) VALUES (?)", (line,))
            return gone

    def first(self, most: int) -> list[tuple[int, Row]]:
        """Return the oldest rows with their numbers. Raises `SpoolRefused`."""
        with self._opened() as waiting:
            if waiting is None:
                return []
            found = waiting.execute("SELECT number, line FROM waiting ORDER BY number LIMIT ?", (most,))
            return [(number, json.loads(line)) for number, line in found]

    def drop(self, number: int) -> None:
        """Forget all rows up to this one. Raises `SpoolRefused`."""
        with self._opened() as waiting:
            if waiting:
                waiting.execute("DELETE FROM waiting WHERE number <= ?", (number,))

    @contextmanager
    def emptying(self) -> Iterator[bool]:
        """Let one process at a time write the rows on; yields whether it is this one."""
        with ExitStack() as stack:
            try:
                lock = self._file.with_suffix(".lock")
                stack.enter_context(locks.held(lock, who="server", doing="log", wait=0.0))
                mine = True
            except locks.LockHeld:
                mine = False
            except OSError as error:
                raise SpoolRefused(f"{self._file}: {error}") from error
            yield mine

    def _is_full(self, waiting: sqlite3.Connection) -> bool:
        rows = waiting.execute("SELECT coalesce(max(number) - min(number) + 1, 0) FROM waiting").fetchone()[0]
        pages, free, size = (
            waiting.execute(f"PRAGMA {word}").fetchone()[0] for word in ("page_count", "freelist_count", "page_size")
        )
        return bool(rows) and (rows >= self._most or (pages - free) * size > self._most_bytes)

    @contextmanager
    def _opened(self, *, make: bool = False) -> Iterator[sqlite3.Connection | None]:
        """Open the file for one transaction; None if there is none."""
        try:
            if make:
                self._file.touch(mode=0o600)  # it holds citizens' questions
            elif not self._file.exists():
                yield None
                return
            with closing(sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)) as waiting:
                waiting.execute("PRAGMA journal_mode = TRUNCATE")
                waiting.execute("PRAGMA synchronous = FULL")
                waiting.execute("PRAGMA secure_delete = ON")
                waiting.execute("BEGIN IMMEDIATE")
                waiting.execute(_MADE)
                yield waiting
                waiting.execute("COMMIT")
        except (sqlite3.Error, OSError, ValueError) as error:
            if isinstance(error, sqlite3.DatabaseError | ValueError) and not isinstance(error, _OF_THE_DISK):
                self._put_aside()  # the next one begins another file
            raise SpoolRefused(f"{self._file}: {error}") from error

    def _put_aside(self) -> None:
        """Have a file that cannot be read out of the way, for somebody to look at."""
        aside = self._file.with_suffix(f".damaged-{int(time.time())}")
        with suppress(OSError):
            self._file.rename(aside)
            logger.error("Rows that wait for the log cannot be read: %s is put aside as %s", self._file, aside)
