"""Answers a question from a snapshot, or abstains with a reason."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from corpus.document import Passage, Span
from corpus.text.normalise import normalise
from index.embedding.base import Embedder
from index.retrieve import Hit
from index.search.terms import words_in
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering import screening
from qa.answering.forms.base import LOOKUP
from qa.answering.forms.computing.differing import relates
from qa.answering.forms.lists.parting import is_computed_of
from qa.answering.forms.shaping import shape
from qa.answering.forms.tables.asking_back import rows_left_open
from qa.answering.forms.tables.naming.unfilled import empty_cell
from qa.answering.lookup.finding import Found, Lookup
from qa.answering.lookup.searching import HITS, Search
from qa.answering.overrides import Reviewed, Switches
from qa.answering.query_rewriting import Synonyms
from qa.answering.question import follow_ups, topics
from qa.answering.reader.base import Finding, Reader
from qa.answering.replies import clarifying
from qa.answering.replies.builders import (
    abstain,
    ask_back,
    build_answer,
    build_reviewed,
    leave_choice,
    point_to_empty,
    reject,
    turn_into_help,
)
from qa.answering.replies.nearest import cite, headings, holding, nearest
from qa.answering.replies.withholding import is_withheld
from qa.answering.reply import UNSAID, Answer, Citation, Reason, Reply, Turn
from qa.answering.screening.cards import OF_LIFE, TALK
from qa.answering.screening.router import route

# A less likely reading of a follow-up has to be surer by so much.
FAR_SURER = 0.2
MOST_OF_TURN = 500  # characters of an earlier question, and of its reply


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """The state of serving. `degraded` is one sentence about a fault, empty when there is no fault."""

    snapshot: str
    built_at: datetime
    passages: int
    degraded: str = ""


class Assistant:
    """Answers questions from the snapshot that `serve` returns at that moment. Threads may share one assistant."""

    def __init__(
        self,
        serve: Callable[[], Loaded],
        embedder: Embedder,
        reader: Reader,
        synonyms: Synonyms,
        *,
        today: Callable[[], date] = date.today,
        reviewed: Reviewed | None = None,
        switches: Callable[[], Switches] = Switches,
    ) -> None:
        self._serve = serve
        self._search = Search(embedder, synonyms, today=today, switches=switches)
        self._reader = reader
        self._lookup = Lookup(self._search, reader)
        self._today = today
        self._reviewed = reviewed
        self._switches = switches
        self._only = ""  # the name of the one document that is asked

    @property
    def status(self) -> ServingStatus:
        loaded = self._serve()
        snapshot = loaded.snapshot
        return ServingStatus(snapshot.name, snapshot.built_at, len(snapshot.passages), loaded.alarm)

    def ask(self, question: str, history: Sequence[Turn] = (), *, document: str = "") -> Reply:
        """Return the reply to one question; `history` holds the earlier turns, the oldest first.

        A `document` is asked alone; all of them are if none has that name, for example any longer.
        """
        started = time.perf_counter()
        # A local name, so that a question in flight keeps the snapshot it started with.
        snapshot = self._serve().snapshot
        asked = self
        if document and any(one.name == document for one in snapshot.documents):
            asked = self._asking(document)
        reply = asked._reply(question, history, snapshot)
        return replace(reply, document=asked._only, elapsed_ms=(time.perf_counter() - started) * 1000)

    def _asking(self, document: str) -> "Assistant":
        """Return an assistant that asks one document alone, and knows no answers of staff."""
        asked = copy.copy(self)
        asked._only, asked._reviewed = document, None
        asked._search = self._search.within(document)
        asked._lookup = Lookup(asked._search, self._reader)
        return asked

    @property
    def edition(self) -> str:
        """A key that changes whenever the same question may get another reply from the same snapshot."""
        return f"{self._today()} {self._reviewed.edition if self._reviewed else ''} {self._switches().edition}"

    def nearest(self, query: str, *, count: int) -> tuple[Citation, ...]:
        """Return citations of the `count` passages nearest to a query, the best first."""
        query = screening.clean(query)
        hits = self._search.find(query, self._serve().snapshot, count=count)[1] if query else []
        return nearest(hits[:count], query)

    def evidence(self, answer: Answer) -> tuple[Passage, ...]:
        """Return the passages that an answer may be written from: those of its citations, then others found for it.

        Empty when another snapshot is served now.
        """
        snapshot = self._serve().snapshot
        if snapshot.name != answer.snapshot:
            return ()
        own = ((citation, snapshot.passages.of_document(citation.document)) for citation in answer.citations)
        chosen = [passage for citation, passages in own for passage in passages if _belongs(passage, citation)]
        hides = self._switches().withdrawn.hides
        chosen = [passage for passage in chosen if not hides(passage.document)]
        found = self._search.find(answer.standalone_question, snapshot)[1]
        others = [hit.passage for hit in found if not hit.out_of_force]
        return tuple({(p.document.name, p.span): p for p in [*chosen, *others]}.values())

    def cite(self, passage: Passage, span: Span) -> Citation:
        """Return a span of a passage's document as a citation."""
        note = passage.document.about.out_of_force(self._today())
        return cite(Finding(passage.document, passage.headings, span), note)

    def prepare(self, snapshot: Snapshot) -> None:
        """Gather the names of a snapshot now, so that its first question need not wait for them."""
        self._search.names(snapshot)

    def search(self, question: str, *, count: int = HITS) -> tuple[str, list[Hit]]:
        """Return the copy of a standalone question that is searched with, and the `count` best hits, the best first."""
        return self._search.find(screening.clean(question), self._serve().snapshot, count=count)

    def _reply(self, question: str, history: Sequence[Turn], snapshot: Snapshot) -> Reply:
        asked = screening.clean(question)
        if refusal := reject(question, asked, snapshot):
            return refusal
        reason = screening.screen(asked)
        # 110 alone is no word and yet a call for help. An order to the machine is still refused.
        card = "" if reason is Reason.UNSAFE else route(asked)
        if reason and not card:
            return abstain(asked, asked, snapshot, reason)
        if not card:
            return self._looked_up(asked, history, snapshot)
        if card in TALK:
            # An answer that staff approved for these very words precedes our own card.
            match = self._reviewed.find(asked, snapshot, self._today()) if self._reviewed else None
            talk = abstain(asked, asked, snapshot, Reason.SMALL_TALK, card=card)
            return build_reviewed(asked, asked, snapshot, match) if match else talk
        # A cry for life is about no earlier turn.
        reply = self._looked_up(asked, () if card in OF_LIFE else history, snapshot)
        return replace(reply, card=card) if isinstance(reply, Answer) else turn_into_help(reply, card)

    def _looked_up(self, asked: str, history: Sequence[Turn], snapshot: Snapshot) -> Reply:
        """Return the reply from the documents and from the answers that staff approved."""
        if _is_title_word(asked, snapshot):
            hits = self._search.find(asked, snapshot)[1]
            return abstain(asked, asked, snapshot, Reason.KEYWORD, hits=holding(hits, asked) or hits)
        turns = [_cleaned(turn) for turn in history]
        wholes = follow_ups.candidates(asked, [turn for turn in turns if not _is_talk(turn.question)])
        if self._reviewed:
            for whole in wholes:
                if match := self._reviewed.find(whole, snapshot, self._today()):
                    return build_reviewed(asked, whole, snapshot, match)
        tried = [self._lookup.find_all(asked, whole, snapshot) for whole in wholes]
        found, missing = _meant(asked, wholes, tried)
        if shaped := self._shaped(found):
            return self._answered(shaped, missing, snapshot)
        if found.reason:
            return _unanswered(asked, found, found.reason, snapshot)
        if names := rows_left_open(found.question, found.reading):
            return ask_back(found.question, snapshot, found.hits, names, confidence=found.reading.confidence)
        return self._answered(found, missing, snapshot)

    def _shaped(self, found: Found) -> Found | None:
        """Return what was found in the form that the question asks for; None where it is shown as it is, or not.

        Of several parts only a conclusion from the figures found for them takes the place of their lines.
        """
        question = found.question
        if found.form is not LOOKUP and not relates(question.search):
            return None
        shaped = shape(question, found.reading, found.hits, shown=not found.reason, today=self._today())
        if not shaped or (found.form is not LOOKUP and not is_computed_of(found.form, shaped.form)):
            return None
        reading = replace(found.reading, findings=shaped.findings)
        return replace(found, reading=reading, reason=None, form=shaped.form)

    def _answered(self, found: Found, missing: str, snapshot: Snapshot) -> Reply:
        """Return the answer; where documents fit the question equally, one that leaves the choice between them."""
        question, form, today = found.question, found.form, self._today()
        answer = build_answer(question, snapshot, found.reading, form=form, missing=missing, today=today)
        # Asked of one document, nothing is left to choose.
        left_open = form is LOOKUP and not missing and not self._only
        choices = clarifying.choices(question.search, found.reading) if left_open else ()
        return self._unless_withheld(leave_choice(answer, choices, today) if choices else answer, snapshot)

    def _unless_withheld(self, answer: Answer, snapshot: Snapshot) -> Reply:
        """Return an answer, or a refusal in its place where a golden question knows it to be wrong."""
        known, asked = self._switches().withheld, (answer.question, answer.standalone_question)
        cited = {citation.document for citation in answer.citations}
        contents = {one.content_hash for one in snapshot.documents if known and one.name in cited}
        if not (known and is_withheld(asked, contents, known, self._search.synonyms)):
            return answer
        return abstain(*asked, snapshot, Reason.NOT_IN_DOCUMENTS, confidence=UNSAID)


def _unanswered(asked: str, found: Found, reason: Reason, snapshot: Snapshot) -> Reply:
    """Return a refusal, with the passages that hold a single word: who types it wants to see what they say of it."""
    hits = list(found.hits)
    if _is_word(asked) and (speaking := holding(hits, asked)):
        reason, hits = Reason.KEYWORD, speaking
    standalone, confidence = found.question.standalone, found.reading.confidence
    reply = abstain(asked, standalone, snapshot, reason, hits=hits, confidence=confidence)
    row, column = empty_cell(found.question.search, found.hits)
    return point_to_empty(reply, row, column) if row and reason is Reason.NOT_IN_DOCUMENTS else reply


def _meant(asked: str, wholes: Sequence[str], tried: Sequence[tuple[Found, str]]) -> tuple[Found, str]:
    """Return what was found for the reading of a follow-up that is meant: the likeliest, unless another is far surer.

    Without an answer the citizen's own words win where they can stand alone: a new subject is not refused as one of the
    turn before.
    """
    first, *others = tried
    best = max(others, key=lambda one: one[0].reading.confidence, default=first)
    likeliest = best if best[0].reading.confidence > first[0].reading.confidence + FAR_SURER else first
    asked_alone = [one for whole, one in zip(wholes, tried, strict=True) if whole == asked]
    return likeliest if not likeliest[0].reason else (asked_alone or [first])[0]


def _is_title_word(asked: str, snapshot: Snapshot) -> bool:
    """Return whether a text asks nothing but repeats a word of a title or a whole heading: a new subject."""
    return (
        len(asked) > 1
        and not topics.asks(asked)
        and any(
            # Headings are gathered only for the few documents that contain the words.
            asked in document.title or (asked in document.text and asked in headings(document))
            for document in snapshot.documents
        )
    )


def _is_talk(question: str) -> bool:
    """Return whether an earlier turn was small talk or refused, so that a follow-up cannot be about it."""
    return screening.screen(question) is not None or route(question) in TALK


def _is_word(asked: str) -> bool:
    """Return whether a question is one word, such as 榨菜 or GDP."""
    copy = normalise(asked)
    return len(asked) > 1 and not topics.asks(asked) and copy in words_in(copy)


def _cleaned(turn: Turn) -> Turn:
    texts = (turn.question, turn.reply, turn.understood)
    return Turn(*(screening.clean(text)[:MOST_OF_TURN] for text in texts))


def _belongs(passage: Passage, citation: Citation) -> bool:
    """Return whether a citation overlaps a passage of its document or is a heading above it."""
    return passage.span.overlaps(citation.span) or citation.text.strip() in passage.headings
