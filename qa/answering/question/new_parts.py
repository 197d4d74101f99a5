"""Puts a new part (那二期呢) into the question before, in the place of what it is like."""

import re

import rjieba

from corpus.text.numerals import SIGN
from index.search.names import NAME_TAGS
from qa.answering.question.words import ASKS

NOUNS = NAME_TAGS | {"n", "vn", "j", "l", "i", "eng"}
YEAR = re.compile(r"(?:(?:19|20)\d{2}\s*|[去今明前])年")
_FLOOR = re.compile(rf"(?:{SIGN}+|[首底顶])[楼层](?:以[上下])?")
# A part that is counted: 二期, 三级医院, 第2季度.
PERSON = re.compile(
    r".[员师者长生]$|大人|儿童|老人|专家|学生|主任|经理|干部|领导|代表团|工人|人才|司机|房东|书记|教授|居民|农民"
)
_WHICH = re.compile(r"(?:什么(?!时候|地方)|啥子?(?!时候)|哪些)[\u4e00-\u9fff]{0,3}[？?]?$")
COUNTED = re.compile(rf"(第?){SIGN}+([^\d\s].*)")


def in_place_of_its_like(before: str, part: str) -> str:
    """Replace the one year, or what is counted alike, by a part: 一期多少钱, 二期 → 二期多少钱. Empty without one."""
    counted = COUNTED.fullmatch(part)
    if YEAR.fullmatch(part):
        like = YEAR
    elif _FLOOR.fullmatch(part):
        like = _FLOOR
    elif counted:
        like = re.compile(rf"{counted[1]}{SIGN}+{re.escape(counted[2])}")
    else:
        return ""
    return like.sub(part, before, count=1) if len(like.findall(before)) == 1 else ""


def like_replaced(before: str, part: str) -> str:
    """Replace the one noun of a part's kind: 医生有多少, 老师 → 老师有多少; 油费补不补, 过路费 → 过路费补不补.

    A part of several words replaces the nouns before it, too: 经济项目, 公益项目.
    """
    kind, several = _kind(part), len(rjieba.cut(part)) > 1
    tagged = rjieba.tag(before)
    alike = [n for n, (word, tag) in enumerate(tagged) if tag in NOUNS and len(word) >= 2 and _kind(word) == kind]
    if not alike or (len(alike) > 1 and kind != "person"):
        return ""
    first = last = alike[-1]
    while several and first and tagged[first - 1][1] in NOUNS:
        first -= 1
    words = [word for word, _ in tagged]
    return "".join([*words[:first], part, *words[last + 1 :]])


def _kind(noun: str) -> str:
    """Return what kind of thing a noun names: persons, else its last character, which tells 费 from 期."""
    return "person" if PERSON.search(noun) else noun[-1]


def one_of_those(before: str, part: str) -> str:
    """Ask whether a part is among what was asked for: 要带什么, 户口本 → 要带户口本吗. Empty where nothing was."""
    match = _WHICH.search(before)
    verb = rjieba.tag(before[: match.start()])[-1:] if match else []
    if not match or not verb or verb[0][1] != "v" or verb[0][0] in ("有", "是"):
        return ""
    return f"{before[: match.start()]}{part}吗？"


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


def subject_replaced(before: str, part: str) -> str:
    """Put a part in the place of the words up to the first verb, time or figure.

    Example: 甲厂2024年产值多少, 乙厂 → 乙厂2024年产值多少.
    """
    place, noun = 0, False
    for word, tag in rjieba.tag(before):
        if tag[0] in "vtrdpm" or (noun and tag[0] == "n" and len(word) >= 2 and tag not in NAME_TAGS):
            break
        place += len(word)
        noun = noun or (tag in NOUNS and len(word) >= 2)
    return part + before[place:].removeprefix("的")
