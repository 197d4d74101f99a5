"""The rows of a table are counted and named, those that a question asks for."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.counting import counted
from qa.answering.forms.computing.statements import lines_of, statements

SERVICES = """服务：助餐；内容：午餐；停靠：望江、石滩；承接单位：邻里厨房。
服务：助医；内容：陪同就诊；停靠：石滩；承接单位：红马甲。
服务：助急；内容：应急呼叫；停靠：望江；承接单位：红马甲。"""


def concluded(question: str, text: str) -> Conclusion | None:
    lines = lines_of(text, sentences(text))
    return counted(digits(question), statements(lines), lines)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("一共有几项服务", "3项：助餐、助医、助急"),
        ("有哪些服务", "3个：助餐、助医、助急"),
        ("红马甲承接几项服务", "2项：助医、助急"),
        ("停望江的服务有几项", "2项：助餐、助急"),
    ],
)
def test_counts_the_rows_asked_for(question: str, line: str) -> None:
    conclusion = concluded(question, SERVICES)
    assert conclusion is not None and conclusion.line == line
    assert [operand.words for operand in conclusion.operands] == line.partition("：")[2].split("、")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("一共有几座桥", SERVICES),
        ("一共有几项服务，各是多少钱", SERVICES),
        ("一共有几项服务", SERVICES + "\n全部服务五项，上表为主要服务。"),  # the text tells another number
        ("红马甲承接几项服务", SERVICES + "\n服务：助洁；内容：保洁；承接单位：红马甲二队。"),  # may be meant, or not
        ("一共有几项服务", SERVICES + "\n说明如下。\n费用另计。\n以下为新增。\n" + SERVICES),  # which of two tables?
    ],
)
def test_counts_nothing_where_it_is_not_sure_what_is_asked_for(question: str, text: str) -> None:
    assert concluded(question, text) is None
