"""The audit log as tables of a PostgreSQL: rows are added one at a time by any server, and the engine refuses the rest.

A row, the head and the witness are one transaction, so that none has to be announced. Triggers refuse to change or to
delete rows; a restore therefore begins a new volume, and the rows of before stay where they are.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from pydantic import SecretStr

from qa.runtime.errors import DatabaseBusy
from qa.storage.audit_log import end as ends
from qa.storage.audit_log import medium
from qa.storage.audit_log.chain import digest, split
from qa.storage.audit_log.end import HEAD, Head, Witness
from qa.storage.audit_log.medium import AuditBusy, OpenLog
from qa.storage.database import Connection, open_database

# PostgreSQL's own lock, which the one writer holds until the end of its transaction.
_LOCK = 7_860_002


class LogTables:
    """The log in the database `where`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    @contextmanager
    def writing(self) -> Iterator[OpenLog]:
        with closing(open_database(self._where)) as connection:
            try:
                with connection.transaction(lock=_LOCK, seconds=medium.LOCK_SECONDS):
                    yield _OpenTables(connection)
            except DatabaseBusy as error:
                raise AuditBusy from error

    @contextmanager
    def reading(self) -> Iterator[OpenLog]:
        with closing(open_database(self._where)) as connection, connection.snapshot():
            yield _OpenTables(connection)

    def content(self) -> bytes:
        with closing(open_database(self._where)) as connection:
            return _content(connection)

    def edition(self) -> tuple[int, ...]:
        with closing(open_database(self._where)) as connection:
            return _volume(connection), _last(connection)[0]


class _OpenTables:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def content(self) -> bytes:
        return _content(self._connection)

    def head(self) -> bytes:
        row = self._connection.execute("SELECT head FROM audit_end").fetchone()
        return str(row["head"]).encode() if row else b""

    def witness(self) -> Witness | None:
        row = self._connection.execute("SELECT rows, last FROM audit_witness").fetchone()
        return Witness(int(row["rows"]), str(row["last"])) if row else None

    def knows_accounts(self) -> bool:
        return self._connection.execute("SELECT name FROM accounts LIMIT 1").fetchone() is not None

    def as_left(self, head: Head, seen: Witness | None) -> Head | None:
        number, line = _last(self._connection)
        left = number == head.rows and (not number or digest(line) == head.last)
        known = seen is not None and (seen.rows, seen.last) == (head.rows, head.last)
        return head if left and (known or not number) else None

    def append(self, line: bytes, end: Head, key: bytes | None) -> Head:
        volume = _volume(self._connection)
        _add(self._connection, volume, end.rows + 1, [line])
        ended = Head(end.rows + 1, digest(line), (end.size or 0) + len(line) + 1)
        self.keep(ended, key)
        return ended

    def keep(self, end: Head, key: bytes | None) -> None:
        _keep(self._connection, _volume(self._connection), ends.written(end, key))

    def remember(self, end: Head) -> None:
        ends.note(self._connection, end)

    def put_aside(self) -> str:
        head = self.head()
        if not head:
            return ""
        name = f"{HEAD}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        self._connection.execute("INSERT INTO audit_put_aside (name, head) VALUES (?, ?)", (name, head.decode()))
        return name


def take_over(connection: Connection, content: bytes, head: bytes) -> None:
    """Begin a new volume with the rows and the head of a log; call within a transaction.

    What the database remembers is part of the copy of all tables.
    """
    volume = int(next(connection.execute("SELECT coalesce(max(volume), 0) + 1 FROM audit_log"))[0])
    _add(connection, volume, 1, split(content))
    _keep(connection, volume, head)


def _add(connection: Connection, volume: int, first: int, lines: list[bytes]) -> None:
    rows = [(volume, number, line) for number, line in enumerate(lines, start=first)]
    connection.executemany("INSERT INTO audit_log (volume, number, line) VALUES (?, ?, ?)", rows)


def _keep(connection: Connection, volume: int, head: bytes) -> None:
    connection.execute(
        "INSERT INTO audit_end (id, volume, head) VALUES (1, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET volume = excluded.volume, head = excluded.head",
        (volume, head.decode("utf-8", "replace")),
    )


def _volume(connection: Connection) -> int:
    row = connection.execute("SELECT volume FROM audit_end").fetchone()
    return int(row["volume"]) if row else 1


def _last(connection: Connection) -> tuple[int, bytes]:
    row = connection.execute(
        "SELECT number, line FROM audit_log WHERE volume = ? ORDER BY number DESC LIMIT 1", (_volume(connection),)
    ).fetchone()
    return (int(row["number"]), bytes(row["line"])) if row else (0, b"")


def _content(connection: Connection) -> bytes:
    rows = connection.execute("SELECT line FROM audit_log WHERE volume = ? ORDER BY number", (_volume(connection),))
    return b"".join(bytes(row["line"]) + b"\n" for row in rows)
