"""Sums and differences of a document's figures: 86.5亿元 and 62.1亿元 differ by 24.4亿元, and which one grew."""

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answering.forms.figures import Date, Facts, Figure, governing

_SUM = re.compile(r"共|合计|总计|加起来|合起来|之和|总和|加上|总数|总额")
_UP, _DOWN = re.compile(r"增加|增长|增至|上升|提高|多"), re.compile(r"减少|下降|降低|降至|少")
_DIFFERENCE = re.compile(rf"{_UP.pattern}|{_DOWN.pattern}|相差|差额?|比")
_COMPARED = re.compile(r"比|较")


def calculated(result: Figure, whole: Facts, source: Facts) -> bool:
    """Return whether a figure is the sum or difference of two of the source, or the years between two of its dates."""
    if result.bound or result.ordinal:
        return False
    years = [date.year for date in source.dates if date.year]
    if result.unit == "年" and any(abs(a - b) == result.value for a in years for b in years):
        mentioned = {date.year for date in whole.dates if date.year}
        return not mentioned or mentioned <= set(years)
    alike = [figure for figure in source.figures if figure.unit == result.unit and not figure.bound]
    for number, first in enumerate(alike):
        for second in alike[number + 1 :]:
            if adds_up(result, first, second, whole.copy) and _right_way(first, second, whole, source, whole.dates):
                return True
    return False


def adds_up(result: Figure, first: Figure, second: Figure, copy: str) -> bool:
    if not first.unit == second.unit == result.unit or first.bound or second.bound or result.bound:
        return False
    if first.value + second.value == result.value:
        return bool(_SUM.search(copy))
    return abs(first.value - second.value) == result.value != Decimal(0) and bool(_DIFFERENCE.search(copy))


def _right_way(first: Figure, second: Figure, whole: Facts, source: Facts, mentioned: Sequence[Date]) -> bool:
    """Return whether the later figure is larger where the text says 增加, and smaller where it says 减少."""
    up, down = bool(_UP.search(whole.copy)), bool(_DOWN.search(whole.copy))
    if up == down:  # the text says neither, or both
        return not up
    before, after = governing(first, source), governing(second, source)
    if not before or not after or before.year is None or after.year is None:
        return _order(first, second, whole, up=up)
    if any(not (d.within(before) or d.within(after)) for d in mentioned):
        return False
    early, late = (first, second) if before.year < after.year else (second, first)
    grew = late.value > early.value
    if compared := _COMPARED.search(whole.copy):
        named = [d for d in mentioned if d.end <= compared.start()], [d for d in mentioned if d.start >= compared.end()]
        if named[0] and named[1] and named[0][-1].year and named[1][0].year and named[0][-1].year < named[1][0].year:
            grew = not grew
    return grew == up


def _order(first: Figure, second: Figure, whole: Facts, *, up: bool) -> bool:
    """Check A比B多 where dates do not decide: both figures must be named, the larger first for 多, last for 少."""
    named = [figure.value for figure in whole.figures if figure.value in (first.value, second.value)]
    return len(named) > 1 and (named[0] > named[1]) == up
