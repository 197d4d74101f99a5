from dataclasses import replace
from typing import Any

import pytest

from qa.answering.reply import Answer
from qa.evaluation.golden import GoldenQuestion
from qa.service.suggestion_rules import is_example
from tests.support.doubles.web import answer

GOOD = "两地学校结成多少对？"


def example(question: str, **change: Any) -> bool:
    golden = GoldenQuestion("g", question, (("7对",),), True, ("direct",))
    reply = answer("多少")
    assert isinstance(reply, Answer)
    return is_example(golden, replace(reply, **change))


def test_a_short_question_that_names_its_subject_and_has_a_short_answer_is_one_to_begin_with() -> None:
    assert example(GOOD)


@pytest.mark.parametrize(
    "question",
    [
        "那两地学校结成多少对？",
        "两地学校结成多少对，分别是哪些？",
        "一共结成多少对？",
        "去年底为止两地的学校一共结成了多少对？",
    ],
    ids=["points elsewhere", "two things", "names nothing of the title and headings", "two lines"],
)
def test_a_question_that_needs_more_is_not(question: str) -> None:
    assert not example(question)


@pytest.mark.parametrize("short", [None, "8对", "截至去年底，两地学校共结成7对帮扶对子"])
def test_a_question_whose_short_answer_is_missing_wrong_or_long_is_not(short: str | None) -> None:
    assert not example(GOOD, short=short)


def test_western_digits_take_half_the_room() -> None:
    assert example("2025年11月两地学校结成了多少对？") and not example("二〇二五年十一月两地学校结成了多少对？")
