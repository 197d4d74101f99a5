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

POSTS = """岗位：保洁员；用人单位：东镇政府；人数：12。
岗位：护林员；用人单位：林业站；人数：3。
岗位：保洁员；用人单位：西镇政府；人数：6。"""
STORES = """片区：东片；仓库：一号仓；货位：420。
片区：东片；仓库：二号仓；货位：900。
片区：西片；仓库：三号仓；货位：700。"""


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


def test_a_row_that_says_how_many_itself_is_not_counted() -> None:
    vacancies = (
        "招聘单位：东街道；岗位数网格员：5；岗位数协管员：2。\n招聘单位：西街道；岗位数网格员：4；岗位数协管员：3。"
    )
    assert concluded("东街道协管员招几个", vacancies) is None
    assert concluded("一共有几个招聘单位", vacancies) is not None


@pytest.mark.parametrize("lasting", ["小时", "钟头", "月", "星期", "工作日", "学期", "半天"])
def test_time_is_not_counted_in_rows(lasting: str) -> None:
    assert concluded(f"保洁员岗位要干几个{lasting}", POSTS) is None
    assert concluded("一共有几个岗位", POSTS) is not None


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("一共有几个岗位", POSTS, "2个：保洁员、护林员"),
        ("片区东片有几个仓库", STORES, "2个：一号仓、二号仓"),  # what is asked for, not the group
        ("一共有几个片区", STORES, "2个：东片、西片"),
    ],
)
def test_rows_of_one_name_are_counted_once(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line


def test_rows_of_one_name_are_not_counted_where_the_question_names_no_column() -> None:
    assert concluded("一共有几个岗", POSTS) is None
    assert concluded("一共有几个岗", POSTS.replace("保洁员；用人单位：西", "园林工；用人单位：西")) is not None


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


def test_a_row_that_says_how_many_is_not_counted() -> None:
    checks = "项目：血糖；老人：每年1次；孕妇：每孕期2次。\n项目：心电图；老人：每年1次；孕妇：不含。"
    assert concluded("老人每年免费查血糖几次", checks) is None
    assert concluded("免费检查的项目有几项", checks) is not None


def test_one_row_lists_nothing() -> None:
    one = concluded("红马甲在望江的服务有几项", SERVICES)
    assert one is not None and one.line == "1项：助急"
    assert concluded("红马甲在望江有哪些服务", SERVICES) is None
    assert concluded("红马甲有哪些服务", SERVICES) is not None
