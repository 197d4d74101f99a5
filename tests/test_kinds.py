"""The kind of thing that a question asks for, and whether a text holds it."""

import pytest

from qa.reader.kinds import fits, lacks


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
        ("产值排名第几？", "产值居全市第一。", "产值增加到30亿元。"),
        ("学校有多少学生？", "学校有学生800名。", "学校有3栋楼。"),
        ("一年产多少吨？", "年产60万吨。", "产值150亿元。"),
        ("来了多少人次？", "先后355人次。", "先后355人。"),
        ("来的有几家？", "来了35家企业。", "来了很多企业。"),
        ("来的有几家？", "来了甲公司、乙公司。", "来了很多企业。"),
        ("每批来多少人？", "每批来30人。", "11批来了355人。"),
        ("人均产值多少？", "人均产值3万元。", "产值1400亿元。"),
        ("对口帮扶的学校有哪些？", "第一小学、第二小学结成对子。", "两地共有13所学校结成对子。"),
        ("来的企业都有谁？", "来的有甲公司和乙公司。", "来的企业共35家。"),
        ("提升行动指哪三项？", "- 质量提升\n- 人才提升\n- 服务提升", "- 质量提升\n- 人才提升"),
        ("要打好哪两张牌？", "一张是感情牌，一张是服务牌。", "要打好两张牌。"),
        ("提升行动指哪三项？", "质量提升，人才提升，还有服务提升。", "三项提升行动已经开始。"),
    ],
)
def test_an_answer_needs_the_kind_of_thing_asked_for(question: str, holds: str, holds_not: str) -> None:
    assert not lacks(question, holds)
    assert lacks(question, holds_not)


@pytest.mark.parametrize("question", ["有多少家企业上榜哪些名单？", "学校在哪里？", "是哪三年办的？"])
def test_a_question_for_no_names_needs_none(question: str) -> None:
    assert not lacks(question, "1998年，6家企业上榜。")


def test_a_text_that_lacks_what_is_asked_for_counts_against_it() -> None:
    assert [fits("投资多少钱？", text) for text in ("投资30亿元。", "投资很大。")] == [1, -1]
    assert fits("学校好吗？", "学校很好。") == 0
