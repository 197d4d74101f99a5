"""A list that the reader found, counted: the number of its members goes before them."""

import re

from corpus.text.normalise import Normal
from qa.answering.forms.computing.counting import count_asked
from qa.answering.forms.figures import facts

_LAST = re.compile(r"(?:以及|和|及|与)")
_MEMBER = re.compile(r"[^、，,。；;：:！!？?\n（）()]{1,20}(?:[（(][^）)]{0,30}[）)])?")
# A list goes on where one of these stands before or behind it.
_GOES_ON_BEFORE = re.compile(r"[、和及与]\s*$")
_GOES_ON_BEHIND = re.compile(r"^\s*(?:[、等和及与]|以及|[（(])")
# Behind the last member it leaves open whether there are more: 医疗、教育、养老等民生问题.
_AND_OTHERS = re.compile(r"等(?![级奖候待])")
_LEAST = 3


def members(text: str, start: int, end: int) -> list[str]:
    """Return the members of the list at `[start, end)` of a text; empty unless it is surely a whole list.

    Members are separated by 、, the last ones by 和 or 及. A text with a list of two, or one that goes on or that 等
    leaves open, has none.
    """
    if _GOES_ON_BEFORE.search(text[:start]) or _GOES_ON_BEHIND.match(text[end:]):
        return []
    found = text[start:end].strip().split("、")
    if len(found) > 1:
        found[-1:] = _LAST.split(found[-1], maxsplit=1)
    found = [one.strip() for one in found]
    sure = len(found) >= _LEAST and all(map(_MEMBER.fullmatch, found)) and not _AND_OTHERS.search(found[-1])
    return found if sure else []


def listed(question: Normal, text: str, start: int, end: int) -> str:
    """Return the number of a list's members as the question counts them (3家); empty for other questions.

    A question for their number alone (几种, 多少个) is answered by a list of names, not by one of figures:
    专馆6个、专柜12个.
    """
    counter = count_asked(question)
    how_many = "几" in question.replace("哪几", "") or "多少" in question
    if not counter or "第几" in question or (how_many and facts(text[start:end]).figures):
        return ""
    found = members(text, start, end)
    return f"{len(found)}{counter}" if found else ""
