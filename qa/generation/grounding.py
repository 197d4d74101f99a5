"""Checks that a written sentence says no more than the passages it cites: words, figures, dates, names, their ties.

A clause must follow from one sentence of a cited passage, read with its headings. That is stricter than truth: some
true sentences are refused. A wrong one that passes would be worse.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Passage, Span
from corpus.text.normalise import normalise
from qa.answering.forms import figures
from qa.answering.forms.figures import Date, Facts
from qa.generation.arithmetic import adds_up, calculated
from qa.generation.attribution import mixed_up
from qa.generation.faults import Fault
from qa.generation.vocabulary import names, negated, unsaid

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Support:
    """Words of the passage numbered `passage` (from 0) that support a sentence."""

    passage: int
    span: Span


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for a sentence: its words without citations, its support, and its fault, if any."""

    text: str
    support: tuple[Support, ...] = ()
    fault: Fault | None = None


_CITED = re.compile(r"\[\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*\]|［\s*(\d{1,3})\s*］|【\s*(\d{1,3})\s*】")
_BRACKET = re.compile(r"[\[\]［］【】]")
_MARKUP = re.compile(
    r"[<>`|{}\\^]|https?:|www\.|://|\]\(|javascript|&#|&\w+;|@|\.(?:com|cn|org|net|gov|io|html?)\b|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-•·●▪*]|\d{1,2}[.、)])")
_OPEN_END = re.compile(r"\s*(?:(?P<since>以来|以后|之后|起|后)|(?P<until>以前|之前|前))")
_STRIPPED = re.compile(r"^\s*(?:[-*•·#>]+\s+|\d{1,2}[.、)）]\s*|[（(]\d{1,2}[)）]\s*)|\*\*|__")


def check(sentence: str, passages: Sequence[Passage]) -> Verdict:
    """Judge one written sentence, with its `[n]`, against the passages numbered from 1."""
    sentence = _STRIPPED.sub("", sentence).strip()
    numbers = [int(n) for match in _CITED.finditer(sentence) for n in re.findall(r"\d+", match.group())]
    text = _CITED.sub("", sentence).strip()
    text = re.sub(r"\s+([。！？!?，；])", r"\1", text)
    fault = _form(text, numbers, len(passages))
    if fault:
        return Verdict(text, (), fault)
    sources = [source for n in dict.fromkeys(numbers) for source in _sources(n - 1, passages[n - 1])]
    support: list[Support] = []
    whole, before = figures.facts(text), list[_Source]()
    for clause in clauses(text):
        found = _best(figures.facts(clause), whole, sources, before)
        if isinstance(found, Fault):
            return Verdict(text, (), found)
        before = found
        support += [source.support for source in found if source.support not in support]
    return Verdict(text, tuple(support))


def _form(text: str, numbers: Sequence[int], passages: int) -> Fault | None:
    if not numbers:
        return Fault.NO_CITATION
    if not all(1 <= number <= passages for number in numbers):
        return Fault.UNKNOWN_CITATION
    if is_markup(text):
        return Fault.MARKUP
    if len(text) > LONGEST:
        return Fault.TOO_LONG
    return None if re.search(r"[\u4e00-\u9fff]{2}", text) else Fault.WORDS


def is_markup(text: str) -> bool:
    """Return whether a text could become a link, an element or an address, or hides something."""
    return bool(_MARKUP.search(text) or _BRACKET.search(text))


@dataclass(frozen=True, slots=True)
class _Source:
    """A sentence of a cited passage; `around` counts as said with it: titles, headings, its subject."""

    support: Support
    found: Facts
    around: str
    place: int
    passage: tuple[Facts, ...]


def _sources(number: int, passage: Passage) -> list[_Source]:
    text = passage.document.text
    above = normalise("\n".join([passage.document.title, *passage.headings]))
    read = [figures.facts(span.of(text)) for span in passage.sentences]
    sources = []
    for place, (span, found) in enumerate(zip(passage.sentences, read, strict=True)):
        around: str = above
        if place and not names(found.copy):
            around += "\n" + _without_figures(read[place - 1])
        sources.append(_Source(Support(number, span), found, around, place, tuple(read)))
    return sources


def _without_figures(found: Facts) -> str:
    """Return the words of the sentence before, without its figures, which a sentence without names may be about."""
    copy = found.copy
    for start, end in reversed(found.places):
        copy = copy[:start] + " " + copy[end:]
    return copy


def clauses(text: str) -> list[str]:
    """Return the clauses of a sentence; a short one, or one with only a date, is joined with the next."""
    found: list[str] = []
    for part in re.split(r"(?<=[，,；;：:。！？!?\n])", text):
        if not part.strip():
            continue
        if found and (_only_dates(found[-1]) or _is_short(found[-1], 5) or _is_short(part, 3)):
            found[-1] += part
        else:
            found.append(part)
    return found


def _is_short(clause: str, least: int) -> bool:
    return len(clause.strip("，,；;。 ")) < least


def _only_dates(clause: str) -> bool:
    """Return whether a clause only states a time; the next clause states what."""
    found = figures.facts(clause)
    return bool(found.dates) and len(re.sub(r"\W", "", _without_figures(found))) <= 2


def _best(
    clause: Facts, whole: Facts, sources: Sequence[_Source], before: Sequence[_Source]
) -> "list[_Source] | Fault":
    """Return the source sentences that support a clause, or its fault; `before` supported the clause before."""
    faults: list[Fault] = []
    if before and not names(clause.copy):
        # The clause continues what the clause before named, so its source must do so, too.
        sources = [source for source in sources if source in before or _goes_on(source, before)]
    for source in sorted(sources, key=lambda source: -_shared(clause.copy, source.found.copy)):
        fault = _follows(clause, whole, source)
        if fault is None:
            return [source]
        faults.append(fault)
    if _sums_up(clause, whole, before):
        return list(before)
    return _list(clause, whole, sources) or (faults[0] if faults else Fault.MIXED_UP)


def _goes_on(source: _Source, before: Sequence[_Source]) -> bool:
    """Return whether a sentence follows one of `before` and no sentence in between names anything new."""
    return any(
        other.support.passage == source.support.passage
        and other.place < source.place
        and all(
            _ITEM.match(read.copy) or set(names(read.copy)) <= set(names(other.found.copy))
            for read in source.passage[other.place + 1 : source.place + 1]
        )
        for other in before
    )


def _list(clause: Facts, whole: Facts, sources: Sequence[_Source]) -> list[_Source]:
    """Return the sources of a mere list of names, if each name has one."""
    things = [figures.facts(thing) for thing in re.split(r"(?:、|和|与|以及)+", clause.copy) if thing.strip()]
    if len(things) < 2 or clause.dates or any(len(thing.copy) < 4 for thing in things):
        return []
    found = [next((s for s in sources if _follows(thing, whole, s) is None), None) for thing in things]
    kept = [source for source in found if source]
    return kept if len(kept) == len(things) else []


def _sums_up(clause: Facts, whole: Facts, before: Sequence[_Source]) -> bool:
    """Return whether a clause adds or subtracts two figures named before it in the sentence."""
    if len(clause.figures) != 1 or clause.dates or not before:
        return False
    result = clause.figures[0]
    terms = [figure for figure in whole.figures if not figure.same(result)]
    added = any(
        adds_up(result, first, second, clause.copy) and first.value + second.value == result.value
        for number, first in enumerate(terms)
        for second in terms[number + 1 :]
    )
    said = "\n".join(source.found.copy + "\n" + source.around for source in before)
    return added and unsaid(clause, said, "") is None


def _follows(clause: Facts, whole: Facts, source: _Source) -> Fault | None:
    worked_out = []
    for figure in clause.figures:
        if any(figure.same(other) for other in source.found.figures):
            continue
        if not calculated(figure, whole, source.found):
            return Fault.FIGURE
        worked_out.append(figure)
    if not all(
        any(_same_time(date, clause, other, source.found) for other in source.found.dates) for date in clause.dates
    ):
        return Fault.DATE
    if fault := unsaid(clause, source.found.copy, source.around):
        return fault
    if fault := negated(clause.copy, source.found.copy):
        return fault
    rest = [figure for figure in clause.figures if figure not in worked_out]
    return Fault.MIXED_UP if mixed_up(clause, rest, source.found, source.passage) else None


def _same_time(date: Date, clause: Facts, other: Date, source: Facts) -> bool:
    """Return whether a date says no more than another, and both mean at, since or until that time."""
    return date.within(other) and _open_end(date, clause) == _open_end(other, source)


def _open_end(date: Date, found: Facts) -> str:
    match = _OPEN_END.match(found.copy, date.end)
    return match.lastgroup or "" if match else ""


def _shared(text: str, other: str) -> float:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return sum(pair in other for pair in pairs) / max(1, len(pairs))
