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
from typing import TypeVar

from qa.answering.reply import Answer, Reply
from qa.answering.screening import MAX_QUESTION
from qa.runtime.errors import DatabaseError, DatabaseUnreachable
from qa.runtime.logs import REQUEST
from qa.storage.question_log import Log, Shared, new_id

logger = logging.getLogger(__name__)

EXPIRE_SECONDS = 3600.0
MOST_WAITING = 10_000  # rows of some kilobytes each
RETRY_SECONDS = 1.0  # each try may take as long as a connection that nobody answers

_Given = TypeVar("_Given")


class ReplyLog:
    """Logs without letting anyone wait for long; `content_hash` names the content of a document of a snapshot.

    A log that fails is reported, and the question is answered all the same. While the database cannot be reached, rows
    wait in memory, in their order, `MOST_WAITING` at most; they are written when it can be reached again.
    """

    def __init__(self, log: Log, content_hash: Callable[[str, str], str], *, wait_seconds: float = 0.0) -> None:
        """With `wait_seconds` a reply goes out once its row is stored, or after that time at most."""
        self._log = log
        self._wait_seconds = wait_seconds
        self._content_hash = content_hash
        # One thread: the log has a single writer, and a verdict on a reply follows the reply.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._expired_at = float("-inf")
        self._waiting: deque[Callable[[], None]] = deque()
        self._retry_at = float("-inf")
        self._retrying: threading.Timer | None = None

    @property
    def waiting(self) -> int:
        """The number of rows that wait for the database."""
        return len(self._waiting)

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

        def write() -> None:
            cited = reply.citations if isinstance(reply, Answer) else ()
            names = dict.fromkeys(citation.document for citation in cited)
            hashes = {name: self._content_hash(reply.snapshot, name) for name in names}
            self._log.add(reply_id, reply, now, channel=channel, documents=hashes, request=request)

        written = self._writer.submit(self._write, write)
        self._writer.submit(self._expire)
        return reply_id, written

    def note_fault(self, question: str, fault: Exception, *, channel: str, snapshot: str, started: float) -> None:
        """Have a fault logged, so that staff see how many there are; `started` is of `time.perf_counter`."""
        now, ms = _now(), (time.perf_counter() - started) * 1000
        asked, request = question[:MAX_QUESTION], REQUEST.get()

        def write() -> None:
            self._log.fail(asked, fault, now, channel=channel, snapshot=snapshot, ms=ms, request=request)

        self._writer.submit(self._write, write)

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
        if self._retrying:
            self._retrying.cancel()
        self._writer.submit(self._catch_up, at_once=True)
        self._writer.shutdown()
        if self._waiting:
            logger.error("The log ends without %d rows: the database cannot be reached", len(self._waiting))
        self._log.close()

    def _write(self, row: Callable[[], None]) -> None:
        """Write a row after those that wait, or let it wait, too."""
        if len(self._waiting) == MOST_WAITING:
            self._waiting.popleft()
            logger.error("A row of the log is lost: %d wait already", MOST_WAITING)
        self._waiting.append(row)
        self._catch_up()

    def _catch_up(self, *, at_once: bool = False) -> None:
        if time.monotonic() < self._retry_at and not at_once:
            return
        while self._waiting:
            try:
                _reported(self._waiting[0], None)
            except DatabaseUnreachable as error:
                logger.error("The log cannot be used, %d rows wait: %s", len(self._waiting), error)
                self._retry_at = time.monotonic() + RETRY_SECONDS
                self._try_later()
                return
            self._waiting.popleft()

    def _try_later(self) -> None:
        """Have the rows that wait written though nobody asks any more."""
        if self._retrying is None:
            self._retrying = threading.Timer(RETRY_SECONDS, self._try_again)
            self._retrying.daemon = True
            self._retrying.start()

    def _try_again(self) -> None:
        self._retrying = None
        with suppress(RuntimeError):  # the log was closed, which has tried by itself
            self._writer.submit(self._catch_up, at_once=True)

    def _expire(self) -> None:
        if time.monotonic() - self._expired_at > EXPIRE_SECONDS and not self._waiting:
            self._expired_at = time.monotonic()
            try:
                self._log.expire(_now())
            except DatabaseError as error:
                logger.error("The log cannot be used: %s", error)

    async def _in_turn(self, work: Callable[[], _Given], otherwise: _Given) -> _Given:
        def caught_up() -> _Given:
            self._catch_up()
            try:
                return _reported(work, otherwise)
            except DatabaseUnreachable as error:
                logger.error("The log cannot be used: %s", error)
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
