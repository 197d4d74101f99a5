"""Writes replies, verdicts and links into the log, one after another, in a thread of its own."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from qa.answering.reply import Answer, Reply
from qa.answering.screening import MAX_QUESTION
from qa.runtime.errors import DatabaseError, DatabaseUnreachable, DatabaseUnstorable
from qa.runtime.logs import REQUEST
from qa.storage.question_log import Log, LoggedRow, Shared, fault_row, new_id, reply_row
from qa.storage.shared.spool import Spool, SpoolRefused

logger = logging.getLogger(__name__)

EXPIRE_SECONDS = 3600.0
MOST_WAITING = 10_000  # rows of some kilobytes each
RETRY_SECONDS = 1.0
_BATCH = 100  # rows written on before others have their turn

_Given = TypeVar("_Given")


class ReplyLog:
    """Logs without letting anyone wait for long; `content_hash` names the content of a document of a snapshot.

    A log that fails is reported, and the question is answered all the same. While the database cannot be reached, or
    refuses what it usually takes, rows wait in their order, `MOST_WAITING` at most: in the `spool` on the disk, where
    they outlive the process, or in memory. They are tried again every second. Only what it can never hold is dropped.
    """

    def __init__(
        self,
        log: Log,
        content_hash: Callable[[str, str], str],
        *,
        wait_seconds: float = 0.0,
        spool: Path | None = None,
    ) -> None:
        """With `wait_seconds` a reply goes out once its row is kept, or after that time at most."""
        self._log = log
        self._wait_seconds = wait_seconds
        self._content_hash = content_hash
        # One thread: the log has a single writer, and a verdict on a reply follows the reply.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._expired_at = float("-inf")
        self._spool = Spool(spool, most=MOST_WAITING) if spool else None
        self._waiting: deque[LoggedRow] = deque()
        self._away = False  # the database did not answer, or refused, when it was last asked
        self._told = ""  # why rows wait, as it was logged
        self._later = False  # rows wait, and those to come wait behind them
        self._retrying: threading.Timer | None = None
        self._ended = False
        if self._spooled():
            self._later = True
            self._writer.submit(self._catch_up)

    @property
    def waiting(self) -> int:
        """The number of rows that wait for the database."""
        return self._spooled() + len(self._waiting)

    def note(self, reply: Reply, channel: str) -> str:
        """Have the reply logged, without waiting for it; return its name in the log."""
        return self._note(reply, channel)[0]

    async def noted(self, reply: Reply, channel: str) -> str:
        """Have the reply logged; return its name in the log, once nothing of it is lost if the process is killed."""
        reply_id, written = self._note(reply, channel)
        if self._wait_seconds:
            await asyncio.wait([asyncio.wrap_future(written)], timeout=self._wait_seconds)
        return reply_id

    def _note(self, reply: Reply, channel: str) -> tuple[str, Future[None]]:
        reply_id, now, request = new_id(), _now(), REQUEST.get()

        def row() -> LoggedRow:
            cited = reply.citations if isinstance(reply, Answer) else ()
            names = dict.fromkeys(citation.document for citation in cited)
            hashes = {name: self._content_hash(reply.snapshot, name) for name in names}
            return reply_row(reply_id, reply, now, channel=channel, documents=hashes, request=request)

        written = self._writer.submit(self._write, row)
        self._writer.submit(self._expire)
        return reply_id, written

    def note_fault(self, question: str, fault: Exception, *, channel: str, snapshot: str, started: float) -> None:
        """Have a fault logged, so that staff see how many there are; `started` is of `time.perf_counter`."""
        now, ms = _now(), (time.perf_counter() - started) * 1000
        asked, request = question[:MAX_QUESTION], REQUEST.get()

        def row() -> LoggedRow:
            return fault_row(asked, fault, now, channel=channel, snapshot=snapshot, ms=ms, request=request)

        self._writer.submit(self._write, row)

    async def judge(self, reply_id: str, verdict: str, *, reasons: Sequence[str], comment: str) -> bool:
        """Return whether the verdict on a reply was stored."""
        return await self._in_turn(
            lambda: self._log.judge(reply_id, verdict, _now(), reasons=reasons, comment=comment), False
        )

    async def share(self, reply_id: str) -> str:
        """Return the link to a reply; empty when there is no such reply."""
        return await self._in_turn(lambda: self._log.share(reply_id, _now()), "")

    async def forget(self, reply_id: str) -> bool:
        """Return whether the reply was in the log and is deleted."""
        return await self._in_turn(lambda: self._log.forget(reply_id), False)

    async def shared(self, link: str) -> Shared | None:
        """Return the reply behind a link, or None when there is none."""
        return await self._in_turn(lambda: self._log.shared(link, _now()), None)

    def close(self) -> None:
        """Write what is still to be written, and end."""
        self._ended = True
        if self._retrying:
            self._retrying.cancel()
        self._writer.submit(self._catch_up_with_all)
        self._writer.shutdown()
        if self._waiting:
            logger.error("The log ends without %d rows: the database cannot be reached", len(self._waiting))
        if spooled := self._spooled():
            logger.error("%d rows of the log wait on the disk: the next start writes them", spooled)
        self._log.close()

    def _write(self, made: Callable[[], LoggedRow]) -> None:
        """Write a row after those that wait, or let it wait, too."""
        row = made()
        if not self._later:
            try:
                self._stored(row)
                return
            except DatabaseError as error:
                self._be_away(error)
        self._keep(row)

    def _keep(self, row: LoggedRow) -> None:
        self._later = True
        if self._spool and not self._waiting:  # where the disk refused one, those after it wait in memory, too
            try:
                if gone := self._spool.add(row):
                    logger.error("%d rows of the log are lost: %d wait already", gone, MOST_WAITING)
                return
            except SpoolRefused as error:
                logger.error("Rows of the log wait in memory alone: %s", error)
        if len(self._waiting) == MOST_WAITING:
            self._waiting.popleft()
            logger.error("A row of the log is lost: %d wait already", MOST_WAITING)
        self._waiting.append(row)

    def _stored(self, row: LoggedRow) -> None:
        """Store a row; report and drop it if the database can never hold it. Raises `DatabaseError` for all else."""
        try:
            self._log.store(row)
        except DatabaseUnstorable as error:
            logger.error("A row of the log is lost, the database cannot hold it: %s", error)

    def _catch_up(self) -> None:
        """Write some of the rows that wait; those that come meanwhile wait behind them."""
        if self._written_on():
            self._submit(self._catch_up)

    def _catch_up_with_all(self) -> None:
        while self._written_on():
            pass

    def _written_on(self) -> bool:
        """Write a batch of the rows that wait, the oldest first; return whether to go on with the next one."""
        if not self._later:
            return False
        try:
            if self._spool and not self._spool_written_on(self._spool):
                self._try_later()  # another process is writing them
                return False
            if not self._spooled():
                for _ in range(min(_BATCH, len(self._waiting))):
                    self._stored(self._waiting[0])
                    self._waiting.popleft()
        except DatabaseError as error:
            self._be_away(error)
            return False
        except SpoolRefused as error:
            logger.error("Rows of the log cannot be read from the disk: %s", error)
            self._try_later()
            return False
        self._away, self._later = False, self.waiting > 0
        if not self._later:
            self._told = ""
            self._expired_at = float("-inf")  # what came late may be too old by now
        return self._later

    def _spool_written_on(self, spool: Spool) -> bool:
        with spool.emptying() as mine:
            if mine and (rows := spool.first(_BATCH)):
                for _, row in rows:
                    self._stored(row)
                spool.drop(rows[-1][0])
            return mine

    def _spooled(self) -> int:
        try:
            return self._spool.count() if self._spool else 0
        except SpoolRefused as error:
            logger.error("Rows of the log cannot be read from the disk: %s", error)
            return 0

    def _be_away(self, error: DatabaseError) -> None:
        if str(error) != self._told:
            logger.error("The log cannot be used, its rows wait: %s", error)
        self._away, self._told = True, str(error)
        self._try_later()

    def _try_later(self) -> None:
        """Have the rows that wait written though nobody asks any more."""
        if self._retrying is None and not self._ended:
            self._retrying = threading.Timer(RETRY_SECONDS, self._try_again)
            self._retrying.daemon = True
            self._retrying.start()

    def _try_again(self) -> None:
        """Ask for the database from here: a connection that nobody answers must not keep rows from the disk."""
        self._retrying = None
        try:
            self._log.reach()
        except DatabaseError:
            self._try_later()
        else:
            self._away = False
            self._submit(self._catch_up)

    def _submit(self, work: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the log was closed, which has tried by itself
            self._writer.submit(work)

    def _expire(self) -> None:
        if time.monotonic() - self._expired_at > EXPIRE_SECONDS and not self._later:
            self._expired_at = time.monotonic()
            try:
                self._log.expire(_now())
            except DatabaseError as error:
                logger.error("The log cannot be used: %s", error)

    async def _in_turn(self, work: Callable[[], _Given], otherwise: _Given) -> _Given:
        def caught_up() -> _Given:
            if self._away:
                return otherwise
            self._catch_up_with_all()
            try:
                return _reported(work, otherwise)
            except DatabaseUnreachable as error:
                self._be_away(error)
                self._later = True
                return otherwise

        return await asyncio.get_running_loop().run_in_executor(self._writer, caught_up)


def _reported(work: Callable[[], _Given], otherwise: _Given) -> _Given:
    """Return the result of a call to the log; if the log refuses it, report that and return `otherwise`.

    Raises `DatabaseUnreachable`.
    """
    try:
        return work()
    except DatabaseUnreachable:
        raise
    except DatabaseError as error:
        logger.error("The log cannot be used: %s", error)
        return otherwise


def _now() -> datetime:
    return datetime.now(UTC)
