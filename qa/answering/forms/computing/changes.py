"""How much a thing has changed: the figure before and the figure now, where a sentence, a row or two rows tell both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import (
    FURTHER,
    HOW_MUCH,
    content,
    held,
    is_of_unit,
    unit_asked,
    unit_fits,
    units,
)
from qa.answering.forms.computing.statements import Line, Pair, Statement

_UP = "涨|提高|增加|上涨|上调|上升|多|贵|升|增|提|加|高|增长|延长|扩大|长"
_DOWN = "降|减少|下降|下调|少|便宜|减|缩短|压缩|降低|[压缩削]减|砍掉|砍|缩水|低|省"
_ASKED = re.compile(
    rf"^(?P<what>[^，,]{{2,24}}?)(?<![最还再])(?:比(?:以前|原来|之前|从前|过去|老标准|上年|去年|前年|[12]\d\d\d年))?"
    rf"(?:又|要|拟|共|一共|总共)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|得|出来?)?{HOW_MUCH}(?!倍)"
)
# 比上年: of a figure of a year, the year before is the next one down.
_YEAR_BEFORE = re.compile("(?:上年|去年)(?!同期)")
# Two years that are compared before the thing is named, or on either side of it: 与2017年相比，2021年产值增加了多少.
_TWO_YEARS = re.compile(
    r"^(?:[12]\d\d\d年?)?(?:和|跟|与|同)[12]\d\d\d年?(?:相比|比起来|比)[，,]?|"
    rf"(?<=年)比[12]\d\d\d年(?=[^，,]{{2,20}}?(?:{_UP}|{_DOWN}))"
)
# The words before and between the figure before and the figure now, in either order.
_FROM = re.compile(r"(?:由|从)[^，；。]{0,16}$")
_TO = re.compile(r"^[^，；。\d]{0,10}(?:到|至|为|成)(?:[12]\d\d\d年度?的?)?[^，；。\d]{0,6}$")
_WAS_BEHIND = re.compile(
    r"^[^；。]{0,8}[（(]原(?:来|为|先|是|标准)?[^；。\d]{0,8}$|^[，]?[高低多少]于(?:上年|去年|前年)的?$"
)
_YEARS = re.compile(
    r"(?P<year>[12]\d\d\d)年(?P<same>[^，；。、\d]{0,6}?)(?:的|是|为|只?有|达到?|到了?|[增升上涨提降减下]\S{0,2}[到至为])?$"
)
# What tells the time in the name of a figure.
_OLD = re.compile(r"原|旧|老|调整前|改前|上年|去年|以前")
_TIME = re.compile(r"原|旧|老|新|现|调整[前后]|改[前后]|上年|去年|今年|本年|以前|[12]\d\d\d年?度?|标准")
_YEAR = re.compile(r"[12]\d\d\d")
_RIGHT_BEFORE = re.compile(r"[^，,；;、。（）()：:！!？?\d]*$")
_NEAR = 30
# The share of what is asked for that has to stand in the line.
_LEAST = 0.5


def change_asked(question: Normal) -> tuple[str, bool] | None:
    """Return what a question asks the change of, and whether as a rise; None for other questions."""
    copy = _TWO_YEARS.sub("", question.strip("？?。 "))
    match = _ASKED.search(copy)
    return (match["what"], bool(match["up"])) if match and not FURTHER.search(copy, match.end()) else None


def best_change(question: Normal, what: str, found: Sequence[Statement], lines: Sequence[Line]) -> Pair | None:
    """Return the figures before and now that fit a question best, and the features of how they fit.

    None where none fit, or where others of their sentence, of something else, fit as well.
    """
    about, wanted, years = content(what), unit_asked(question), _YEAR.findall(question)
    if not years and not content(_TIME.sub("", what)):
        return None  # 今年比去年多多少 names neither what changes nor between which years
    ranked = []
    for before, now, known in [*in_a_line(found, lines), *_of_two_times(found)]:
        fits = unit_fits(wanted, now.unit)
        told = lines[now.line].text + before.named + now.named
        fitting = fits >= 0 and (wanted or measures(what, now, lines)) and _of_year(years, before, now)
        fitting = fitting and _of_the_year_before(question, before, now, lines)
        if fitting and about and all(year in told for year in years):
            known |= _known(about, before, now, lines) | {"unit fits": fits}
            known["score"] = known["named"] + known["asked"] + 0.3 * fits
            if known["asked"] >= _LEAST:
                label = _label(before, lines) + _label(now, lines)
                ranked.append((before, now, known, known["score"] + held(content(without_time(what)), label)))
    if not ranked:
        return None
    # Of equals the latest: a question that names one year asks for the change since.
    ranked.sort(key=lambda one: (one[3], _YEAR.findall(one[1].named)), reverse=True)
    before, now, known, rank = ranked[0]
    same = {before.value, now.value}
    others = [one for one in ranked if {one[0].value, one[1].value} != same]
    if any(one[3] == rank and one[1].line == now.line and not _alike(now, one[1]) for one in others):
        return None
    rivals = [one for one in others if not (years and _alike(now, one[1]))]
    known["margin"] = min(2.0, rank - rivals[0][3]) if rivals else 2.0
    return before, now, known


def _label(one: Statement, lines: Sequence[Line]) -> str:
    """Return what names a figure: the words right before it, or its row and column."""
    words = _RIGHT_BEFORE.search(lines[one.line].text[: one.start])
    return one.named if one.row or not words else words.group()


def measures(what: str, one: Statement, lines: Sequence[Line]) -> bool:
    """Return whether a figure has a unit of what changes (人 of 死亡人数), or is called by that very word."""
    return is_of_unit(units(what[-2:]), one.unit) or what[-2:] in _label(one, lines)


def _of_year(years: Sequence[str], before: Statement, now: Statement) -> bool:
    """Return whether the figures are of the years in the question; figures named without years always are."""
    told = _YEAR.findall(before.named + now.named)
    return len(set(told)) < 2 or set(years) <= set(told)


def _of_the_year_before(question: Normal, before: Statement, now: Statement, lines: Sequence[Line]) -> bool:
    """Return whether the earlier figure may be of the year before, where a question compares with that."""
    if not _YEAR_BEFORE.search(question):
        return True
    dated = [_YEAR.findall(lines[one.line].text[: one.start])[-1:] for one in (before, now)]
    return not all(dated) or dated[0] == dated[1] or int(dated[1][0]) - int(dated[0][0]) == 1


def _alike(one: Statement, other: Statement) -> bool:
    """Return whether the names of two figures differ in nothing but the time."""
    return _TIME.sub("", one.named).strip() == _TIME.sub("", other.named).strip()


def _known(about: set[str], before: Statement, now: Statement, lines: Sequence[Line]) -> dict[str, float]:
    line = lines[now.line]
    near = line.text[max(0, min(before.start, now.start) - _NEAR) : max(before.end, now.end)]
    named = before.named + now.named if now.row or before.line != now.line else near
    return {
        "named": held(about, named),
        "asked": held(about, line.text + named),
        "above": held(about, line.above + line.text + named),
        "unit": float(bool(now.unit)),
    }


def in_a_line(found: Sequence[Statement], lines: Sequence[Line]) -> Iterator[Pair]:
    """Yield two figures of one unit that a sentence joins: 由…提高到…, 600元（原400元）, 2023年276件，2024年191件."""
    of_line: dict[int, list[Statement]] = {}
    for statement in found:
        of_line.setdefault(statement.line, []).append(statement)
    for number, group in of_line.items():
        for place, first in enumerate(group):
            for second in group[place + 1 : place + 8]:
                if first.unit == second.unit and first.value != second.value:
                    kind = _joined(lines[number].text, first, second)
                    if kind == "years":
                        yield _dated(lines[number].text, first, second)
                    elif kind:
                        yield (*((second, first) if kind == "was" else (first, second)), {kind: 1.0})


def _dated(text: str, first: Statement, second: Statement) -> Pair:
    """Return two figures of two years; each is also called by its year."""
    years = _YEAR.findall(text[: first.start])[-1], _YEAR.findall(text[first.end : second.start])[-1]
    first, second = (replace(one, about=f"{one.about}{year}") for one, year in zip((first, second), years, strict=True))
    return first, second, {"years": 1.0}


def _joined(text: str, first: Statement, second: Statement) -> str:
    """Return how a sentence says that one figure was before the other; empty where it does not."""
    before, between = text[: first.start], text[first.end : second.start]
    if _FROM.search(before) and _TO.search(between):
        return "from to"
    if _WAS_BEHIND.search(between):
        return "was"
    earlier, later = _YEARS.search(before), _YEARS.search(between)
    if (
        earlier
        and later
        and len(between) <= 16
        and earlier["year"] < later["year"]
        and earlier["same"] == later["same"]
    ):
        return "years"
    return ""


def _of_two_times(found: Sequence[Statement]) -> Iterator[Pair]:
    """Yield two figures whose names differ in nothing but the time: 原时限 and 新时限, lines of two years."""
    alike: dict[tuple[str, str], list[Statement]] = {}
    for statement in found:
        if _TIME.search(statement.named):
            alike.setdefault((_TIME.sub("", statement.named).strip(), statement.unit), []).append(statement)
    for group in alike.values():
        for place, first in enumerate(group):
            for second in group[place + 1 : place + 4]:
                if first.value != second.value and (order := order_in_time(first.named, second.named)):
                    known = {"times": 1.0, "row": float(first.row), "one line": float(first.line == second.line)}
                    yield (*((first, second) if order < 0 else (second, first)), known)


def without_time(name: str) -> str:
    """Return the name of a figure without what tells the time in it."""
    return _TIME.sub("", name).strip()


def order_in_time(first: str, second: str) -> int:
    """Return -1 where the first name is of an earlier time than the second, 1 of a later one, 0 where neither says."""
    years = _YEAR.findall(first), _YEAR.findall(second)
    if years[0] and years[1]:
        return (years[0] > years[1]) - (years[0] < years[1])
    old = bool(_OLD.search(first)), bool(_OLD.search(second))
    return int(old[1]) - int(old[0])
