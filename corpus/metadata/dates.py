"""Dates as official documents write them: 二〇二四年三月一日."""

import re
from calendar import monthrange
from datetime import date

from corpus.text.numerals import days_in_digits, whole_number, years_in_digits

# A date, and a month without its day, in a text whose numerals are digits.
DAY = r"\d{4}\s*(?:年|[-/.])\s*\d{1,2}\s*(?:月|[-/.])\s*\d{1,2}(?!\d)\s*日?"
MONTH = r"\d{4}\s*年\s*\d{1,2}\s*月底?"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(底)?")
_YEAR_ALONE = re.compile(r"(\d{4})\s*年?")
_TIME = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(年|个月)")


def read_day(text: str) -> date | None:
    """Return the date that a text is: 2024-03-01, 2024/3/1, 2024年3月1日 or 二〇二四年三月一日; None for other text."""
    match = _DAY.fullmatch(with_digits(text.strip()))
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def read_moment(text: str, *, end: bool = False) -> date | None:
    """Return the first day of the day, month or year that a text is, with `end` the last; None if it is no date."""
    copy = with_digits(text.strip())
    if day := read_day(copy):
        return day
    if match := _MONTH.fullmatch(copy):
        return _in_month(int(match[1]), int(match[2]), last=end or bool(match[3]))
    match = _YEAR_ALONE.fullmatch(copy)
    return _in_month(int(match[1]), 12 if end else 1, last=end) if match else None


def read_months(text: str) -> int | None:
    """Return the first time span in a text in months, as 五年, 5年, 十八个月; None if there is none."""
    match = _TIME.search(text)
    if not match:
        return None
    number = whole_number(match[1])
    return number * 12 if match[2] == "年" else number


def after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def with_digits(text: str) -> str:
    """Return the text with the Chinese numerals of dates as digits: 2024年3月1日."""
    return days_in_digits(years_in_digits(text))


def _in_month(year: int, month: int, *, last: bool) -> date | None:
    first = _date(year, month, 1)
    return first and first.replace(day=monthrange(year, month)[1] if last else 1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
