"""Splits a question that asks for several things, so that each is answered or reported as missing."""

import re

import rjieba

from qa.answering import follow_ups
from qa.answering.reply import Turn

MOST_PARTS = 3

_ASKS = re.compile(
    r"谁|哪|何时|何地|何处|什么|多少|多久|多大|多高|多长|第?几|为何|怎么|怎样|如何|啥|"
    r"\b(?:what|when|where|who|which|how)\b",
    re.IGNORECASE,
)
# Clauses end at a mark outside of quotation marks, or before an English question word that "and" joins.
_CLAUSE = re.compile(
    r"(?:《[^》]*》|“[^”]*”|(?! and (?:what|when|where|who|which|how)\b)[^？?；;，,。])+[？?；;，,。]*", re.IGNORECASE
)
_JOINING = re.compile(r"^(?:以及|还有|并且|而且|另外|同时|那么?|又|and)\s*", re.IGNORECASE)
_AND = re.compile(r"和|与|跟|及|以及|、")
# Words after two things that ask for both.
_BOTH = re.compile(
    r"(?P<things>.{2,60}?)(?:分别|各自|各(?=有|是|为|多|几|在)|加起来|加在一起|合起来|合计|一共(?=有|是|多|几)|总共(?=有|是|多|几)|相差)"
    r"(?:一共|总共)?(?P<asked>.{2,30})"
)


def parts(question: str) -> tuple[str, ...]:
    """Return the standalone questions that a question consists of; empty when it asks for one thing only."""
    clauses = _asking_clauses(question)
    if len(clauses) > 1:
        first = _asked(clauses[0])
        rest = clauses[1:MOST_PARTS]
        return (first, *(_asked(follow_ups.standalone(clause, [Turn(first, "")])) for clause in rest))
    return _each_of_two(question)


def _asking_clauses(question: str) -> list[str]:
    """Return the clauses that ask, each together with the clauses before it that do not."""
    clauses: list[str] = []
    waiting = ""
    for clause in _CLAUSE.findall(question):
        waiting += clause
        if _ASKS.search(clause):
            clauses.append(_JOINING.sub("", waiting.strip()))
            waiting = ""
    return clauses


def _each_of_two(question: str) -> tuple[str, ...]:
    """Split A和B分别是多少？ into A是多少？ and B是多少？. Words before or after both go with each."""
    match = _BOTH.match(question)
    if not match or not _ASKS.search(match["asked"]):
        return ()
    things = [thing.strip("，, ") for thing in _AND.split(match["things"])]
    if len(things) != 2 or not all(len(thing) >= 2 for thing in things):
        return ()
    first, second = things
    _, of, shared = second.partition("的")
    behind = of + shared if shared and "的" not in first else ""
    before = _before_both(first, second.removesuffix(behind))
    return _asked(first + behind + match["asked"]), _asked(before + second + match["asked"])


def _before_both(first: str, second: str) -> str:
    """Return the leading words of the first thing that its shorter second leaves out."""
    words = rjieba.cut(first)
    length = 0
    while words and length < len(second):
        length += len(words.pop())
    return "".join(words)


def _asked(question: str) -> str:
    return question.strip("？?；;，,。 ") + ("？" if re.search(r"[\u4e00-\u9fff]", question) else "?")
