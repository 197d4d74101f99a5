"""What is computed takes the place of the parts only where it rests on what was found for them."""

from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.lists.parting import is_computed_of

PARTS = AnswerForm(Form.PARTS, "城市更新：7.2亿元\n医院建设：2.9亿元")


def computed(*figures: str, verdict: str | None = "10.1亿元") -> AnswerForm:
    return AnswerForm(Form.COMPUTE, "", verdict, tuple(Operand(figure, "", 0) for figure in figures))


def test_a_sum_of_other_figures_than_those_of_the_parts_is_not_taken() -> None:
    assert is_computed_of(PARTS, computed("7.2亿元", "2.9亿元"))
    assert not is_computed_of(PARTS, computed("16.8亿元", "2.9亿元"))
    assert not is_computed_of(PARTS, computed("7.2亿元", "2.9亿元", verdict=None))
