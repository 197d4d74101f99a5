from dataclasses import replace
from typing import Any

import pytest

from qa.answering.reply import Answer
from qa.evaluation.golden import GoldenQuestion
from qa.service.suggestion_rules import as_question, is_example
from tests.support.doubles.toy import document
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


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("住房补贴发放标准", "住房补贴发放标准是什么？"),
        ("申请条件", "公租房办法的申请条件有哪些？"),
        ("怎样申请公租房", "怎样申请公租房？"),
        ("公租房可以续租吗？", "公租房可以续租吗？"),
        ("公租房办法", ""),  # a title that only names
        ("深化两地协作", ""),
        ("该项补贴的范围", ""),  # points to what stands elsewhere
        ("附则", ""),
    ],
)
def test_a_heading_is_offered_as_the_question_that_it_answers_or_not_at_all(heading: str, question: str) -> None:
    assert as_question(heading, document("文", title="公租房办法")) == question
