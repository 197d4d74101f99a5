"""The command line says first what the form of the reply says first."""

import pytest

from qa.answering.forms.base import LOOKUP, AnswerForm, Form
from qa.answering.reply import Abstention, Citation, Reason, as_json
from qa.cli.ask import say_reply


@pytest.mark.parametrize(
    ("form", "said", "short"),
    [
        (AnswerForm(Form.YES_NO, "文件没有说。"), "文件没有说。\n没有找到。\n", "文件没有说。"),
        (LOOKUP, "没有找到。\n", None),
    ],
)
def test_who_asks_for_yes_or_no_is_told_first_that_the_documents_say_neither(
    form: AnswerForm, said: str, short: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = Abstention(
        question="能领吗",
        standalone_question="能领吗",
        snapshot="1",
        reason=Reason.NOT_IN_DOCUMENTS,
        text="没有找到。",
        form=form,
    )
    say_reply(refusal, llm=False)
    assert capsys.readouterr().out == said
    assert as_json(refusal)["short"] == short


def test_a_refusal_shows_the_nearest_passage_and_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    near = Citation("a.txt", "便民卡通知", ("收费",), 0, 7, "工本费\n20元")
    refusal = Abstention(
        question="换卡多少钱",
        standalone_question="换卡多少钱",
        snapshot="1",
        reason=Reason.NOT_IN_DOCUMENTS,
        text="没有找到。",
        nearest=(near,),
    )
    say_reply(refusal, llm=False)
    assert capsys.readouterr().out == "没有找到。\n最接近的一段（不是答案）：工本费 20元\n  —— 便民卡通知 › 收费\n"
