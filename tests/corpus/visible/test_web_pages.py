"""Saved web pages are read without what the site puts around their content, and nothing hidden is read."""

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.support.files.web_pages import PAGES


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
    ("style", "shows"),
    [
        ("position:absolute;left:-9999px", False),
        ("text-indent: -10000px", False),
        ("position:absolute; clip:rect(0, 0, 0, 0)", False),
        ("opacity:0", False),
        ("opacity: 0.0", False),
        ("opacity:0.85", True),
        ("margin-left:-9999px;position:relative;left:-20px", True),
        ("text-indent:2em", True),
    ],
)
def test_what_a_style_puts_out_of_sight_is_not_read(style: str, shows: bool) -> None:
    page = f"<h1>公告</h1><p>每周一开放。</p><p style='{style}'>免费开放。</p>"
    assert ("免费" in text_of(page)) is shows


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


WORDS = "<p>路内停车首小时六元，以后每小时四元，全天最高四十元。</p><p>残疾人车辆免费。</p>"


def test_a_page_within_one_form_is_read_and_a_search_is_not() -> None:
    search = "<form action=/s>站内检索 用户名：<input> 密码：<input type=password> <button>登录</button></form>"
    page = f"<html><body><form id=aspnetForm method=post><input type=hidden name=__VIEWSTATE value=x>{WORDS}{{}}</form>"
    assert "残疾人车辆免费。" in text_of(page.format(""))
    assert "密码" not in text_of(f"<html><body><div>{WORDS}{search}<p>以上自五月起执行。</p></div>")
    asked = "<table><tr><td>姓名：</td><td>性别：</td></tr><tr><td>地址：</td><td>电话：</td></tr></table>"
    assert "地址：" in text_of(f"<div>{WORDS}<form>请如实填写下表，并在窗口提交。{asked}</form></div>")


def test_the_title_that_a_site_states_for_its_page_is_the_title() -> None:
    def title(head: str, shown: str = "停车收费规定") -> str:
        page = f"<meta charset=utf-8>{head}<div><div class=t>{shown}</div><div>{WORDS * 3}</div></div>"
        return convert("网页.html", page.encode(), DEFAULT_BUDGET).title

    stated = "<meta name=ArticleTitle content='停车收费规定'>"
    assert title(f"<title>枫浦区人民政府门户网站</title>{stated}") == "停车收费规定"
    assert title("<title>枫浦区人民政府门户网站</title>") == title("<title>无标题文档</title>") == "停车收费规定"
    assert title(f"<title>枫浦停车指南</title>{stated}", "停车须知") == "枫浦停车指南"  # what the page does not show


def test_title_and_date_around_the_words_are_read() -> None:
    text = text_of(f"<div><div class=t>停车收费规定</div><div>发布时间：2024-03-05</div><div>{WORDS * 3}</div></div>")
    assert text.startswith("停车收费规定\n\n发布时间：2024-03-05\n\n路内停车")


def test_line_ends_show_in_preformatted_text_alone() -> None:
    assert text_of("<pre>停车规定\n第一条 首小时六元。\n第二条 残疾人免费。</pre>").strip().split("\n") == [
        "停车规定",
        "第一条 首小时六元。",
        "第二条 残疾人免费。",
    ]
    assert text_of("<p>首小时\n六元。</p>").strip() == "首小时六元。"


def test_lines_of_cells_are_items_or_one_name_and_marked_words_have_no_gaps() -> None:
    text = text_of(
        "<table><tr><th>事项<th>申请<br>材料<th>费用<br>（元）<tr><td>居住证<td>身份证<br>户口簿<td><b>2</b>0"
        "<tr><td>敬老卡<td><p>身份证原件</p><p>一寸照片两张</p><td>首<b>次</b>免费</table>"
    )
    assert text.strip().split("\n") == [
        "事项：居住证；申请材料：身份证 户口簿；费用：20元。",
        "事项：敬老卡；申请材料：身份证原件 一寸照片两张；费用（元）：首次免费。",
    ]


def test_words_for_browsers_without_frames_are_not_read() -> None:
    page = "<html><frameset><frame src=a.htm><noframes><p>您的浏览器不支持框架。</p></noframes></frameset></html>"
    assert "不支持" not in text_of(f"{WORDS}{page}")


def test_who_holds_an_event_is_read_and_whose_a_site_is_is_not() -> None:
    text = text_of(
        f"{WORDS}<p>主办：区商务局；承办：西堰科技城；时间：11月7日。</p><p>主办：区政府 技术支持：某公司</p>"
    )
    assert "承办：西堰科技城" in text and "某公司" not in text


def test_names_below_a_declared_header_with_blank_places_are_names() -> None:
    head = "<thead><tr><th>学校<th>招生计划<th><th>电话</thead>"
    rows = "<tr><td>实验小学<td>6<td>270<td>5312201<tr><td>东门小学<td>4<td>180<td>5312202"
    found = text_of(f"<table>{head}<tr><td><td>班数<td>人数<td>{rows}</table>").strip().split("\n")
    assert found[0] == "学校：实验小学；招生计划班数：6；招生计划人数：270；电话：5312201。"
    plain = text_of(f"<table>{head}{rows}</table>").strip().split("\n")
    assert plain[0] == "学校：实验小学；招生计划：6；270；电话：5312201。"


_ARTICLE = "<h1>停水通知</h1><p>因检修管道，明天八时至十七时停水，请提前储水。</p>{}<p>不便之处，请谅解。</p>"


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ('<p><img src="a.jpg" width="600" height="800"></p>', True),
        ('<p><img src="a.jpg" style="width:600px;height:400px"></p>', True),
        ('<p><img src="./W020.png"></p>', True),
        (f'<p><img src="data:image/png;base64,{"A" * 40_000}"></p>', True),
        ('<p><img src="a.jpg" width="600" height="60"></p>', False),
        ('<p><img src="a.jpg" width="16"> 见下图所示的位置</p>', False),
        ('<p>公章<img src="a.png">盖在这一行的中间。</p>', False),
        ('<p><a href="/"><img src="logo.png"></a></p>', False),
        ('<p style="display:none"><img src="a.jpg" width="600" height="800"></p>', False),
        ("", False),
    ],
)
def test_large_pictures_of_a_page_are_told(picture: str, told: bool) -> None:
    document = convert("网页.html", f"<meta charset=utf-8>{_ARTICLE.format(picture)}".encode(), DEFAULT_BUDGET)
    assert document.remark == ("网页里有1张大图片，图里的文字没有读入；如有要紧的内容请打进正文" if told else "")
    assert "请提前储水。" in document.text


def test_a_table_within_tables_that_arrange_the_page_is_read_as_a_table() -> None:
    menu = "<tr><td colspan=2><table><tr><td>首页</td><td>公开</td></tr></table></td></tr>"
    side = "<td><table><tr><td>栏目</td></tr></table></td>"
    boats = "<tr><td>脚踏船<td>100元<td>40元<tr><td>电动船<td>200元<td>80元"
    prices = f"<table><tr><td>船型<td>押金<td>每小时{boats}</table>"
    inner = f"<table><tr><td><h3>东湖游船收费</h3><tr><td>雨天停租。<tr><td>{prices}</table>"
    lines = text_of(f"<table>{menu}<tr>{side}<td>{inner}</td></tr></table>").split("\n")
    assert "船型：脚踏船；押金：100元；每小时：40元。" in lines and "船型：电动船；押金：200元；每小时：80元。" in lines
    assert "东湖游船收费" in lines and "雨天停租。" in lines


@pytest.mark.parametrize("around", ["<table style='display:none'>{}</table>", "<div hidden><table>{}</table></div>"])
def test_a_hidden_table_within_a_cell_is_not_read(around: str) -> None:
    secret = "<tr><td>密一<td>密二<tr><td>密三<td>密四"
    cells = f"<tr><td>窗口<td>事项<tr><td>一号<td>{around.format(secret)}社保"
    assert "密" not in text_of(f"<h1>分工</h1><table>{cells}</table>")
    shown = text_of(f"<h1>分工</h1><table>{cells}</table>".replace("display:none", "").replace("hidden", ""))
    assert "密一" in shown and "社保" in shown


@pytest.mark.parametrize(("levels", "shows"), [(1, False), (8, False), (9, True), (5_000, True)])
def test_a_sheet_is_followed_down_to_a_depth(levels: int, shows: bool) -> None:
    sheet = "@media screen{" * levels + ".a{display:none}" + "}" * levels
    page = f"<style>{sheet}</style><h1>公告</h1><p>每周一开放。</p><p class=a>免费开放。</p>"
    assert ("免费" in text_of(page)) is shows


@pytest.mark.parametrize(
    "sheet", ["a" * 300_000 + " b{background:red}", ".a{" + "color:transparent;" * 20_000 + "text}"]
)
def test_a_rule_of_any_length_leaves_the_page_readable(sheet: str) -> None:
    assert "免费" in text_of(f"<style>{sheet}</style><h1>公告</h1><p>每周一开放。</p><p class=a>免费开放。</p>")


def test_a_list_of_terms_says_each_term_with_what_is_said_of_it() -> None:
    terms = (
        "<dl><div><dt>夏季</dt><dd>6:30开门</dd><dd>21:00关门</dd></div>"
        "<dt>伞</dt><dt>轮椅：</dt><dd><b>免费</b>借用。</dd><dt hidden>密</dt></dl>"
    )
    assert text_of(f"<h1>公园</h1>{terms}<p>全园禁烟。</p>").split("\n\n")[1] == (
        "夏季：6:30开门；21:00关门。\n伞、轮椅：免费借用。"
    )


@pytest.mark.parametrize(
    "terms", ["<dt>怎么退票？<dd>到窗口退。", "<dt>伞<dd><ul><li>一把<li>两把</ul>", "<dt>没有说明"]
)
def test_a_list_of_questions_or_of_more_than_words_keeps_its_paragraphs(terms: str) -> None:
    assert "：" not in text_of(f"<h1>公园</h1><dl>{terms}</dl>")
