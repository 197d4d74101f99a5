"""The year that a figure is of, so that a question for two years is not answered twice with the figure of one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Span
from qa.answering.forms.figures import Figure, facts
from qa.answering.reader.base import Finding, Reading

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")


def of_year(year: str, reading: Reading, whole: Reading) -> Reading:
    """Return a reading with the findings whose figure is of a year, else those of the `whole` question that are.

    A figure of another year gives way to the one beside it that is of the year. Without any there are no findings.
    """
    told = (_told_beside(year, finding) for finding in reading.findings)
    kept = [finding for finding in told if _year_of(finding) in ("", year)]
    if kept:
        return replace(reading, findings=tuple(kept))
    others = tuple(finding for finding in whole.findings if finding.short and _year_of(finding) == year)
    return Reading(others, whole.confidence) if others else Reading((), 0.0)


def _told_beside(year: str, finding: Finding) -> Finding:
    """Return a finding of another year with the one figure of its unit that stands right behind the year instead."""
    text, quote = finding.document.text, finding.quote
    own = facts(finding.short.of(text)).figures if finding.short else ()
    if len(own) != 1 or _year_of(finding) in ("", year):
        return finding
    read = facts(quote.of(text))
    alike = [one for one in read.figures if one.unit == own[0].unit and _is_behind(year, read.copy, one)]
    if len(alike) != 1 or len(read.copy) != len(quote):
        return finding
    return replace(finding, short=Span(quote.start + alike[0].start, quote.start + alike[0].end))


def _is_behind(year: str, copy: str, figure: Figure) -> bool:
    return bool(re.search(rf"{year}年的?(?:是|为|只有|达到?)?$", copy[: figure.start]))


def _year_of(finding: Finding) -> str:
    """Return the last year before the shortest answer in its line, else that of the nearest heading or the title."""
    text, place = finding.document.text, (finding.short or finding.quote)
    line = Span(text.rfind("\n", 0, place.start) + 1, place.start if finding.short else place.end)
    above: Sequence[str] = (line.of(text), *reversed(finding.headings), finding.document.title)
    return next((years[-1] for words in above if (years := _YEAR.findall(words))), "")
