"""How much more, how many times, what share: what a question asks to be computed from two figures, and the result."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from corpus.text.normalise import Normal
from qa.answering.forms.computing.changes import best_change, change_asked
from qa.answering.forms.computing.comparing import (
    FURTHER,
    HOW_MUCH,
    OPENING,
    Comparison,
    Conclusion,
    apart_from_both,
    direction,
    unit_asked,
    unit_fits,
)
from qa.answering.forms.computing.earlier import best_earlier, earlier_asked
from qa.answering.forms.computing.pairs import best_pair
from qa.answering.forms.computing.products import best_product, quantity_asked
from qa.answering.forms.computing.remainders import best_rest, remainder_asked
from qa.answering.forms.computing.statements import Line, Statement
from qa.answering.forms.computing.sums import best_group, named_group, names_asked, sum_asked

# A figure that says how much something grew is not one of the two compared.
_GROWTH = re.compile(r"同比|环比|[比较](?:上|去|前|20\d\d)|增长|增加|减少|下降|提高|回落|加快|缩短|[涨降]")
# 一度, 一斤: for how much something costs, and no name.
_PER = re.compile(
    r"(?<=[^第统])一(?:度|吨|亩|平|方|公斤|斤|公里|棵|人|年|个?月|天|次|张|晚)(?=.{0,6}比|[贵便多少低高差])"
)
_TIME = re.compile(r"^(?:以前|原来|之前|从前|过去|老标准|上年|去年|前年|[12]\d\d\d年?|(?:上年|去年)同期)$")
_SHORT_YEAR = re.compile(r"(?<!\d)(?=[12]\d年)")
_SCALES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_WRITTEN = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>\D*)")
# What is counted in 个, where that stands alone behind it: 15个工作日.
_COUNTED = re.compile(r"[\u4e00-\u9fff]{1,3}(?=[，,；;、。（）()：:\s]|$)")
_WORD = (
    r"(?:便宜|年轻|提前|推迟|增加|减少|提高|降低|"
    r"[多高大贵长远重快强久深厚宽热迟少低小短近轻慢弱浅薄窄冷省涨降增减缩]|[早晚](?![上间晨场]))"
)
_THING = r"[^，,]{1,24}?"


class Operation(StrEnum):
    """What is computed from two figures."""

    DIFFERENCE = "difference"
    TIMES = "times"
    SHARE = "share"
    SUM = "sum"


_ASKED: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    (Operation.TIMES, re.compile(rf"^(?P<a>{_THING})是(?P<b>{_THING})的?{HOW_MUCH}倍")),
    (
        Operation.SUM,
        re.compile(
            rf"^(?P<a>{_THING})(?:和|跟|与|同(?![期比样])|加上?|、)(?P<b>{_THING})"
            rf"(?:一共|总共|合计|加起来|合起来|加在一起|总计|共|两[个家条项样])(?P<what>[^，,]{{0,8}}?){HOW_MUCH}"
        ),
    ),
    (
        Operation.SHARE,
        re.compile(
            rf"^(?P<a>{_THING})占(?:了|到)?(?P<b>{_THING})的?"
            r"(?:百分之(?:多少|几)|多少比例|多大比例|几成|(?:比例|比重)是?多少)"
        ),
    ),
    (
        Operation.DIFFERENCE,
        re.compile(
            rf"^(?P<a>{_THING})比(?P<b>{_THING})(?P<dir>{_WORD})(?!少|大)(?P<what>[^，,]{{0,6}}?){HOW_MUCH}(?!倍)"
        ),
    ),
    (
        Operation.DIFFERENCE,
        re.compile(
            rf"^(?P<a>{_THING})(?:和|跟|与|同|、)(?P<b>{_THING})(?:之间|一共)?(?:相差|差距|差)(?:了|是|有)?{HOW_MUCH}"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Computation:
    """What a question asks to be computed of two things; `more` is whether the first is said to be the greater."""

    operation: Operation
    of: Comparison
    more: bool | None = None


def computation(question: Normal) -> Computation | None:
    """Return what a question asks to be computed of two things that it names; None for other questions."""
    copy = OPENING.sub("", question.strip("？?。 "))
    copy = _SHORT_YEAR.sub("20", _PER.sub("", copy))
    for operation, pattern in _ASKED:
        if match := pattern.search(copy):
            parts = match.groupdict()
            a, b = parts["a"].strip(" 的是"), parts["b"].strip(" 的是")
            if a and b and a != b and not FURTHER.search(copy, match.end()):
                word = parts.get("dir") or ""
                more = direction(word, copy) if word else None
                names, of_both = apart_from_both(a, b)
                about = of_both + (parts.get("what") or "")
                return Computation(operation, Comparison(names, about, True, word), more)
    return None


def computed_of(question: Normal) -> bool:
    """Return whether a question asks for something that is computed."""
    others = sum_asked, names_asked, earlier_asked, remainder_asked, quantity_asked
    return relates(question) or any(asked(question) for asked in others)


def relates(question: Normal) -> bool:
    """Return whether a question asks how two figures are related."""
    return computation(question) is not None or change_asked(question) is not None


def computed(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    """Compute what a question asks for from figures of one unit that agree with what it takes for granted.

    Return None where it asks for nothing of the kind.
    """
    if names_asked(question) or not relates(question):
        tried = (one(question, found, lines) for one in (_earlier, _rest, _of_group, _of_many))
        return next(filter(None, tried), None)
    asked = computation(question)
    since = asked is None or _TIME.search(asked.of.names[1])
    change = change_asked(question) if since else None
    if change and (conclusion := _changed(question, *change, found, lines)):
        return conclusion
    return _of_two(question, asked, found, lines) if asked else None


def _fitting(question: Normal, asked: Computation, found: Sequence[Statement]) -> Sequence[Statement]:
    """Return the figures in the unit that a question names; all of them for 几倍, which names none."""
    wanted = unit_asked(question) if asked.operation in (Operation.DIFFERENCE, Operation.SUM) else frozenset()
    return [one for one in found if unit_fits(wanted, one.unit) >= 0]


def _earlier(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_earlier(question, found, lines)
    if best is None:
        return None
    now, change, up, known = best
    if up and change.value >= now.value:
        return None
    verdict = calculated(now, change, -1 if up else 1, unit=now.unit)
    line = f"{now.words} {'−' if up else '+'} {change.words} = {verdict}"
    return Conclusion(verdict, line, (now, change), _kept("earlier", known))


def _rest(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_rest(question, found, lines)
    if best is None:
        return None
    whole, part, known = best
    return _difference(whole, part, _kept("rest", known), lines)


def _of_group(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = named_group(question, found, lines) if names_asked(question) else best_group(question, found, lines)
    if best is None:
        return None
    group, known = best
    verdict = f"{_in_scale(sum((one.value for one in group), Decimal(0)), group)}{group[0].unit}"
    return Conclusion(
        verdict, f"{' + '.join(one.words for one in group)} = {verdict}", tuple(group), _kept("sum", known)
    )


def _of_many(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_product(question, found, lines)
    if best is None:
        return None
    each, count, words, known = best
    verdict = f"{_in_scale(each.value * count, [each])}{each.unit}"
    return Conclusion(verdict, f"{each.words} × {words} = {verdict}", (each,), _kept("product", known))


def _changed(
    question: Normal, what: str, more: bool, found: Sequence[Statement], lines: Sequence[Line]
) -> Conclusion | None:
    best = best_change(Normal(_SHORT_YEAR.sub("20", question)), what, found, lines)
    if not best or best[0].bound or best[1].bound:
        return None
    before, now, known = best
    return _difference(before, now, _kept("change", known), lines) if (now.value > before.value) == more else None


def _of_two(
    question: Normal, asked: Computation, found: Sequence[Statement], lines: Sequence[Line]
) -> Conclusion | None:
    found = _fitting(question, asked, found)
    best = best_pair(asked.of, [s for s in found if not _GROWTH.search(s.about)], lines)
    if best is None or best[0].bound or best[1].bound or not best[1].value:
        return None
    first, other, known = best
    known["unit fits"] = max(known["unit fits"], float(bool(first.unit) and first.unit in unit_asked(question)))
    if asked.operation is Operation.SUM:
        return _sum(first, other, _kept("two", known))
    if first.value == other.value:
        return None
    if asked.operation is not Operation.DIFFERENCE:
        return _quotient(first, other, asked.operation, _kept("two", known))
    if asked.more is not None and (first.value > other.value) != asked.more:
        return None
    return _difference(first, other, _kept("two", known), lines)


def _kept(kind: str, known: dict[str, float]) -> dict[str, float]:
    """Return the features, each named by the kind of conclusion it is of."""
    return {kind: 1.0, **{f"{kind}: {name}": value for name, value in known.items()}}


def _difference(first: Statement, other: Statement, known: dict[str, float], lines: Sequence[Line]) -> Conclusion:
    great, small = (first, other) if first.value > other.value else (other, first)
    result = calculated(great, small, -1)
    counted = _COUNTED.match(lines[great.line].text, great.end) if great.unit == "个" else None
    verdict = result + counted.group() if counted else result
    return Conclusion(verdict, f"{great.words} − {small.words} = {verdict}", (great, small), known)


def _sum(first: Statement, other: Statement, known: dict[str, float]) -> Conclusion:
    verdict = calculated(first, other, 1)
    return Conclusion(verdict, f"{first.words} + {other.words} = {verdict}", (first, other), known)


def calculated(one: Statement, other: Statement, sign: int, *, unit: str = "") -> str:
    """Return the sum (sign 1) or the difference (-1) in the unit that both are written in, or in `unit`."""
    unit = unit or ("个百分点" if one.unit == "%" and sign < 0 else one.unit)
    a, b = _WRITTEN.fullmatch(one.words), _WRITTEN.fullmatch(other.words)
    if a and b and a["unit"] == b["unit"]:
        value = Decimal(a["number"].replace(",", "")) + sign * Decimal(b["number"].replace(",", ""))
        behind = a["unit"].strip()
        return _plain(value) + (unit if behind in ("", "%") else behind + _further(behind, unit))
    return f"{_in_scale(one.value + sign * other.value, (one, other))}{unit}"


def _in_scale(value: Decimal, like: Sequence[Statement]) -> str:
    """Write a value in 万 or 亿 where one of the figures that it comes from is written so."""
    for scale, sign in _SCALES:
        if any(sign in statement.words for statement in like):
            return f"{_plain(value / scale)}{sign}"
    return _plain(value)


def _further(written: str, unit: str) -> str:
    """Return the unit where only 万 or 亿 is written with the figure: 11.86万标箱. Else it is empty."""
    return unit if written in ("万", "亿", "千", "百", "万亿") else ""


def _quotient(first: Statement, other: Statement, operation: Operation, known: dict[str, float]) -> Conclusion | None:
    share = operation is Operation.SHARE
    ratio = first.value / other.value * (100 if share else 1)
    if share and ratio > 100:
        return None
    rounded = round(ratio, 1)
    verdict = ("" if rounded == ratio else "约") + _plain(rounded) + ("%" if share else "倍")
    return Conclusion(verdict, f"{first.words} ÷ {other.words} = {verdict}", (first, other), known)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
