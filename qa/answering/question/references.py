"""Words by which a turn refers to what was named before it: 它, 该项目, 那里."""

import re

import rjieba

from index.search.names import NAME_TAGS
from qa.answering.question.topics import CLAUSE_END, COURTESY, EMPTY_NOUNS, NOUNS
from qa.answering.question.words import ASKS

PLACE = re.compile(r"那里|那儿|那边|这里|这儿|当地|该地")
PERSONS = frozenset(["他", "她", "他们", "她们"])
_THINGS = frozenset(["它", "它们", "其"])
# Followed by a noun, each of these refers to something named before: 该项目, 这个学校.
_POINTS = re.compile(r"该|[这那](?:个|家|所|次|项|位)")


def pronoun(text: str) -> tuple[int, int] | None:
    """Return the span of the first word that refers back. It must be a whole word, so 他 in 其他 does not count."""
    tagged = rjieba.tag(text)
    place = 0
    for number, (word, _) in enumerate(tagged):
        end = place + len(word)
        if word in PERSONS or word in _THINGS:
            return place, end
        if _POINTS.fullmatch(word) and number + 1 < len(tagged) and tagged[number + 1][1] in NOUNS:
            return place, end + len(tagged[number + 1][0])
        place = end
    return None


def meant_above(question: str, at: int) -> bool:
    """Return whether a word that refers back, `at` its place, means what the same question named before it.

    Example: 友谊学校谁建的，它在哪里？ A name says so, or two nouns. One alone may be of the turn before:
    费用多少，它在哪里？
    """
    ends = [match.end() for match in CLAUSE_END.finditer(question, 0, at)]
    above = [
        (word, tag)
        for word, tag in rjieba.tag(COURTESY.sub("", question[: ends[-1]] if ends else ""))
        if len(word) >= 2 and tag in NOUNS and not ASKS.search(word) and word not in EMPTY_NOUNS
    ]
    return len(above) >= 2 or any(tag in NAME_TAGS for _, tag in above)
