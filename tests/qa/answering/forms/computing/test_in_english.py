"""What a question in English asks of two figures is computed from one sentence, or neither of them is said first."""

import pytest

from corpus.document import Document, Span
from corpus.text.normalise import digits
from qa.answering.forms.base import Form
from qa.answering.forms.computing.in_english import related_in_english
from qa.answering.forms.shaping import Shaped, shape
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading

YEARS = "全县产值2017年是992亿元，2021年增加到1402亿元。"
BOTH = "全馆有分馆12个，社区阅览室36个。"


def shaped(question: str, text: str, short: str) -> Shaped | None:
    start = text.index(short)
    finding = Finding(Document("a.txt", "年报", text), (), Span(0, len(text)), Span(start, start + len(short)))
    # Some words of a question are searched for in Chinese.
    asked = Question(question, question, digits(question.lower().replace("output", "产值")))
    return shape(asked, Reading((finding,), 0.9), [], shown=True)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How much more was the output in 2021 than in 2017?", "1402亿元 − 992亿元 = 410亿元"),
        ("How much did the output grow from 2017 to 2021?", "1402亿元 − 992亿元 = 410亿元"),
        ("By how much did the output change between 2017 and 2021?", "1402亿元 − 992亿元 = 410亿元"),
        (
            "By what percentage did the output rise from 2017 to 2021?",
            "（1402亿元 − 992亿元）÷ 992亿元 = 约41.3%",
        ),
        ("How many times the output of 2017 was that of 2021?", "1402亿元 ÷ 992亿元 = 约1.4倍"),
    ],
)
def test_what_changed_between_two_years_is_computed(question: str, line: str) -> None:
    found = shaped(question, YEARS, "1402亿元")
    assert found is not None and (found.form.kind, found.form.line) == (Form.COMPUTE, line)
    assert {operand.text for operand in found.form.operands} == {"1402亿元", "992亿元"}


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("How much less was the output in 2021 than in 2017?", YEARS, "1402亿元"),  # the other way round
        ("How much more was the output in 2021 than in 2019?", YEARS, "1402亿元"),  # another year
        ("How much more is the output than before?", YEARS, "1402亿元"),
        ("How many more reading rooms than branches are there?", BOTH, "36个"),
        ("Which are more, branches or reading rooms?", BOTH, "36个"),
    ],
)
def test_one_of_two_figures_is_not_said_first(question: str, text: str, short: str) -> None:
    found = shaped(question, text, short)
    assert found is not None and found.form.verdict is None
    assert found.form.line == f"The document says: {text}"


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("What was the output in 2021?", YEARS, "1402亿元"),
        ("How many reading rooms are there?", BOTH, "36个"),
        ("How many more cards were issued in 2023 than in 2022?", "办证8420张，比2022年增加1210张。", "1210张"),
        ("Which are more, branches or reading rooms?", BOTH, "社区阅览室"),  # a name may be the answer
        ("How much rain fell in June?", BOTH, "36个"),
        ("Which water tap should I use?", BOTH, "36个"),
        ("What is paid for 10 rooms or more?", BOTH, "36个"),
        ("By how many days can the deadline be extended?", "可以延长15日。", "15日"),
        ("How much did the county invest to reduce pollution?", "投入2.3亿元治理污染。", "2.3亿元"),
        ("How much do I have to pay for reduced fare tickets?", "优惠票20元。", "20元"),
        ("How much was the reduced fare?", "优惠票20元。", "20元"),
        ("How much has the pension been increased to?", "养老金提高到150元。", "150元"),
        ("How much was the fine increased to?", "罚款提高到500元。", "500元"),
        ("How much will I gain from the subsidy?", "补贴500元。", "500元"),
        ("How much will be paid if prices rise?", "补贴500元。", "500元"),
        ("How many were declined?", "退回申请30份。", "30份"),
        ("Which number do I call for more information or help?", "咨询电话88012345。", "88012345"),
        ("Which number do I call to get better or earlier service?", "咨询电话88012345。", "88012345"),
        ("Which office is open later, or which number should I call?", "窗口电话8801234。", "8801234"),
        ("What do seniors get, those aged 80 or older?", "每月100元。", "100元"),
        ("What do children shorter than 1.2 m or older than 10 pay?", "门票20元。", "20元"),
    ],
)
def test_what_answers_is_said_first(question: str, text: str, short: str) -> None:
    assert shaped(question, text, short) is None


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Which costs more, a pass or a ticket?", Form.COMPARE),
        ("Which town has more residents: Qingping or Shiqiao?", Form.COMPARE),
        ("Who pays less, residents or visitors?", Form.COMPARE),
        ("Which is older the museum or the library?", Form.COMPARE),
        ("Which of the museum or the library is older?", Form.COMPARE),
        ("Which of the two is larger?", Form.COMPARE),
        ("How much did the county reduce emissions between 2017 and 2021?", Form.COMPUTE),
        ("How much did donations to schools increase?", Form.COMPUTE),
        ("How much has the pension been increased since 2017?", Form.COMPUTE),
        ("How much was the fine increased from 2017 to 2021?", Form.COMPUTE),
        ("How much was paid for what had grown?", None),
        ("How much will the output be expected to grow?", Form.COMPUTE),
        ("By how many people did the town grow?", Form.COMPUTE),
    ],
)
def test_what_is_asked_of_two_figures_is_told_by_its_words(question: str, form: Form | None) -> None:
    assert related_in_english(digits(question), YEARS) is form


def test_a_question_in_chinese_is_none_in_english() -> None:
    assert related_in_english(digits("2021年GDP比2017年 by how much 多"), YEARS) is None
    assert related_in_english(digits("By how much did GDP rise?"), YEARS) is Form.COMPUTE
