"""The document beside the chat, in a real Chromium."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from qa.answering.reply import Answer, Reply, Turn
from tests.conftest import Site
from tests.support.doubles.web import QUOTE, START, answer, citation, document
from tests.support.programs.browsing import DESKTOP, PHONE, QUESTION, Visit, ask_and_wait


def three_places(question: str, history: Sequence[Turn]) -> Reply:
    """An answer from two places of one document and one of another."""
    given = answer(question)
    assert isinstance(given, Answer)
    text = document().text
    end = text.index("第39段")
    late = replace(citation(), start=end, end=end + 4, text=text[end : end + 4], marks=())
    other = replace(citation(), document="other.md", title="另一份文件")
    return replace(given, citations=(citation(), other, late))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
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


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("way", ["Escape", "关闭"])
def test_closing_gives_the_focus_back_to_what_was_tapped(
    site: Site, browser: Browser, viewport: ViewportSize, way: str
) -> None:
    with browser.new_context(viewport=viewport, locale="zh-CN") as context:
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
