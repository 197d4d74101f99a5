"""Labelled parts of service guides are found in the ways offices write them."""

import pytest

from corpus.document import Document
from corpus.text.fields import labelled_parts
from corpus.text.headings.plain import plain_headings

NUMBERED = """临河区居住证办事指南
实施机构：区公安分局；受理窗口：政务大厅三号
一、申请条件
1. 居住满半年；
2. 有稳定住所。
以上须同时具备。
二、申请材料
（1）身份证：原件；（2）照片一张。
三、其他
本指南自印发之日起施行。
办公时间：周一至周五"""


def parts(text: str) -> dict[str, str]:
    document = Document("a.txt", "指南", text, headings=tuple(plain_headings(text)))
    return {one.label.of(text): one.text.of(text) for one in labelled_parts(document)}


def test_a_numbered_label_holds_the_lines_below_it() -> None:
    found = parts(NUMBERED)
    assert found["申请条件"] == "1. 居住满半年；\n2. 有稳定住所。\n以上须同时具备。"
    assert found["申请材料"] == "（1）身份证：原件；（2）照片一张。"


def test_several_labels_of_one_line_are_apart() -> None:
    found = parts(NUMBERED)
    assert (found["实施机构"], found["受理窗口"]) == ("区公安分局", "政务大厅三号")
    assert found["办公时间"] == "周一至周五"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "【对象】本区居民。\n【流程】先预约，\n再到窗口。\n【收费】不收费。",
            {"对象": "本区居民。", "流程": "先预约，\n再到窗口。", "收费": "不收费。"},
        ),
        ("一、受理地点：大厅二楼。\n二、办结时限：当场。", {"受理地点": "大厅二楼。", "办结时限": "当场。"}),
        (
            "材料：\n（一）身份证；\n（二）照片。\n流程：\n先预约。",
            {"材料": "（一）身份证；\n（二）照片。", "流程": "先预约。"},
        ),
        ("第一章 总则\n第一条 为了便民。", {"总则": "第一条 为了便民。"}),
        ("他说：“明天去。”这很好。", {}),
        ("", {}),
    ],
)
def test_each_way_to_write_a_label_is_known(text: str, expected: dict[str, str]) -> None:
    found = parts(text)
    assert {label: found[label] for label in expected} == expected
    if not expected:
        assert not [label for label in found if label != "他说"]


def test_a_label_without_words_below_it_is_none() -> None:
    assert parts("一、材料\n二、时限：三天") == {"时限": "三天"}


def test_a_part_reaches_over_deeper_ones_to_the_next_of_its_level() -> None:
    found = parts("第一章 总则\n一、条件\n（一）年龄：满十八岁\n二、材料\n身份证\n第二章 附则\n一、时间\n三天")
    assert found["总则"] == "一、条件\n（一）年龄：满十八岁\n二、材料\n身份证"
    assert (found["条件"], found["年龄"], found["材料"]) == ("（一）年龄：满十八岁", "满十八岁", "身份证")
    assert (found["附则"], found["时间"]) == ("一、时间\n三天", "三天")
