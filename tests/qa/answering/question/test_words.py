"""Words that ask are the same for all steps: for follow-ups, for taking apart, for mending names, for the form."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.question.decomposition import parts
from qa.answering.question.topics import asks, topic
from tests.support.doubles.toy import names_of

WORDS = """
    谁 什么 什么时候 什么地方 哪里 哪一年 何时 何地 何处 多久 多少 好多 多大 多高 多长 多远 多重 多宽 几个
    啥 怎么 怎样 咋个 如何 为什么 为何 为啥 啷个
""".split()  # noqa: SIM905  # a table of words reads better than a list of quotes


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_asks_asks_in_every_step(word: str) -> None:
    question = f"新校舍{word}，老校舍{word}"
    assert asks(question) and topic(f"新校舍{word}") == "新校舍"
    assert len(parts(question)) == 2
    assert not asks_yes_or_no(normalise(f"新校舍{word}吗"))


@pytest.mark.parametrize("word", ["几乎", "哪怕"])
def test_words_that_begin_alike_do_not_ask(word: str) -> None:
    assert not asks(f"新校舍{word}建成") and parts(f"新校舍{word}建成，老校舍{word}拆除") == ()
    assert asks(f"新校舍{word}建成了吗")


def test_no_name_is_mended_out_of_words_that_ask() -> None:
    assert names_of("浙江省委在杭州。").mend("浙江省为啥办学") == "浙江省为啥办学"
    assert names_of("浙江省委在杭州。").mend("浙江省为办学") == "浙江省委办学"
