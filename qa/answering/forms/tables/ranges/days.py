"""The row of days that hold the day of a question: 8月12日 is of 8月10日—8月16日."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from qa.answering.forms.tables.reading import Row
from qa.answering.question.days import days

_SPAN_OF_DAYS = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日?\s*(?:至|到|[-—–~～]+)\s*(?:(?:20\d\d年)?(?P<until>\d{1,2})月)?(?P<last>\d{1,2})日"
)


def row_of_the_day(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of days that hold the day of a question: 8月12日 is of 8月10日—8月16日.

    None where the row found holds it, or where the question names more than one day.
    """
    asked = days(question)
    if len(asked) != 1:
        return None
    (day,) = asked
    for place, cell in enumerate(row.cells):
        own = _span(cell.text)
        if not own or _is_within(day, own):
            continue
        beside = [one for one in rows if not one.header and place < len(one.cells)]
        found = [one for one in beside if (span := _span(one.cells[place].text)) and _is_within(day, span)]
        return found[0] if len(found) == 1 else None
    return None


def _span(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the first and the last day of a cell that names a span of days: 8月10日—16日."""
    match = _SPAN_OF_DAYS.search(normalise(text))
    if not match:
        return None
    month = int(match["month"])
    return (month, int(match["day"])), (int(match["until"] or month), int(match["last"]))


def _is_within(day: tuple[int, int], span: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    first, last = span
    # From December into January the last day is the smaller one.
    return first <= day <= last if first <= last else day >= first or day <= last
