"""The sum of as many things as a question counts (五个站一共), where exactly so many have a figure of one kind."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.computing.comparing import amount_asked, content, unit_asked, unit_fits, units
from qa.answering.forms.computing.implied.groups import asked_of, groups, known_of
from qa.answering.forms.computing.pairs import own_name
from qa.answering.forms.computing.statements import Line, Statement, totals_apart

_TOGETHER = re.compile(r"一共|总共|合计|加起来|合起来|加在一起|总计|拢共|统共|共")
_COUNTED = re.compile(
    r"(?P<count>\d{1,2}|[两三四五六七八九十]{1,2})(?P<of>[个家条项种样座所处类档门站级人只块包批支队片组层期届趟])(?!月)"
)
_EXCEPT = re.compile(r"除|以外|之外|另外|不是")
MOST = 12
# The least share of the question's words at the figures, and how far they have to be ahead of any others.
_ASKED_FOR, _AHEAD = 0.5, 0.2

_NAMED = re.compile(
    rf"^(?P<names>[^，,？?]{{1,20}}?(?:、[^，,、？?]{{1,16}}?)+(?:和|与|及|以及)[^，,、？?]{{1,16}}?|[^，,？?、]{{1,20}}(?:、[^，,、？?]{{1,16}}?)+?)"
    rf"(?:这?(?P<count>\d|[两三四五六七八九十])[个家条项种类处笔样包](?P<of>[^，,？?]{{0,6}}?))?(?:{_TOGETHER.pattern})"
)
_AND = re.compile("、|和|与|以及|及")

Group = tuple[list[Statement], dict[str, float]]


def sum_asked(question: Normal) -> int:
    """Return how many things a question asks the sum of; 0 where it names no number of them, or asks for no sum."""
    copy = question.strip("？?。 ")
    how_much, counted = amount_asked(copy), _COUNTED.search(copy)
    if not how_much or not counted or counted.start() > how_much.start():
        return 0
    if not _TOGETHER.search(copy[counted.end() :]) or _EXCEPT.search(copy):
        return 0
    count = int(counted["count"]) if counted["count"].isdigit() else whole_number(counted["count"])
    return count if 2 <= count <= MOST else 0


def names_asked(question: Normal) -> tuple[str, ...]:
    """Return the names that a question asks the sum of, three or more (教育、科技和卫生三项合计); empty for others."""
    copy = question.strip("？?。 ")
    match, how_much = _NAMED.match(copy), amount_asked(copy)
    if not match or not how_much or how_much.start() < match.end() or _EXCEPT.search(copy):
        return ()
    names = tuple(name.strip(" 的") for name in _AND.split(match["names"]))
    count = match["count"]
    told = (int(count) if count.isdigit() else whole_number(count)) if count else len(names)
    return names if len(set(names)) == len(names) == told > 2 and all(map(bool, names)) else ()


def named_group(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Group | None:
    """Return the figures of all names that a question asks the sum of, in one unit in one sentence or column.

    None where one of them has no figure or several, or where another sentence tells another sum.
    """
    names = names_asked(question)
    if not names:
        return None
    # The names tell of no unit: 卫生 is no number of people.
    wanted = unit_asked(question) or units(question[question.find(names[-1]) + len(names[-1]) :])
    places: dict[tuple[object, ...], list[Statement]] = {}
    for one in found:
        key = (lines[one.line].document, one.about) if one.row else (lines[one.line].document, one.line)
        if one.unit and unit_fits(wanted, one.unit) >= 0 and not one.total:
            places.setdefault((*key, one.unit), []).append(one)
    whole = [group for place in places.values() if (group := _of_names(names, place, lines))]
    sums = {sum(one.value for one in group) for group in whole}
    if len(sums) != 1 or any(one.bound for one in whole[0]):
        return None
    known = known_of(content(_TOGETHER.sub("", question)), wanted, whole[0], lines)
    return whole[0], known | {"margin": 2.0}


def _of_names(names: Sequence[str], place: Sequence[Statement], lines: Sequence[Line]) -> list[Statement]:
    """Return the one statement of each name; empty where a name has none or several, or two have the same one."""
    found: list[Statement] = []
    for name in names:
        alike = [one for one in place if _is_called(name, one, lines)]
        found += alike if len(alike) == 1 else []
    return found if len(found) == len(names) == len({one.start + one.line * 10**6 for one in found}) else []


def _is_called(name: str, statement: Statement, lines: Sequence[Line]) -> bool:
    """Return whether a statement is called by a name, or by its end where the title says its beginning."""
    label = normalise(statement.of.split(" ")[-1])
    own = own_name(name, lines[statement.line].above)
    return len(own) > 1 and len(label) > 1 and (own in label or label in own)


def best_group(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Group | None:
    """Return the parallel figures that fit a question best, as many as it counts, and what is known of how they fit."""
    count = sum_asked(question)
    if not count:
        return None
    copy = _COUNTED.sub("", _TOGETHER.sub("", question))
    about, wanted = content(copy), unit_asked(question) or units(question)
    ranked = []
    for whole in groups(totals_apart(found), lines):
        group = asked_of(copy, whole, lines)
        if len(group) == count and unit_fits(wanted, group[0].unit) >= 0 and not any(one.bound for one in group):
            ranked.append((group, known_of(about, wanted, group, lines)))
    if not about or not ranked:
        return None
    ranked.sort(key=lambda one: -one[1]["score"])
    group, known = ranked[0]
    total = sum(one.value for one in group)
    rivals = [one for one in ranked if sum(other.value for other in one[0]) != total]
    known["margin"] = min(2.0, known["score"] - rivals[0][1]["score"]) if rivals else 2.0
    fits = known["asked"] == 1 or (known["unit fits"] > 0 and known["asked"] >= _ASKED_FOR)
    return (group, known) if fits and known["margin"] >= _AHEAD else None
