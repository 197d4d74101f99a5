"""Answers a question from a snapshot, or abstains with a reason."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from corpus.document import Document, Passage, Span
from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import years_in_digits
from index.embedding.base import Embedder
from index.retrieve import Hit, retrieve
from index.search.terms import words_in
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Loaded
from qa.answering import replies, screening
from qa.answering.answer_checks import says_the_opposite, unsupported_figures
from qa.answering.forms.base import LOOKUP, AnswerForm, Form
from qa.answering.forms.english import has_han, in_english
from qa.answering.forms.parting import PartFound, in_parts
from qa.answering.forms.shaping import shape, silent
from qa.answering.overrides import Match, Reviewed, Switches
from qa.answering.query_rewriting import Names, Synonyms, matching_copy
from qa.answering.question import follow_ups
from qa.answering.question.analysis import Question
from qa.answering.question.decomposition import MOST_PARTS, parts
from qa.answering.reader import editions
from qa.answering.reader.base import Finding, Reader, Reading, apart
from qa.answering.reader.nearest import cite, headings, holding, nearest
from qa.answering.reader.structure.articles import article
from qa.answering.reader.structure.heading_lists import announced_list
from qa.answering.reply import MAX_QUOTE, REVIEWED, Abstention, Answer, Citation, Reason, Reply, Turn
from qa.answering.screening.cards import EMERGENCIES, TALK
from qa.answering.screening.router import route

HITS = 6
NEAREST = 3
# Below this confidence the documents are said to be silent; one in sixteen answers all the same (docs/calibration.md).
UNSAID = 0.2
MOST_OF_TURN = 500  # characters of an earlier question, and of its reply
# Cosine similarity (-1 to 1) of the best passage. An unanswered question below it is reported as off topic.
OFF_TOPIC = 0.2


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
        self._embedder = embedder
        self._reader = reader
        self._synonyms = synonyms
        self._today = today
        self._reviewed = reviewed
        self._switches = switches
        self._known_names: tuple[tuple[Snapshot, Names], ...] = ()

    @property
    def status(self) -> ServingStatus:
        loaded = self._serve()
        snapshot = loaded.snapshot
        return ServingStatus(snapshot.name, snapshot.built_at, len(snapshot.passages), loaded.alarm)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Reply:
        """Return the reply to one question; `history` holds the earlier turns, the oldest first."""
        started = time.perf_counter()
        # A local name, so that a question in flight keeps the snapshot it started with.
        snapshot = self._serve().snapshot
        reply = self._reply(question, history, snapshot)
        return replace(reply, elapsed_ms=(time.perf_counter() - started) * 1000)

    @property
    def edition(self) -> str:
        """A key that changes whenever the same question may get another reply from the same snapshot."""
        return f"{self._today()} {self._reviewed.edition if self._reviewed else ''} {self._switches().edition}"

    def nearest(self, query: str, *, count: int) -> tuple[Citation, ...]:
        """Return citations of the `count` passages nearest to a query, the best first."""
        query = screening.clean(query)
        hits = self._search(query, self._serve().snapshot, count=count)[1] if query else []
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
        found = self._search(answer.standalone_question, snapshot)[1]
        others = [hit.passage for hit in found if not hit.out_of_force]
        return tuple({(p.document.name, p.span): p for p in [*chosen, *others]}.values())

    def cite(self, passage: Passage, span: Span) -> Citation:
        """Return a span of a passage's document as a citation."""
        note = passage.document.about.out_of_force(self._today())
        return cite(Finding(passage.document, passage.headings, span), note)

    def prepare(self, snapshot: Snapshot) -> None:
        """Gather the names of a snapshot now, so that its first question need not wait for them."""
        self._names(snapshot)

    def search(self, question: str) -> tuple[str, list[Hit]]:
        """Return the copy of a standalone question that is searched with, and the hits, the best first."""
        return self._search(screening.clean(question), self._serve().snapshot)

    def _search(self, whole: str, snapshot: Snapshot, *, count: int = HITS) -> tuple[Normal, list[Hit]]:
        copy = Normal(self._names(snapshot).mend(years_in_digits(matching_copy(whole, self._synonyms))))
        withdrawn = self._switches().withdrawn
        hidden = withdrawn.hides if withdrawn.names else None
        return copy, retrieve(snapshot, self._embedder, copy, count=count, today=self._today(), hidden=hidden)

    def _names(self, snapshot: Snapshot) -> Names:
        """Return the names in the snapshot's documents. They are gathered once for each snapshot."""
        known = self._known_names
        for other, names in known:
            if other is snapshot:
                if other is known[-1][0]:
                    self._known_names = known[-1:]  # the older snapshot is no longer served
                return names
        names = Names((document.text for document in snapshot.documents), known[-1][1] if known else None)
        self._known_names = (*known[-1:], (snapshot, names))
        return names

    def _reply(self, question: str, history: Sequence[Turn], snapshot: Snapshot) -> Reply:
        asked = screening.clean(question)
        if problem := _rejected(question, asked):
            return Abstention(
                question=question[: screening.MAX_QUESTION],
                standalone_question=asked[: screening.MAX_QUESTION],
                snapshot=snapshot.name,
                reason=Reason.UNCLEAR,
                text=problem,
                rejected=True,
            )
        reason = screening.screen(asked)
        # 110 alone is no word and yet a call for help. An order to the machine is still refused.
        card = "" if reason is Reason.UNSAFE else route(asked)
        if reason and not card:
            return _abstention(asked, asked, snapshot, reason)
        if not card:
            return self._looked_up(asked, history, snapshot)
        if card in TALK:
            # An answer that staff approved for these very words precedes our own card.
            match = self._reviewed.find(asked, snapshot, self._today()) if self._reviewed else None
            talk = _abstention(asked, asked, snapshot, Reason.SMALL_TALK, card=card)
            return _reviewed_answer(asked, asked, snapshot, match) if match else talk
        reply = self._looked_up(asked, history, snapshot)
        return replace(reply, card=card) if isinstance(reply, Answer) else _helped(reply, card)

    def _looked_up(self, asked: str, history: Sequence[Turn], snapshot: Snapshot) -> Reply:
        """Return the reply from the documents and from the answers that staff approved."""
        whole = asked
        if _is_title_word(asked, snapshot):
            hits = self._search(asked, snapshot)[1]
            return _abstention(asked, whole, snapshot, Reason.KEYWORD, hits=holding(hits, asked) or hits)
        turns = [_cleaned(turn) for turn in history]
        wholes = follow_ups.candidates(asked, [turn for turn in turns if not _is_talk(turn.question)])
        if self._reviewed:
            for whole in wholes:
                if match := self._reviewed.find(whole, snapshot, self._today()):
                    return _reviewed_answer(asked, whole, snapshot, match)
        tried = [self._find_all(asked, whole, snapshot) for whole in wholes]
        # The interpretation with the surest answer wins. Of equals, and without an answer, the first wins.
        found, missing = max(tried, key=lambda one: one[0].reading.confidence if not one[0].reason else 0.0)
        question = found.question
        shaped = None
        if found.form is LOOKUP:
            shaped = shape(question.standalone, question.search, found.reading, found.hits, shown=not found.reason)
        if shaped:
            found = replace(found, reading=replace(found.reading, findings=shaped.findings), reason=None)
        if not found.reason:
            form = shaped.form if shaped else found.form
            return _answer(question, snapshot, found.reading, form=form, missing=missing, today=self._today())
        reason, hits = found.reason, list(found.hits)
        # A single word asks nothing: whoever types it wants to see what the documents say about it.
        if _is_word(asked) and (speaking := holding(hits, asked)):
            reason, hits = Reason.KEYWORD, speaking
        return _abstention(asked, question.standalone, snapshot, reason, hits=hits, confidence=found.reading.confidence)

    def _find_all(self, asked: str, whole: str, snapshot: Snapshot) -> tuple["_Found", str]:
        """Return what is found for a question, and the parts of it that the documents do not answer."""
        found = self._find(asked, whole, snapshot)
        all_parts = parts(whole)
        of_parts = [(part, self._find(part.whole, part.whole, snapshot)) for part in all_parts[:MOST_PARTS]]
        answered = [part_found for _, part_found in of_parts if not part_found.reason]
        if not answered:
            return found, ""
        chosen = [found] * (not found.reason) + answered
        reading = Reading(
            apart([finding for one in chosen for finding in one.reading.findings]),
            min(one.reading.confidence for one in chosen),
            contradictory=len(chosen) == 1 and chosen[0].reading.contradictory,
        )
        parts_found = [_part_found(part.asked, one, reading) for part, one in of_parts]
        parts_found += [PartFound(part.asked, read=False) for part in all_parts[MOST_PARTS:]]
        form = in_parts(whole, parts_found, reading.findings)
        missing = [part.whole for part, one in of_parts if one.reason and not _covered(one.reading, reading)]
        return replace(found, reading=reading, reason=None, form=form), "；".join(missing)

    def _find(self, asked: str, whole: str, snapshot: Snapshot) -> "_Found":
        copy, hits = self._search(whole, snapshot)
        question = Question(asked, whole, copy)
        reading = self._read(question, hits)
        return _Found(question, hits, reading, self._why_not(question, hits, reading))

    def _read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Read the documents in force and those that the question names; read the others only without an answer."""
        meant = [hit for hit in hits if not hit.out_of_force or editions.names(question.search, hit.passage.document)]
        meant.sort(key=lambda hit: -hit.score)
        reading = Reading((), 0.0)
        for group in (meant, [hit for hit in hits if hit not in meant]):
            if group and (not reading.findings or reading.confidence < self._reader.threshold):
                documents = _documents(group)
                other = announced_list(question, documents) or article(question.search, documents)
                other = other or self._reader.read(question, group)
                reading = other if other.confidence > reading.confidence or not reading.findings else reading
        if not reading.contradictory:
            return reading
        newest = editions.newest_first(reading.findings)
        return (
            Reading(newest[:1], reading.confidence)
            if editions.asks_for_newest(question.search)
            else replace(reading, findings=newest)
        )

    def _why_not(self, question: Question, hits: Sequence[Hit], reading: Reading) -> Reason | None:
        """Return why the reading is not shown, or None when it is. The reader's confidence alone decides whether."""
        if reading.findings and reading.confidence >= self._reader.threshold:
            return None
        if max((hit.dense for hit in hits), default=0.0) < OFF_TOPIC:
            return Reason.OFF_TOPIC
        return Reason.PREMISE_NOT_SUPPORTED if _contradicted(question, reading.findings) else Reason.NOT_IN_DOCUMENTS


def _contradicted(question: Question, findings: Sequence[Finding]) -> bool:
    """Return whether the nearest words contradict the question's premise or lack its figures."""
    nearest = [
        normalise("\n".join([finding.document.title, *finding.headings, finding.quote.of(finding.document.text)]))
        for finding in findings
    ]
    return bool(nearest) and bool(unsupported_figures(question, nearest) or says_the_opposite(question, nearest))


@dataclass(frozen=True, slots=True)
class _Found:
    """The hits and the reading of one question; `reason` says why it is not shown, None if it is.

    `form` is that of a question of several parts.
    """

    question: Question
    hits: Sequence[Hit]
    reading: Reading
    reason: Reason | None = None
    form: AnswerForm = LOOKUP


def _part_found(asked: str, found: _Found, shown: Reading) -> PartFound:
    """What was found for a part, where it is shown."""
    if found.reason and not _covered(found.reading, shown):
        return PartFound(asked)
    return PartFound(asked, found.reading.findings[0], sure=not found.reason)


def _covered(part: Reading, shown: Reading) -> bool:
    """Return whether the words that would answer a part are shown anyway."""
    return bool(part.findings) and any(quote.holds(part.findings[0]) for quote in shown.findings)


def _rejected(question: str, asked: str) -> str:
    if not question.strip():
        return replies.EMPTY
    if not asked:
        return replies.UNREADABLE
    return replies.TOO_LONG.format(limit=screening.MAX_QUESTION) if len(asked) > screening.MAX_QUESTION else ""


def _is_title_word(asked: str, snapshot: Snapshot) -> bool:
    """Return whether a text asks nothing but repeats a word of a title or a whole heading: a new subject."""
    return (
        len(asked) > 1
        and not follow_ups.asks(asked)
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
    return len(asked) > 1 and not follow_ups.asks(asked) and copy in words_in(copy)


def _helped(reply: Abstention, card: str) -> Abstention:
    """Turn a refusal into the card's help. In an emergency no passages are shown beside it."""
    nearest = () if card in EMERGENCIES else reply.nearest
    return replace(reply, reason=Reason.HELP, card=card, text=replies.card(card, reply.question), nearest=nearest)


def _cleaned(turn: Turn) -> Turn:
    return Turn(screening.clean(turn.question)[:MOST_OF_TURN], screening.clean(turn.reply)[:MOST_OF_TURN])


def _documents(hits: Sequence[Hit]) -> list[Document]:
    """Return the documents of the hits, the best first, each once."""
    return list({hit.passage.document.name: hit.passage.document for hit in hits}.values())


def _answer(
    question: Question, snapshot: Snapshot, reading: Reading, *, form: AnswerForm, missing: str, today: date
) -> Answer:
    citations = tuple(cite(f, f.document.about.out_of_force(today)) for f in reading.findings)
    shorts = [f.short.of(f.document.text) for f in reading.findings if f.short]
    if reading.contradictory:
        shorts = [editions.told_apart(reading.findings)]
    short = "；".join(dict.fromkeys(" ".join(one.split()) for one in shorts))
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        snapshot=snapshot.name,
        text=_joined([citation.text for citation in citations]),
        citations=citations,
        confidence=reading.confidence,
        short=form.line.replace("\n", "；") if form.verdict or form.kind is Form.PARTS else short or None,
        missing=missing,
        form=form if has_han(question.standalone) else in_english(form, short),
        contradictory=reading.contradictory,
    )


def _reviewed_answer(asked: str, whole: str, snapshot: Snapshot, match: Match) -> Answer:
    return Answer(
        question=asked,
        standalone_question=whole,
        snapshot=snapshot.name,
        text=match.text,
        citations=(cite(match.finding, ""),),
        confidence=match.similarity,
        made_by=REVIEWED,
    )


def _belongs(passage: Passage, citation: Citation) -> bool:
    """Return whether a citation overlaps a passage of its document or is a heading above it."""
    overlaps = passage.span.start < citation.end and citation.start < passage.span.end
    return overlaps or citation.text.strip() in passage.headings


def _joined(quotes: Sequence[str]) -> str:
    """Join the quotations, as many whole ones as fit into `MAX_QUOTE` characters; always the first."""
    text = quotes[0]
    for quote in quotes[1:]:
        if len(text) + 1 + len(quote) <= MAX_QUOTE:
            text += "\n" + quote
    return text


def _abstention(
    asked: str,
    whole: str,
    snapshot: Snapshot,
    reason: Reason,
    *,
    hits: Sequence[Hit] = (),
    confidence: float = 0.0,
    card: str = "",
) -> Abstention:
    shown = hits[:NEAREST] if reason is not Reason.OFF_TOPIC else ()
    unsaid = reason is Reason.NOT_IN_DOCUMENTS and not card and confidence < UNSAID
    return Abstention(
        question=asked,
        standalone_question=whole,
        snapshot=snapshot.name,
        reason=reason,
        text=replies.card(card, asked) if card else replies.abstained(reason, asked),
        form=silent(asked) if unsaid else LOOKUP,
        nearest=nearest(shown, whole),
        contacts=_contacts(shown),
        confidence=confidence,
        card=card,
    )


def _contacts(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the contacts that the documents in force name, the nearest first, each once."""
    offices = [hit.passage.document.about.contact for hit in hits if not hit.out_of_force]
    return tuple(dict.fromkeys(filter(None, offices)))
