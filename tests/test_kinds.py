"""The kind of thing that a question asks for, and whether a text holds it."""

import pytest

from qa.reader.kinds import fits, lacks


@pytest.mark.parametrize(
    ("question", "holds", "holds_not"),
    [
        ("学校什么时候奠基？", "2004年5月奠基。", "学校已经奠基。"),
        ("展会办了几年？", "展会办了12年。", "展会办得很好。"),
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
