"""The queue from the web to the assistant: two answers at a time, and a bounded line."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from qa.answering.reply import Answer, Citation, Reply, Turn
from qa.answering.screening import clean
from qa.service.fair_queue import Line
from qa.service.questions import same
from qa.service.recent import Recent

# An answer costs about 150 ms on two cores; more at once would only slow each other down.
AT_ONCE = 2
ANSWER_SECONDS = 0.15
# Seconds. Nobody joins the line who would wait longer than this; on a slow machine the line is therefore shorter.
LONGEST_WAIT = 4.0
LINE = 52
# The weight of the last answer in the average answering time.
NEWEST = 0.3
RETRY_SECONDS = 10
KEPT_REPLIES = 1000


class ServingStatus(Protocol):
    """The state of serving: the snapshot, its age, and a fault if there is one."""

    @property
    def snapshot(self) -> str: ...
    @property
    def built_at(self) -> datetime: ...
    @property
    def passages(self) -> int: ...
    @property
    def degraded(self) -> str: ...


class Assistant(Protocol):
    """Answers from any thread, one reply for every question."""

    @property
    def status(self) -> ServingStatus: ...
    def ask(self, question: str, history: Sequence[Turn] = (), *, document: str = "") -> Reply: ...
    def nearest(self, query: str, *, count: int) -> Sequence[Citation]: ...


class Busy(Exception):
    """The line is full; the visitor may come back after `RETRY_SECONDS`."""


class AnswerQueue:
    """Passes questions to the assistant, `at_once` at a time, and turns visitors away when the line is full.

    A repeated question on the same snapshot gets the same reply at once; `kept` replies are remembered.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        at_once: int = AT_ONCE,
        line: int = LINE,
        kept: int = KEPT_REPLIES,
        edition: Callable[[], str] = str,
    ) -> None:
        """`edition` changes whenever replies may change, as for the property of that name."""
        self.assistant = assistant
        self._edition = edition
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="ask")
        self._line = Line(at_once)
        self._at_once = at_once
        self._room = at_once + line
        self._present = 0
        self._seconds = ANSWER_SECONDS
        self._replies: Recent[object, Reply] = Recent(kept)

    @property
    def idle(self) -> bool:
        """Whether nobody is waiting or being answered."""
        return self._present == 0

    @property
    def present(self) -> int:
        """How many questions are waiting or being answered."""
        return self._present

    @property
    def edition(self) -> str:
        """A key that changes whenever the same question may get another reply from the same snapshot."""
        return self._edition()

    async def ask(self, question: str, history: Sequence[Turn] = (), *, address: str = "", document: str = "") -> Reply:
        """Return the assistant's reply when it is its turn; addresses take turns. Raises `Busy` if the line is full.

        A `document` is asked alone.
        """
        key = (same(question), tuple(history), document, self.assistant.status.snapshot, self._edition())
        if known := self._replies.get(key):
            return _again(known, question)
        async with self._turn(address):
            loop = asyncio.get_running_loop()
            reply, seconds = await loop.run_in_executor(
                self._threads, _timed, partial(self.assistant.ask, question, history, document=document)
            )
            self._seconds += NEWEST * (seconds - self._seconds)
        self._remember(key, reply)
        return reply

    async def nearest(self, query: str, *, count: int, address: str = "") -> Sequence[Citation]:
        """Return the passages nearest to a query, in the same line. Raises `Busy` if it is full."""
        async with self._turn(address):
            nearest = partial(self.assistant.nearest, query, count=count)
            return await asyncio.get_running_loop().run_in_executor(self._threads, nearest)

    @asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        turns = self._line.ahead(address) + 1 if self._present >= self._at_once else 0
        if self._present >= self._room or turns * self._seconds / self._at_once > LONGEST_WAIT:
            raise Busy
        self._present += 1
        try:
            async with self._line.turn(address):
                yield
        finally:
            self._present -= 1

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def _remember(self, key: tuple[str, tuple[Turn, ...], str, str, str], reply: Reply) -> None:
        # Not remembered if something was published or approved meanwhile: the key would not match.
        lasting = isinstance(reply, Answer) or not reply.rejected
        if lasting and key[3:] == (reply.snapshot, self._edition()):
            self._replies.keep(key, reply)


def _timed(ask: Callable[[], Reply]) -> tuple[Reply, float]:
    started = time.perf_counter()
    return ask(), time.perf_counter() - started


def _again(known: Reply, question: str) -> Reply:
    """Return an earlier reply, adapted to the question as it is put now.

    It keeps the time of the first one: a shorter time would reveal that somebody had asked the same before.
    """
    asked = clean(question)
    whole = asked if known.standalone_question == known.question else known.standalone_question
    return replace(known, question=asked, standalone_question=whole)
