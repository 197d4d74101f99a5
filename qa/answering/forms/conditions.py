"""Reads thresholds, ages, amounts and dates of a condition, and compares a question's figure with them."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from corpus.text.normalise import Normal
from qa.answering.forms.figures import ABOUT, Figure, facts

# Units of one meaning. Both have as many characters, so that offsets stay valid: a full year of age is a year of age.
_SAME_UNITS = (("周岁", "岁 "), ("块钱", "元 "), ("块", "元"))
# An age said without its unit, before a mark or the end, which its unit takes the place of: 我妈今年72，…
_AGE = re.compile(r"(?<=今年)(\d{2}|[二三四五六七八九]?十[一二三四五六七八九]?)(?:[,，了 ]|$)")
_WITHOUT_UNIT = re.compile(r"[\d一二三四五六七八九十万]$")
_MONEY = re.compile(r"(?:预算|造价|总价|投资|收入|存款|工程款|花|赚|借|贷款?|交)(?:了|是|有|大概|大约|约)?$")
_COUNTED = re.compile(r"[\u4e00-\u9fff]?(?:人|吨|亩|户|平|株|头|册)")
_SOME_MORE = re.compile(r"\d0?[多余]")
# 一个人 alone may mean nobody else.
_PERSONS = re.compile(r"(?:(?<=[\d二两三四五六七八九十])|(?<=[踪亡伤死]一)|(?<=[踪亡伤死]了一))个人")
_POINTS = re.compile("分(?![钟之钱店批期公类别级部局所院校行支成享开为配摊])")
_CLOCK_BEFORE = re.compile(r"[点时度:：]$")
_TO = re.compile(r"^\s*(?P<low>\(不?含\))?\s*(?:至|到|—|-|–|~|～|－)+\s*$")
_ITSELF = re.compile(r"\(不?含\)")
_OPEN_ABOVE = re.compile(r"(?:超过|高于|大于|多于|逾|超出)$")
_OPEN_BELOW = re.compile(r"(?:不满|未满|不足|不到|(?<!不)(?:低于|少于|小于))$")
_LEAST = re.compile(r"(?:不少于|不低于|不小于|至少|最低|最少|年满|已满|满|达到?)$")
_MOST = re.compile(r"(?:不超过|不高于|不多于|不大于|至多|最多|最高|限)$")
_BEHIND_LEAST = re.compile(r"^(?:\(含[^)]*\)|\(不含[^)]*\))?(?:及)?以上|^起(?!步)")
_BEHIND_MOST = re.compile(r"^(?:\(含[^)]*\)|\(不含[^)]*\))?(?:及)?(?:以下|以内|之内|内)")


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that a condition allows; `low` and `high` are None where open. It stands at `[start, end)`."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    start: int
    end: int
    words: str = ""
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Decimal) -> bool:
        """Return whether a value lies within."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.high_open)


def _figures(text: str) -> tuple[str, list[Figure]]:
    """Return the text as it is compared, and its figures in order."""
    copy = text
    for unit, same in _SAME_UNITS:
        copy = copy.replace(unit, same)
    copy = _PERSONS.sub("人 ", copy)
    found = facts(Normal(copy) if isinstance(text, Normal) else copy)
    return found.copy, [_in_points(found.copy, figure) for figure in found.figures if not figure.ordinal]


def _in_points(copy: str, figure: Figure) -> Figure:
    """Return a figure of points, as 分 means in a result: 91分, but no 30分钟."""
    bare = not figure.unit and _POINTS.match(copy, figure.end) and not _CLOCK_BEFORE.search(copy[: figure.start])
    return replace(figure, unit="分", end=figure.end + 1) if bare else figure


def _words(text: str, start: int, end: int) -> str:
    """Return the words of a figure as the original text has them."""
    return text[start : end + 1] if text[end - 1 : end + 1] in ("周岁", "块钱", "个人") else text[start:end]


def intervals(text: str) -> list[Interval]:
    """Return the intervals that a text names, in its order: 年满80周岁, 5000元以下, 90至99岁, 不超过3万元."""
    copy, figures = _figures(text)
    text = text if len(text) == len(copy) else copy  # of 90㎡, which is longer there, the words of the copy are told
    result: list[Interval] = []
    skip = -1
    for number, figure in enumerate(figures):
        if number == skip:
            continue
        following = figures[number + 1] if number + 1 < len(figures) else None
        if following and _joined(copy, figure, following):
            result.append(_span(copy, figure, following, _words(text, figure.start, following.end)))
            skip = number + 1
        elif interval := _bounded(copy, figure, _words(text, figure.start, figure.end)):
            result.append(interval)
    return result


def _span(copy: str, first: Figure, second: Figure, words: str) -> Interval:
    """Return the interval between two figures; where one end alone is said to be of it, the other is not: 1(含)至3."""
    to, itself = _TO.match(copy[first.end : second.start]), _ITSELF.match(copy, second.end)
    ends = to["low"] if to else None, itself.group() if itself else None
    low_open, high_open = (own == "(不含)" or (own is None and other == "(含)") for own, other in (ends, ends[::-1]))
    return Interval(first.value, second.value, second.unit, first.start, second.end, words, low_open, high_open)


def _joined(copy: str, first: Figure, second: Figure) -> bool:
    """Return whether two figures are the ends of one range: 90至99周岁."""
    return (
        bool(_TO.match(copy[first.end : second.start]))
        and first.unit in ("", second.unit)
        and second.value > first.value
    )


def _bounded(copy: str, figure: Figure, words: str) -> Interval | None:
    before, behind = copy[max(0, figure.start - 5) : figure.start].rstrip(), copy[figure.end :].lstrip()
    number_end = copy[figure.start : figure.end]
    if _OPEN_BELOW.search(before):
        return Interval(None, figure.value, figure.unit, figure.start, figure.end, words, high_open=True)
    if _OPEN_ABOVE.search(before) and not _MOST.search(before):
        return Interval(figure.value, None, figure.unit, figure.start, figure.end, words, low_open=True)
    if _MOST.search(before):
        return Interval(None, figure.value, figure.unit, figure.start, figure.end, words)
    if _BEHIND_MOST.match(behind) or number_end.endswith(("以下", "以内", "之内")):
        return Interval(None, figure.value, figure.unit, figure.start, figure.end, words)
    if _LEAST.search(before) or _BEHIND_LEAST.match(behind) or number_end.endswith("以上"):
        return Interval(figure.value, None, figure.unit, figure.start, figure.end, words)
    return None


def _is_sum(copy: str, figure: Figure) -> bool:
    """Return whether a figure is a sum of money that is said without its unit: 预算8万, 花了20万."""
    alone = not figure.unit and copy[figure.start : figure.end].rstrip().endswith("万")
    return alone and bool(_MONEY.search(copy[: figure.start])) and not _COUNTED.match(copy, figure.end)


@lru_cache(maxsize=64)  # every passage that is read asks again
def asked_values(question: Normal) -> tuple[Figure, ...]:
    """Return the exact figures with a unit in a question about a case: 79岁, 200立方米, 七千块, 70多岁."""
    copy, found = _figures(_AGE.sub(r"\1岁", question))
    found = [replace(one, unit="元") if _is_sum(copy, one) else one for one in found]
    return tuple(
        figure
        for figure in found
        if figure.unit and (figure.bound in ("", ABOUT) or _SOME_MORE.search(copy[figure.start : figure.end]))
    )


@dataclass(frozen=True, slots=True)
class Met:
    """A question's figure beside the interval of a condition; `inside` says whether it lies within."""

    figure: Figure
    interval: Interval
    inside: bool
    words: str

    @property
    def relation(self) -> str:
        """Both figures and the relation between them: 79岁 < 80周岁."""
        interval, value = self.interval, self.figure.value
        if self.inside and interval.low is not None and interval.high is not None:
            return f"{self.words}：{interval.words}"
        if interval.low is not None and (value <= interval.low or interval.high is None):
            return f"{self.words} {'≥' if self.inside else '<' if value < interval.low else '='} {interval.words}"
        return f"{self.words} {'≤' if self.inside else '=' if value == interval.high else '>'} {interval.words}"


def compared(question: Normal, condition: str) -> Met | None:
    """Compare the question's figure with the condition's interval of that unit; None unless there is exactly one."""
    found = intervals(condition)
    for figure in asked_values(question):
        alike = [interval for interval in found if interval.unit == figure.unit]
        if len(alike) == 1:
            words = _words(question, figure.start, figure.end).rstrip("，,了 ")
            words += figure.unit if _WITHOUT_UNIT.search(words) else ""
            return Met(figure, alike[0], alike[0].holds(figure.value), words)
    return None
