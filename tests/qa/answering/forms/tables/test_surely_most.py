"""The most of a column or of parallel lines, shown whatever the reader found where it is sure."""

import pytest

from corpus.document import Document
from corpus.text.normalise import digits
from qa.answering.forms.tables.most.parallel import parallel_rows
from qa.answering.forms.tables.most.sure import surely_most
from tests.support.doubles.toy import document


def titled(title: str, text: str) -> Document:
    return document(text, title=title)


FIRES = titled(
    "城区消防简报",
    "上半年全区接警413次，出动人员2310人次。按原因分：电气故障146次，用火不慎118次，吸烟47次，其他102次。"
    "按街道分：东岭街道158次，西洲街道131次，南塘街道124次。\n",
)
POSTS = titled(
    "图书馆招聘启事",
    "岗位甲：试用期每月3100元，转正后每月3900元。\n岗位乙：试用期每月3600元，转正后每月3700元。\n"
    "岗位丙：试用期每月3300元，转正后每月4500元。\n",
)
JOBS = titled(
    "博物馆招聘启事",
    "（一）讲解员，3名。本科以上学历。试用期月薪4100元，转正后4900元。\n"
    "（二）档案员，1名。年龄40周岁以下。试用期月薪4400元，转正后4800元。\n（三）保安员，2名。试用期月薪3000元，转正后3500元。\n",
)
PAY = titled("社区招聘启事", "岗位甲每月4,100元，岗位乙每月4,350元，岗位丙每月3,900元，均为税前。\n")
SPENT = titled("基金会年报", "2025年支出合计960万元，助学410万元，助医285万元，管理费用31万元。\n")
HALLS = titled(
    "阅览室开放情况", "阅览室：东室；座位数：96。\n阅览室：西室；座位数：140。\n阅览室：北室；座位数：无。\n"
)


@pytest.mark.parametrize(
    ("question", "of", "line", "cited"),
    [
        ("上半年哪类原因的火警最多", FIRES, "146次 > 118次：电气故障", 1),
        ("上半年哪个街道的火警最多", FIRES, "158次 > 131次：东岭街道", 1),
        ("图书馆招的三个岗位转正后哪个工资最高", POSTS, "4500元 > 3900元：岗位丙", 2),
        ("图书馆招聘哪个岗位试用期工资最高", POSTS, "3600元 > 3300元：岗位乙", 2),
        ("博物馆这次招聘，转正以后月薪最高的是哪个", JOBS, "4900元 > 4800元：讲解员", 2),
        ("社区招聘哪个岗工资最低", PAY, "3,900元 < 4,100元：岗位丙", 1),
        ("哪个阅览室座位最多", HALLS, "140 > 96：西室", 2),
    ],
)
def test_the_most_is_computed_from_parallel_words_and_from_a_column_that_is_named(
    question: str, of: Document, line: str, cited: int
) -> None:
    found = surely_most(digits(question), [of])
    assert found is not None and found[0].line == line
    assert len({finding.quote for finding in found[1]}) == len(found[1]) == cited


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("上半年哪类原因的火警最多吗", SPENT),  # another document
        ("哪一项支出最多", SPENT),  # the total and its parts stand beside each other
        ("上半年哪家单位的火警最多", FIRES),  # no list is of that
        ("图书馆招的四个岗位转正后哪个工资最高", POSTS),  # there are three
        ("食堂招聘帮厨哪家饭馆转正后工资最高", POSTS),  # of something else
        ("哪个阅览室最安静", HALLS),  # no column is named
        ("图书馆转正后每月多少", POSTS),  # asks for no most
    ],
)
def test_without_a_list_or_a_column_of_it_nothing_is_computed(question: str, of: Document) -> None:
    assert surely_most(digits(question), [of]) is None


def test_what_two_documents_can_say_is_left_open() -> None:
    question = digits("哪个阅览室座位最多")
    assert surely_most(question, [HALLS, HALLS]) is None
    assert surely_most(question, [HALLS, POSTS]) is not None


def test_rows_of_a_table_and_lines_without_a_common_figure_are_no_parallel_lines() -> None:
    assert parallel_rows(HALLS) == ()
    mixed = document("甲岗：每月3000元。\n乙岗：押金500元。\n丙岗：每年20000元。\n")
    assert parallel_rows(mixed) == ()
    (rows,) = parallel_rows(POSTS)[:1]
    assert [row.cells[0].text for row in rows] == ["岗位甲", "岗位乙", "岗位丙"]
