"""The row of a time of day that a question names: 凌晨两点 is of 19:00—次日7:00; of the first run and the last."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.reading import Row

_DAY = 24 * 60
_ASKED = re.compile(
    r"(?:(?P<part>半夜|深夜|夜里|夜间|凌晨|清晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|晚间)的?)?"
    r"(?:(?P<clock>\d{1,2})[:：](?P<minutes>\d\d)|(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})[点时](?P<half>半)?(?![内间段\d一二三四五六七八九十]))"
)
_SPAN = re.compile(r"(\d{1,2})[:：](\d\d)\s*[-—–~～至到]+\s*(?:次日|翌日|第二天)?\s*(\d{1,2})[:：](\d\d)")
_NIGHT = ("半夜", "深夜", "夜里", "夜间")
_LATE = ("下午", "傍晚", "晚上", "晚间")
_FIRST_RUN = re.compile(r"头一?班|首一?班|第一班|最早[的一]{0,2}[班趟]")
_LAST_RUN = re.compile(r"末班|尾班|最[后晚][的一]{0,2}[班趟]")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_MORNING = 6  # an hour of the night before it is of the next day


def row_of_the_hour(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of a span of hours that holds the time in a question; None where the row found holds it.

    Where rows share the first cell with the row found, only these are compared: each kind has hours of its own.
    """
    found = _of_the_hour(question, row, rows)
    return found if found is not row else None


def is_of_the_hour(question: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question names a time that a row holds, and no row of its kind besides."""
    return _of_the_hour(question, row, rows) is row


def row_of_the_run(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the first or the last row of a timetable whose first or last run a question asks for: 最晚一班几点.

    None where that row was found, where columns of their own tell these runs, or where the rows follow no clock.
    """
    meant = _of_the_run(question, row, rows)
    return meant if meant is not row else None


def is_of_the_run(question: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a row is the first or the last one of a timetable, as a question asks."""
    return _of_the_run(question, row, rows) is row


def _of_the_run(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    first, last = (bool(run.search(question)) for run in (_FIRST_RUN, _LAST_RUN))
    own = [one for one in rows if not one.header]
    columns = [cell.column for cell in row.cells]
    if first == last or len(own) < 2 or any(_FIRST_RUN.search(one) or _LAST_RUN.search(one) for one in columns):
        return None
    places = [place for place, cell in enumerate(row.cells) if _CLOCK.fullmatch(normalise(cell.text))]
    for place in places:
        times = [_time(one.cells[place].text) if place < len(one.cells) else -1 for one in own]
        if -1 in times or times != sorted(set(times)):
            return None
    return (own[0] if first else own[-1]) if places else None


def _time(text: str) -> int:
    """Return the minute of the day that a cell says and nothing else; -1 for any other cell."""
    match = _CLOCK.fullmatch(normalise(text))
    return int(match[1]) * 60 + int(match[2]) if match else -1


def _of_the_hour(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    asked = _asked(question)
    place = next((n for n, cell in enumerate(row.cells) if _SPAN.search(normalise(cell.text))), None)
    if asked is None or place is None:
        return None
    like = [one for one in rows if not one.header and one.cells[:1] and one.cells[0].text == row.cells[0].text]
    if len(like) == 1:
        like = [one for one in rows if not one.header] if row.name not in question else []
    found = [one for one in like if place < len(one.cells) and _holds(one.cells[place].text, asked)]
    return found[0] if len(found) == 1 else None


def _asked(question: str) -> int | None:
    """Return the minute of the day that a question names; None unless it names one, and which half of the day."""
    told = [match for match in _ASKED.finditer(question) if match["part"] or match["clock"]]
    if len(told) != 1 or _SPAN.search(question):
        return None
    match = told[0]
    part = match["part"] or ""
    hour = int(match["clock"]) if match["clock"] else _hour(match["hour"])
    if hour > 24:
        return None
    if hour < 12 and (part in _LATE or (part == "中午" and hour < 4) or (part in _NIGHT and hour > _MORNING)):
        hour += 12
    if hour == 12 and (part in _NIGHT or part in ("晚上", "凌晨")):
        hour = 24
    return (hour * 60 + int(match["minutes"] or (30 if match["half"] else 0))) % _DAY


def _hour(words: str) -> int:
    return int(words) if words.isdecimal() else whole_number(words)


def _holds(text: str, minute: int) -> bool:
    """Return whether one of the spans of a cell holds a minute of the day; its last minute begins the next one."""
    for match in _SPAN.finditer(normalise(text)):
        first, last = (int(match[a]) * 60 + int(match[b]) for a, b in ((1, 2), (3, 4)))
        if first <= minute < last if first < last else minute >= first or minute < last:
            return True
    return False
