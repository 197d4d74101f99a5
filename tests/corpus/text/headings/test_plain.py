"""Headings of plain Chinese text."""

import pytest

from corpus.text.headings.paths import HeadingPaths
from corpus.text.headings.plain import plain_headings


def words(text: str) -> list[str]:
    return [heading.span.of(text) for heading in plain_headings(text)]


def path(text: str, at: str) -> tuple[str, ...]:
    return HeadingPaths(plain_headings(text), text).at(text.index(at))


@pytest.mark.parametrize("line", ["第一章 总则", "第二节 资金", "一、总体要求", "（二）基本原则", "工作目标"])
def test_headings_in_the_forms_of_office_documents_are_found(line: str) -> None:
    assert words(f"{line}\n\n资金专款专用，不得挪用。\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "资金专款专用，不得挪用。",
        "浙江省援建——浙涪友谊学校",
        "图片由区水利局提供",
        "张小明 李红 王大伟",
        "2021年5月1日",
        "- 道路改造",
        "[图片]",
        "“山海情深”",
    ],
)
def test_text_captions_bylines_and_items_are_no_headings(line: str) -> None:
    assert words(f"{line}\n\n资金专款专用，不得挪用。\n") == []


def test_a_short_line_without_text_below_is_no_heading() -> None:
    assert words("资金专款专用。\n\n落款单位\n") == []


def test_the_label_alone_is_the_heading_of_an_article_with_its_text_on_the_line() -> None:
    text = "第三条 资金专款专用，不得挪用，违者依法处理。\n"
    assert words(text) == ["第三条"]
    assert path(text, "不得") == ("第三条",)


def test_articles_without_a_space_after_the_label_are_known_by_their_order() -> None:
    text = "第一条为了规范，制定本办法。\n第二条适用于本县，依照\n第一条规定的原则办理。\n第三条自今日起施行。\n"
    assert words(text) == ["第一条", "第二条", "第三条"]


@pytest.mark.parametrize("label", ["第一千二百六十条", "第一百二十条之一", "第二十章", "第12条", "第廿三条"])
def test_every_numeral_makes_a_label(label: str) -> None:
    assert words(f"{label} 资金专款专用，不得挪用。\n")[0].startswith(label)


@pytest.mark.parametrize(
    "head", ["目　录", "目次", "云溪县人民政府文件", "云府发〔2025〕8号", "签发人：王某", "第一章 总则……3"]
)
def test_contents_and_red_heads_are_no_headings(head: str) -> None:
    assert words(f"{head}\n\n关于停水的通知\n\n明天停水，请储水。\n") == ["关于停水的通知"]


def test_entries_of_a_table_of_contents_are_no_headings() -> None:
    text = "目录\n第一章 总则 1\n第二章 收费 3\n\n停车办法\n\n第一章 总则\n\n资金专款专用，不得挪用。\n"
    assert words(text) == ["停车办法", "第一章 总则"]


def test_numbered_headings_nest_by_their_form() -> None:
    text = "第一章 总则\n\n一、目标\n\n（一）近期\n\n三年见效。\n\n二、原则\n\n互利共赢。\n"
    assert path(text, "三年") == ("第一章 总则", "一、目标", "（一）近期")
    assert path(text, "互利") == ("第一章 总则", "二、原则")


def test_unnumbered_headings_nest_when_nothing_stands_between() -> None:
    text = "年度报告\n\n教育\n助学成才\n\n学校更好了。\n\n医疗\n\n看病更近了。\n"
    assert path(text, "学校") == ("年度报告", "教育 助学成才")
    assert path(text, "看病") == ("年度报告", "医疗")


def test_labels_with_values_are_no_headings_and_what_stands_above_them_is_one() -> None:
    text = (
        "棋艺组\n\n11　围棋（少年）\n\n老师：王一　周二18:00\n\n二号室　费用：90元\n\n"
        "12　象棋\n\n老师：李二　周三18:00\n\n三号室　费用：80元\n\n"
        "球类组\n\n21　门球\n\n老师：张三　周六8:00\n\n操场　费用：免费\n\n须知\n\n每人限报两门。\n"
    )
    assert words(text) == ["棋艺组", "11　围棋（少年）", "12　象棋", "球类组", "21　门球", "须知"]
    assert path(text, "90元") == ("棋艺组", "11 围棋（少年）")
    assert path(text, "免费") == ("球类组", "21 门球")


def test_a_line_with_a_label_above_text_is_a_heading_unless_the_label_recurs() -> None:
    assert words("事由：补贴怎么领\n\n凭身份证到窗口领取。\n") == ["事由：补贴怎么领"]
    assert words("事由：补贴怎么领\n\n凭身份证领取。\n\n事由：窗口几点开\n\n八点半开。\n") == []
