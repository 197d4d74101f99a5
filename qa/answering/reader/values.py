"""Values of short answers: whether two answers state different ones, and how alike the words around them are."""

import re
from dataclasses import dataclass

from corpus.metadata.dates import read_moment, with_digits
from corpus.text import numerals
from corpus.text.measures import MULTIPLES
from corpus.text.normalise import normalise

_UNITS = (
    r"个工作日|工作日|平方米|平方公里|立方米|公里|千米|周岁|小时|分钟|人次|个月|公斤|千克|元|%|岁|天|日|年|月|人|名|位|户|家|个|所|项|"
    r"次|吨|亩|米|套|倍|分|件|张|辆|公顷"
)
_SAME_UNITS = {"个工作日": "工作日", "日": "天", "周岁": "岁", "名": "人", "位": "人", "千米": "公里"}
_VALUE = re.compile(
    rf"(?P<number>\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)\s*(?P<times>(?!{MULTIPLES})(?:百万|千|万|亿))?\s*(?P<unit>{_UNITS})"
)
_DATE = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?")
_PERCENT = re.compile(r"百分之([零〇一二两三四五六七八九十百\d.]+)")
_CLOCK = re.compile(
    r"(?<![\d:.第])(下午|晚上|傍晚)?\s*(\d{1,2})\s*(?::\s*([0-5]\d)(?![\d:])|[点时](?!间)\s*(?:([0-5]\d)\s*分?|(半))?)(?!\s*\d)"
)
_TELEPHONE = re.compile(r"(?<!\d)(?:0\d{2,3}-)?\d{7,8}(?!\d)|(?<!\d)1\d{10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a short answer: a number with its unit, a date, a time of the day, a telephone number."""

    unit: str
    amount: float | str


def value_of(text: str) -> Value | None:
    """Return the one value in a short answer; None when it holds no value or several."""
    copy = _PERCENT.sub(_percent, with_digits(normalise(text)))
    if phones := set(_TELEPHONE.findall(copy)):
        return Value("电话", phones.pop()) if len(phones) == 1 else None
    if days := {day for found in _DATE.findall(copy) if (day := read_moment(found))}:
        return Value("日期", days.pop().isoformat()) if len(days) == 1 else None
    found = {clock for match in _CLOCK.finditer(copy) if (clock := _clock(match))}
    found |= {_value(match) for match in _VALUE.finditer(_CLOCK.sub(" ", copy))}
    return found.pop() if len(found) == 1 else None


def differ(one: str, other: str) -> bool:
    """Return whether two short answers are values of one kind that differ."""
    first, second = value_of(one), value_of(other)
    return bool(first and second) and first.unit == second.unit and first.amount != second.amount  # type: ignore[union-attr]


def tells(quotation: str, value: str) -> bool:
    """Return whether a quotation holds a value as a whole: 15元 does not hold 5元."""
    return bool(re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", quotation))


def alike(one: str, other: str) -> float:
    """Return how similar two quotations are besides their figures: the share (0–1) of common character pairs."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _pairs(text: str) -> set[str]:
    copy = re.sub(r"[\d,.]+|[^\w]", "", normalise(text))
    return {copy[place : place + 2] for place in range(len(copy) - 1)}


def _value(match: re.Match[str]) -> Value:
    unit = _SAME_UNITS.get(match["unit"], match["unit"])
    return Value(unit, round(_number(match["number"]) * numerals.SCALES[match["times"] or ""], 4))


def _clock(match: re.Match[str]) -> Value | None:
    """Return a time of the day; None for what is no time, such as 25:00."""
    hour = int(match[2]) + (12 if match[1] and int(match[2]) < 12 else 0)
    minute = 30 if match[5] else int(match[3] or match[4] or 0)
    return Value("时刻", 60 * hour + minute) if hour <= 24 else None


def _percent(match: re.Match[str]) -> str:
    try:
        return f"{_number(match[1]):g}%"
    except ValueError:
        return match[0]  # 百分之1.2.3


def _number(text: str) -> float:
    return float(numerals.number(text.rstrip(".")))
