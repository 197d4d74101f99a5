"""Saved web pages are read without what the site puts around their content, and nothing hidden is read."""

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.web_pages import PAGES


def text_of(page: str) -> str:
    return convert("网页.html", f"<meta charset=utf-8>{page}".encode(), DEFAULT_BUDGET).text


@pytest.mark.parametrize("name", PAGES)
def test_the_content_of_a_saved_page_is_read_and_the_site_is_not(name: str) -> None:
    page, content, site = PAGES[name]
    text = text_of(page)
    assert [words for words in content if words not in text] == []
    assert [words for words in site if words in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_what_is_looked_for_stands_in_the_page(name: str) -> None:
    page, content, site = PAGES[name]
    assert [words for words in (*content, *site) if words not in page] == []


def test_a_page_of_links_alone_is_read_whole() -> None:
    text = text_of("<ul><li><a>停水通知</a><li><a>停电通知</a><li><a>停气通知</a></ul>")
    assert [words for words in ("停水通知", "停电通知", "停气通知") if words not in text] == []
    menu = "<ul><li><a>首页</a> 有三项<li><a>办事指南</a><li><a>政策</a><li><a>联系方式一览</a></ul>"
    assert "办事指南" in text_of(menu)


def test_what_the_style_sheet_hides_is_not_read() -> None:
    style = "<style>.no, #gone {display: none} p.off{visibility:hidden} .yes{color:red}</style>"
    hidden = "<p class=no>密一</p><p id=gone>密二</p><p class=off>密三</p>"
    text = text_of(f"<head>{style}</head><body>{hidden}<div class=off>没有隐藏。</div><p class=yes>看得见。</p></body>")
    assert "密" not in text and "没有隐藏。" in text and "看得见。" in text


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ol><li>申请<li>受理</ol>", ["1. 申请", "2. 受理"]),
        ("<ol start=3 type=a><li>申请<li value=7>受理</ol>", ["c. 申请", "g. 受理"]),
        ("<ul><li>申请</ul>", ["- 申请"]),
        ("<p><input type=checkbox checked>同意 <input type=radio>不同意</p>", ["☑同意 ☐不同意"]),
    ],
)
def test_numbers_of_lists_and_boxes_show_as_in_a_browser(markup: str, lines: list[str]) -> None:
    assert text_of(markup).split("\n\n")[:-1] == lines


def test_the_title_is_without_the_name_of_the_site() -> None:
    page = "<meta charset=utf-8><title>停水通知_清水街道</title><p align=center>停水通知</p><p>明天停水，请储水。</p>"
    assert convert("网页.html", page.encode(), DEFAULT_BUDGET).title == "停水通知"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            "发布日期：2025-09-18 来源：县残联 字体：[大][中][小] <a>打印</a> 浏览次数：386",
            "发布日期：2025-09-18 来源：县残联",
        ),
        ("2024-05-06 【字体：大 中 小】【打印本页】【关闭窗口】", "2024-05-06"),
        ("来源：县医保局 点击数： 时间：2024年5月6日", "来源：县医保局 时间：2024年5月6日"),
        ("请打印申请表，关闭窗口前交费。", "请打印申请表，关闭窗口前交费。"),
        ("本馆年访问量：3万人次，字体设计中心在二楼。", "本馆年访问量：3万人次，字体设计中心在二楼。"),
    ],
)
def test_tools_beside_date_and_source_are_not_read(line: str, kept: str) -> None:
    assert text_of(f"<h1>通知</h1><p>{line}</p><p>明天停水，请各家储水。</p>").split("\n\n")[1] == kept


def test_two_other_pages_under_a_heading_of_the_site_are_not_read() -> None:
    words = "<div><p>全县全时段禁止露天焚烧秸秆，举报电话55513691。</p></div>" * 4
    text = text_of(
        f"<html><body><h1>禁烧通告</h1>{words}<p>附件：</p><p><a href='a.doc'>申请表</a></p>"
        "<div><h3>相关阅读</h3><ul><li><a href=1>秸秆怎么利用</a></li><li><a href=2>去年的通告</a></li></ul></div>"
        "</body></html>"
    )
    assert "去年的通告" not in text and "秸秆怎么利用" not in text
    assert "申请表" in text
