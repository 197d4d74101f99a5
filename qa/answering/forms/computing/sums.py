"""The sum of as many things as a question counts (五个站一共), where exactly so many have a figure of one kind."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal
from corpus.text.numerals import whole_number
from qa.answering.forms.computing.comparing import amount_asked, content, unit_asked, unit_fits, units
from qa.answering.forms.computing.extremes import asked_of, groups, known_of
from qa.answering.forms.computing.statements import Line, Statement, totals_apart

_TOGETHER = re.compile(r"一共|总共|合计|加起来|合起来|加在一起|总计|拢共|统共|共")
_COUNTED = re.compile(
    r"(?P<count>\d{1,2}|[两三四五六七八九十]{1,2})(?P<of>[个家条项种样座所处类档门站级人只块批支队片组层期届趟])(?!月)"
)
_EXCEPT = re.compile(r"除|以外|之外|另外|不是")
MOST = 12
# The least share of the question's words at the figures, and how far they have to be ahead of any others.
_ASKED_FOR, _AHEAD = 0.5, 0.2

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
