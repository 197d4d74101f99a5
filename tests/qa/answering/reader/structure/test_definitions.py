"""What a word means is said by the sentence that defines it."""

import pytest

from corpus.document import Document, Span
from corpus.text.normalise import normalise
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.structure.definitions import defined

TEXT = (
    "第三条　犬只不得进入重点区域。\n第九条　本办法所称重点区域，是指二环路以内。所称烈性犬，是指附表所列的犬。\n"
    "第十条　违反的处200元罚款。\n"
)


def quoted(question: str, quote: str = "第三条　犬只不得进入重点区域。") -> str:
    document = Document("办法.txt", "青山县养犬办法", TEXT)
    start = TEXT.index(quote)
    reading = Reading((Finding(document, (), Span(start, start + len(quote))),), 0.8)
    return defined(normalise(question), reading).findings[0].quote.of(TEXT)


@pytest.mark.parametrize(
    "question", ["青山县养犬办法里“重点区域”是指哪里？", "养犬的重点区域指什么", "什么是重点区域？"]
)
def test_the_definition_answers(question: str) -> None:
    assert quoted(question) == "第九条　本办法所称重点区域，是指二环路以内。"


def test_what_asks_for_something_else_or_is_not_defined_stays() -> None:
    assert quoted("犬只能进重点区域吗？指定的地方呢") == "第三条　犬只不得进入重点区域。"
    assert quoted("养犬人是指谁？") == "第三条　犬只不得进入重点区域。"
    assert quoted("什么是烈性犬？") == "所称烈性犬，是指附表所列的犬。"
