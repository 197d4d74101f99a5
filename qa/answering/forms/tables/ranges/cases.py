"""The row of the case that a question's figure falls into: 95岁 is of 90至99周岁."""

from collections.abc import Sequence
from decimal import Decimal

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.clauses.cases import falls_into, in_one_name
from qa.answering.forms.conditions import asked_values, intervals
from qa.answering.forms.tables.reading import Row


def row_of_the_case(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row whose case the question's figure falls into, where another fits better than the row found.

    Of limits on one side the nearest counts: 5人 is of 5人以上, and not of 4人以上. None where the row found fits best.
    """
    if not asked_values(question):
        return None
    for place, cell in enumerate(row.cells):
        falls = falls_into(question, cell.text)
        if falls is None:
            continue
        like = [other for other in rows if not other.header and place < len(other.cells)]
        fits = [other for other in like if falls_into(question, other.cells[place].text)]
        if not falls:
            return fits[0] if len(fits) == 1 else None
        limits = {number: _limit(question, other.cells[place].text) for number, other in enumerate(fits)}
        sides = {limit[0] for limit in limits.values() if limit}
        if len(fits) < 2 or None in limits.values() or len(sides) != 1:
            return None
        best = max(limit for limit in limits.values() if limit)
        nearest = [fits[number] for number, limit in limits.items() if limit == best]
        return nearest[0] if len(nearest) == 1 and nearest[0] is not row else None
    return None


def is_of_the_case(question: Normal, row: Row) -> bool:
    """Return whether a cell of a row names the case that the question's figure falls into."""
    return any(falls_into(question, cell.text) for cell in row.cells)


def _limit(question: Normal, words: str) -> tuple[str, Decimal] | None:
    """Return the side on which the one case that words name is limited, and how near; None for other cases."""
    found = intervals(normalise(words))
    units = {in_one_name(figure.unit) for figure in asked_values(question)}
    if len(found) != 1 or in_one_name(found[0].unit) not in units or (found[0].low is None) == (found[0].high is None):
        return None
    low, high = found[0].low, found[0].high
    return ("low", low) if low is not None else ("high", -high) if high is not None else None
