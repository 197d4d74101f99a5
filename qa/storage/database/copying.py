"""Copies everything from one database into another, of whichever engine, and compares what both hold."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from qa.storage.database import sqlite_files
from qa.storage.database.connection import POSTGRESQL, Connection, together
from qa.storage.database.opening import Where, open_database

TABLES = (
    "replies",
    "switches",
    "accounts",
    "sessions",
    "sign_in_failures",
    "second_steps",
    "second_step_waits",
    "identities",
    "sign_on_waits",
    "withdrawals",
    "todo",
    "todo_questions",
    "reviewed",
    "golden_proposals",
    "audit_witness",
)
# Must not come back to life with a copy.
SESSIONS = ("sessions", "second_step_waits", "sign_on_waits", "sign_in_failures")
_NUMBERED = ("sign_in_failures", "todo", "reviewed", "golden_proposals")
_AT_ONCE = 500  # replies, of some kilobytes each

# The number of rows of each table, and a hash of what they hold.
Contents = Mapping[str, tuple[int, str]]


class CopyDiffers(Exception):
    """A copy does not hold what it was made of; nothing was kept of it."""


def copy_to_file(where: Where, file: Path) -> None:
    """Copy a database as of one moment into a new file, while others write; without sessions.

    The copy of an encrypted file is encrypted with the same key.
    """
    key = sqlite_files.key_of(where) if isinstance(where, Path) else None
    if isinstance(where, Path):
        open_database(where).close()  # brought up to date
        with closing(_raw(where, key)) as source, closing(_raw(file, key)) as target:
            source.backup(target)
    else:
        with closing(open_database(where)) as server, closing(open_database(file)) as copy, server.snapshot():
            fill(copy, server)
    with closing(_raw(file, key)) as target:
        with target:
            for table in SESSIONS:
                target.execute(f"DELETE FROM {table}")
        target.execute("PRAGMA journal_mode = DELETE")
        target.execute("VACUUM")  # otherwise deleted rows would remain in the file


def _raw(file: Path, key: bytes | None) -> Any:
    return sqlite_files.connect(file, key=key)


def fill(
    target: Connection, source: Connection, *, also: Callable[[Connection], None] = lambda target: None
) -> Contents:
    """Replace everything in `target` by what `source` holds, whole or not at all; return what both hold now.

    What `also` writes into the target is part of it. Raises `CopyDiffers`.
    """
    with together(target):
        for table in TABLES:
            target.execute(f"DELETE FROM {table}")
            for names, rows in _batches(source, table):
                columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
                target.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        if target.engine == POSTGRESQL:
            for table in _NUMBERED:
                newest = f"coalesce((SELECT max(id) FROM {table}), 0) + 1"
                target.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest}, false)")
        was, became = contents(source), contents(target)
        for table in TABLES:
            if was[table] != became[table]:
                raise CopyDiffers(
                    f"表{table}搬过去以后与原来不同（原有{was[table][0]}行，现有{became[table][0]}行）；"
                    "已全部撤销，原来的数据库没有改动"
                )
        also(target)
    return became


def contents(connection: Connection) -> Contents:
    """Return what a database holds; equal rows in another order are the same."""
    found = {}
    for table in TABLES:
        count, total = 0, 0
        for _, rows in _batches(connection, table):
            count += len(rows)
            for row in rows:
                # What PostgreSQL cannot hold is written otherwise there (`connection.Connection`).
                told = repr(row).replace("\\x00", "\ufffd")
                total += int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())
        found[table] = count, f"{total % 2**256:064x}"
    return found


def _batches(connection: Connection, table: str) -> Iterator[tuple[Sequence[str], list[tuple[Any, ...]]]]:
    """Yield the rows of a table, some at a time, with the names of their columns in the order of the alphabet."""
    if table != "replies":
        yield _values(connection.execute(f"SELECT * FROM {table}").fetchall())
        return
    last = 0
    while rows := connection.execute(
        "SELECT *, rowid AS place FROM replies WHERE rowid > ? ORDER BY rowid LIMIT ?", (last, _AT_ONCE)
    ).fetchall():
        yield _values(rows)
        last = rows[-1]["place"]


def _values(rows: Sequence[Any]) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    names = sorted(set(rows[0].keys()) - {"rowid", "place"}) if rows else []
    return names, [tuple(row[name] for name in names) for row in rows]
