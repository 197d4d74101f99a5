"""What stands in large letters is judged by the form of its question."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.studies.forms import Said, judged, table
from qa.answering.forms.base import AnswerForm, Form
from qa.answering.reply import Abstention, Answer, Citation, Reason

QUOTE = "编制床位900张，实际开放1036张。"
ROW = {
    "form": "compute",
    "label": "answered",
    "question": "多开了几张床",
    "verdict": "136张",
    "quotes": [QUOTE],
    "operands": [{"words": "900张", "of": "编制"}, {"words": "1036张", "of": "开放"}],
}


def answer(form: AnswerForm, short: str | None = None, quote: str = QUOTE) -> Answer:
    citation = Citation("a.txt", "简介", (), 0, len(quote), quote)
    return Answer(
        question="多开了几张床",
        standalone_question="多开了几张床",
        snapshot="s",
        text=quote,
        citations=(citation,),
        confidence=0.9,
        short=short,
        form=form,
    )


REFUSAL = Abstention(
    question="多开了几张床",
    standalone_question="多开了几张床",
    snapshot="s",
    reason=Reason.NOT_IN_DOCUMENTS,
    text="没有。",
)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (answer(AnswerForm(Form.COMPUTE, "1036张 − 900张 = 136张", "136张")), "right"),
        (answer(AnswerForm(Form.COMPUTE, "1036张 − 900张 = 236张", "236张")), "wrong"),
        (answer(AnswerForm(Form.LOOKUP), "1036张"), "wrong"),
        (answer(AnswerForm(Form.COMPUTE)), "quoted"),
        (answer(AnswerForm(Form.COMPUTE, f"文件写的是：{QUOTE}")), "quoted"),
        (answer(AnswerForm(Form.COMPUTE), quote="在职职工1427人。"), "wrong"),
        (REFUSAL, "held"),
    ],
)
def test_an_operand_in_large_letters_is_wrong(reply: Answer | Abstention, outcome: str) -> None:
    assert judged(ROW, reply) == outcome


@pytest.mark.parametrize(
    ("question", "verdict", "outcome"),
    [
        ("实际开放的比编制的多吗", "yes", "right"),
        ("实际开放的比编制的多吗", "no", "wrong"),
        ("实际开放的比编制的多吗", None, "quoted"),
        ("开放到1000张了吗", "yes", "right"),  # depends on a figure
    ],
)
def test_yes_and_no_are_judged_by_the_verdict(question: str, verdict: str | None, outcome: str) -> None:
    row = ROW | {"form": "yesno", "question": question, "verdict": "yes"}
    assert judged(row, answer(AnswerForm(Form.YES_NO, "是。" if verdict else "", verdict))) == outcome


def test_of_an_unanswerable_question_nothing_may_stand_in_large_letters() -> None:
    row: dict[str, Any] = ROW | {"label": "unanswered", "quotes": [], "operands": [], "verdict": None}
    assert judged(row, REFUSAL) == "refused"
    assert judged(row, answer(AnswerForm(Form.LOOKUP), "900张")) == "wrong"
    assert judged(row, answer(AnswerForm(Form.COMPUTE))) == "quoted"


def test_the_table_counts_what_is_shown_and_right() -> None:
    said = Said("compute", "多开了几张床", "136张", True, "right", True, "136张", QUOTE)
    lines = list(table([said, replace(said, outcome="wrong", computed=False), replace(said, outcome="held", large="")]))
    row = next(line for line in lines if line.startswith("compute")).split()
    assert row[:6] == ["compute", "3", "2", "1", "1", "50.0%"]
