"""What is computed takes the place of the parts only where it rests on what was found for them."""

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
