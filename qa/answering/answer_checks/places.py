"""Checks that quoted texts are about the place asked for, and go from and to the places asked for."""

import re
from collections.abc import Iterable, Iterator, Sequence

import rjieba

from qa.answering.question.analysis import Question, Tagged, tagged_clauses

_UNIT_OF_PLACE = re.compile(r"(?<=..)[省市区县]$")
_GOES = frozenset(
    ("到", "赴", "来", "去", "给", "前往", "来到", "派往", "派到", "援助", "支援", "援建", "放到", "放在")
)


def of_another_place(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question is about one place and the texts name only others.

    Example: 浙江省2021年的总产值 is not answered by 涪陵总产值…….
    """
    place = _place_asked_about(question)
    if not place or any(place in text for text in quoted):
        return False
    named = {word for text in quoted for word, tag in rjieba.tag(text) if tag == "ns" and len(word) > 1}
    return bool(named) and not any(word in question.search for word in named)


def goes_the_other_way(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts describe the opposite direction, or leave the question's origin out.

    Example: how many people 浙江 sent 到涪陵 is not answered by how many 涪陵 sent 到浙江, nor by how many 涪陵 has.
    """
    asked = set(_ways(question.clauses))
    if not asked:
        return False
    text = "\n".join(quoted)
    told = {way for part in quoted for way in _ways(tagged_clauses(part))}
    return any(way not in told and (way[::-1] in told or (way[1] in text and way[0] not in text)) for way in asked)


def _ways(clauses: Iterable[Tagged]) -> Iterator[tuple[str, str]]:
    """Yield (origin, goal) for each verb of movement that stands between two places of one clause."""
    for tagged in clauses:
        places = [(i, _UNIT_OF_PLACE.sub("", word)) for i, (word, tag) in enumerate(tagged) if tag == "ns"]
        for i, (word, _) in enumerate(tagged):
            if word in _GOES:
                origins = [place for at, place in places if at < i]
                goals = [place for at, place in places if i < at <= i + 2]
                if origins and goals and origins[-1] != goals[0]:
                    yield origins[-1], goals[0]


def _place_asked_about(question: Question) -> str:
    """Return the place that a question begins with, without 省 or the like; empty when it begins otherwise."""
    tagged = list(question.tagged)
    while tagged and (tagged[0][1] in ("t", "m", "x", "r") or tagged[0][0] in ("请问", "年", "年度", "，", ",")):
        tagged.pop(0)
    if not tagged or tagged[0][1] != "ns" or len(tagged) < 2:
        return ""
    behind = [
        (word, tag) for word, tag in tagged[1:] if not (tag in ("t", "m") or word in ("省", "市", "区", "县", "年"))
    ]
    of_it = bool(behind) and (behind[0][0] == "的" or behind[0][1] in ("n", "nz", "l", "j", "eng"))
    return _UNIT_OF_PLACE.sub("", tagged[0][0]) if of_it else ""
