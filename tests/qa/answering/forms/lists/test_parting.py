"""What is computed takes the place of the parts only where it rests on what was found for them."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.lists.parting import PartFound, in_parts, is_computed_of
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding

PARTS = AnswerForm(Form.PARTS, "城市更新：7.2亿元\n医院建设：2.9亿元")


def computed(*figures: str, verdict: str | None = "10.1亿元") -> AnswerForm:
    return AnswerForm(Form.COMPUTE, "", verdict, tuple(Operand(figure, "", 0) for figure in figures))


def test_a_sum_of_other_figures_than_those_of_the_parts_is_not_taken() -> None:
    assert is_computed_of(PARTS, computed("7.2亿元", "2.9亿元"))
    assert not is_computed_of(PARTS, computed("16.8亿元", "2.9亿元"))
    assert not is_computed_of(PARTS, computed("7.2亿元", "2.9亿元", verdict=None))


def test_a_figure_in_another_unit_than_a_part_asks_for_is_not_said_in_its_line() -> None:
    finding = Finding(Document("a.txt", "", "先后11批次355人次来访。"), (), Span(0, 14), Span(6, 11))
    found = [PartFound(asked, finding, sure=True) for asked in ("来了多少批次", "多少人次", "来了多少")]
    lines = in_parts(Question.of("来了多少批次、多少人次"), found, [finding]).line.split("\n")
    assert lines == ["来了多少批次：见下面的引文", "多少人次：355人次", "来了多少：355人次"]


def test_days_are_days_however_they_are_called() -> None:
    finding = Finding(Document("a.txt", "", "十五日内申请复核。"), (), Span(0, 9), Span(0, 4))
    found = [PartFound("几天内申请", finding, sure=True)]
    assert in_parts(Question.of("几天内申请，向谁申请"), found, [finding]).line == "几天内申请：十五日内"


@pytest.mark.parametrize(
    ("asked", "told", "said"),
    [
        ("几天能办好", "24小时内", True),
        ("几个月能拿证", "90天", True),
        ("要几天", "1个月", True),
        ("交几年", "180个月", True),
        ("多少米", "1.2公里", True),
        ("多少平方米", "3亩", True),
        ("多少公斤", "3吨", True),
        ("几辆", "3台", True),
        ("几所学校", "12家", True),
        ("罚多少钱", "违法所得1倍以上3倍以下", True),
        ("补多少钱", "最低工资标准的80%", True),
        ("罚多少钱", "15天", False),
        ("几天", "200元", False),
        ("几个月", "每月10日前", False),
        ("几辆", "3所", False),
        ("多少平方米", "12公里", False),
        ("几天", "80%", False),
    ],
)
def test_a_figure_that_measures_what_a_part_asks_for_is_said_in_any_unit(asked: str, told: str, said: bool) -> None:
    finding = Finding(Document("a.txt", "", told), (), Span(0, len(told)), Span(0, len(told)))
    line = in_parts(Question.of(f"{asked}，找谁"), [PartFound(asked, finding, sure=True)], [finding]).line
    assert line == f"{asked}：{told if said else '见下面的引文'}"
