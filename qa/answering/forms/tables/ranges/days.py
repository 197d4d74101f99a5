"""The row of the day of a question, or of days that hold it: 8月12日 is of 8月10日—8月16日."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from qa.answering.forms.tables.reading import Row, bare
from qa.answering.question.days import Day, days, is_within

_SPAN_OF_DAYS = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日?\s*(?:至|到|[-—–~～]+)\s*(?:(?:20\d\d年)?(?P<until>\d{1,2})月)?(?P<last>\d{1,2})日"
)
# A cell of one day alone, what stands in brackets left out: 5月9日（周六）.
_ONE_DAY = re.compile(r"(?:20\d\d年)?\s*(\d{1,2})月(\d{1,2})日\s*(?:(?:星期|周)[一二三四五六日天])?")


def row_of_the_day(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of the day of a question, or of days that hold it: 8月12日 is of 8月10日—8月16日.

    None where the row found holds it, or where the question names more than one day.
    """
    asked = days(question)
    if len(asked) != 1:
        return None
    (day,) = asked
    for place, cell in enumerate(row.cells):
        own = _span(cell.text)
        if not own or is_within(day, own):
            continue
        beside = [one for one in rows if not one.header and place < len(one.cells)]
        found = [one for one in beside if (span := _span(one.cells[place].text)) and is_within(day, span)]
        return found[0] if len(found) == 1 else None
    return None


def _span(text: str) -> tuple[Day, Day] | None:
    """Return the first and the last day of a cell that names a span of days, or one day alone: 8月10日—16日."""
    match = _SPAN_OF_DAYS.search(normalise(text))
    if not match:
        alone = _ONE_DAY.fullmatch(bare(text))
        day = (int(alone[1]), int(alone[2])) if alone else None
        return (day, day) if day else None
    month = int(match["month"])
    return (month, int(match["day"])), (int(match["until"] or month), int(match["last"]))
