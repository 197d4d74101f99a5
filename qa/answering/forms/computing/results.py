"""Computes with the figures of two statements, and writes the result as they are written."""

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.statements import Line, Statement

_SCALES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_WRITTEN = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>\D*)")
# What is counted in 个, where that stands alone behind it: 15个工作日.
_COUNTED = re.compile(r"[\u4e00-\u9fff]{1,3}(?=[，,；;、。（）()：:\s]|$)")


def difference(first: Statement, other: Statement, known: dict[str, float], lines: Sequence[Line]) -> Conclusion:
    """Conclude the lesser figure taken from the greater."""
    great, small = (first, other) if first.value > other.value else (other, first)
    result = calculated(great, small, -1)
    counted = _COUNTED.match(lines[great.line].text, great.end) if great.unit == "个" else None
    verdict = result + counted.group() if counted else result
    return Conclusion(verdict, f"{great.words} − {small.words} = {verdict}", (great, small), known)


def total(group: Sequence[Statement], known: dict[str, float]) -> Conclusion:
    """Conclude the sum of figures of one unit."""
    verdict = added(group)
    return Conclusion(verdict, f"{' + '.join(one.words for one in group)} = {verdict}", tuple(group), known)


def quotient(first: Statement, other: Statement, known: dict[str, float], *, places: int = 1) -> Conclusion:
    """Conclude how many times the other figure the first is, to so many decimal places."""
    verdict = _rounded(first.value / other.value, "倍", places)
    return Conclusion(verdict, f"{first.words} ÷ {other.words} = {verdict}", (first, other), known)


def share(first: Statement, other: Statement, known: dict[str, float]) -> Conclusion | None:
    """Conclude the share of the other figure that the first is; None where it is more than all."""
    if first.value > other.value:
        return None
    verdict = _rounded(first.value / other.value * 100, "%")
    return Conclusion(verdict, f"{first.words} ÷ {other.words} = {verdict}", (first, other), known)


def growth(before: Statement, now: Statement, known: dict[str, float]) -> Conclusion:
    """Conclude by what share of the figure before the figure now is greater or less."""
    great, small = (now, before) if now.value > before.value else (before, now)
    verdict = _rounded((great.value - small.value) / before.value * 100, "%")
    line = f"（{great.words} − {small.words}）÷ {before.words} = {verdict}"
    return Conclusion(verdict, line, (great, small), known)


def calculated(one: Statement, other: Statement, sign: int, *, unit: str = "") -> str:
    """Return the sum (sign 1) or the difference (-1) in the unit that both are written in, or in `unit`."""
    unit = unit or ("个百分点" if one.unit == "%" and sign < 0 else one.unit)
    return _combined((one, other), sign, unit)


def added(group: Sequence[Statement]) -> str:
    """Return the sum of figures of one unit, in the unit that all are written in."""
    return _combined(group, 1, group[0].unit)


def _combined(group: Sequence[Statement], sign: int, unit: str) -> str:
    written = [match for one in group if (match := _WRITTEN.fullmatch(one.words))]
    if len(written) == len(group) and len({match["unit"] for match in written}) == 1:
        first, *others = (Decimal(match["number"].replace(",", "")) for match in written)
        behind = written[0]["unit"].strip()
        value = first + sign * sum(others, Decimal(0))
        return plain(value) + (unit if behind in ("", "%") else behind + _further(behind, unit))
    first, *others = (one.value for one in group)
    return f"{in_scale(first + sign * sum(others, Decimal(0)), group)}{unit}"


def in_scale(value: Decimal, like: Sequence[Statement]) -> str:
    """Write a value in 万 or 亿 where one of the figures that it comes from is written so."""
    for scale, sign in _SCALES:
        if any(sign in statement.words for statement in like):
            return f"{plain(value / scale)}{sign}"
    return plain(value)


def plain(value: Decimal) -> str:
    """Write a value in digits, without zeros behind it."""
    return f"{value.normalize():f}"


def _further(written: str, unit: str) -> str:
    """Return the unit where only 万 or 亿 is written with the figure: 11.86万标箱. Else it is empty."""
    return unit if written in ("万", "亿", "千", "百", "万亿") else ""


def _rounded(value: Decimal, unit: str, places: int = 1) -> str:
    """Write a value with few decimal places; 约 says where it is rounded, half to even."""
    rounded = round(value, places)
    return ("" if rounded == value else "约") + plain(rounded) + unit


def named_by(kind: str, known: dict[str, float]) -> dict[str, float]:
    """Return the features of a conclusion, each named by its kind."""
    return {kind: 1.0, **{f"{kind}: {name}": value for name, value in known.items()}}
