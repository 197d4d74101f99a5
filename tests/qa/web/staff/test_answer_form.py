"""Staff read how the form of a reply came about."""

from dataclasses import replace

from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.reply import REVIEWED
from qa.web.staff.answer_form import FORM_WORDS, form_told
from tests.support.programs.feedback_office import QUOTED, REFUSED


def test_a_form_is_told_with_what_it_rests_on() -> None:
    form = AnswerForm(
        Form.COMPUTE, "9 − 4 = 5", "5个", (Operand("9个", "甲馆", 0), Operand("4个", "", 0)), "compute 0.98"
    )
    told = (("答复的形式", "计算（compute 0.98）"), ("结论", "5个"), ("依据", "甲馆 9个、4个"))
    assert form_told(replace(QUOTED, form=form)) == told
    left = AnswerForm(Form.COMPARE, how="no conclusion")
    assert form_told(replace(QUOTED, form=left)) == (("答复的形式", "比较（no conclusion）"), ("结论", "没有"))


def test_a_quotation_alone_has_no_form_to_tell_and_a_reviewed_answer_says_so() -> None:
    assert form_told(QUOTED) == form_told(REFUSED) == ()
    assert form_told(replace(QUOTED, made_by=REVIEWED)) == (("答复的来历", "这一问由人工答案回答"),)


def test_each_form_has_a_word() -> None:
    assert set(FORM_WORDS) == set(Form)
