"""The document beside the chat, in a real Chromium."""

import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from qa.answering.reply import Answer, Citation, Reply, Turn
from tests.conftest import Site
from tests.support.counts import some
from tests.support.doubles.web import QUOTE, START, answer, citation, document
from tests.support.programs.browsing import DESKTOP, PHONE, QUESTION, Visit, ask_and_wait, scrolls_sideways

SIZES = {"phone": PHONE, "desktop": DESKTOP}


def three_places(question: str, history: Sequence[Turn]) -> Reply:
    """An answer from two places of one document and one of another."""
    given = answer(question)
    assert isinstance(given, Answer)
    text = document().text
    end = text.index("第39段")
    late = replace(citation(), start=end, end=end + 4, text=text[end : end + 4], marks=())
    other = replace(citation(), document="other.md", title="另一份文件")
    return replace(given, citations=(citation(), other, late))


def subsidies() -> Document:
    """A document with a table of merged cells, two header rows and a unit in brackets."""
    page = """<meta charset=utf-8><title>残疾人两项补贴标准</title><h1>残疾人两项补贴标准</h1>
        <p>自2025年10月1日起执行下表的标准。</p>
        <table><tr><th rowspan=2>补贴名称<th rowspan=2>残疾等级<th colspan=2>每月标准（元）<tr><th>调整前<th>调整后
        <tr><td rowspan=2>护理补贴<td>一级<td>120<td>150<tr><td>二级<td>90<td>110
        <tr><td>生活补贴<td>不分等级<td>100<td>125</table>
        <p>补贴于每月15日前发放到社会保障卡账户。</p>"""
    return replace(convert("补贴.html", page.encode(), DEFAULT_BUDGET), name="school.md")


def of_a_row(question: str, history: Sequence[Turn]) -> Reply:
    """An answer that quotes a row of a table."""
    given, text = answer(question), subsidies().text
    assert isinstance(given, Answer)
    quote = next(line for line in text.split("\n") if "二级" in line)
    start, value = text.index(quote), quote.index("110元")
    marks = ((value, value + 4),)
    cited = Citation("school.md", "残疾人两项补贴标准", (), start, start + len(quote), quote, marks)
    return replace(given, text=quote, short="110元", citations=(cited,))


def funds() -> Document:
    """A document with a table that is wider than a phone, its figures in the last of seven columns."""
    rows = "".join(
        f"<tr><td>榨菜加工车间改造{n}期<td>马武镇石朝门村<td>改造车间{n}00平方米<td>区农业农村委<td>2025年{n}月<td>{n}20<td>{n}5.5"
        for n in range(1, 12)
    )
    names = "<tr><th>项目名称<th>实施地点<th>建设内容<th>责任单位<th>开工时间<th>浙江资金（万元）<th>区级配套（万元）"
    page = f"<meta charset=utf-8><title>项目资金安排表</title><h1>项目资金安排表</h1><table>{names}{rows}</table>"
    return replace(convert("资金.html", page.encode(), DEFAULT_BUDGET), name="school.md")


def of_a_far_cell(question: str, history: Sequence[Turn]) -> Reply:
    """An answer that quotes a row of the wide table; for 配套, its last cell alone."""
    given, text = answer(question), funds().text
    assert isinstance(given, Answer)
    row = next(line for line in text.split("\n") if "改造9期" in line)
    quote = row[row.index("区级配套") :] if "配套" in question else row
    start, value = text.index(row) + row.index(quote), quote.index("95.5")
    cited = Citation("school.md", "项目资金安排表", (), start, start + len(quote), quote, ((value, value + 4),))
    return replace(given, text=quote, short="95.5万元", citations=(cited,))


@pytest.mark.parametrize("question", ["改造9期的区级配套多少？", "改造9期多少？"], ids=["a cell", "a row"])
@pytest.mark.parametrize("width", some([360, 390], part=[360]))
def test_the_marked_words_of_a_wide_table_are_scrolled_into_sight(
    site: Site, browser: Browser, width: int, question: str
) -> None:
    site.assistant.reply, site.sources.documents["school.md"] = of_a_far_cell, funds()
    with browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, question)
        page.locator("#latest .sources .chip").click()
        mark, first = page.locator("#viewer mark", has_text="95.5"), page.locator("#viewer tr:has(mark) td").first
        expect(mark).to_be_in_viewport(ratio=1)
        # What the row is about stays in sight, and covers nothing of the mark.
        expect(first).to_be_in_viewport(ratio=1)
        name, marked = first.bounding_box(), mark.bounding_box()
        assert name and marked and name["x"] + name["width"] <= marked["x"]
        assert name["width"] < width / 2
        assert not scrolls_sideways(page)
        assert page.locator("#viewer .content").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_row_that_answers_is_marked_in_its_table(site: Site, browser: Browser) -> None:
    site.assistant.reply, site.sources.documents["school.md"] = of_a_row, subsidies()
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, "二级残疾的护理补贴现在每月多少元？")
        page.locator("#latest .sources .chip").click()
        expect(page.locator("#viewer th")).to_have_text(
            ["补贴名称", "残疾等级", "每月标准（元）调整前", "每月标准（元）调整后"]
        )
        expect(page.locator("#viewer tr:has(mark) td")).to_have_text(["护理补贴", "二级", "90元", "110元"])
        expect(page.locator("#viewer tr:has(mark)")).to_have_count(1)
        if picture := os.environ.get("SCREENSHOT_OF_TABLE"):
            page.screenshot(path=picture)


@pytest.mark.parametrize("viewport", some(SIZES.values(), part=[SIZES["phone"]]), ids=SIZES)
def test_a_chip_opens_the_whole_document_at_the_marked_words(
    site: Site, browser: Browser, viewport: ViewportSize
) -> None:
    with browser.new_context(viewport=viewport, locale="zh-CN") as context:
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        ask_and_wait(page, QUESTION)
        page.locator("#latest .sources .chip").click()
        mark = page.locator("#viewer mark")
        expect(mark).to_have_text(QUOTE)
        expect(mark).to_be_in_viewport()
        expect(page.locator("#viewer h1")).to_have_text("两地学校结对")
        expect(page.locator("#viewer .document h2")).to_have_text(["教育", "结对"])
        expect(page.locator("#viewer .document")).to_contain_text("第39段")
        sheet = page.locator("#viewer").bounding_box()
        assert sheet and sheet["x"] >= 0 and sheet["x"] + sheet["width"] <= viewport["width"] + 1
        # A sheet from below on a phone; on a desktop the chat stays in use beside it.
        assert (sheet["x"] == 0) == (viewport is PHONE)
        if viewport is DESKTOP:
            chat = page.locator("#latest .reply").bounding_box()
            assert chat and chat["x"] + chat["width"] <= sheet["x"]
        assert (visit.errors, visit.strangers) == ([], [])


def test_beside_an_open_document_all_tools_of_the_page_are_in_reach(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.locator("#latest .sources .chip").click()
        expect(page.locator("#viewer mark.here")).to_be_visible()
        last, sheet = page.locator("#new-chat").bounding_box(), page.locator("#viewer").bounding_box()
        assert last and sheet and last["x"] + last["width"] <= sheet["x"]


def test_the_mark_comes_from_offsets_and_not_from_the_same_words_elsewhere(site: Site, browser: Browser) -> None:
    twice = document()
    site.sources.documents["school.md"] = replace(twice, text=QUOTE + twice.text[len(QUOTE) :], headings=())
    assert site.sources.documents["school.md"].text.index(QUOTE) == 0
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.locator("#latest a.ref").click()
        expect(page.locator("#viewer mark")).to_have_count(1)
        before = "m => { const r = new Range(); r.setStart(m.closest('.document').querySelector('p:not(.origin)'), 0);"
        before += " r.setEndBefore(m); return r.toString().length }"
        assert page.locator("#viewer mark").evaluate(before) == START


def test_next_and_previous_walk_through_the_citations_of_all_documents(site: Site, browser: Browser) -> None:
    site.assistant.reply = three_places
    site.sources.documents["other.md"] = document("other.md", "另一份文件")
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.locator("#latest a.ref").first.click()
        here, title = page.locator("#viewer mark.here"), page.locator("#viewer h1")
        back, on = page.get_by_role("button", name="上一处"), page.get_by_role("button", name="下一处")
        expect(page.locator("#viewer .position")).to_have_text("1 / 3")
        expect(here).to_have_text(QUOTE)
        expect(back).to_be_disabled()
        on.click()
        expect(title).to_have_text("另一份文件")
        expect(page.locator("#viewer .position")).to_have_text("2 / 3")
        on.click()
        expect(title).to_have_text("两地学校结对")
        expect(here).to_have_text("第39段")
        expect(here).to_be_in_viewport()
        expect(on).to_be_disabled()
        back.click()
        expect(title).to_have_text("另一份文件")


@pytest.mark.parametrize(("size", "way"), some(product(SIZES, ["Escape", "关闭"]), part=[("phone", "Escape")]))
def test_closing_gives_the_focus_back_to_what_was_tapped(site: Site, browser: Browser, size: str, way: str) -> None:
    with browser.new_context(viewport=SIZES[size], locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        chip = page.locator("#latest .sources .chip")
        chip.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#viewer mark.here")).to_be_visible()
        expect(chip).not_to_be_focused()
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="关闭").click()
        expect(page.locator("#viewer")).not_to_be_visible()
        expect(chip).to_be_focused()


@pytest.mark.parametrize(
    "note, told",
    [("changed", "这份文件后来有改动"), ("withdrawn", "这份文件后来已撤下"), ("gone", "没有标出引文")],
)
def test_what_became_of_the_document_since_is_told(site: Site, browser: Browser, note: str, told: str) -> None:
    site.sources.note = note
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.locator("#latest a.ref").click()
        expect(page.locator("#viewer .notice")).to_contain_text(told)
        expect(page.locator("#viewer mark")).to_have_count(0 if note == "gone" else 1)


def test_a_document_that_does_not_come_is_said_so(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.route("**/source?*", lambda route: route.abort())
        page.locator("#latest a.ref").click()
        expect(page.locator("#viewer")).to_contain_text("文件没有打开，请稍后再试。")
        page.unroute("**/source?*")
        page.keyboard.press("Escape")
        page.locator("#latest a.ref").click()
        expect(page.locator("#viewer mark")).to_have_text(QUOTE)


def test_the_passage_that_is_no_answer_opens_too(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, "明天天气", ".abstained")
        page.get_by_role("link", name="在原文中查看").click()
        expect(page.locator("#viewer mark")).to_have_text(QUOTE)
        expect(page.locator("#viewer .walk")).not_to_be_visible()
