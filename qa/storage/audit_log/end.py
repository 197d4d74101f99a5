"""Stores how the audit log ends in two more places: a head file beside it, and a witness in the database.

The head counts rows and bytes and holds the last row's hash. A row is announced in it before it is written, so that
a row left by a crash can be told from a forged one. With a key the head is sealed (HMAC-SHA-256). The witness is a
lower bound: a number of rows that the database has seen, and the hash of the last of them.
"""

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.storage.audit_log.chain import START, digest, split
from qa.storage.database import Connection, DatabaseError, DatabaseNewer, DatabaseUnfit, Where, as_it_is, open_database

logger = logging.getLogger(__name__)

HEAD = "audit.head"
# Short: the caller's own transaction may be what keeps the database busy.
_BUSY_SECONDS = 0.1
_BLOCK = 8192  # bytes read at once, from the log's end


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: number of rows, `size` in bytes, hash of the last row; `next` is an announced row's hash.

    `size` is None if an older program wrote the head, which announced no rows and had no witness.
    """

    rows: int = 0
    last: str = START
    size: int | None = 0
    next: str = ""
    seal: str = ""

    def sealed(self, key: bytes | None) -> "Head":
        """Return the same head sealed with `key`; unsealed without a key."""
        told = f"{self.rows} {self.last} {self.size} {self.next}".encode()
        return replace(self, seal=hmac.new(key, told, hashlib.sha256).hexdigest() if key else "")

    def is_sealed_by(self, key: bytes) -> bool:
        return hmac.compare_digest(self.sealed(key).seal.encode(), self.seal.encode())


@dataclass(frozen=True, slots=True)
class Witness:
    """The part of the log that the database has seen: the number of rows, and the hash of the last of them."""

    rows: int
    last: str


def parse(content: bytes) -> Head | None:
    """Return a head as it was written; None if it is missing or unreadable."""
    try:
        kept = json.loads(content)
        size = kept.get("bytes")
        head = Head(int(kept["rows"]), str(kept["last"]), None if size is None else int(size))
        return replace(head, next=str(kept.get("next", "")), seal=str(kept.get("seal", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def written(head: Head, key: bytes | None) -> bytes:
    """Return the head as it is stored, sealed with `key`."""
    sealed = head.sealed(key)
    kept = {"rows": sealed.rows, "last": sealed.last, "bytes": sealed.size, "next": sealed.next, "seal": sealed.seal}
    return json.dumps(kept).encode()


def witness(database: Where) -> Witness | None:
    """Return what the database remembers; None if it is missing or remembers nothing."""
    rows = _asked(database, "SELECT rows, last FROM audit_witness")
    return Witness(int(rows[0][0]), str(rows[0][1])) if rows else None


def knows_accounts(database: Where) -> bool:
    """Return whether the database holds accounts; adding an account always writes a row in the log."""
    return bool(_asked(database, "SELECT name FROM accounts LIMIT 1"))


def remember(database: Where, head: Head) -> None:
    """Have the database remember how the log ends; if it cannot now, the next row makes up for it."""
    try:
        with closing(open_database(database, busy_seconds=_BUSY_SECONDS)) as connection:
            note(connection, head)
    except (DatabaseError, DatabaseUnfit, OSError, DatabaseNewer) as error:  # the row itself is already written
        logger.warning("The database does not count the audit log's row %d: %s", head.rows, error)


def note(connection: Connection, head: Head) -> None:
    """Write into the database how the log ends."""
    connection.execute(
        "INSERT INTO audit_witness (id, rows, last) VALUES (1, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET rows = excluded.rows, last = excluded.last",
        (head.rows, head.last),
    )


def problems(content: bytes, head: Head | None, seen: Witness | None) -> Iterator[str]:
    """Yield the signs that the log does not end as it was left, in Chinese."""
    lines = split(content)
    count, torn = len(lines), not content.endswith(b"\n")
    if head is None and lines:
        yield f"{HEAD}缺失或损坏，无法核对末尾的记录"
    if head is not None:
        if head.rows > count:
            yield f"末尾少了{head.rows - count}条记录（应有{head.rows}条，现有{count}条）"
        elif head.rows < count and not _announced(lines, torn, head):
            yield f"末尾多出{count - head.rows}条不是由程序写入的记录"
        if 0 < head.rows <= count and digest(lines[head.rows - 1]) != head.last:
            yield f"第{head.rows}条记录被改动过"
        if head.size is None and seen is not None:
            yield f"{HEAD}被换成了旧的"
        if head.size is not None and head.rows and seen is None:
            yield "数据库里没有操作日志的条数（数据库被换过，或被改动过）"
    if seen is not None and seen.rows > count:
        yield f"数据库记得操作日志有{seen.rows}条，现有{count}条"
    elif seen is not None and seen.rows and digest(lines[seen.rows - 1]) != seen.last:
        yield f"第{seen.rows}条记录不是数据库记得的那一条"


def unsealed(head: Head | None, key: bytes | None) -> Iterator[str]:
    """Yield the faults of the head's seal, in Chinese."""
    if head and key and not head.is_sealed_by(key):
        yield f"{HEAD}没有用QA_KEY_FILE的密钥封记"
    if head and head.seal and key is None:
        yield f"{HEAD}是用密钥封记的，这里没有设QA_KEY_FILE，封记无法核对"


def _announced(lines: Sequence[bytes], torn: bool, head: Head) -> bool:
    """Return whether the one row beyond the head is what a crash leaves: announced, and written fully or in part."""
    if len(lines) != head.rows + 1:
        return False
    if head.size is None:
        return True  # an older program wrote the row before the head, without announcing it
    return bool(head.next) and (torn or digest(lines[-1]) == head.next)


def _asked(database: Where, question: str) -> list[tuple[Any, ...]]:
    if isinstance(database, Path) and not database.exists():
        return []
    try:
        with closing(as_it_is(database)) as connection:
            return [tuple(row) for row in connection.execute(question)]
    except (DatabaseError, DatabaseUnfit, DatabaseNewer) as error:
        logger.warning("The database cannot be asked about the audit log: %s", error)
        return []


def as_left(log: int, head: Head, seen: Witness | None) -> Head | None:
    """Return the end of the log if its last bytes match the head; else None."""
    size = os.fstat(log).st_size
    if head.size is None or size < head.size or digest(_last_line(log, head.size)) != head.last and head.rows:
        return None
    if size > head.size:
        line = _last_line(log, size)
        if len(line) + 1 != size - head.size or digest(line) != head.next:
            return None
        head = Head(head.rows + 1, head.next, size)
    if seen is None:
        return None if head.rows else head
    if seen.rows > head.rows or (seen.rows == head.rows and seen.last != head.last):
        return None
    return Head(head.rows, head.last, size)


def _last_line(log: int, end: int) -> bytes:
    """Return the line that ends, with its line break, at byte `end`; empty if none does."""
    if not end or os.pread(log, 1, end - 1) != b"\n":
        return b""
    found, start = b"", end - 1
    while start and b"\n" not in found:
        size = min(_BLOCK, start)
        start -= size
        found = os.pread(log, size, start) + found
    return found.rpartition(b"\n")[2]


def end_of(content: bytes) -> Head:
    """Return the end of a log of this content."""
    lines = split(content)
    return Head(len(lines), digest(lines[-1]), len(content)) if lines else Head()
