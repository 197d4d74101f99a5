"""Whether a rule still holds is answered by the words of the newer one that repeals it."""

from datetime import date

import pytest

from corpus.document import Document, Passage, Span
from corpus.text.normalise import normalise
from index.retrieve import Hit
from qa.answering.reader.structure.standing import still_in_force
from tests.support.validity import with_validity

OLD = Document(
    "办法2019.txt",
    "青山县临时救助办法",
    "青山县临时救助办法\n青府发〔2019〕12号\n第九条 本办法自2019年7月1日起施行。\n",
)
NEW = Document(
    "办法.txt",
    "青山县临时救助办法",
    "青山县临时救助办法\n青府发〔2025〕3号\n第九条 本办法自2025年4月1日起施行，"
    "《青山县临时救助办法》（青府发〔2019〕12号）同时废止。\n",
)
OTHER = Document("停车.txt", "青山县停车管理办法", "青山县停车管理办法\n第一条 本办法自2020年1月1日起施行。\n")
TODAY = date(2026, 11, 28)


def hits(*documents: Document) -> list[Hit]:
    return [
        Hit(
            Passage(document, Span(0, len(document.text)), (), ()),
            1.0,
            0.9,
            1.0,
            document.about.out_of_force(TODAY),
        )
        for document in with_validity(documents)
    ]


@pytest.mark.parametrize(
    "question", ["2019年的临时救助办法现在还有效吗？", "2019年临时救助办法是不是废止了", "旧的临时救助办法还能用吗？"]
)
def test_the_sentence_that_repeals_is_quoted(question: str) -> None:
    reading = still_in_force(normalise(question), hits(OLD, NEW, OTHER))
    assert reading is not None
    (finding,) = reading.findings
    assert finding.document.name == NEW.name
    assert "同时废止" in finding.quote.of(NEW.text)


@pytest.mark.parametrize(
    "question",
    [
        "临时救助办法现在还有效吗？",  # the newer one is
        "2019年的停车管理办法现在还有效吗？",
        "2019年的临时救助办法规定了多少钱？",
        "2019年的身份证现在还有效吗？",
    ],
)
def test_other_questions_are_read_as_ever(question: str) -> None:
    assert still_in_force(normalise(question), hits(OLD, NEW, OTHER)) is None


def test_without_the_newer_rule_nothing_is_said() -> None:
    assert still_in_force(normalise("2019年的临时救助办法现在还有效吗？"), hits(OLD, OTHER)) is None
