"""Finds what the documents say to a question and to each of its parts, and whether it is sure enough to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.text.normalise import normalise
from index.retrieve import Hit
from index.snapshots.snapshot import Snapshot
from qa.answering.forms.base import LOOKUP, AnswerForm
from qa.answering.forms.clauses.corrected import as_corrected_below
from qa.answering.forms.lists.parting import PartFound, in_parts
from qa.answering.forms.lists.years import of_year
from qa.answering.forms.tables.cells.certain import is_cell_named
from qa.answering.forms.tables.cells.choosing import in_the_right_cell, in_the_same_row
from qa.answering.forms.tables.priced import by_its_row
from qa.answering.lookup.hits import hits_for
from qa.answering.lookup.reading import read
from qa.answering.lookup.refusing import why_not
from qa.answering.lookup.searching import Search
from qa.answering.lookup.stories import asked_alone
from qa.answering.question.analysis import Question
from qa.answering.question.decomposition import MOST_PARTS, Part, parts
from qa.answering.reader.base import Reader, Reading, apart
from qa.answering.reader.structure.amended import as_amended
from qa.answering.reader.structure.commencing import by_its_own_sentence
from qa.answering.reader.structure.definitions import defined
from qa.answering.reply import UNSAID, Reason


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


class Lookup:
    """Searches for a question and reads what is found; the reader's confidence decides whether it is shown."""

    def __init__(self, search: Search, reader: Reader) -> None:
        self._search = search
        self._reader = reader

    def find_all(self, asked: str, whole: str, snapshot: Snapshot) -> tuple[Found, str]:
        """Return what is found for a question, and the parts of it that the documents do not answer."""
        found = self._find(asked, whole, snapshot)
        if found.reason and (sentence := asked_alone(whole)):
            # A story around the question costs it its confidence.
            alone = self._find(asked, sentence, snapshot)
            found = found if alone.reason else alone
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
        if found.reason and part.fuller:
            fuller = self._find(part.fuller, part.fuller, snapshot)
            found = found if fuller.reason else fuller
        if not part.year or found.reason:
            return found
        reading = of_year(part.year, found.reading, whole.reading)
        sure = reading.findings and reading.confidence >= self._reader.threshold
        return replace(found, reading=reading, reason=None if sure else Reason.NOT_IN_DOCUMENTS)

    def _find(self, asked: str, whole: str, snapshot: Snapshot) -> Found:
        search, hits = hits_for(whole, snapshot, self._search)
        question = Question(asked, whole, search)
        reading = in_the_right_cell(question, by_its_row(question, read(question, hits, self._reader)))
        if reading.confidence < self._reader.threshold and is_cell_named(search, reading):
            reading = replace(reading, confidence=self._reader.threshold)
        reading = as_corrected_below(search, by_its_own_sentence(search, defined(search, reading)))
        reading = as_amended(search, reading, self._search.amendments(snapshot))
        return Found(question, hits, reading, why_not(question, hits, reading, threshold=self._reader.threshold))


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
