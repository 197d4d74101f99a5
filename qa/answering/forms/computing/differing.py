"""How much more, how many times, what share: what a question asks to be computed from two figures, and the result."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.text.normalise import Normal
from qa.answering.forms.computing.changes import best_change, change_asked, measures, without_time
from qa.answering.forms.computing.comparing import (
    FURTHER,
    HOW_MUCH,
    OPENING,
    SHORT_YEAR,
    Comparison,
    Conclusion,
    apart_from_both,
    direction,
    unit_asked,
    unit_fits,
)
from qa.answering.forms.computing.implied.concluding import implied, implies
from qa.answering.forms.computing.implied.sums import names_asked
from qa.answering.forms.computing.pairs import are_certain, best_pair
from qa.answering.forms.computing.ratios import Ratio, as_change, is_told, names_times, ratio_asked
from qa.answering.forms.computing.results import calculated as calculated
from qa.answering.forms.computing.results import difference, growth, named_by, quotient, share, total
from qa.answering.forms.computing.spans import apart_asked, time_apart
from qa.answering.forms.computing.statements import Line, Statement

# A figure that says how much something grew is not one of the two compared.
_GROWTH = re.compile(r"同比|环比|[比较](?:上|去|前|20\d\d)|增长|增加|减少|下降|提高|回落|加快|缩短|[涨降]")
# 一度, 一斤: for how much something costs, and no name.
_PER = re.compile(
    r"(?<=[^第统])一(?:度|吨|亩|平|方|公斤|斤|公里|棵|人|年|个?月|天|次|张|晚)(?=.{0,6}比|[贵便多少低高差])"
)
_TIME = re.compile(r"^(?:以前|原来|之前|从前|过去|老标准|上年|去年|前年|[12]\d\d\d年?|(?:上年|去年)同期)$")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|$)")
# 2021年比2017年产值多多少: the thing is named behind the second year.
_OF_YEARS = re.compile(r"(?:19|20)\d\d年?比(?:19|20)\d\d年")
_WORD = (
    r"(?:便宜|年轻|提前|推迟|增加|减少|提高|降低|下降|下跌|回落|上升|上涨|增长|缩短|"
    r"[多高大贵长远重快强久深厚宽热迟少低小短近轻慢弱浅薄窄冷省涨降增减缩]|[早晚](?![上间晨场]))"
)
_FALLS = re.compile("[降减跌落缩省]")
_THING = r"[^，,]{1,24}?"


class Operation(StrEnum):
    """What is computed from two figures."""

    DIFFERENCE = "difference"
    TIMES = "times"
    SHARE = "share"
    SUM = "sum"
    RATE = "rate"


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


_OF_RATIOS = {Ratio.RATE: Operation.RATE, Ratio.TIMES: Operation.TIMES, Ratio.DOUBLED: Operation.TIMES}


@dataclass(frozen=True, slots=True)
class Computation:
    """What a question asks to be computed of two things; `more` is whether the first is said to be the greater."""

    operation: Operation
    of: Comparison
    more: bool | None = None


def computation(question: Normal) -> Computation | None:
    """Return what a question asks to be computed of two things that it names; None for other questions."""
    ratio = ratio_asked(question)
    copy = OPENING.sub("", (as_change(question) if ratio else question).strip("？?。 "))
    copy = SHORT_YEAR.sub("20", _PER.sub("", copy))
    for operation, pattern in _ASKED:
        if match := pattern.search(copy):
            parts = match.groupdict()
            a, b = parts["a"].strip(" 的是"), parts["b"].strip(" 的是")
            if a and b and a != b and not FURTHER.search(copy, match.end()):
                word = parts.get("dir") or ""
                more = direction(word, copy) and not _FALLS.search(word) if word else None
                names, of_both = apart_from_both(a, b)
                about = of_both + (parts.get("what") or "")
                operation = _OF_RATIOS[ratio] if ratio else operation
                return Computation(operation, Comparison(names, about, True, word), more)
    return None


def computed_of(question: Normal) -> bool:
    """Return whether a question asks for something that is computed."""
    return relates(question) or implies(question)


def relates(question: Normal) -> bool:
    """Return whether a question asks how two figures are related."""
    asked = computation(question), apart_asked(question), _change_asked(question)
    return any(one is not None for one in asked)


def _change_asked(question: Normal) -> tuple[str, bool] | None:
    return change_asked(Normal(SHORT_YEAR.sub("20", as_change(question))))


def computed(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    """Compute what a question asks for from figures of one unit that agree with what it takes for granted.

    Return None where it asks for nothing of the kind.
    """
    if apart := apart_asked(question):
        return time_apart(apart, lines)
    if names_asked(question) or not relates(question):
        return implied(question, found, lines)
    asked = computation(question)
    since = asked is None or _TIME.search(asked.of.names[1]) or _OF_YEARS.search("比".join(asked.of.names))
    change = _change_asked(question) if since else None
    if change and (conclusion := _changed(question, *change, found, lines)):
        return conclusion
    if asked is None:
        return None
    return _of_two(question, asked, found, lines, since=bool(since))


def _fitting(question: Normal, asked: Computation, found: Sequence[Statement]) -> Sequence[Statement]:
    """Return the figures in the unit that a question names; all of them for 几倍, which names none."""
    wanted = unit_asked(question) if asked.operation in (Operation.DIFFERENCE, Operation.SUM) else frozenset()
    return [one for one in found if unit_fits(wanted, one.unit) >= 0]


def _changed(
    question: Normal, what: str, more: bool, found: Sequence[Statement], lines: Sequence[Line]
) -> Conclusion | None:
    best = best_change(Normal(SHORT_YEAR.sub("20", as_change(question))), what, found, lines)
    if not best or best[0].bound or best[1].bound or (best[1].value > best[0].value) != more:
        return None
    before, now, known = best
    ratio, kept = ratio_asked(question), named_by("change", known)
    if ratio is None:
        return difference(before, now, kept, lines)
    if not names_times(question) and not {"from to", "was"} & known.keys():
        return None
    return _ratio(question, ratio, (before, now), kept, found, lines)


def _ratio(
    question: Normal,
    ratio: Ratio,
    figures: tuple[Statement, Statement],
    known: dict[str, float],
    found: Sequence[Statement],
    lines: Sequence[Line],
) -> Conclusion | None:
    """Conclude by what share, or how many times, a figure has become another; None where the text says it itself.

    Between two shares the points are concluded.
    """
    before, now = figures
    if not before.value or is_told(question, figures, found, lines):
        return None
    if ratio is not Ratio.RATE:
        return quotient(now, before, known, places=2 if ratio is Ratio.DOUBLED else 1)
    return difference(before, now, known, lines) if now.unit == "%" else growth(before, now, known)


def _of_two(
    question: Normal, asked: Computation, found: Sequence[Statement], lines: Sequence[Line], *, since: bool
) -> Conclusion | None:
    """Conclude from the two figures that fit best; of two times (`since`), None where others fit as well."""
    found = _fitting(question, asked, found)
    of = [s for s in found if not _GROWTH.search(s.about)]
    of = [s for s in of if measures(without_time(asked.of.names[0]), s, lines)] if since else of
    best = best_pair(asked.of, of, lines)
    if best is None or best[0].bound or best[1].bound or not best[1].value:
        return None
    first, other, known = best
    if since and known["margin"] <= 0:
        return None
    # A year is not called by the digits that it shares with another.
    told = "".join(lines[one.line].text + lines[one.line].above + one.named for one in (first, other))
    if not all(year in told for name in asked.of.names for year in _YEAR.findall(name)):
        return None
    known["unit fits"] = max(known["unit fits"], float(bool(first.unit) and first.unit in unit_asked(question)))
    kept = named_by("two", known)
    if asked.operation is Operation.SUM:
        return replace(total((first, other), kept), certain=are_certain(asked.of, best))
    if first.value == other.value or (asked.more is not None and (first.value > other.value) != asked.more):
        return None
    if ratio := ratio_asked(question):
        return _ratio(question, ratio, (other, first), kept, found, lines)
    match asked.operation:
        case Operation.SHARE:
            return share(first, other, kept)
        case Operation.TIMES:
            return quotient(first, other, kept)
        case _:
            return difference(first, other, kept, lines)
