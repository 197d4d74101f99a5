"""Jobs of a refresh that workers on any machine do, in PostgreSQL.

Whoever works on a job holds the lock of its row in a transaction, which ends with the process: a killed worker's job is
open again at once, and a result is stored once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

from pydantic import SecretStr

from qa.storage.shared import advisory_locks
from qa.storage.shared.coordination import asked

Work = Callable[[bytes], bytes]

_POST = "INSERT INTO jobs (batch, kind, task) VALUES (?, ?, ?) RETURNING number"
_CLAIM = """
SELECT number, kind, task FROM jobs WHERE result IS NULL AND kind = ANY(%s) AND (%s = '' OR batch = %s)
ORDER BY number FOR UPDATE SKIP LOCKED LIMIT 1
"""
_DONE = "UPDATE jobs SET result = %s, task = '' WHERE number = %s"
_CLEAR = """
DELETE FROM jobs WHERE number IN (SELECT number FROM jobs WHERE ? IN ('', batch) FOR UPDATE SKIP LOCKED)
"""


class Jobs:
    """The table of jobs. Every method raises `StoreUnreachable` while the database is away."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    def post(self, batch: str, kind: str, tasks: Sequence[bytes]) -> list[int]:
        """Add jobs; return their numbers, in the order of the tasks."""
        with asked(self._where) as connection:
            return [int(next(connection.execute(_POST, (batch, kind, task)))[0]) for task in tasks]

    def do_one(self, kinds: Mapping[str, Work], *, batch: str = "") -> bool:
        """Do the first job of these kinds that nobody works on, of one batch or of any; return whether there was one.

        If the work raises, the job is open again.
        """
        with self._claimed(kinds, batch) as job:
            if job is None:
                return False
            number, kind, task, done = job
            done(number, kinds[kind](task))
            return True

    def collect(self, batch: str) -> list[tuple[int, bytes]]:
        """Return the results that are there, by number, and forget them."""
        with asked(self._where) as connection:
            rows = connection.execute(
                "DELETE FROM jobs WHERE batch = ? AND result IS NOT NULL RETURNING number, result", (batch,)
            )
            return [(int(row["number"]), bytes(row["result"])) for row in rows]

    def clear(self, batch: str = "") -> None:
        """Forget the jobs of a batch, or all; those that somebody works on stay until the next time."""
        with asked(self._where) as connection:
            connection.execute(_CLEAR, (batch,))

    @contextmanager
    def working(self) -> Iterator[None]:
        """Be known as a worker during the block, or until the connection ends."""
        with asked(self._where) as connection, closing(connection.lasting()) as session:
            advisory_locks.share(session, advisory_locks.WORKING)
            try:
                yield
            finally:
                session.invalidate()  # and with it the lock

    def workers(self) -> int:
        """Return how many workers there are."""
        with asked(self._where) as connection:
            return advisory_locks.sharers(connection, advisory_locks.WORKING)

    @contextmanager
    def _claimed(
        self, kinds: Mapping[str, Work], batch: str
    ) -> "Iterator[tuple[int, str, bytes, Callable[[int, bytes], None]] | None]":
        from sqlalchemy.exc import SQLAlchemyError

        with asked(self._where) as connection, connection.raw() as session:
            session.exec_driver_sql("BEGIN")
            try:
                row = session.exec_driver_sql(_CLAIM, (list(kinds), batch, batch)).fetchone()

                def done(number: int, result: bytes) -> None:
                    session.exec_driver_sql(_DONE, (result, number))

                yield (int(row[0]), str(row[1]), bytes(row[2]), done) if row else None
                session.exec_driver_sql("COMMIT")
            except BaseException:
                try:
                    session.exec_driver_sql("ROLLBACK")
                except SQLAlchemyError:
                    session.invalidate()  # the connection is gone, and the claim with it
                raise
