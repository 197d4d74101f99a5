"""Recognises questions for yes or no, and for an amount, by their function words, which are a closed class."""

import re

from corpus.text.normalise import Normal
from qa.answering.question.words import WH, has_han

_WH = re.compile(WH)
# 能不能, 可不可以: the verb is `verb` or begins with `first`.
A_NOT_A = re.compile(
    r"(?P<verb>[\u4e00-\u9fff]{1,2})(?:不|没)(?P=verb)|(?P<first>[\u4e00-\u9fff])不(?P=first)(?=[\u4e00-\u9fff])"
)
_WHETHER = re.compile(r"是否|能否|可否|会否|有无|有没有|有没得")
_PARTICLE = re.compile(
    r"(?:吗|么|嘛|吧|不|没|没有|没得|否|啵|不成|对不对|是不|行不|真的不)"
    r"(?:啊|呀|哦|呢|嘛|哈|的|了|咯|哇)?[?？!！。.…~ ]*$"
)
_CLAUSES = re.compile(r"[,，;；。!！?？]")
_OR = re.compile(r"还是|或者是|抑或")
# What was first, before something was changed, or why it was.
ASKS_FORMER = re.compile("原来|原先|原定|原本|本来|起初|当初|之前|以前|[正更改]前|为什么|为何|怎么回事")
_AMOUNT = re.compile(r"多少|几|多大|多长|多久|多远|多高")
_ENGLISH = re.compile(
    r"^(?:(?:and|so|but|then|hi|hello|please|excuse me|sorry)[, ]+)*"
    r"(?:do|does|did|is|are|was|were|am|can|could|will|would|has|have|had|should|shall|may|must|"
    r"isn't|aren't|don't|doesn't|didn't|can't|won't)\b",
    re.IGNORECASE,
)


def asks_yes_or_no(question: Normal) -> bool:
    """Return whether yes or no alone can answer a question."""
    if not has_han(question):
        return bool(_ENGLISH.match(question.strip())) and " or " not in question
    copy = question.strip()
    return any(_of_clause(clause) for clause in _CLAUSES.split(copy)) or _of_clause(copy)


def asks_amount(question: str) -> bool:
    """Return whether a question asks how much, how many, how long or how far."""
    return bool(_AMOUNT.search(question))


def asking_clause(question: Normal) -> str:
    """Return the last clause of a question that asks for yes or no; the whole where none does alone."""
    found = [clause for clause in _CLAUSES.split(question) if _of_clause(clause)]
    return found[-1] if found else question


def _of_clause(clause: str) -> bool:
    if _OR.search(clause) or _WH.search(clause):
        return False
    return bool(A_NOT_A.search(clause) or _WHETHER.search(clause) or _PARTICLE.search(clause))
