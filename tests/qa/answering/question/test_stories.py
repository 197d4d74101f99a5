"""The one sentence that asks is taken out of a story around it."""

import pytest

from qa.answering.lookup.stories import asked_alone


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("我在镇上开了个小店。去年生意淡，娃儿又要读书。小店的房租补贴给不给", "小店的房租补贴给不给"),
        ("Hello，我妈七十了。公交卡在哪里办？谢谢！", "公交卡在哪里办？"),
        ("请问一哈镇上搞不搞电网改造嘛我们那一片一到热天就停电", "请问一哈镇上搞不搞电网改造嘛"),
    ],
)
def test_the_sentence_that_asks_is_taken_out_of_a_story(question: str, sentence: str) -> None:
    assert asked_alone(question) == sentence


@pytest.mark.parametrize(
    "question",
    [
        "小店的房租补贴给不给",  # tells no story
        "我在镇上开了个小店，房租补贴给不给",  # one sentence: what it tells belongs to what it asks
        "公交卡在哪里办？要带什么材料？",  # two ask
        "我在镇上开了个小店。这个给不给",  # names nothing
        "I opened a shop. Is there a subsidy?",
    ],
)
def test_what_is_no_story_around_one_question_stays_whole(question: str) -> None:
    assert asked_alone(question) == ""
