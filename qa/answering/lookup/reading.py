"""Reads the hits for a question: what holds today, or the older document that the question asks for."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Document, Span
from index.retrieve import Hit
from qa.answering.forms.clauses.cases import of_another_case, sentence_of_the_case
from qa.answering.forms.tables.ranges.months import sentence_of_the_month
from qa.answering.question.analysis import Question
from qa.answering.reader import editions
from qa.answering.reader.base import Finding, Reader, Reading
from qa.answering.reader.structure import older
from qa.answering.reader.structure.articles import article
from qa.answering.reader.structure.drafts import names_a_draft
from qa.answering.reader.structure.floors import floor_of
from qa.answering.reader.structure.heading_lists import announced_list, counted_items
from qa.answering.reader.structure.levels import of_another_level
from qa.answering.reader.structure.standing import still_in_force
from qa.answering.reader.structure.telephones import called_so


def read(question: Question, hits: Sequence[Hit], reader: Reader) -> Reading:
    """Read the older documents that a question asks for, else those in force."""
    if repealed := still_in_force(question.search, hits):
        return repealed
    asked_for = older.asked_for(question.search, hits)
    before = _read_older(question, asked_for, reader)
    sure = before.findings and before.confidence >= reader.threshold
    named = bool(asked_for) and older.named_by_age(question.search, _documents(asked_for))
    # What holds today does not tell what an older rule said.
    of_old = older.names_a_rule(question.search) and all(hit.out_of_force for hit in asked_for)
    if named and (sure or of_old):
        return before
    reading = _read_those_in_force(question, hits, reader)
    return before if sure and before.confidence > reading.confidence else reading


def _read_older(question: Question, hits: Sequence[Hit], reader: Reader) -> Reading:
    """Read the older documents that a question asks for."""
    if not hits:
        return Reading((), 0.0)
    documents = _documents(hits)
    asked = replace(question, search=older.asked_of_it(question.search, documents))
    reading = article(asked.search, documents) or reader.read(asked, hits)
    return replace(reading, findings=reading.findings[:1], contradictory=False)


def _read_those_in_force(question: Question, hits: Sequence[Hit], reader: Reader) -> Reading:
    """Read the documents in force and those that the question names, and tell which edition of them answers."""
    meant = [hit for hit in hits if not hit.out_of_force or editions.names(question.search, hit.passage.document)]
    meant.sort(key=lambda hit: -hit.score)
    # What a document says holds no more where one was found that stands in its place.
    others = [hit for hit in hits if hit not in meant and not _replaced(hit.passage.document, _documents(meant))]
    groups = _of_today(meant, others, question.search) if _asks_for_newest(question) else (meant, others)
    reading = _read_in_turn(question, groups, reader)
    if reading.findings and (named := called_so(question.search, reading.findings[0], meant)):
        other = reader.read(question, named)
        reading = other if other.confidence >= reader.threshold else reading
    if reading.findings and _of_another_level(question, reading.findings[0]):
        return Reading((), 0.0)
    if reading.findings and of_another_case(question.search, _quoted(reading.findings[0])):
        return _of_its_case(question, reading)
    if reading.findings and (quote := _of_its_month(question, reading.findings[0])):
        return Reading((replace(reading.findings[0], quote=quote, short=None, verdict=None),), reading.confidence)
    return _of_its_edition(question, reading)


def _asks_for_newest(question: Question) -> bool:
    # The search form has lost 最新; to normalise the question once more for it would cost more than to look twice.
    return editions.asks_for_newest(question.search) or editions.asks_for_newest(question.standalone)


def _of_today(meant: Sequence[Hit], others: Sequence[Hit], question: str) -> tuple[Sequence[Hit], ...]:
    """Return what is read one after the other for a question for today: what has no newer edition, then the rest.

    No draft is among it, unless the question names one.
    """
    earlier = editions.with_newer_ones(_documents(meant))
    newest = [hit for hit in meant if hit.passage.document.name not in earlier]
    if not names_a_draft(question):
        others = [hit for hit in others if not hit.passage.document.about.is_draft]
    return (newest, meant, others) if earlier else (meant, others)


def _read_in_turn(question: Question, groups: Sequence[Sequence[Hit]], reader: Reader) -> Reading:
    """Read one group of hits after the other, as long as none gave a sure answer; return the surest reading."""
    reading = Reading((), 0.0)
    for group in groups:
        if group and (not reading.findings or reading.confidence < reader.threshold):
            documents = _documents(group)
            other = (
                announced_list(question, documents)
                or article(question.search, documents)
                or counted_items(question, documents)
                or floor_of(question, documents)
                or reader.read(question, group)
            )
            reading = other if other.confidence > reading.confidence or not reading.findings else reading
    return reading


def _of_its_edition(question: Question, reading: Reading) -> Reading:
    """Return what the document of the year asked for says, or the newest one, where documents say different things."""
    asks_for_newest = _asks_for_newest(question)
    if not reading.contradictory:
        known = (*reading.findings[:1], *reading.rivals)
        newer = editions.newest_of_kinds(known) if asks_for_newest and reading.rivals else None
        return Reading((newer,), reading.confidence) if newer else reading
    if of_its_year := editions.of_the_year(question.search, reading.findings):
        return Reading((of_its_year,), reading.confidence)
    newest = editions.newest_first(reading.findings)
    return Reading(newest[:1], reading.confidence) if asks_for_newest else replace(reading, findings=newest)


def _replaced(document: Document, by: Sequence[Document]) -> bool:
    """Return whether a document says that one of these stands in its place."""
    return any(one.title in document.about.superseded_by for one in by if one.title)


def _of_another_level(question: Question, finding: Finding) -> bool:
    return of_another_level(question.search, "\n".join([finding.document.title, *finding.headings, _quoted(finding)]))


def _quoted(finding: Finding) -> str:
    return finding.quote.of(finding.document.text)


def _of_its_case(question: Question, reading: Reading) -> Reading:
    """Return the sentence beside the one found that is for the figure asked for; nothing without one."""
    finding = reading.findings[0]
    quote = sentence_of_the_case(question.search, finding.document.text, finding.quote, _section(finding))
    if quote is None:
        return Reading((), 0.0)
    return Reading((replace(finding, quote=quote, short=None, verdict=None),), reading.confidence)


def _of_its_month(question: Question, finding: Finding) -> Span | None:
    """Return the sentence beside the one found that is for the month asked for; None without one."""
    return sentence_of_the_month(question.search, finding.document.text, finding.quote, _section(finding))


def _section(finding: Finding) -> Span:
    """Return the stretch between the headings around a finding."""
    starts = [heading.span.start for heading in finding.document.headings]
    number = bisect_right(starts, finding.quote.start)
    ends = [*starts[number : number + 1], len(finding.document.text)]
    return Span(starts[number - 1] if number else 0, ends[0])


def _documents(hits: Sequence[Hit]) -> list[Document]:
    """Return the documents of the hits, the best first, each once."""
    return list({hit.passage.document.name: hit.passage.document for hit in hits}.values())
