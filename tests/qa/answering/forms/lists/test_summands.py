"""One part of several is not said where their total is asked for."""

import pytest

from corpus.document import Span
from corpus.text.sentences import sentences
from qa.answering.forms.computing.statements import lines_of
from qa.answering.forms.lists.summands import summands
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding
from tests.support.doubles.toy import document

GIFTS = document(
    "东湖区捐赠设备折合120万元。东湖区商会捐赠45万元。明达集团捐赠200万元。2022年东湖区捐赠冬衣60万元。全年东湖区共捐赠9个项目。"
)


def parts(question: str, short: str) -> list[str]:
    text = GIFTS.text
    start = text.index(short)
    quote = next(Span(*one) for one in sentences(text) if one[0] <= start < one[1])
    found = Finding(GIFTS, (), quote, Span(start, start + len(short)))
    lines = lines_of(text, sentences(text))
    return [one.quote.of(text) for one in summands(Question.of(question).search, found, lines)]


@pytest.mark.parametrize(
    ("question", "short", "count"),
    [
        ("东湖区一共捐了多少钱", "45万元", 3),
        ("2023年东湖区一共捐了多少钱", "45万元", 2),  # those of another year are no part of it
        ("明达集团一共捐了多少钱", "200万元", 0),  # the only one
        ("东湖区捐了多少钱", "45万元", 0),
        ("东湖区一共捐了几个项目", "9个项目", 0),  # a total by its own words
    ],
)
def test_the_other_parts_are_quoted_with_the_one_found(question: str, short: str, count: int) -> None:
    found = parts(question, short)
    assert len(found) == count and all("东湖区" in one for one in found)
