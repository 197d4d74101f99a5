"""Has a language model write answers out: a few at a time, beside the answer queue and never in its way."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from qa.answering.reply import QUOTED, WRITTEN, Answer, Reply, Turn
from qa.generation.draft import BUSY
from qa.generation.writer import WORTH_COMPLETING, Writer
from qa.service.answer_queue import AnswerQueue
from qa.service.questions import same
from qa.service.recent import Recent

AT_ONCE = 4


class WrittenAnswers:
    """Has answers written out, `at_once` at a time; `kept` written ones are remembered."""

    def __init__(self, queue: AnswerQueue, writer: Writer, *, at_once: int = AT_ONCE, kept: int = 0) -> None:
        self._queue = queue
        self._writer = writer
        self._at_once = at_once
        self._busy = 0
        self._written: Recent[object, Answer] = Recent(kept)

    @property
    def resting(self) -> bool:
        """Whether the model is not asked for now."""
        return self._writer.resting

    def may_write(self, reply: Reply, history: Sequence[Turn]) -> bool:
        """Return whether a reply may be written out: a quoted answer, or a follow-up that must first be completed.

        Never one of a chosen document, or one that leaves a choice: it would be written from other documents too.
        """
        if reply.document or (isinstance(reply, Answer) and reply.choices):
            return False
        if isinstance(reply, Answer):
            return reply.made_by == QUOTED
        return bool(history) and not reply.rejected and reply.reason in WORTH_COMPLETING

    async def write(self, question: str, history: Sequence[Turn] = (), *, address: str = "") -> AsyncGenerator[Reply]:
        """Yield the reply as it grows; the last one counts. Raises `Busy` like the answer queue."""
        started = time.perf_counter()
        quoted = await self._queue.ask(question, history, address=address)
        if not self.may_write(quoted, history):
            yield quoted
            return
        # A withdrawn document may stand in the written text without being quoted.
        edition = self._queue.edition
        key = (same(question), tuple(history), quoted.snapshot, quoted.text, edition)
        if known := self._written.get(key):
            yield replace(known, question=quoted.question, elapsed_ms=(time.perf_counter() - started) * 1000)
            return
        if self._busy >= self._at_once:
            yield replace(quoted, unwritten=BUSY) if isinstance(quoted, Answer) else quoted
            return
        self._busy += 1
        try:
            reply = await self._writer.understood(quoted, history, partial(self._queue.ask, address=address))
            if isinstance(reply, Answer):
                async with aclosing(self._writer.write(reply)) as growing:
                    async for reply in growing:
                        if self._queue.edition != edition:
                            break
                        yield reply
            if self._queue.edition != edition:
                # Staff may have withdrawn a document meanwhile, so the documents are asked again.
                reply = await self._queue.ask(question, history, address=address)
            reply = replace(reply, elapsed_ms=(time.perf_counter() - started) * 1000)
        finally:
            self._busy -= 1
        if isinstance(reply, Answer) and reply.made_by == WRITTEN and self._queue.edition == edition:
            self._written.keep(key, reply)
        yield reply
