"""The row of the day of the lunar new year that a question names: 正月初四 is of 初二至初五, and of no 元宵节."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.reading import Row

_FIRST = 3  # columns that may name the days
_DAY = r"除夕|大?年三十|元宵节?|正月十[一二三四五]?|(?:正月|大年)?初[一二三四五六七八九十]"
_DAYS = re.compile(rf"(?P<first>{_DAY})(?:\s*[至到—–~～-]+\s*(?P<last>{_DAY}|十[一二三四五]))?")
_EVE, _LANTERNS = 0, 15


def row_of_the_lunar_day(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of lunar days that hold the one of a question, where the row found is of others; else None."""
    found = _of_the_day(question, row, rows)
    return found[0] if found and len(found) == 1 and found[0] is not row else None


def is_of_the_lunar_day(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a row is the one of the lunar day that a question names."""
    return _of_the_day(question, row, rows) == [row]


def of_another_lunar_day(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question names one lunar day, and a table has rows for others alone."""
    return _of_the_day(question, row, rows) == []


def _of_the_day(question: Normal, row: Row, rows: Sequence[Row]) -> list[Row] | None:
    """Return the rows of the one lunar day that a question names; None where it names none, or the rows name none."""
    place, asked = _place(row, rows), _days(question)
    if place is None or len(asked) != 1:
        return None
    return [one for one in rows if not one.header and asked & _days(normalise(one.cells[place].text))]


def _place(row: Row, rows: Sequence[Row]) -> int | None:
    """Return the first column of which each cell names lunar days; None without one, and for one row."""
    own = [one for one in rows if not one.header]
    for place in range(min(_FIRST, *(len(one.cells) for one in own)) if len(own) > 1 else 0):
        if all(_days(normalise(one.cells[place].text)) for one in own):
            return place
    return None


def _days(text: str) -> set[int]:
    """Return the days from the eve (0) to the feast of lanterns (15) that a text names."""
    found: set[int] = set()
    for match in _DAYS.finditer(text):
        first = _number(match["first"])
        last = _number(match["last"]) if match["last"] else first
        found.update(range(first, max(first, last) + 1))
    return found


def _number(day: str) -> int:
    if day.startswith("元宵"):
        return _LANTERNS
    return _EVE if "除夕" in day or "三十" in day else whole_number(re.sub("正月|大年|初", "", day))
