"""The fixed words follow the question's verb, its language and its script."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.forms import wording
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.question.analysis import Question


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("能不能代领？", "能。", "不能。"),
        ("是不是浙江修的", "是。", "不是。"),
        ("有没有补贴", "有。", "没有。"),
        ("明年会不会涨", "会。", "不会。"),
        ("要不要预约", "要。", "不用。"),
        ("产品主要用在风电上吗", "是。", "不是。"),  # no verb within a word
        ("上门要另外给钱吗", "要。", "不用。"),
        ("有沒有補貼", "有。", "沒有。"),
        ("失能老人要不要加两块", "要。", "不用。"),  # 能 in a word is no verb
        ("家里有小汽车还申请得到不", "是。", "不是。"),  # nor is 有 what is asked
        ("乙方不能自己涨价吧", "是。", "不是。"),  # 能 would say the opposite
        ("村里有食堂没有", "有。", "没有。"),
        ("我要回老家了，押金退不退", "是。", "不是。"),  # 要 is in another clause
        ("可以不交押金吗", "能。", "不能。"),
        ("Can I pay in cash?", "Yes.", "No."),
    ],
)
def test_says_yes_and_no_by_the_verb_of_the_question(question: str, yes: str, no: str) -> None:
    asked = Question.of(question)
    assert (wording.verdict(asked, yes=True), wording.verdict(asked, yes=False)) == (yes, no)


def test_what_is_not_said_is_told_in_the_language_of_the_question() -> None:
    assert wording.words(Question.of("能领吗")).silent == "文件没有说。"
    assert wording.words(Question.of("能領嗎")).silent == "文件沒有說。"
    assert wording.words(Question.of("Is it free?")).silent == "The documents do not say."


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("79岁能领高龄津贴吗", True),
        ("周末上不上班", True),
        ("Did it open in 2004?", True),
        ("高龄津贴多少钱", False),
        ("浙江的多还是涪陵的多", False),
        ("是谁修的", False),
        ("When did it open?", False),
    ],
)
def test_tells_a_yes_or_no_question_by_its_function_words(question: str, asked: bool) -> None:
    assert asks_yes_or_no(normalise(question)) is asked
