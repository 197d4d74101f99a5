"""The kind of thing that a question asks for, and whether a text holds it."""

import pytest

from qa.answering.answer_checks.answer_type import fits, lacks_name


@pytest.mark.parametrize(
    ("question", "holds", "holds_not"),
    [
        ("学校什么时候奠基？", "2004年5月奠基。", "学校已经奠基。"),
        ("展会办了几年？", "展会办了12年。", "展会办得很好。"),
        ("展会办了多久？", "展会办了两年。", "展会于2012年开始。"),
        ("展馆花了多少钱？", "展馆投资3.2亿元。", "展馆面积12万平方米。"),
        ("展馆修建花了多少？", "展馆投资3.2亿元。", "展馆面积12万平方米。"),
        ("展馆面积有多大？", "展馆有12万平方米。", "展馆投资3亿元。"),
        ("产值增速是多少？", "产值增长8.1%。", "产值增加到30亿元。"),
        ("商会的电话是多少？", "商会在三楼，023-72221234。", "商会有237家会员企业。"),
        ("供电服务热线是多少？", "请拨打95598。", "热线有120名话务员。"),
        ("产值排名第几？", "产值居全市第一。", "产值增加到30亿元。"),
        ("学校有多少学生？", "学校有学生800名。", "学校有3栋楼。"),
        ("一年产多少吨？", "年产60万吨。", "产值150亿元。"),
        ("来了多少人次？", "先后355人次。", "先后355人。"),
        ("来的有几家？", "来了35家企业。", "来了很多企业。"),
        ("来的有几家？", "来了甲公司、乙公司。", "来了很多企业。"),
    ],
)
def test_a_text_holds_the_kind_of_thing_asked_for_or_not(question: str, holds: str, holds_not: str) -> None:
    assert (fits(question, holds), fits(question, holds_not)) == (1, -1)


def test_a_text_that_lacks_what_is_asked_for_counts_against_it() -> None:
    assert [fits("图书馆几点开门？", text) for text in ("图书馆上午九时开放。", "图书馆周一闭馆。")] == [1, -1]
    assert [fits("投资多少钱？", text) for text in ("投资30亿元。", "投资很大。")] == [1, -1]
    assert fits("学校好吗？", "学校很好。") == 0


@pytest.mark.parametrize(
    ("question", "words", "lacks"),
    [
        ("防雹点设在哪几个村", "墨溪乡", True),
        ("防雹点设在哪几个村", "上湾村、下湾村", False),
        ("改造由哪个部门牵头", "陶志", True),
        ("改造由哪个部门牵头", "县商务局", False),
        ("跟哪所学校结对", "海角镇", True),
        ("跟哪所学校结对", "海角三中", False),
        ("哪家企业最大", "华丰", False),  # firms go by short names
        ("哪个区长来了", "李四", False),
        ("防雹点设在哪里", "墨溪乡", False),
    ],
)
def test_a_name_of_another_kind_is_none_of_those_asked_for(question: str, words: str, lacks: bool) -> None:
    assert lacks_name(question, words) is lacks
