"""The fixed words of an answer's form, in the language of the question. Everything else is quoted."""

import re
from dataclasses import astuple, dataclass

from corpus.text.normalise import converted
from qa.answering.forms.asking import asking_clause
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han

# Verbs by which a question asks, and how each is affirmed and denied. The first match decides: what the question offers
# both ways (要不要) says more than a verb within it.
_CAN = r"(?<![失功智节性电可职技才本])能(?![力源耗见手人量级效])|(?<!不)可以"
_VERBS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(asked), yes, no)
    for asked, yes, no in (
        (r"是不是|是否|对不对", "是", "不是"),
        (r"能不能|能否|可不可以|可否|得行不|行不行|得不得", "能", "不能"),
        (r"有没有|有没得|有无", "有", "没有"),
        (r"会不会|会否", "会", "不会"),
        (r"要不要|用不用|需不需", "要", "不用"),
        (
            r"(?:不|没)(?:能|可以|会|要|用|需|是|有|得|让|准)(?![?？。 ]*$)|没(?![有得]?[?？。 ]*$)",
            "是",
            "不是",
        ),  # what it denies itself
        (r"是.{1,20}(?:吗|吧|么|嘛)", "是", "不是"),
        (rf"{_CAN}|得行|要得", "能", "不能"),
        (r"有[^还也就都才可会要得]{1,12}(?:吗|没[有得]?|不)[?？。 ]*$", "有", "没有"),
        (r"(?<!机|协|社|理|学|议|开|大)会.{1,20}(?:吗|不)", "会", "不会"),
        (r"需要|(?<![主重次首必])要(?!闻|求|素|点|件).{0,20}(?:吗|不)", "要", "不用"),
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words in one language or script."""

    says: str
    silent: str
    contradicts: str
    equal: str
    below: str
    unread: str
    colon: str


_CHINESE = Words(
    "文件写的是：", "文件没有说。", "文件写的不是这样：", "一样", "见下面的引文", "一次问得太多，请单独再问", "："
)
_ENGLISH = Words(
    "The document says: ",
    "The documents do not say.",
    "The document says otherwise: ",
    "the same",
    "see the words below",
    "too many questions at once; please ask this one again",
    ": ",
)


def words(question: Question) -> Words:
    """Return the fixed words in the language of a question."""
    if not has_han(question.standalone):
        return _ENGLISH
    if question.traditional:
        return Words(*map(as_traditional, astuple(_CHINESE)))
    return _CHINESE


def verdict(question: Question, *, yes: bool) -> str:
    """Return 是。 or 不能。: the question's own verb, affirmed or denied."""
    if not has_han(question.standalone):
        return "Yes." if yes else "No."
    clause = asking_clause(question.normal)
    affirmed, denied = next(((a, d) for asked, a, d in _VERBS if asked.search(clause)), ("是", "不是"))
    said = f"{affirmed if yes else denied}。"
    return as_traditional(said) if question.traditional else said


def as_traditional(text: str) -> str:
    """Return the text in Traditional characters."""
    return converted(text, "s2t")
