"""Looks a question up: searches the snapshot, has the hits read, and says why a reading is not shown."""

import copy
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.document import Document, Span
from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import years_in_digits
from index.embedding.base import Embedder
from index.retrieve import Hit, retrieve
from index.snapshots.snapshot import Snapshot
from qa.answering.answer_checks import says_the_opposite, unsupported_figures
from qa.answering.forms.base import LOOKUP, AnswerForm
from qa.answering.forms.lists.parting import PartFound, in_parts
from qa.answering.forms.lists.years import of_year
from qa.answering.forms.tables.cells.certain import is_cell_named
from qa.answering.forms.tables.cells.choosing import in_the_right_cell, in_the_same_row
from qa.answering.forms.tables.ranges.cases import of_another_case, sentence_of_the_case
from qa.answering.overrides import Switches
from qa.answering.query_rewriting import Names, Synonyms, matching_copy
from qa.answering.question.analysis import Question
from qa.answering.question.decomposition import MOST_PARTS, Part, parts
from qa.answering.reader import editions
from qa.answering.reader.base import Finding, Reader, Reading, apart
from qa.answering.reader.structure import older
from qa.answering.reader.structure.amended import Amendments, as_amended
from qa.answering.reader.structure.articles import article
from qa.answering.reader.structure.commencing import by_its_own_sentence, leaves_a_day_open
from qa.answering.reader.structure.definitions import defined
from qa.answering.reader.structure.drafts import drafts_asked_for
from qa.answering.reader.structure.heading_lists import announced_list, counted_items
from qa.answering.reader.structure.levels import of_another_level
from qa.answering.reader.structure.standing import still_in_force
from qa.answering.reader.structure.telephones import called_so
from qa.answering.reply import UNSAID, Reason

HITS = 6
# Cosine similarity (-1 to 1) of the best passage. An unanswered question below it is reported as off topic.
OFF_TOPIC = 0.2
_MOST_NAMED = 200  # documents that a question may name by their year: all their passages are compared with it


@dataclass(frozen=True, slots=True)
class Found:
    """The hits and the reading of one question; `reason` says why it is not shown, None if it is.

    `form` is that of a question of several parts.
    """

    question: Question
    hits: Sequence[Hit]
    reading: Reading
    reason: Reason | None = None
    form: AnswerForm = LOOKUP


class Search:
    """Finds the passages for a question in a snapshot, leaving out what staff withdrew. Threads may share it."""

    def __init__(
        self,
        embedder: Embedder,
        synonyms: Synonyms,
        *,
        today: Callable[[], date],
        switches: Callable[[], Switches],
    ) -> None:
        self._embedder = embedder
        self.synonyms = synonyms
        self._today = today
        self._switches = switches
        self._known_names: tuple[tuple[Snapshot, Names], ...] = ()
        self._known_amendments: tuple[Snapshot, date, Amendments] | None = None
        self._only = ""  # the name of the one document that is searched

    def within(self, document: str) -> "Search":
        """Return a search of one document alone."""
        search = copy.copy(self)
        search._only = document
        return search

    def find(self, whole: str, snapshot: Snapshot, *, count: int = HITS) -> tuple[Normal, list[Hit]]:
        """Return the copy of a standalone question that is searched with, and the hits, the best first."""
        search = Normal(self.names(snapshot).mend(years_in_digits(matching_copy(whole, self.synonyms))))
        hits = self._retrieved(search, snapshot, count=count, within=[self._only] if self._only else None)
        return search, hits

    @property
    def today(self) -> date:
        """The day on which documents are in force or not."""
        return self._today()

    def find_in(self, documents: Collection[str], question: Normal, snapshot: Snapshot) -> list[Hit]:
        """Return the hits for a question in the documents of these names alone."""
        within = [name for name in documents if self._only in ("", name)]
        return self._retrieved(question, snapshot, count=HITS, within=within)

    def _retrieved(
        self, question: Normal, snapshot: Snapshot, *, count: int, within: Collection[str] | None
    ) -> list[Hit]:
        withdrawn = self._switches().withdrawn
        hidden = withdrawn.hides if withdrawn.names else None
        return retrieve(
            snapshot, self._embedder, question, count=count, today=self._today(), hidden=hidden, within=within
        )

    def names(self, snapshot: Snapshot) -> Names:
        """Return the names in the snapshot's documents. They are gathered once for each snapshot."""
        known = self._known_names
        for other, names in known:
            if other is snapshot:
                if other is known[-1][0]:
                    self._known_names = known[-1:]  # the older snapshot is no longer served
                return names
        names = Names.of(snapshot)
        self._known_names = (*known[-1:], (snapshot, names))
        return names

    def amendments(self, snapshot: Snapshot) -> Amendments:
        """Return what a snapshot's documents change in others today. It is gathered once for each snapshot and day."""
        known, today = self._known_amendments, self._today()
        if known is None or known[0] is not snapshot or known[1] != today:
            known = self._known_amendments = snapshot, today, Amendments(snapshot.documents, today)
        return known[2]


class Lookup:
    """Searches for a question and reads what is found; the reader's confidence decides whether it is shown."""

    def __init__(self, search: Search, reader: Reader) -> None:
        self._search = search
        self._reader = reader

    def find_all(self, asked: str, whole: str, snapshot: Snapshot) -> tuple[Found, str]:
        """Return what is found for a question, and the parts of it that the documents do not answer."""
        found = self._find(asked, whole, snapshot)
        all_parts = parts(whole)
        of_parts = [(part, self._find_part(part, found, snapshot)) for part in all_parts[:MOST_PARTS]]
        of_parts = _each_in_the_row_of_the_first(of_parts)
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
        form = in_parts(found.question, parts_found, reading.findings)
        missing = [part.whole for part, one in of_parts if one.reason and not _covered(one.reading, reading)]
        return replace(found, reading=reading, reason=None, form=form), "；".join(missing)

    def _find_part(self, part: Part, whole: Found, snapshot: Snapshot) -> Found:
        """Return what is found for a part of a question; of one year among several only what is of that year."""
        found = self._find(part.whole, part.whole, snapshot)
        if not part.year or found.reason:
            return found
        reading = of_year(part.year, found.reading, whole.reading)
        sure = reading.findings and reading.confidence >= self._reader.threshold
        return replace(found, reading=reading, reason=None if sure else Reason.NOT_IN_DOCUMENTS)

    def _find(self, asked: str, whole: str, snapshot: Snapshot) -> Found:
        search, hits = self._search.find(whole, snapshot)
        question = Question(asked, whole, search)
        if older.named_by_age(search, snapshot.documents):
            inside = self._in_those_of_its_years(search, snapshot)
            named = older.asked_for(search, inside or hits)
            hits = named + [hit for hit in hits if hit not in named]
        hits = self._of_its_season(search, hits, snapshot)
        if (drafts := drafts_asked_for(search, snapshot.documents)) and len(drafts) <= _MOST_NAMED:
            found = self._search.find_in(drafts, search, snapshot)
            hits = [hit for hit in found if not leaves_a_day_open(hit.passage.text)]
        reading = in_the_right_cell(question, self._read(question, hits))
        if reading.confidence < self._reader.threshold and is_cell_named(search, reading):
            reading = replace(reading, confidence=self._reader.threshold)
        reading = by_its_own_sentence(search, defined(search, reading))
        reading = as_amended(search, reading, self._search.amendments(snapshot))
        return Found(question, hits, reading, self._why_not(question, hits, reading))

    def _in_those_of_its_years(self, search: Normal, snapshot: Snapshot) -> list[Hit]:
        """Return the hits in the documents that bear the year of a question, or else in those that hold no more.

        Empty for too many of them.
        """
        meant = older.of_its_years(search, snapshot.documents)
        if not editions.years(search) and older.names_a_rule(search):
            today = self._search.today
            meant = {one.name: one for one in snapshot.documents if one.about.out_of_force(today)}
        if not meant or len(meant) > _MOST_NAMED:
            return []
        return self._search.find_in(set(meant), older.asked_of_it(search, list(meant.values())), snapshot)

    def _of_its_season(self, search: Normal, hits: list[Hit], snapshot: Snapshot) -> list[Hit]:
        """Return the hits without those of another season than the question names: 2025—2026采暖季.

        Nothing is left out unless a document is of the season asked for. Then its own passages are searched, too.
        """
        asked = editions.seasons(search)
        of_it = (
            {
                one.name
                for one in older.of_its_years(search, snapshot.documents).values()
                if asked & editions.seasons(one.title)
            }
            if asked
            else set()
        )
        if not of_it or len(of_it) > _MOST_NAMED:
            return hits
        found = [hit for hit in hits if not editions.of_another_season(search, hit.passage.document, hit.passage.text)]
        known = {id(hit.passage) for hit in found}
        more = self._search.find_in(of_it, search, snapshot)[: HITS - len(found)]
        return [*found, *(hit for hit in more if id(hit.passage) not in known)]

    def _read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Read the older documents that a question asks for, else those in force."""
        if repealed := still_in_force(question.search, hits):
            return repealed
        asked_for = older.asked_for(question.search, hits)
        before = self._read_older(question, asked_for)
        sure = before.findings and before.confidence >= self._reader.threshold
        named = bool(asked_for) and older.named_by_age(question.search, _documents(asked_for))
        # What holds today does not tell what an older rule said.
        of_old = older.names_a_rule(question.search) and all(hit.out_of_force for hit in asked_for)
        if named and (sure or of_old):
            return before
        reading = self._read_those_in_force(question, hits)
        return before if sure and before.confidence > reading.confidence else reading

    def _read_older(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Read the older documents that a question asks for."""
        if not hits:
            return Reading((), 0.0)
        documents = _documents(hits)
        asked = replace(question, search=older.asked_of_it(question.search, documents))
        reading = article(asked.search, documents) or self._reader.read(asked, hits)
        return replace(reading, findings=reading.findings[:1], contradictory=False)

    def _read_those_in_force(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Read the documents in force and those that the question names; read the others only without an answer.

        Of the others, one in whose place a document in force was found is not read: what it says holds no more.
        """
        meant = [hit for hit in hits if not hit.out_of_force or editions.names(question.search, hit.passage.document)]
        meant.sort(key=lambda hit: -hit.score)
        reading = Reading((), 0.0)
        others = [hit for hit in hits if hit not in meant and not _replaced(hit.passage.document, _documents(meant))]
        for group in (meant, others):
            if group and (not reading.findings or reading.confidence < self._reader.threshold):
                documents = _documents(group)
                other = announced_list(question, documents) or article(question.search, documents)
                other = other or counted_items(question, documents)
                other = other or self._reader.read(question, group)
                reading = other if other.confidence > reading.confidence or not reading.findings else reading
        if reading.findings and (named := called_so(question.search, reading.findings[0], meant)):
            other = self._reader.read(question, named)
            reading = other if other.confidence >= self._reader.threshold else reading
        if reading.findings and _of_another_level(question, reading.findings[0]):
            return Reading((), 0.0)
        if reading.findings and of_another_case(question.search, _quoted(reading.findings[0])):
            return _of_its_case(question, reading)
        asks_for_newest = editions.asks_for_newest(question.search)
        if not reading.contradictory:
            known = (*reading.findings[:1], *reading.rivals)
            newer = editions.newest_of_kinds(known) if asks_for_newest and reading.rivals else None
            return Reading((newer,), reading.confidence) if newer else reading
        if of_its_year := editions.of_the_year(question.search, reading.findings):
            return Reading((of_its_year,), reading.confidence)
        newest = editions.newest_first(reading.findings)
        return Reading(newest[:1], reading.confidence) if asks_for_newest else replace(reading, findings=newest)

    def _why_not(self, question: Question, hits: Sequence[Hit], reading: Reading) -> Reason | None:
        """Return why the reading is not shown, or None when it is. The reader's confidence alone decides whether."""
        if reading.findings and reading.confidence >= self._reader.threshold:
            return None
        if max((hit.dense for hit in hits), default=0.0) < OFF_TOPIC:
            return Reason.OFF_TOPIC
        return (
            Reason.PREMISE_NOT_SUPPORTED if _contradicted(question, reading.findings, hits) else Reason.NOT_IN_DOCUMENTS
        )


def _replaced(document: Document, by: Sequence[Document]) -> bool:
    """Return whether a document says that one of these stands in its place."""
    return any(one.title in document.about.superseded_by for one in by if one.title)


def _contradicted(question: Question, findings: Sequence[Finding], hits: Sequence[Hit]) -> bool:
    """Return whether the nearest words contradict the question's premise, or none of what was found has its figures."""
    nearest = [
        normalise("\n".join([finding.document.title, *finding.headings, finding.quote.of(finding.document.text)]))
        for finding in findings
    ]
    # What another passage or the title of its document says is no premise that the documents do not know.
    around = [normalise(f"{hit.passage.document.title}\n{hit.passage.text}") for hit in hits]
    lacking = bool(nearest) and bool(unsupported_figures(question, [*nearest, *around]))
    return lacking or (bool(nearest) and says_the_opposite(question, nearest))


def _of_another_level(question: Question, finding: Finding) -> bool:
    return of_another_level(question.search, "\n".join([finding.document.title, *finding.headings, _quoted(finding)]))


def _quoted(finding: Finding) -> str:
    return finding.quote.of(finding.document.text)


def _of_its_case(question: Question, reading: Reading) -> Reading:
    """Return the sentence beside the one found that is for the figure asked for; nothing without one."""
    finding = reading.findings[0]
    starts = [heading.span.start for heading in finding.document.headings]
    number = bisect_right(starts, finding.quote.start)
    ends = [*starts[number : number + 1], len(finding.document.text)]
    section = Span(starts[number - 1] if number else 0, ends[0])
    quote = sentence_of_the_case(question.search, finding.document.text, finding.quote, section)
    if quote is None:
        return Reading((), 0.0)
    return Reading((replace(finding, quote=quote, short=None, verdict=None),), reading.confidence)


def _each_in_the_row_of_the_first(of_parts: Sequence[tuple[Part, Found]]) -> list[tuple[Part, Found]]:
    """Return the parts, each later one answered from the table row of the first where it names no row of its own."""
    first = of_parts[0][1].reading.findings[:1] if of_parts and not of_parts[0][1].reason else ()
    found = list(of_parts[:1])
    for part, one in of_parts[1:]:
        own = one.reading.findings[:1] if not part.year and not one.reason else ()
        if first and own:
            moved = in_the_same_row(normalise(part.asked), own[0], first[0])
            one = replace(one, reading=replace(one.reading, findings=(moved, *one.reading.findings[1:])))
        found.append((part, one))
    return found


def _part_found(asked: str, found: Found, shown: Reading) -> PartFound:
    """Return what was found for a part, where it is shown."""
    if found.reason and not _covered(found.reading, shown):
        return PartFound(asked)
    return PartFound(asked, found.reading.findings[0], sure=not found.reason)


def _covered(part: Reading, shown: Reading) -> bool:
    """Return whether the words that would answer a part, if any do, are shown anyway."""
    if not part.findings:
        return False
    verdict = part.findings[0].verdict
    likely = part.confidence >= UNSAID or (verdict is not None and verdict.settles > 0)
    return likely and any(quote.holds(part.findings[0]) for quote in shown.findings)


def _documents(hits: Sequence[Hit]) -> list[Document]:
    """Return the documents of the hits, the best first, each once."""
    return list({hit.passage.document.name: hit.passage.document for hit in hits}.values())
