"""The case that a question's figure falls into: 95岁 is of 90至99周岁, and of no other clause or row."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.conditions import asked_values, intervals
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.reading import Row
from qa.answering.reader.base import Finding

_CLAUSE = re.compile(r"[^，,；;。\n]+")


def in_the_right_case(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer is of the clause that holds the question's figure.

    Where its own clause is of another case and none of the quotation is of this one, it has no shortest answer.
    """
    short, text = finding.short, finding.document.text
    if not short or not asked_values(question):
        return finding
    quote = finding.quote
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(text, quote.start, quote.end)]
    own = next((clause for clause in clauses if clause.start <= short.start and short.end <= clause.end), None)
    if not own or _falls_into(question, own.of(text)) is not False:
        return finding
    others = [clause for clause in clauses if _falls_into(question, clause.of(text))]
    found = _answer(others[0], short, text) if len(others) == 1 else None
    return replace(finding, short=found)


def row_of_the_case(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row whose case the question's figure falls into, where the row found is of another case."""
    if not asked_values(question):
        return None
    for place, cell in enumerate(row.cells):
        if _falls_into(question, cell.text) is False:
            like = [other for other in rows if not other.header and place < len(other.cells)]
            fits = [other for other in like if _falls_into(question, other.cells[place].text)]
            return fits[0] if len(fits) == 1 else None
    return None


def _falls_into(question: Normal, words: str) -> bool | None:
    """Return whether the question's figure lies in the one case that words name; None where they name none."""
    found = intervals(normalise(words))
    for figure in asked_values(question):
        alike = [interval for interval in found if interval.unit == figure.unit]
        if len(alike) == 1:
            return alike[0].holds(figure.value)
    return None


def _answer(clause: Span, short: Span, text: str) -> Span | None:
    """Return the answer in a clause: what stands there as the shortest answer stands in its own."""
    wanted = facts(short.of(text)).figures
    if len(wanted) != 1:
        return None
    before = short.of(text)[: wanted[0].start]
    read = facts(clause.of(text))
    alike = [figure for figure in read.figures if figure.unit == wanted[0].unit]
    if len(alike) != 1 or len(read.copy) != len(clause):
        return None
    start, end = clause.start + alike[0].start, clause.start + alike[0].end
    begins = text.rfind(before, clause.start, start) if before else start
    return Span(begins if begins >= 0 and begins + len(before) == start else start, end)
