"""What servers on several machines agree on, by a PostgreSQL: which snapshot is published, and who writes.

A publication is one transaction, which compares what is published with what was published at the decision. Servers hear
of it at once, and ask every second besides: what is told while a listener is away is lost.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from index.files.locks import Holder
from index.snapshots.coordination import ANY, Published, overtaken
from index.snapshots.errors import StoreUnreachable
from qa.runtime.errors import DatabaseError
from qa.storage.database import Connection, DatabaseUnfit, open_database
from qa.storage.shared import advisory_locks

if TYPE_CHECKING:
    import sqlalchemy as sa

logger = logging.getLogger(__name__)

_CHANNEL = "wenda_published"
# PostgreSQL's own lock, held while something is published.
_LOCK = 7_860_004
# So long after the last answer of the database it is away, whether it refuses or says nothing at all.
SILENT_SECONDS = 10.0
_AWAY = "数据库现在连不上：照常回答，提问记录先存在本机，连上后自动补记；请检查 PostgreSQL 和网络"
_LAST = "SELECT number, snapshot, manifest_sha256 FROM publications ORDER BY number DESC LIMIT 1"


class SharedCoordination:
    """See `index.snapshots.coordination.Coordination`. One thread at a time calls `wait`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where
        self._known: tuple[int, ...] | None = None
        self._once: set[str] = set()
        self._listening: sa.Connection | None = None
        self._away = False
        self._heard_at = float("inf")  # nobody waits yet

    def published(self) -> Published | None:
        with asked(self._where) as connection:
            return _published(connection)

    def once_published(self) -> list[str]:
        with asked(self._where) as connection:
            rows = connection.execute("SELECT DISTINCT snapshot FROM publications ORDER BY snapshot")
            return [str(row["snapshot"]) for row in rows]

    def was_published(self, name: str) -> bool:
        if name not in self._once:
            self._once.update(self.once_published())
        return name in self._once

    def publish(self, new: Published, *, before: str | None = ANY, who: str = "?") -> None:
        with asked(self._where) as connection, connection.transaction(lock=_LOCK):
            found = _published(connection)
            now = found.snapshot if found else None
            if before not in (ANY, now):
                raise overtaken(new.snapshot, now)
            add(connection, new, who=who)
            connection.execute("SELECT pg_notify(?, ?)", (_CHANNEL, new.snapshot))

    def signature(self) -> tuple[int, ...]:
        if self._known is None:
            with asked(self._where) as connection:
                self._known = _number(connection)
        return self._known

    def wait(self, seconds: float) -> None:
        began = time.monotonic()
        try:
            self._heard_at = min(self._heard_at, began)
            self._hear(seconds)
            self._away, self._heard_at = False, time.monotonic()
        except (StoreUnreachable, DatabaseError) as error:
            self.close()
            if not self._away:
                logger.error("What is published cannot be asked: %s", error)
            self._away = True
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))

    def trouble(self) -> str:
        silent = time.monotonic() - self._heard_at > SILENT_SECONDS
        return _AWAY if self._away or silent else ""

    def close(self) -> None:
        if self._listening is not None:
            self._listening.invalidate()  # it still listens, and holds a lock: nobody else may borrow it
            self._listening.close()
        self._listening = None

    @contextmanager
    def locked(self, lock: str, *, who: str, doing: str, wait: float) -> Iterator[None]:
        with ExitStack() as stack:
            with _reached():
                stack.enter_context(advisory_locks.held(self._where, lock, who=who, doing=doing, wait=wait))
            yield

    def holder(self, lock: str) -> Holder | None:
        with _reached():
            return advisory_locks.holder(self._where, lock)

    def _hear(self, seconds: float) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if self._listening is None:
                self._listening = self._listener()
            else:
                driver = cast(Any, self._listening.connection.driver_connection)
                for _ in driver.notifies(timeout=seconds, stop_after=1):
                    pass
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnreachable(str(error).split("\n")[0]) from None
        except Exception as error:  # psycopg's own: nothing of SQLAlchemy stands between
            if not type(error).__module__.startswith("psycopg"):
                raise
            raise StoreUnreachable(str(error).split("\n")[0]) from None
        with asked(self._where) as connection:
            self._known = _number(connection)

    def _listener(self) -> "sa.Connection":
        """Return a connection of its own that hears of publications, and that keeps a restore away while it lasts."""
        with asked(self._where) as connection:
            session = connection.lasting()
        session.exec_driver_sql(f"LISTEN {_CHANNEL}")
        advisory_locks.share(session, advisory_locks.SERVING)
        return session


def add(connection: Connection, new: Published, *, who: str) -> None:
    """Add a publication, which is what is published from now on."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(
        "INSERT INTO publications (snapshot, manifest_sha256, at, who) VALUES (?, ?, ?, ?)",
        (new.snapshot, new.manifest_sha256, now, who),
    )


def _published(connection: Connection) -> Published | None:
    row = connection.execute(_LAST).fetchone()
    return Published(str(row["snapshot"]), str(row["manifest_sha256"])) if row else None


def _number(connection: Connection) -> tuple[int, ...]:
    row = connection.execute(_LAST).fetchone()
    return (int(row["number"]),) if row else ()


@contextmanager
def asked(where: SecretStr) -> Iterator[Connection]:
    """Open the database for a look or a statement. Raises `StoreUnreachable`."""
    with _reached(), closing(open_database(where)) as connection:
        yield connection


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (DatabaseError, DatabaseUnfit) as error:
        raise StoreUnreachable(f"数据库现在连不上（{error}），不知道发布的是哪个版本；请稍后再试") from error
