"""The one SQLite file of the running service: questions, replies, accounts, switches of staff."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.storage.migrations import MIGRATIONS

BUSY_SECONDS = 5.0
# Its name in QA_HOME.
DATABASE = "service.sqlite"


class DatabaseNewer(Exception):
    """A newer version of the program wrote the file."""


def open_database(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, which is first created or upgraded; several processes may do so at once.

    Every statement commits by itself. Raises `DatabaseNewer`, and `OSError` if the file cannot be created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # It holds citizens' questions, so only the account that runs the service may read it.
    path.touch(mode=0o600, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def together(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep all that is written in the block, or nothing of it; nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _write_ahead(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            # If two connections change a new file at once, SQLite refuses one without waiting, whatever its time limit.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    # Checked without a transaction first: merely opening the file must not wait for a writer.
    if _version(connection) == len(MIGRATIONS):
        return
    with together(connection):
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise DatabaseNewer(f"{path} was written by a newer version of this program; install that one")
        for migration in MIGRATIONS[version:]:
            # Not executescript(): it would commit before the end.
            for statement in _statements(migration):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; semicolons in strings, comments and triggers end none."""
    begun = ""
    for part in script.split(";"):
        begun += f"{part};"
        if sqlite3.complete_statement(begun):
            if begun.strip(" \n;"):
                yield begun
            begun = ""
    if begun.strip(" \n;"):
        yield begun  # unfinished: SQLite reports what is wrong
