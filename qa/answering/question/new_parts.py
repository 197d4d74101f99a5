"""Puts a new part (那二期呢) into the question before, in the place of what it is like, or where that asks."""

import re

import rjieba

from corpus.text.numerals import SIGN
from index.search.names import NAME_TAGS
from qa.answering.question.references import pronoun
from qa.answering.question.topics import NOUNS, attribute, owned, topic
from qa.answering.question.words import ASKS

YEAR = re.compile(r"(?:(?:19|20)\d{2}\s*|[去今明前])年")
_FLOOR = re.compile(rf"(?:{SIGN}+|[首底顶])[楼层](?:以[上下])?")
PERSON = re.compile(
    r".[员师者长生]$|大人|儿童|老人|专家|学生|主任|经理|干部|领导|代表团|工人|人才|司机|房东|书记|教授|居民|农民"
)
_WHICH = re.compile(r"(?:什么(?!时候|地方)|啥子?(?!时候)|哪些)[\u4e00-\u9fff]{0,3}[？?]?$")
# A part that is counted: 二期, 三级医院, 第2季度.
COUNTED = re.compile(rf"(第?){SIGN}+([^\d\s].*)")
_COUNTS_THINGS = re.compile(
    r"^(?P<head>.+(?:多少(?!钱)|好多(?!钱)|哪些|几(?!点))[个家所位名对项条座人次批张种]{0,2})[\u4e00-\u9fff]{2,12}?[？?]?$"
)


def with_part(before: str, part: str) -> str:
    """Replace a year, a name of the same kind, or else the attribute of the earlier question by `part`."""
    if found := pronoun(part):
        part = (part[: found[0]] + part[found[1] :]).strip("的 ") or part
    part = part.strip("的 ") or part
    if replaced := _in_place_of_its_like(before, part) or _like_replaced(before, part):
        return replaced
    if topic(before) in part:
        return part + before.rpartition(topic(before))[2]
    if not owned(before):
        return part + before
    kinds = {tag for word, tag in rjieba.tag(part) if tag.startswith("n")}
    if COUNTED.match(part) or PERSON.search(part):
        return _part_put_in(before, part)
    if kinds & NAME_TAGS:
        for word, tag in rjieba.tag(before):
            if tag in kinds and tag != "n" and len(word) >= 2:
                return before.replace(word, part, 1)
    if match := _COUNTS_THINGS.match(before):
        return f"{match['head']}{part}？"
    if asked := attribute(before):
        return f"{asked.owner}的{part}{asked.asks}？" if asked.owner else f"{part}{asked.asks}？"
    if match := re.search(rf"(?:是|在|位于)?(?:{ASKS.pattern})", before):
        if rjieba.tag(part)[-1][1] == "v":  # another event: 学校什么时候奠基？ 那开学呢？
            return f"{topic(before)}{part}{match.group()}？"
        return part + before[match.start() :]
    return f"{topic(before)}的{part}是什么？"


def parts_meant(before: str, part: str, whole: str) -> tuple[str, ...]:
    """Return the questions that a new part may stand for after the question `before`, the likeliest, `whole`, first."""
    if pronoun(part) or _in_place_of_its_like(before, part):
        return (whole,)
    if replaced := _word_replaced(before, part):
        return tuple(dict.fromkeys([whole, replaced]))
    if topic(before) in part:
        return (whole, part)
    if one := _one_of_those(before, part):
        return (whole, one)
    others = [_name_replaced(before, part), _part_put_in(before, part), _subject_replaced(before, part)]
    return tuple(dict.fromkeys([whole, *others]))


def _in_place_of_its_like(before: str, part: str) -> str:
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


def _like_replaced(before: str, part: str) -> str:
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


def _one_of_those(before: str, part: str) -> str:
    """Ask whether a part is among what was asked for: 要带什么, 户口本 → 要带户口本吗. Empty where nothing was."""
    match = _WHICH.search(before)
    verb = rjieba.tag(before[: match.start()])[-1:] if match else []
    if not match or not verb or verb[0][1] != "v" or verb[0][0] in ("有", "是"):
        return ""
    return f"{before[: match.start()]}{part}吗？"


def _word_replaced(before: str, part: str) -> str:
    """Replace the one word that differs from a part by a single character: 停气提前多久, 停水 → 停水提前多久."""
    alike = [
        word
        for word in rjieba.cut(before)
        if len(word) == len(part) >= 2 and sum(map(str.__ne__, word, part)) == 1 and not ASKS.search(word)
    ]
    return before.replace(alike[0], part, 1) if len(alike) == 1 else ""


def _name_replaced(before: str, part: str) -> str:
    """Replace the first name or noun of the earlier question: 龙门山门票多少钱, 白塔 → 白塔门票多少钱."""
    place = 0
    for word, tag in rjieba.tag(before):
        if tag in NOUNS and len(word) >= 2:
            return before[:place] + part + before[place + len(word) :]
        place += len(word)
    return part + before


def _part_put_in(before: str, part: str) -> str:
    """Insert a part where the earlier question begins to ask: 门票多少钱, 老人 → 门票老人多少钱."""
    match = ASKS.search(before)
    return before[: match.start()] + part + before[match.start() :] if match else before + part


def _subject_replaced(before: str, part: str) -> str:
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
