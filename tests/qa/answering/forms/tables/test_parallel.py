"""All cases of an amount are said where the question names none of them, and one where it names one."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.tables.parallel import each_case, with_all_cases
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

CARE = "护理补贴标准：轻度失能每人每月200元，中度失能每人每月400元，重度失能每人每月800元，按季度发放。"
HOUSES = "收费：住宅类每件80元，非住宅类每件550元；查封登记免收。"
HUTS = "营地有木屋24间，工作日每间每晚280元，周末420元。"
PERMITS = "预算480万元，投标人5家，中标金额451万元。"
AGES = document(
    """高龄津贴发放标准

年龄 | 高龄津贴（元/月）
80–89周岁 | 100
90–99周岁 | 300
100周岁以上 | 500
"""
)


def short(question: str, text: str, words: str) -> str:
    of = document(text)
    start = text.index(words)
    found = Finding(of, (), Span(0, len(text)), Span(start, start + len(words)))
    answer = with_all_cases(Question.of(question).search, found).short
    return answer.of(text) if answer else ""


@pytest.mark.parametrize(
    ("question", "text", "words", "answer"),
    [
        (
            "护理补贴每月多少",
            CARE,
            "200元",
            "轻度失能每人每月200元，中度失能每人每月400元，重度失能每人每月800元",
        ),
        ("登记一件收多少钱", HOUSES, "80元", "住宅类每件80元，非住宅类每件550元"),
        ("木屋一晚多少钱", HUTS, "280元", "工作日每间每晚280元，周末420元"),
        ("中度失能的护理补贴每月多少", CARE, "400元", "400元"),  # a case is named
        ("住宅登记收多少钱", HOUSES, "80元", "80元"),
        ("哪种失能每月400元", CARE, "400元", "400元"),
        ("护理补贴最高多少", CARE, "800元", "800元"),
        ("预算多少", PERMITS, "480万元", "480万元"),  # figures of different things
        ("补贴怎么发", CARE, "按季度发放", "按季度发放"),
    ],
)
def test_all_cases_of_a_sentence_are_the_answer_unless_one_is_named(
    question: str, text: str, words: str, answer: str
) -> None:
    assert short(question, text, words) == answer


def line(question: str, of: Document = AGES, *, shown: bool = True, confidence: float = 0.2) -> str:
    start = of.text.index("90–99")
    row = Span(start, start + len("90–99周岁 | 300"))
    reading = Reading((Finding(of, (), row, Span(row.end - 3, row.end)),), confidence)
    found = each_case(Question.of(question).search, reading, shown=shown)
    if found is None:
        return ""
    form, (finding,) = found
    quote = finding.quote.of(of.text)
    assert finding.short is None and all(one.text in quote and one.of in quote for one in form.operands)
    return form.line


def test_each_row_of_a_table_has_a_line_with_its_unit() -> None:
    assert line("高龄津贴每月多少") == "80–89周岁：100元/月\n90–99周岁：300元/月\n100周岁以上：500元/月"


@pytest.mark.parametrize(
    "question", ["95岁高龄津贴每月多少", "90–99周岁的高龄津贴多少", "高龄津贴最高多少", "津贴怎么领"]
)
def test_a_case_that_is_named_or_not_asked_for_has_no_list(question: str) -> None:
    assert line(question) == ""


@pytest.mark.parametrize(
    ("question", "listed"),
    [("高龄津贴每月多少", True), ("高龄津贴电话费多少", False), ("津贴每月多少", False)],
)
def test_what_is_not_sure_is_listed_only_where_the_document_holds_all_that_is_asked(
    question: str, listed: bool
) -> None:
    assert bool(line(question, shown=False)) is listed
    assert line(question, shown=True)


def test_all_cases_of_a_sentence_are_shown_where_it_holds_all_that_is_asked() -> None:
    of = document(CARE, title="柏桥县护理补贴办法")
    place = CARE.index("轻度"), CARE.index("，按季度")
    found = Finding(of, (), Span(0, len(CARE)), Span(*place))

    def shown(question: str, confidence: float) -> bool:
        reading = Reading((found,), confidence)
        return each_case(Question.of(question).search, reading, shown=False) is not None

    assert shown("柏桥县护理补贴每月多少钱", 0.2)
    assert not shown("石渡县护理补贴每月多少钱", 0.2)
    assert not shown("柏桥县护理补贴每月多少钱", 0.05)
