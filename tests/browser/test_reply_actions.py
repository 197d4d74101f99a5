"""What can be done with replies, and what the browser keeps of them, in a real Chromium."""

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.answering.reply import REVIEWED, Answer, Reply, Turn
from qa.storage.database import DATABASE
from tests.conftest import Site
from tests.support.counts import some
from tests.support.doubles.web import QUOTE, answer
from tests.support.programs.browsing import BOX, PHONE, QUESTION, Visit, ask_and_wait

# Keeps what would be copied, read aloud or printed.
RECORDER = """
  window.kept = {copied: [], spoken: [], printed: 0};
  Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { kept.copied.push(text) }}});
  Object.defineProperty(window, "speechSynthesis", {value: {
    speaking: false,
    cancel() { this.speaking = false },
    speak(speech) { this.speaking = true; kept.spoken.push([speech.text, speech.lang]) },
  }});
  window.print = () => { kept.printed = document.querySelectorAll(".printed").length };
"""


def last_row(home: Path) -> dict[str, str]:
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM replies ORDER BY asked_at DESC LIMIT 1").fetchone())


def test_an_answer_is_copied_with_its_references_printed_and_read_aloud(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(RECORDER)
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.get_by_role("button", name="复制").click()
        expect(page.locator("#after .outcome")).to_have_text("已复制，含出处")
        page.get_by_role("button", name="朗读").click()
        page.get_by_role("button", name="停止朗读").click()
        expect(page.get_by_role("button", name="朗读", exact=True)).to_be_visible()
        page.get_by_role("button", name="打印").click()
        kept = page.evaluate("kept")
    plain = f"7对\n“{QUOTE}”[1]\n[1] 《两地学校结对》教育 › 结对"
    assert kept == {"copied": [plain], "spoken": [[plain.replace("[1]", ""), "zh-CN"]], "printed": 1}


def test_in_the_page_for_elders_replies_are_read_aloud_by_themselves(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(RECORDER)
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        assert page.evaluate("kept.spoken") == []
        page.get_by_role("button", name="长辈版").click()
        ask_and_wait(page, f"{QUESTION}？")
        expect(page.get_by_role("button", name="停止朗读")).to_be_visible()
        ask_and_wait(page, "明天天气", ".abstained")
        (answered, _), (refused, language) = page.evaluate("kept.spoken")
        assert answered.startswith("7对") and language == "zh-CN"
        # As it stands on the page: the heading, the open passage, whom to ask.
        assert refused.startswith("没有直接的答案") and QUOTE in refused and "区政务大厅" in refused
        page.get_by_role("button", name="停止朗读").click()
        assert not page.evaluate("speechSynthesis.speaking")
        page.get_by_role("button", name="长辈版").click()
        ask_and_wait(page, QUESTION)
        assert len(page.evaluate("kept.spoken")) == 2


def test_a_citizen_says_what_was_wrong(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.get_by_role("button", name="有帮助").click()
        expect(page.locator("#after .outcome")).to_have_text("谢谢您的反馈。")
        expect(page.get_by_role("button", name="有帮助")).to_have_attribute("aria-pressed", "true")
        assert last_row(site.home)["verdict"] == "up"
        page.get_by_role("button", name="没帮助").click()
        page.get_by_label("已过时").check()
        page.get_by_label("想补充的话").fill("这是前年的数，请打13812345678")
        page.get_by_role("button", name="提交").click()
        expect(page.locator("#after .outcome")).to_have_text("谢谢您的反馈。")
        expect(page.get_by_role("button", name="没帮助")).to_have_attribute("aria-pressed", "true")
    row = last_row(site.home)
    assert (row["question"], row["verdict"], json.loads(row["verdict_reasons"])) == (QUESTION, "down", ["outdated"])
    assert row["comment"] == "这是前年的数，请打【手机号】"


def test_a_shared_link_shows_the_answer_as_it_was(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(RECORDER)
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        private = page.locator("#latest .exchange").get_attribute("id") or ""
        assert page.request.get(f"{site.address}/a/{private.removeprefix('r-')}").status == 404
        page.get_by_role("button", name="分享").click()
        expect(page.locator("#after .outcome")).to_contain_text("链接已复制")
        link = page.evaluate("kept.copied[0]")
        assert re.fullmatch(re.escape(site.address) + r"/a/[\w-]{22}", link)
        site.sources.note = "changed"
        page.goto(link)
        expect(page.locator(".asked .text")).to_have_text(QUESTION)
        expect(page.locator(".short")).to_have_text("7对")
        expect(page.locator("blockquote")).to_contain_text(QUOTE)
        expect(page.locator(".notice")).to_have_text("《两地学校结对》回答之后，这份文件有改动。")
        page.locator("a.chip").click()
        expect(page.locator("mark#m1")).to_have_text(QUOTE)


def test_the_conversation_is_there_after_a_reload_and_its_buttons_work(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.reload()
        expect(page.locator("#earlier .short")).to_have_text("7对")
        expect(page.locator("#welcome")).not_to_be_visible()
        page.locator("#earlier .chip").click()
        expect(page.locator("#viewer mark")).to_have_text(QUOTE)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="有帮助").click()
        expect(page.locator("#earlier .outcome")).to_have_text("谢谢您的反馈。")
        ask_and_wait(page, "那医院呢")
        expect(page.locator("#latest .understood")).to_contain_text(QUESTION)


def test_a_new_chat_knows_nothing_of_the_last_which_can_be_gone_back_to_or_cleared(
    site: Site, browser: Browser
) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.get_by_role("button", name="新对话").click()
        expect(page.locator(BOX)).to_be_focused()
        expect(page.locator(".exchange:visible")).to_have_count(0)
        ask_and_wait(page, "那医院呢")
        expect(page.locator("#latest .understood")).to_have_count(0)
        page.get_by_role("button", name="新对话").click()
        expect(page.locator(".past")).to_have_text(["那医院呢", QUESTION])
        page.get_by_role("button", name=QUESTION, exact=True).click()
        expect(page.locator("#earlier .short")).to_have_text("7对")
        page.get_by_role("button", name="新对话").click()
        page.get_by_role("button", name="清除记录").click()
        page.get_by_role("button", name="清除", exact=True).click()
        expect(page.locator(".past")).to_have_count(0)
        assert page.evaluate("localStorage.getItem('qa.chats')") is None


@pytest.mark.parametrize("stored", some(["[", "{}", '[{"a":1}]', "5", "null"], part=["[", '[{"a":1}]']))
def test_a_history_that_cannot_be_read_starts_anew(site: Site, browser: Browser, stored: str) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(f"localStorage.setItem('qa.chats', {json.dumps(stored)})")
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        ask_and_wait(page, QUESTION)
        assert visit.errors == []


def test_a_reviewed_answer_says_so_in_both_scripts_and_wherever_it_is_shown_again(site: Site, browser: Browser) -> None:
    def reviewed(question: str, history: Sequence[Turn] = ()) -> Reply:
        quoted = answer(question, history)
        assert isinstance(quoted, Answer)
        return replace(quoted, text="一共7对，<b>名单</b>见教委网站。", short=None, made_by=REVIEWED)

    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(RECORDER)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        ask_and_wait(page, QUESTION)
        expect(page.locator("#latest .made")).to_contain_text("原文摘录")
        site.assistant.reply = reviewed
        ask_and_wait(page, "学校名单在哪里？")
        expect(page.locator("#latest .reviewed")).to_have_text("一共7对，<b>名单</b>见教委网站。")
        expect(page.locator("#latest blockquote")).to_contain_text(QUOTE)
        for language, words in (("zh-TW", "人工審核"), ("en", "人工审核"), ("zh-CN", "人工审核")):
            page.get_by_label(re.compile("语言|語言|Language")).select_option(language)
            expect(page.locator("#latest .made")).to_contain_text(words)
        page.locator("#latest .chip").click()
        expect(page.locator("#viewer mark")).to_have_text(QUOTE)
        page.keyboard.press("Escape")
        page.locator("#after").get_by_role("button", name="分享").click()
        expect(page.locator("#after .outcome")).to_contain_text("链接已复制")
        link = page.evaluate("kept.copied[0]")
        page.reload()
        expect(page.locator("#earlier .made").last).to_contain_text("人工审核")
        page.goto(link)
        expect(page.locator(".made")).to_contain_text("人工审核")
        expect(page.locator(".reviewed")).to_have_text("一共7对，<b>名单</b>见教委网站。")
        assert (visit.errors, visit.strangers) == ([], [])
