"""Puts a new part (那二期呢) into the question before, in the place of what it is like."""

import re

import rjieba

from corpus.text.numerals import SIGN
from qa.answering.question.words import ASKS, NAME_TAGS

NOUNS = NAME_TAGS | {"n", "vn", "j", "l", "i", "eng"}
_YEAR = re.compile(r"(?:(?:19|20)\d{2}\s*|[去今明前])年")
# A part that is counted: 二期, 三级医院, 第2季度.
_COUNTED = re.compile(rf"(第?){SIGN}+([^\d\s].*)")


def in_place_of_its_like(before: str, part: str) -> str:
    """Replace the one year, or what is counted alike, by a part: 一期多少钱, 二期 → 二期多少钱. Empty without one."""
    counted = _COUNTED.fullmatch(part)
    if _YEAR.fullmatch(part):
        like = _YEAR
    elif counted:
        like = re.compile(rf"{counted[1]}{SIGN}+{re.escape(counted[2])}")
    else:
        return ""
    return like.sub(part, before, count=1) if len(like.findall(before)) == 1 else ""


def word_replaced(before: str, part: str) -> str:
    """Replace the one word that differs from a part by a single character: 停气提前多久, 停水 → 停水提前多久."""
    alike = [
        word
        for word in rjieba.cut(before)
        if len(word) == len(part) >= 2 and sum(map(str.__ne__, word, part)) == 1 and not ASKS.search(word)
    ]
    return before.replace(alike[0], part, 1) if len(alike) == 1 else ""


def name_replaced(before: str, part: str) -> str:
    """Replace the first name or noun of the earlier question: 龙门山门票多少钱, 白塔 → 白塔门票多少钱."""
    place = 0
    for word, tag in rjieba.tag(before):
        if tag in NOUNS and len(word) >= 2:
            return before[:place] + part + before[place + len(word) :]
        place += len(word)
    return part + before


def part_put_in(before: str, part: str) -> str:
    """Insert a part where the earlier question begins to ask: 门票多少钱, 老人 → 门票老人多少钱."""
    match = ASKS.search(before)
    return before[: match.start()] + part + before[match.start() :] if match else before + part
