"""Admits every question from the web: pause, limits, personal data, the answer queue, the log."""

import asyncio
import logging
import math
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeVar

from corpus.document import Document
from qa.answering import personal_data
from qa.answering.overrides import Switches
from qa.answering.reply import WRITTEN, Abstention, Answer, Citation, Reason, Reply, Turn
from qa.answering.screening import MAX_QUESTION
from qa.runtime.logs import REQUEST
from qa.service.answer_queue import RETRY_SECONDS, AnswerQueue, Busy
from qa.service.document_pages import ReadingRoom
from qa.service.network_address import network_of
from qa.service.questions import same
from qa.service.rate_limit import Limit
from qa.service.recent import Recent
from qa.service.sources import Source
from qa.service.suggestions import Suggestions
from qa.service.written_answers import WrittenAnswers
from qa.storage.question_log import FAILED, Log, Shared, new_id
from qa.storage.runtime_settings import CurrentSettings

logger = logging.getLogger(__name__)

EXPIRE_SECONDS = 3600.0
# Questions of one address that may wait: enough for a school class, and room remains for everybody else.
MOST_FROM_ADDRESS = 20
# Characters of a question that are examined; a longer question is refused for its length.
LONGEST_QUESTION = 4 * MAX_QUESTION
# Documents and shared replies opened for each question that an address may ask.
READS = 4
# What becomes of a question whose asker does not wait for the reply.
LEFT = "left"
# Remembered questions whose answer may be written out later.
MOST_ASKED = 1_000

_Given = TypeVar("_Given")


class Sources(Protocol):
    """Opens the documents behind citations."""

    def open(self, snapshot: str, name: str) -> Source | None: ...
    def content_hash(self, snapshot: str, name: str) -> str: ...
    def served(self) -> Sequence[Document]: ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor as far as limits need: an address, and the session of a page; kept only in memory."""

    address: str
    session: str = ""

    @property
    def network(self) -> str:
        """The network that the address counts for."""
        return network_of(self.address)


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
        desk: AnswerQueue,
        *,
        sources: Sources,
        log: Log,
        switches: CurrentSettings,
        suggestions: Suggestions,
        per_address: Limit,
        per_session: Limit,
        writing: WrittenAnswers | None = None,
        heard: Callable[[str, str, float], None] | None = None,
    ) -> None:
        """`heard` is told of every question: its channel, what became of it, and the seconds until then."""
        self._heard = heard or _unheard
        self.desk = desk
        self.writing = writing
        self.sources = sources
        self.reading = ReadingRoom()
        self.suggestions = suggestions
        self._log = log
        self._switches = switches
        self._per_address = per_address
        self._reading = Limit(READS * per_address.per_minute)
        self._per_session = per_session
        self._defaults = per_address.per_minute, per_session.per_minute
        # One thread: the log has a single writer, and a verdict on a reply follows the reply.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._expired_at = float("-inf")
        self._waiting: Counter[str] = Counter()
        self._asked: Recent[tuple[str, str], bool] = Recent(MOST_ASKED)

    async def ask(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str
    ) -> Received | TurnedAway:
        """Return the reply to a question, or why there is no reply."""
        started, outcome = time.perf_counter(), LEFT
        try:
            given = await self._ask(question, history, visitor, channel=channel)
            outcome = given.why if isinstance(given, TurnedAway) else given.reply.status
            return given
        except Exception:
            outcome = FAILED
            raise
        finally:
            self._heard(channel, outcome, time.perf_counter() - started)

    async def _ask(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str
    ) -> Received | TurnedAway:
        question = within_reach(question)
        if away := self.turned_away(visitor):
            return away
        if not self._has_room_for(visitor.network):
            return TurnedAway("too_fast", "1", 1, 429)
        started = time.perf_counter()
        self._waiting[visitor.network] += 1
        try:
            if found := await personal_data_in(question):
                masked = await asyncio.to_thread(personal_data.mask, question)
                refusal = _personal(masked, found, self.desk.assistant.status.snapshot)
                self._note(refusal, channel)
                return Received(refusal)
            reply = await self.desk.ask(question, history, address=visitor.network)
        except Busy:
            return TurnedAway("busy", "", RETRY_SECONDS, 503)
        except Exception as fault:
            self._note_fault(question, fault, channel, started)
            raise
        finally:
            self._waiting[visitor.network] -= 1
            self._waiting += Counter()  # drops networks with nobody waiting
        further = tuple(await asyncio.to_thread(self.suggestions.after, reply, self.documents()))
        writable = self.writing is not None and self.writing.may_write(reply, history)
        if writable:
            self._asked.keep((visitor.network, same(question)), True)
        return Received(reply, self._note(reply, channel), further, writable)

    async def write(
        self, question: str, history: Sequence[Turn], visitor: Visitor, *, channel: str
    ) -> AsyncGenerator[Growing | Received | TurnedAway]:
        """Yield the reply as a language model writes it, sentence by sentence; the last item is the whole reply.

        Once after each question, writing counts as the same call for the limits. On the channel `page` the question is
        logged already, so only a written reply is logged.
        """
        started, question = time.perf_counter(), within_reach(question)
        away = self._paused() if self._take_asked(question, visitor) else self.turned_away(visitor)
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
            yield Received(reply, self._note(reply, channel) if news else "", tuple(self.suggestions.after(reply)))

    def documents(self) -> Sequence[Document]:
        """Return the documents that answers are quoted from today."""
        return self.sources.served()

    @property
    def snapshot(self) -> str:
        """The name of the served snapshot."""
        return self.desk.assistant.status.snapshot

    async def search(self, query: str, visitor: Visitor, *, count: int) -> Sequence[Citation] | TurnedAway:
        """Return the passages nearest to a query, or why the visitor is turned away."""
        if away := self.turned_away(visitor):
            return away
        if not self._has_room_for(visitor.network):
            return TurnedAway("too_fast", "1", 1, 429)
        self._waiting[visitor.network] += 1
        try:
            return await self.desk.nearest(query, count=count, address=visitor.network)
        except Busy:
            return TurnedAway("busy", "", RETRY_SECONDS, 503)
        finally:
            self._waiting[visitor.network] -= 1
            self._waiting += Counter()

    def turned_away(self, visitor: Visitor) -> TurnedAway | None:
        """Return why a visitor is turned away now; None admits the visitor and counts the call."""
        if away := self._paused():
            return away
        if seconds := self.too_fast(visitor):
            return TurnedAway("too_fast", str(seconds), seconds, 429)
        return None

    def _paused(self) -> TurnedAway | None:
        pause = self.switches().pause
        return TurnedAway("paused", pause, RETRY_SECONDS, 503) if pause else None

    def switches(self) -> Switches:
        """Return the present switches of staff."""
        return self._switches.now()

    def reads_too_fast(self, visitor: Visitor) -> int:
        """Return the seconds until this visitor may open a document again; 0 counts this one."""
        now, switched = time.monotonic(), self.switches().address_per_minute
        self._reading.change(READS * (self._defaults[0] if switched is None else switched))
        if visitor.address and (wait := self._reading.wait(visitor.network, now)) > 0:
            return math.ceil(wait)
        if visitor.address:
            self._reading.take(visitor.network, now)
        return 0

    async def judge(self, reply_id: str, verdict: str, *, reasons: Sequence[str], comment: str) -> bool:
        return await self._in_turn(
            lambda: self._log.judge(reply_id, verdict, _now(), reasons=reasons, comment=comment), False
        )

    async def share(self, reply_id: str) -> str:
        return await self._in_turn(lambda: self._log.share(reply_id, _now()), "")

    async def shared(self, link: str) -> Shared | None:
        return await self._in_turn(lambda: self._log.shared(link, _now()), None)

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
        self.desk.close()
        self._writer.shutdown()
        self._log.close()
        self._switches.close()

    def too_fast(self, visitor: Visitor) -> int:
        """Return the seconds until this visitor may call again; 0 counts this call."""
        now, switched = time.monotonic(), self.switches()
        for limit, per_minute, default in (
            (self._per_address, switched.address_per_minute, self._defaults[0]),
            (self._per_session, switched.session_per_minute, self._defaults[1]),
        ):
            limit.change(default if per_minute is None else per_minute)
        keys = [(self._per_address, visitor.network), (self._per_session, visitor.session)]
        used = [(limit, key) for limit, key in keys if key]
        wait = max((limit.wait(key, now) for limit, key in used), default=0.0)
        if wait > 0:
            return math.ceil(wait)
        for limit, key in used:
            limit.take(key, now)
        return 0

    def _take_asked(self, question: str, visitor: Visitor) -> bool:
        """Return whether the visitor asked this just now and has not had it written out since."""
        return bool(self._asked.pop((visitor.network, same(question))))

    def _has_room_for(self, network: str) -> bool:
        """Return whether the line has room for one more question of this network, which must not crowd out others."""
        return not network or not self._per_address.per_minute or self._waiting[network] < MOST_FROM_ADDRESS

    def _note(self, reply: Reply, channel: str) -> str:
        """Have the reply logged, without waiting for it; return its name in the log."""
        reply_id, now, request = new_id(), _now(), REQUEST.get()

        def write() -> None:
            cited = reply.citations if isinstance(reply, Answer) else ()
            names = dict.fromkeys(citation.document for citation in cited)
            hashes = {name: self.sources.content_hash(reply.snapshot, name) for name in names}
            self._log.add(reply_id, reply, now, channel=channel, documents=hashes, request=request)
            if time.monotonic() - self._expired_at > EXPIRE_SECONDS:
                self._expired_at = time.monotonic()
                self._log.expire(now)

        self._writer.submit(_logged, write, None)
        return reply_id

    def _note_fault(self, question: str, fault: Exception, channel: str, started: float) -> None:
        """Have a fault logged, so that staff see how many there are."""
        snapshot, now = self.desk.assistant.status.snapshot, _now()
        ms = (time.perf_counter() - started) * 1000
        asked, request = question[:MAX_QUESTION], REQUEST.get()

        def write() -> None:
            self._log.fail(asked, fault, now, channel=channel, snapshot=snapshot, ms=ms, request=request)

        self._writer.submit(_logged, write, None)

    async def _in_turn(self, work: Callable[[], _Given], otherwise: _Given) -> _Given:
        return await asyncio.get_running_loop().run_in_executor(self._writer, _logged, work, otherwise)


def _logged(work: Callable[[], _Given], otherwise: _Given) -> _Given:
    """Return the result of a call to the log; if the log fails, report that and return `otherwise`."""
    try:
        return work()
    except sqlite3.Error as error:
        logger.error("The log cannot be used: %s", error)
        return otherwise


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


def _now() -> datetime:
    return datetime.now(UTC)
