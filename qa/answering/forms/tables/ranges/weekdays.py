"""The row or the column of the weekday that a question names: 礼拜二 is of 周二, and of 周一至周三."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.tables.reading import Cell, Row
from qa.answering.question.weekdays import weekdays

_FIRST = 3  # columns that may name the weekday
_WEEKDAY = "(?:周|星期|礼拜)"
_ALONE = re.compile(
    rf"每?{_WEEKDAY}[一二三四五六日天末](?:[、,至到和—–~～-]*(?:{_WEEKDAY})?[一二三四五六日天末])*|工作日|平日"
)
_EVERY_WEEK = re.compile(f"每{_WEEKDAY}|法定|节假日")


def row_of_the_weekday(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of the weekday that a question names, where the row found is of others; else None.

    Where several rows are of that weekday, it is the one that is otherwise called like the row found.
    """
    place, asked = _place(row, rows), weekdays(question)
    if place is None or len(asked) != 1 or asked & _told(row.cells[place]):
        return None
    found = [one for one in _beside(rows, place) if asked & _told(one.cells[place])]
    if len(found) > 1:
        before = [cell.text for cell in row.cells[:place]]
        found = [one for one in found if before and [cell.text for cell in one.cells[:place]] == before]
    return found[0] if len(found) == 1 else None


def column_of_the_weekday(question: Normal, row: Row, place: int | None) -> int | None:
    """Return the one column of the weekday that a question names, where that found is of others; else None."""
    asked = weekdays(question)
    told = weekdays(normalise(row.cells[place].column)) if place is not None else set()
    if len(asked) != 1 or not told or asked & told:
        return None
    found = [n for n, cell in enumerate(row.cells) if asked & weekdays(normalise(cell.column))]
    return found[0] if len(found) == 1 else None


def is_of_the_weekday(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a row is of the weekday that a question names, and no row besides that is called alike."""
    place, asked = _place(row, rows), weekdays(question)
    if place is None or len(asked) != 1:
        return False
    before = [cell.text for cell in row.cells[:place]]
    named = bool(before) and all(normalise(text) in question for text in before)
    like = [one for one in _beside(rows, place) if not named or [cell.text for cell in one.cells[:place]] == before]
    return [one for one in like if asked & _told(one.cells[place])] == [row]


def of_another_weekday(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question names one weekday, and a table has a row for each of several others alone."""
    place, asked = _place(row, rows), weekdays(question)
    if place is None or len(asked) != 1 or _EVERY_WEEK.search(question):
        return False
    return not any(asked & _told(one.cells[place]) for one in _beside(rows, place))


def _place(row: Row, rows: Sequence[Row]) -> int | None:
    """Return the first column of which each cell names weekdays alone, not all of them the same; None without one."""
    for place in range(min(_FIRST, len(row.cells))):
        told = [_told(one.cells[place]) for one in _beside(rows, place)]
        if all(told) and len({frozenset(days) for days in told}) > 1:
            return place
    return None


def _beside(rows: Sequence[Row], place: int) -> list[Row]:
    return [one for one in rows if not one.header and place < len(one.cells)]


def _told(cell: Cell) -> set[int]:
    """Return the weekdays of a cell that names nothing else."""
    copy = normalise(cell.text)
    return weekdays(copy) if _ALONE.fullmatch(copy) else set()
