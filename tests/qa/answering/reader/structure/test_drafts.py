"""A draft is asked for by its name."""

import pytest

from corpus.document import Document
from corpus.text.normalise import normalise
from qa.answering.reader.structure.drafts import drafts_asked_for
from tests.support.validity import with_validity

RULE = Document("办法.txt", "青山县电梯安全管理办法", "青山县电梯安全管理办法\n第一条 电梯每年检验一次。\n")
DRAFT = Document(
    "草案.txt",
    "青山县电梯安全管理办法（修订草案征求意见稿）",
    "青山县电梯安全管理办法（修订草案征求意见稿）\n第一条 电梯每半年检验一次。\n",
)
OTHER = Document("他.txt", "青山县犬只管理办法（草案）", "青山县犬只管理办法（草案）\n第一条 每户一只。\n")
REVISED = Document(
    "修订.txt", "青山县电梯安全管理办法（2025年修订）", "青山县电梯安全管理办法（2025年修订）\n第一条 一年一次。\n"
)


def asked(question: str, *documents: Document) -> set[str]:
    return drafts_asked_for(normalise(question), with_validity(documents or (RULE, DRAFT, OTHER)))


@pytest.mark.parametrize(
    "question",
    [
        "电梯安全管理办法修订草案的意见什么时候截止？",
        "电梯安全管理办法征求意见稿几年检验一次",
        "修订后的电梯安全管理办法几年检验一次",
    ],
)
def test_the_draft_of_that_title_is_asked_for(question: str) -> None:
    assert asked(question) == {"草案.txt"}


@pytest.mark.parametrize(
    "question",
    [
        "电梯安全管理办法规定几年检验一次",
        "修订草案和现行的电梯安全管理办法有什么不同",
        "养老机构管理办法草案什么时候截止",
    ],
)
def test_the_rule_or_both_are_asked_for(question: str) -> None:
    assert asked(question) == set()


def test_a_rule_that_calls_itself_revised_is_the_revised_one() -> None:
    assert asked("修订后的电梯安全管理办法几年检验一次", RULE, DRAFT, REVISED) == set()
    assert asked("电梯安全管理办法草案几年检验一次", RULE, DRAFT, REVISED) == {"草案.txt"}
