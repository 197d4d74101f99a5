"""What the fuzzer asserts of every question (`make test-fuzz`) holds, and it would notice what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.reply import Abstention, Answer
from qa.web import html
from tests.fuzz.question_path import BETWEEN, QuestionPath

PATH = QuestionPath()
PARTS = st.sampled_from(
    [
        "结成多少对",
        "商会",
        "2020年",
        "有没有",
        "吗？",
        "和",
        "分别",
        "比",
        "<b>",
        "'\"&",
        "13800138000",
        "\x00",
        BETWEEN,
        "\ud800",
        "1" * 40,
    ]
)


@given(st.lists(PARTS | st.text(max_size=8), max_size=12).map("".join))
def test_no_question_breaks_the_path_of_questions(text: str) -> None:
    PATH.run(text)


def test_the_path_of_questions_answers_and_refuses() -> None:
    refused, answered = PATH.run("两地学校结成多少对帮扶对子？")
    assert isinstance(answered, Answer) and isinstance(refused, Answer | Abstention)
    assert PATH.run("我的电话是13800138000") == []


def test_markup_that_gets_through_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = html.exchange
    monkeypatch.setattr(html, "exchange", lambda reply: shown(reply) + html.Html("<img src=x>"))
    with pytest.raises(AssertionError, match="markup that is not ours"):
        PATH.run("商会")
