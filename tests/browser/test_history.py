"""Several tabs keep chats together; they are found, renamed, deleted and saved. What is spoken fills the box."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import Site
from tests.support.programs.browsing import BOX, PHONE, QUESTION, Visit, ask_and_wait

pytestmark = [pytest.mark.browser]

LISTENS = """
window.SpeechRecognition = class {
  start() { window.heard = this; }
  stop() { this.onend(); }
};
"""


def chats(page: Page, *questions: str) -> None:
    """Ask each question in a chat of its own, and begin another."""
    for question in questions:
        ask_and_wait(page, question)
        page.get_by_role("button", name="新对话").click()


def opened(context: BrowserContext, site: Site) -> Page:
    return Visit(context.new_page(), site.address).open()


def test_two_tabs_keep_what_either_asked(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        first, second = opened(context, site), opened(context, site)
        chats(first, "第一个标签页的问题")
        ask_and_wait(second, "第二个标签页的问题")
        chats(first, "第一个标签页又问")
        expect(first.locator(".past")).to_have_count(3)
        second.reload()
        expect(second.locator("#earlier .asked .text")).to_have_text("第二个标签页的问题")


def test_a_chat_open_in_two_tabs_keeps_the_turns_of_both(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        first = opened(context, site)
        ask_and_wait(first, QUESTION)
        second = opened(context, site)
        expect(second.locator("#earlier .asked .text")).to_have_text(QUESTION)
        ask_and_wait(first, "先问的")
        ask_and_wait(second, "后问的")
        second.reload()
        expect(second.locator("#earlier .asked .text")).to_have_text([QUESTION, "先问的", "后问的"])


def test_a_new_chat_stays_new_after_a_reload(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = opened(context, site)
        chats(page, QUESTION)
        page.reload()
        expect(page.locator(".past")).to_have_text([QUESTION])
        expect(page.locator("#earlier .asked")).to_have_count(0)


def test_chats_are_found_renamed_deleted_and_saved(site: Site, browser: Browser, tmp_path: Path) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", accept_downloads=True) as context:
        page = opened(context, site)
        chats(page, "医院在哪里", "学校有几所", "公园开放吗", "车站怎么走")
        page.locator(".find").fill("几所")
        expect(page.locator(".past:visible")).to_have_text(["学校有几所"])
        page.locator(".find").fill("没有这样的字")
        expect(page.get_by_text("没有包含这些字的对话。")).to_be_visible()
        page.locator(".find").fill("")
        page.get_by_role("button", name="改名 学校有几所").click()
        page.locator(".name").fill("<b>上学</b>")
        page.get_by_role("button", name="保存名称").click()
        expect(page.locator(".past")).to_have_text(["车站怎么走", "公园开放吗", "<b>上学</b>", "医院在哪里"])
        page.get_by_role("button", name="删除 公园开放吗").click()
        page.get_by_role("button", name="保留").click()
        expect(page.locator(".past")).to_have_count(4)
        page.get_by_role("button", name="删除 公园开放吗").click()
        page.get_by_role("button", name="清除", exact=True).click()
        page.reload()
        expect(page.locator(".past")).to_have_text(["车站怎么走", "<b>上学</b>", "医院在哪里"])
        with page.expect_download() as download:
            page.get_by_role("button", name="保存为文件").click()
        saved = tmp_path / "saved.txt"
        download.value.save_as(saved)
        text = saved.read_text(encoding="utf-8-sig")
        assert "# <b>上学</b>" in text and "## 学校有几所" in text and "公园" not in text
        page.locator(".past", has_text="上学").click()
        expect(page.locator("#earlier .asked .text")).to_have_text("学校有几所")


def test_what_is_spoken_goes_into_the_box_and_is_sent_by_hand(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(LISTENS)
        page = opened(context, site)
        page.locator("#speak").click()
        expect(page.locator("#speak")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("heard.lang") == "zh-CN"
        page.evaluate("heard.onresult({results: [[{transcript: '学校有几所'}]]}); heard.onend()")
        expect(page.locator(BOX)).to_have_value("学校有几所")
        expect(page.locator("#speak")).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".exchange:visible")).to_have_count(0)
        page.locator("#speak").click()
        page.evaluate("heard.onerror({error: 'not-allowed'}); heard.onend()")
        expect(page.locator("#notice")).to_contain_text("麦克风")


def test_a_browser_that_cannot_listen_has_no_button_for_it(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
        expect(opened(context, site).locator("#speak")).to_have_count(0)
