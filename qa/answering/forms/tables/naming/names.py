"""Parts of names that a question holds."""

import re

import rjieba

from corpus.text.normalise import normalise
from qa.answering.question.words import has_han, holds_in_order

_PLACE_END = re.compile(r"[\u4e00-\u9fff]{2}[省市县区镇乡村](?=[^的])")
_AND_MORE = re.compile("及(?=以[上下内])")
_PERSON = "人者"  # 未成年人 are called 未成年, too
_NUMBERS = "一二两三四五六七八九十"
LEAST = 2  # characters that a name and a question share
_AMOUNTS, _FUNCTION = "量数额费价率", "了过得着的是有多几"
_LEAST_LIKE = 4  # characters of names that are like each other


def shared(name: str, question: str) -> tuple[int, int]:
    """Return where in a question the longest part of a name stands, `[start, end)`; (0, 0) where no part does."""
    for length in range(min(len(name), len(question)), 0, -1):
        for start in range(len(name) - length + 1):
            place = question.find(name[start : start + length])
            if place >= 0:
                return place, place + length
    return 0, 0


def plain(text: str) -> str:
    """Return a normalised copy in which a limit is called alike: 50毫米及以上 is 50毫米以上."""
    return _AND_MORE.sub("", normalise(text))


def joined(text: str) -> str:
    """Return a copy without the 的 that a question puts between the words of a name: 2024年的计划投资."""
    return normalise(text).replace("的", "")


def word_starts(question: str) -> set[int]:
    """Return the offsets at which the words of a question begin."""
    found, place = set(), 0
    # Without guesses at unknown words: 办年|卡要 is none.
    for word in rjieba.cut(question, False):
        found.add(place)
        place += len(word)
    # Behind the sign of a place a word begins, however unknown the place: 澜江县|县道.
    return found | {match.end() for match in _PLACE_END.finditer(question)}


def places_of(name: str, question: str) -> list[int]:
    """Return the places of a question at which a whole name begins."""
    return [place for place in range(len(question)) if question.startswith(name, place)]


def told_places(question: str, name: str, known: str) -> set[int]:
    """Return the places of a question at which parts of a name stand, but for parts that stand in `known`."""
    found: set[int] = set()
    for place in range(len(question) - LEAST + 1):
        part = question[place : place + LEAST]
        if part in name and part not in known and has_han(part):
            found.update(range(place, place + LEAST))
    beside = {place + step for place in found for step in (-1, 1)} - found
    return found | {place for place in beside if 0 <= place < len(question) and question[place] in name}


def abbreviated_places(question: str, name: str) -> set[int]:
    """Return the places of a question at which a name may be abbreviated: 低保 is 最低生活保障."""
    starts = range(len(question) - LEAST + 1)
    told = [start for start in starts if holds_in_order(name, question[start : start + LEAST])]
    return {place for start in told for place in range(start, start + LEAST)}


def is_like(name: str, question: str) -> bool:
    """Return whether a question holds words that differ from a name in one character of another sound.

    A name may lack its last character there: 两轮摩托, of 两轮摩托车. Then another number is like it: 三轮摩托.
    """
    if len(name) < _LEAST_LIKE or name in question:
        return False
    if name[-1] in _PERSON and name[:-1] in question:
        return False
    if len(name) > _LEAST_LIKE and _begins_to_be_said(name[:-1], question):
        return False
    if name[0] in _NUMBERS and any(f"{other}{name[1:-1]}" in question for other in _NUMBERS):
        return len(name) > _LEAST_LIKE
    for place in range(len(question) - len(name) + 1):
        other = question[place : place + len(name)]
        differing = [(one, two) for one, two in zip(name, other, strict=True) if one != two]
        if len(differing) == 1 and name[0] == other[0] and all(map(has_han, differing[0])):
            if name[-1] in _AMOUNTS and other[-1] in _FUNCTION:
                continue  # 产量 for 产了多少
            return not _sounds_like(*differing[0])
    return False


def _begins_to_be_said(name: str, question: str) -> bool:
    """Return whether a question holds a name and then a word that is no noun: 两轮摩托|叫."""
    start = question.find(name)
    if start < 0:
        return False
    place = 0
    for word, tag in rjieba.tag(question):
        if place == start + len(name):
            return tag[0] not in "na"
        place += len(word)
    return place == start + len(name)


def _sounds_like(one: str, other: str) -> bool:
    from pypinyin import Style, lazy_pinyin  # takes a moment, and is seldom needed

    finals = (lazy_pinyin(char, style=Style.FINALS) for char in (one, other))
    return next(finals) == next(finals)
