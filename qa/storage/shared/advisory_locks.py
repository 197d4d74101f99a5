"""Locks between servers: PostgreSQL's advisory locks, each held by a connection and gone with it."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from index.files.locks import Holder, LockHeld
from qa.storage.database import Connection, open_database

if TYPE_CHECKING:
    import sqlalchemy as sa

SERVING, WORKING = "serving", "working"
# The first number of each lock, and the second by its name: the same in every version of the program.
_SPACE = 7_860_010
_NUMBERS = {"writing": 1, "refreshing": 2, SERVING: 3, "documents": 4, WORKING: 5, "filling": 6}
_PAUSE = 0.05  # seconds between two tries

_HOLDER = """
SELECT holder.who, holder.process, holder.since, holder.doing
FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
LEFT JOIN lock_holders AS holder ON holder.lock = ? AND holder.backend = pg_locks.pid
WHERE locktype = 'advisory' AND classid = ? AND objid = ? AND objsubid = 2 AND mode = 'ExclusiveLock' AND granted
AND datname = current_database()
"""
_SHARERS = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND classid = ? AND objid = ? AND objsubid = 2 AND mode = 'ShareLock' AND granted
AND datname = current_database()
"""
_NOTE = """
INSERT INTO lock_holders (lock, backend, who, process, since, doing) VALUES (%s, pg_backend_pid(), %s, %s, %s, %s)
ON CONFLICT (lock) DO UPDATE SET backend = excluded.backend, who = excluded.who, process = excluded.process,
since = excluded.since, doing = excluded.doing
"""


@contextmanager
def held(where: SecretStr, lock: str, *, who: str, doing: str, wait: float) -> Iterator[None]:
    """Hold a lock alone during the block, after at most `wait` seconds. Raises `LockHeld`.

    The lock belongs to a connection: it ends with the process, and with a restart of the database.
    """
    with closing(open_database(where)) as connection, connection.raw() as session:
        deadline = time.monotonic() + wait
        while not _taken(session, lock):
            if time.monotonic() >= deadline:
                raise LockHeld(holder(where, lock))
            time.sleep(_PAUSE)
        try:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            session.exec_driver_sql(_NOTE, (lock, who, os.getpid(), now, doing))
            yield
        finally:
            _release(session, lock)


def holder(where: SecretStr, lock: str) -> Holder | None:
    """Return who holds a lock alone; None if nobody does."""
    with closing(open_database(where)) as connection:
        row = connection.execute(_HOLDER, (lock, _SPACE, _NUMBERS[lock])).fetchone()
    if row is None:
        return None
    return Holder(row["who"] or "?", row["process"] or 0, row["since"] or "?", row["doing"] or "?")


def share(session: "sa.Connection", lock: str) -> None:
    """Hold a lock together with other sharers as long as the connection lasts, unless somebody holds it alone."""
    session.exec_driver_sql("SELECT pg_try_advisory_lock_shared(%s, %s)", (_SPACE, _NUMBERS[lock]))


def sharers(connection: Connection, lock: str) -> int:
    """Return how many hold a lock together."""
    return int(next(connection.execute(_SHARERS, (_SPACE, _NUMBERS[lock])))[0])


def _taken(session: "sa.Connection", lock: str) -> bool:
    found = session.exec_driver_sql("SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, _NUMBERS[lock]))
    return bool(found.scalar_one())


def _release(session: "sa.Connection", lock: str) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        session.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", (_SPACE, _NUMBERS[lock]))
    except SQLAlchemyError:
        session.invalidate()  # the connection is gone, and the lock with it
