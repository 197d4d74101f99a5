"""Reads the days of the year that a text names: 8月12日."""

import re

Day = tuple[int, int]  # month and day
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_TO = r"\s*(?:至|到|[-—–~～]+)\s*"
# 12月8日至10日; of 12月8日、10日 the second has no month, of 8、10日 the first no 日.
_SPAN = re.compile(
    rf"(?:(?P<month>\d{{1,2}})月)?(?<![\d.:])(?P<day>\d{{1,2}})"
    rf"(?:[日号]?{_TO}(?:(?P<until>\d{{1,2}})月)?(?P<last>\d{{1,2}})[日号]|[日号]|(?=、(?:\d{{1,2}}、)*\d{{1,2}}[日号]))"
    r"(?P<open>起|以后|之后|开始)?"
)
_YEAR_END = (12, 31)


def days(text: str) -> set[Day]:
    """Return the days that a normalised text names, each as month and day."""
    return {(int(month), int(day)) for month, day in _DAY.findall(text)}


def day_alone(text: str) -> Day | None:
    """Return the day that a normalised text names and nothing else; None for any other text."""
    return days(text).pop() if _DAY.fullmatch(text) else None


def spans_of_days(text: str, month: int) -> list[tuple[Day, Day]]:
    """Return the first and the last of the days that a normalised text names, 12日起 up to the end of the year.

    A day without a month is of the month before it, and the first of `month`.
    """
    found = []
    for match in _SPAN.finditer(text):
        month = int(match["month"] or month)
        first = last = month, int(match["day"])
        if match["last"]:
            month = int(match["until"] or month)
            last = month, int(match["last"])
        found.append((first, _YEAR_END if match["open"] else last))
    return found


def is_within(day: Day, span: tuple[Day, Day]) -> bool:
    """Return whether a day is of a span of days; from December into January the last day is the smaller one."""
    first, last = span
    return first <= day <= last if first <= last else day >= first or day <= last
