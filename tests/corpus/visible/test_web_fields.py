"""Words that a web page shows otherwise than as text: added by its sheet, typed into its fields, drawn in SVG."""

import pytest

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET

_PAGE = "<meta charset=utf-8><style>{}</style><h1>收费公告</h1><p>自下月起按下列标准收费，请互相转告。</p>{}"


def read(body: str, style: str = "") -> Document:
    return convert("网页.html", _PAGE.format(style, body).encode(), DEFAULT_BUDGET)


@pytest.mark.parametrize(
    ("style", "body", "line"),
    [
        (".p::after{content:'元'}", "<p>门票<b class=p>20</b>起。</p>", "门票20元起。"),
        ('.p:after{content:"\\5143"}', "<p>门票<b class=p>20</b>起。</p>", "门票20元起。"),
        ("p.t::before{content:'注意：'}", "<p class=t>雨天停开。</p>", "注意：雨天停开。"),
        (".a .p::after{content:'元'}", "<div class=a><p>门票<b class=p>20</b>。</p></div>", "门票20元。"),
        (".a>p>.p::after{content:'元'}", "<div class=a><p>门票<b class=p>20</b>。</p></div>", "门票20元。"),
        ("b::after{content:attr(data-unit)}", "<p>门票<b data-unit=元>20</b>。</p>", "门票20元。"),
        ("b::after{content:'元'} b.x::after{content:none}", "<p>门票<b class=x>20</b>枚。</p>", "门票20枚。"),
        # What is not of this element, or does not show now.
        (".c .p::after{content:'元'}", "<div class=a><p>门票<b class=p>20</b>。</p></div>", "门票20。"),
        (".c>.p::after{content:'元'}", "<div class=c><p>门票<b class=p>20</b>。</p></div>", "门票20。"),
        (".p:hover::after{content:'点这里'}", "<p>门票<b class=p>20</b>。</p>", "门票20。"),
        ("@media print{.p::after{content:'元'}}", "<p>门票<b class=p>20</b>。</p>", "门票20。"),
        ("p::after{content:'.';visibility:hidden}", "<p>门票20。</p>", "门票20。"),
        (".i::before{content:'\\e613'}", "<p><i class=i></i>门票20。</p>", "门票20。"),
    ],
)
def test_words_that_a_sheet_adds_to_an_element_are_read_with_it(style: str, body: str, line: str) -> None:
    document = read(body, style)
    assert line in document.text.split("\n")
    assert document.remark == ""


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("p::before{content:'第' counter(n) '条'}", True),
        ("p:nth-child(2)::after{content:'万元'}", True),
        ("p:nth-child(2)::after{content:'▸'}", False),
        ("h6::before{content:counter(n)}", False),  # of nothing in the page
    ],
)
def test_what_a_sheet_counts_or_adds_by_other_selectors_is_a_remark(style: str, told: bool) -> None:
    remark = "网页的样式表给内容编了号或者添了字，没有读入；如有要紧的内容请打进正文"
    assert read("<p>门票20。</p>", style).remark == (remark if told else "")


def test_what_is_typed_into_fields_is_read_at_its_label() -> None:
    fields = (
        "<tr><td>姓名<td><input value=冯小满><td>性别<td><select><option>男<option selected>女</select>"
        "<tr><td>住址<td><input type=text value=河街3号><td>说明<td><textarea>已退休\n独居</textarea>"
    )
    text = read(f"<form><table>{fields}</table></form>").text
    assert "姓名：冯小满；性别：女。" in text and "住址：河街3号；说明：已退休 独居。" in text


@pytest.mark.parametrize(
    "field",
    [
        "<input type=hidden value=密>",
        "<input type=password value=密>",
        "<input type=submit value=密>",
        "<input placeholder=密>",
        "<input value=请输入密码>",
        "<input value=密 onfocus=\"this.value=''\">",
        "<input class=no value=密>",
        "<select><option>密<option>密</select>",
        "<select><option selected>请选择密级</select>",
        "<button>密</button>",
    ],
)
def test_prompts_buttons_and_what_does_not_show_are_not_read(field: str) -> None:
    assert "密" not in read(f"<p>姓名{field}</p>", ".no{display:none}").text
    assert "冯小满" in read(f"<p>姓名{field}<input value=冯小满></p>", ".no{display:none}").text


def test_a_search_is_still_left_out_with_what_was_typed_into_it() -> None:
    assert "医保" not in read("<form action=/s>站内检索 <input name=q value=医保><button>搜索</button></form>").text


def test_texts_of_a_drawing_are_lines_and_what_it_only_holds_is_not_read() -> None:
    drawing = (
        "<svg width=300 height=90><title>密</title><defs><text>密</text></defs><text x=5 y=20>一号窗口</text>"
        "<g transform='translate(0 20)'><text><tspan>社保</tspan><tspan>办理</tspan></text></g>"
        "<g display=none><text>密</text></g><text visibility=hidden>密</text></svg>"
    )
    text = read(f"<p>各窗口如下。</p>{drawing}<p>请先取号。</p>").text
    assert "各窗口如下。\n\n一号窗口\n社保办理\n\n请先取号。" in text and "密" not in text
    assert "一号" not in read(f"<div style='display:none'>{drawing}</div>").text


def test_a_page_of_many_rules_and_elements_is_read_within_its_time() -> None:
    style = "".join(f".a .b{number}::after{{content:'元'}}" for number in range(2_000))
    classes = " ".join(f"b{number}" for number in range(50))
    body = "<div class=a>" + f"<b class='{classes}'>1</b>" * 12_000 + "</div>"
    assert "1元1元" in read(body, style).text
