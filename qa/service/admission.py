"""Admits every question from the web: pause, limits, personal data, the answer queue, the log."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from corpus.document import Document
from qa.answering import personal_data
from qa.answering.overrides import Switches
from qa.answering.reply import WRITTEN, Abstention, Answer, Citation, Reason, Reply, Turn
from qa.answering.screening import MAX_QUESTION
from qa.service.answer_queue import RETRY_SECONDS, AnswerQueue, Busy
from qa.service.document_pages import ReadingRoom
from qa.service.questions import same
from qa.service.rate_limit import Limit, TooManyWait, Visitor, VisitorLimits, Visits
from qa.service.recent import Recent
from qa.service.reply_log import ReplyLog
from qa.service.sources import Source
from qa.service.suggestions import Suggestions
from qa.service.written_answers import WrittenAnswers
from qa.storage.question_log import FAILED, Log
from qa.storage.runtime_settings import CurrentSettings

# Characters of a question that are examined; a longer question is refused for its length.
LONGEST_QUESTION = 4 * MAX_QUESTION
# Characters of the longest name of a document that is looked for; the longest name that exists has fewer.
LONGEST_NAME = 1000
# Seconds that a reply waits for its row of the log at most, where several servers share it.
LOG_SECONDS = 1.0
# What becomes of a question whose asker does not wait for the reply.
LEFT = "left"
# Remembered questions whose answer may be written out later.
MOST_ASKED = 1_000


class Sources(Protocol):
    """Opens the documents behind citations."""

    def open(self, snapshot: str, name: str) -> Source | None: ...
    def content_hash(self, snapshot: str, name: str) -> str: ...
    def served(self) -> Sequence[Document]: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A reply; `reply_id` names it in the log (empty if not logged), `further` are questions to go on with.

    `writable` says whether a language model may write it out.
    """

    reply: Reply
    reply_id: str = ""
    further: tuple[str, ...] = ()
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Growing:
    """A written answer so far."""

    reply: Answer


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """No reply: `why` is a key of the page's words, `detail` is added to it, `seconds` says when to come back."""

    why: str
    detail: str
    seconds: int
    status: int


class Admission:
    """Passes questions to the answer queue, and records what visitors think of the replies."""

    def __init__(
        self,
        queue: AnswerQueue,
        *,
        sources: Sources,
        log: Log,
        switches: CurrentSettings,
        suggestions: Suggestions,
        per_address: Limit,
        per_session: Limit,
        shared: Visits | None = None,
        spool: Path | None = None,
        writing: WrittenAnswers | None = None,
        heard: Callable[[str, str, float], None] | None = None,
    ) -> None:
        """`heard` is told of every question: its channel, what became of it, and the seconds until then.

        Rows of the log wait in the file `spool` while the database is away.
        """
        self._heard = heard or _unheard
        self.queue = queue
        self.writing = writing
        self.sources = sources
        self.reading = ReadingRoom()
        self.suggestions = suggestions
        # Where another server may go on, what was answered must be known when this one is killed.
        wait_seconds = LOG_SECONDS if shared else 0.0
        self.log = ReplyLog(log, sources.content_hash, wait_seconds=wait_seconds, spool=spool)
        self._switches = switches
        self._limits = VisitorLimits(per_address, per_session, shared)
        self._asked: Recent[tuple[str, str], bool] = Recent(MOST_ASKED)

    async def ask(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str, document: str = ""
    ) -> Received | TurnedAway:
        """Return the reply to a question, or why there is no reply. A `document` is asked alone."""
        started, outcome = time.perf_counter(), LEFT
        try:
            given = await self._ask(question, history, visitor, channel=channel, document=document)
            outcome = given.why if isinstance(given, TurnedAway) else given.reply.status
            return given
        except Exception:
            outcome = FAILED
            raise
        finally:
            self._heard(channel, outcome, time.perf_counter() - started)

    async def _ask(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str, document: str
    ) -> Received | TurnedAway:
        question = within_reach(question)
        # Remembered replies carry the name, whether there is such a document or not.
        document = document if len(document) <= LONGEST_NAME else ""
        if away := await self.turned_away(visitor):
            return away
        started = time.perf_counter()
        try:
            with self._limits.waiting(visitor.network):
                if found := await personal_data_in(question):
                    masked = await asyncio.to_thread(personal_data.mask, question)
                    refusal = _personal(masked, found, self.snapshot)
                    await self.log.noted(refusal, channel)
                    return Received(refusal)
                reply = await self.queue.ask(question, history, address=visitor.network, document=document)
        except TooManyWait:
            return TurnedAway("too_fast", "1", 1, 429)
        except Busy:
            return TurnedAway("busy", "", RETRY_SECONDS, 503)
        except Exception as fault:
            self.log.note_fault(question, fault, channel=channel, snapshot=self.snapshot, started=started)
            raise
        further = tuple(await asyncio.to_thread(self.suggestions.after, reply, self.documents()))
        writable = self.writing is not None and self.writing.may_write(reply, history)
        if writable:
            self._asked.keep((visitor.network, same(question)), True)
        return Received(reply, await self.log.noted(reply, channel), further, writable)

    async def write(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str
    ) -> AsyncGenerator[Growing | Received | TurnedAway]:
        """Yield the reply as a language model writes it, sentence by sentence; the last item is the whole reply.

        Once after each question, writing counts as the same call for the limits. On the channel `page` the question is
        logged already, so only a written reply is logged.
        """
        started, question = time.perf_counter(), within_reach(question)
        away = self._paused() if self._take_asked(question, visitor) else await self.turned_away(visitor)
        if away or self.writing is None or await personal_data_in(question):
            yield away or TurnedAway("refused", "", RETRY_SECONDS, 404)
            return
        reply: Reply | None = None
        try:
            async with aclosing(self.writing.write(question, history, address=visitor.network)) as growing:
                async for reply in growing:
                    if isinstance(reply, Answer):
                        yield Growing(reply)
        except Busy:
            yield TurnedAway("busy", "", RETRY_SECONDS, 503)
            return
        if reply:
            self._heard("written", reply.status, time.perf_counter() - started)
            news = channel != "page" or (isinstance(reply, Answer) and reply.made_by == WRITTEN)
            reply_id = await self.log.noted(reply, channel) if news else ""
            yield Received(reply, reply_id, tuple(self.suggestions.after(reply)))

    def documents(self) -> Sequence[Document]:
        """Return the documents that answers are quoted from today."""
        return self.sources.served()

    @property
    def snapshot(self) -> str:
        """The name of the served snapshot."""
        return self.queue.assistant.status.snapshot

    async def search(self, query: str, visitor: Visitor, *, count: int) -> Sequence[Citation] | TurnedAway:
        """Return the passages nearest to a query, or why the visitor is turned away."""
        if away := await self.turned_away(visitor):
            return away
        try:
            with self._limits.waiting(visitor.network):
                return await self.queue.nearest(query, count=count, address=visitor.network)
        except TooManyWait:
            return TurnedAway("too_fast", "1", 1, 429)
        except Busy:
            return TurnedAway("busy", "", RETRY_SECONDS, 503)

    async def turned_away(self, visitor: Visitor) -> TurnedAway | None:
        """Return why a visitor is turned away now; None admits the visitor and counts the call."""
        if away := self._paused():
            return away
        if seconds := await self.too_fast(visitor):
            return TurnedAway("too_fast", str(seconds), seconds, 429)
        return None

    def _paused(self) -> TurnedAway | None:
        pause = self.switches().pause
        return TurnedAway("paused", pause, RETRY_SECONDS, 503) if pause else None

    def switches(self) -> Switches:
        """Return the present switches of staff."""
        return self._switches.now()

    async def too_fast(self, visitor: Visitor) -> int:
        """Return the seconds until this visitor may call again; 0 counts this call."""
        return await self._limits.too_fast(visitor, self.switches())

    async def reads_too_fast(self, visitor: Visitor) -> int:
        """Return the seconds until this visitor may open a document again; 0 counts this one."""
        return await self._limits.reads_too_fast(visitor, self.switches())

    async def open(self, snapshot: str, document: str, visitor: Visitor) -> Source | None:
        """Return a document behind a citation. Raises `ReadingRoomFull` for one of an older snapshot."""
        if snapshot == self.snapshot:
            return await asyncio.get_running_loop().run_in_executor(None, self.sources.open, snapshot, document)
        # Read from disk and checked whole: not in the threads that questions wait for.
        return await self.reading.apart(partial(self.sources.open, snapshot, document), network=visitor.network)

    def close(self) -> None:
        """Write what is still to be written, and end."""
        self.suggestions.close()
        self.reading.close()
        self.queue.close()
        self.log.close()
        self._switches.close()

    def _take_asked(self, question: str, visitor: Visitor) -> bool:
        """Return whether the visitor asked this just now and has not had it written out since."""
        return bool(self._asked.pop((visitor.network, same(question))))


def _unheard(channel: str, outcome: str, seconds: float) -> None:
    pass


async def personal_data_in(question: str) -> Sequence[personal_data.PersonalData]:
    """Return the personal data in a question; runs in a thread, because long questions take longer."""
    return await asyncio.to_thread(personal_data.find, question)


def within_reach(question: str) -> str:
    """Return the part of a question that is examined, so that the work does not grow with its length."""
    return question[:LONGEST_QUESTION]


def _personal(masked: str, found: Sequence[personal_data.PersonalData], snapshot: str) -> Abstention:
    return Abstention(
        question=masked[:MAX_QUESTION],
        standalone_question=masked[:MAX_QUESTION],
        snapshot=snapshot,
        reason=Reason.UNCLEAR,
        text=personal_data.request_to_remove(found),
        rejected=True,
    )
