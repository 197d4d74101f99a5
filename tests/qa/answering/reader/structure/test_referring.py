"""An answer of an FAQ that refers to another one is shown with it."""

import pytest

from corpus.document import Document, Span
from corpus.loaders.text import load
from qa.answering.reader.base import Finding
from qa.answering.reader.structure.referring import with_referred

FIRST = "不戴头盔的，罚款三十元。"


def quoted(document: Document, answer: str) -> list[str]:
    start = document.text.rindex(answer)
    findings = with_referred([Finding(document, ("上牌问答",), Span(start, start + len(answer)))])
    return [finding.quote.of(document.text) for finding in findings]


def faq(answer: str, *between: str) -> Document:
    lines = [f"1.问：不戴头盔怎么罚？\n答：{FIRST}", *between, f"9.问：不上牌上路怎么罚？\n答：{answer}"]
    return load("问答.txt", ("上牌问答\n\n" + "\n".join(lines) + "\n").encode())


@pytest.mark.parametrize(
    "answer",
    [
        "同上一问，但是罚款为五十元。",
        "同上。",
        "与上一问相同。",
        "同第一问，罚款为五十元。",
        "请参见问题1。",
        "见第1题。",
    ],
)
def test_the_answer_that_is_referred_to_follows(answer: str) -> None:
    assert quoted(faq(answer), answer) == [answer, FIRST]


def test_an_answer_is_found_by_the_number_of_its_question_and_through_another_one() -> None:
    between = "3.问：骑车要几岁？\n答：满十六岁。", "4.问：逆行怎么罚？\n答：同第1问。"
    assert quoted(faq("同第3问。", *between), "同第3问。") == ["同第3问。", "满十六岁。"]
    assert quoted(faq("同上一问，另扣分。", *between), "同上一问，另扣分。") == [
        "同上一问，另扣分。",
        "同第1问。",
        FIRST,
    ]


@pytest.mark.parametrize(
    "answer", ["同意的，到窗口申请。", "见习期一年。", "同第7问。", "与上年相同。", "罚款五十元。"]
)
def test_other_answers_stand_alone(answer: str) -> None:
    assert quoted(faq(answer), answer) == [answer]


def test_words_outside_of_an_faq_refer_to_nothing() -> None:
    document = load("办法.txt", f"上牌办法\n\n{FIRST}\n同上一问，罚款五十元。\n".encode())
    assert quoted(document, "同上一问，罚款五十元。") == ["同上一问，罚款五十元。"]
