"""Decides which golden questions may be offered to citizens, and which of them serve as examples."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from unicodedata import east_asian_width

from corpus.document import Document
from corpus.text.normalise import normalise
from index.search.terms import words
from qa.answering.question.words import ASKS, WH, WHETHER, has_han
from qa.answering.replies.nearest import headings
from qa.answering.reply import Answer
from qa.evaluation.golden import GoldenQuestion, holds_all

# Raise this when the rules change, because what the old ones found is stored.
RULES = 2
# Tags of questions that test rough writing, which is no model of how to ask.
ROUGH = frozenset({"typo", "keywords", "dialect", "verbose", "traditional"})
# Characters, of which two Latin ones count as one; longer ones do not fit on a button of a phone.
LONGEST = 28
# English needs more room to say the same, and three lines of a button hold it.
LONGEST_ENGLISH = 40
# Widths of a Chinese character: one line of a button on a phone of 360 pixels.
ONE_LINE = 17
BRIEF = 16
# Character pairs that a question must share with the title and headings above its answer to name its subject.
SHARED = 2
# Headings of one or two characters say too little on a button, and two characters in three headings name nothing.
FEWEST_CHARACTERS = 3
LEAST_WORTH = 0.6
# Characters; shorter headings, such as 申请条件, are the same in many documents.
NAMES_ITS_SUBJECT = 6

# What is asked of a heading by the word that it ends with.
_ASKS_OF = (
    (
        ("条件", "材料", "措施", "任务", "职责", "要求", "原则", "内容", "对象", "范围", "方式", "渠道", "事项"),
        "有哪些？",
    ),
    (
        ("标准", "目标", "流程", "程序", "步骤", "期限", "方法", "依据", "定义", "电话", "网址", "价格", "比例"),
        "是什么？",
    ),
    (("金额", "数量", "人数", "总数", "面积", "费用"), "是多少？"),
    (("时间", "日期"), "是什么时候？"),
    (("地点", "地址", "位置"), "在哪里？"),
)
_ASKING = re.compile(f"是?(?:{WH})(?:个|家|人|次|年|元)?|{WHETHER}|请问|[？?]")
_POINTS_ELSEWHERE = re.compile(r"[这那該该此]|[，,；;]")


def may_be_offered(golden: GoldenQuestion) -> bool:
    """Return whether it is a whole question that stands on its own and has an answer."""
    asks = golden.question.rstrip().endswith(("？", "?"))
    longest = LONGEST if has_han(golden.question) else LONGEST_ENGLISH
    plain = asks and _width(golden.question) <= longest and not ROUGH & set(golden.tags)
    return plain and golden.answerable and not golden.history


def is_example(golden: GoldenQuestion, answer: Answer) -> bool:
    """Return whether a stranger to the documents understands question and answer at a glance.

    It asks one thing, in one line, names its subject, and the short answer holds everything expected.
    """
    short = answer.short or ""
    first = answer.citations[0]
    above = pairs(" ".join([first.title, *first.headings]))
    one_thing = _width(golden.question) <= ONE_LINE and not _POINTS_ELSEWHERE.search(golden.question)
    named = len(pairs(golden.question) & above) >= SHARED
    return one_thing and named and len(short) <= BRIEF and holds_all(golden.must, short)


def heads(documents: Iterable[Document]) -> dict[str, frozenset[str]]:
    """Return the questions that headings and titles make and that fit on a button, each with its words."""
    made = {as_question(head, document) for document in documents for head in (*headings(document), document.title)}
    return {question: frozenset(words(question)) for question in made if 0 < len(question) <= LONGEST}


def as_question(head: str, document: Document) -> str:
    """Return the question that a heading answers, in full; empty where it names a subject and nothing to ask of it.

    Example: 申请条件 → 公租房办法的申请条件有哪些？ A short heading says of what only together with the title.
    """
    head = head.strip("：:。？? ")
    if len(head) < FEWEST_CHARACTERS or _POINTS_ELSEWHERE.search(head):
        return ""
    asks = "？" if ASKS.search(head) else next((asks for ends, asks in _ASKS_OF if head.endswith(ends)), "")
    of = f"{document.title}的" if len(head) < NAMES_ITS_SUBJECT and head != document.title else ""
    return f"{of}{head}{asks}" if asks else ""


def named(question: str, among: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the questions made of headings that hold a word of the question, the best first.

    A word counts by its length and by how few of them hold it: a word in many names nothing.
    """
    wanted = {word for word in words(question) if len(word) > 1}
    held = {head: found for head, known in among.items() if (found := wanted & known)}
    common = Counter(word for found in held.values() for word in found)
    worth = {head: sum(len(word) / common[word] for word in found) for head, found in held.items()}
    good = [head for head, value in worth.items() if value >= LEAST_WORTH and normalise(head) != normalise(question)]
    return sorted(good, key=lambda head: (-worth[head], len(head), head))


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and digits, in normal form."""
    letters = "".join(char for char in normalise(text) if char.isalnum())
    return frozenset(a + b for a, b in zip(letters, letters[1:], strict=False))


def subject_pairs(question: str) -> frozenset[str]:
    """Return the pairs of a question without its words of asking: two that only ask alike share no subject."""
    return frozenset().union(*map(pairs, _ASKING.split(question)))


def _width(text: str) -> float:
    return sum(1 if east_asian_width(char) in "WF" else 0.5 for char in text)
