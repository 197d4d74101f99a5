"""Asking on the page in Chromium: of the real program where the answer counts, of a fake where the page does."""

import os
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.conftest import Site
from tests.support.counts import some
from tests.support.programs.browsing import BOX, DESKTOP, PHONE, QUESTION, Visit, ask, ask_and_wait, scrolls_sideways
from tests.support.programs.serving import Served


@pytest.mark.parametrize("viewport", some([PHONE, DESKTOP], part=[PHONE]), ids=["phone", "desktop"])
def test_a_citizen_asks_and_opens_the_marked_source(served: Served, browser: Browser, viewport: ViewportSize) -> None:
    with browser.new_context(viewport=viewport, locale="zh-CN") as context:
        visit = Visit(context.new_page(), served.address)
        page = visit.open()
        assert page.title() == "浙涪问答"
        assert not scrolls_sideways(page)
        ask_and_wait(page, QUESTION)
        expect(page.locator("#latest .short")).to_contain_text("13对")
        expect(page.locator("#latest mark")).to_contain_text("13对")
        expect(page.locator(BOX)).to_have_value("")
        assert not scrolls_sideways(page)
        page.locator("#latest .sources .chip").click()
        expect(page.locator("#viewer mark.here")).to_contain_text("13对")
        expect(page.locator("#viewer mark.here")).to_be_in_viewport()
        assert not scrolls_sideways(page)
        if picture := os.environ.get("SCREENSHOT"):
            if viewport is PHONE:
                page.keyboard.press("Escape")
                picture = picture.replace(".png", "-phone.png")
            page.screenshot(path=picture)
        assert (visit.errors, visit.strangers) == ([], [])


def test_a_question_without_an_answer_is_refused_calmly(served: Served, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), served.address).open()
        ask(page, "今天北京的天气怎么样？")
        expect(page.locator("#latest .abstained")).to_be_visible()
        expect(page.locator("#latest mark")).to_have_count(0)


def test_follow_ups_are_understood_and_earlier_turns_stay_on_the_page(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        ask_and_wait(page, "那医院呢")
        expect(page.locator("#latest .understood")).to_have_text(f"我的理解：{QUESTION}：那医院呢")
        expect(page.locator("#earlier .asked .text")).to_have_text([QUESTION])
        ask_and_wait(page, "明天天气", ".abstained")
        expect(page.locator("#latest .abstained")).to_contain_text("没有直接的答案。最接近的原文：")
        expect(page.locator("#latest .contact")).to_contain_text("区政务大厅 88888")
        expect(page.locator("#latest blockquote")).to_be_visible()
        expect(page.locator("#earlier .exchange")).to_have_count(2)
        assert not scrolls_sideways(page)
    asked = [turns for question, turns in site.assistant.asked if question == "明天天气"]
    assert [turn.question for turn in asked[-1]] == [QUESTION, "那医院呢"]


def test_examples_and_follow_ups_are_asked_with_a_tap(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        example = page.locator("#welcome .offered").first
        text = example.inner_text()
        example.click()
        expect(page.locator("#latest .asked .text")).to_have_text(text)
        expect(page.locator("#welcome")).not_to_be_visible()
        further = page.locator("#after .offered").first
        text = further.inner_text()
        further.click()
        expect(page.locator("#latest .asked .text")).to_have_text(text)
        expect(page.locator(BOX)).to_have_value("")


def test_a_waiting_row_shows_that_a_question_is_under_way_and_stop_gives_it_back(site: Site, browser: Browser) -> None:
    site.assistant.gate = threading.Event()
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask(page, QUESTION)
        expect(page.locator("#waiting")).to_contain_text("正在查找答案")
        expect(page.locator("#waiting .asked .text")).to_have_text(QUESTION)
        expect(page.locator("#announcer")).to_have_text("正在查找答案……")
        expect(page.locator(BOX)).to_have_value("")
        expect(page.locator("#send")).not_to_be_visible()
        page.locator("#stop").click()
        expect(page.locator("#notice")).to_have_text("已停止，您的问题还在输入框里。")
        expect(page.locator("#waiting")).to_be_empty()
        expect(page.locator(BOX)).to_have_value(QUESTION)
        site.assistant.gate.set()
        page.click("#send")
        expect(page.locator("#latest .short")).to_have_text("7对")
        expect(page.locator("#notice")).to_be_empty()


def test_one_question_at_a_time_and_what_is_typed_meanwhile_stays(site: Site, browser: Browser) -> None:
    site.assistant.gate = threading.Event()
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask(page, QUESTION)
        expect(page.locator("#waiting .busy")).to_be_visible()
        ask(page, "下一个问题")
        page.press(BOX, "Enter")
        site.assistant.gate.set()
        expect(page.locator("#latest .short")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("下一个问题")
    assert [question for question, _ in site.assistant.asked].count("下一个问题") == 0


@pytest.mark.parametrize("failure", ["abort", "500"])
def test_a_question_that_got_lost_is_kept_and_asked_again(site: Site, browser: Browser, failure: str) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.route(
            "**/run/predict",
            lambda route: route.abort() if failure == "abort" else route.fulfill(status=500, body="{}"),
        )
        ask(page, "那医院呢")
        expect(page.get_by_role("alert").filter(has_text="您的问题还在输入框里")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("那医院呢")
        expect(page.locator("#earlier .exchange")).to_have_count(0)
        expect(page.locator("#latest .short")).to_be_visible()
        expect(page.locator("#after .actions")).to_be_visible()
        page.unroute("**/run/predict")
        page.click("#send")
        expect(page.locator("#latest .understood")).to_contain_text("那医院呢")
        expect(page.locator("#notice")).to_be_empty()


def test_enter_while_composing_is_the_input_methods_and_shift_enter_breaks_the_line(
    site: Site, browser: Browser
) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        page.focus(BOX)
        keyboard = context.new_cdp_session(page)
        keyboard.send("Input.imeSetComposition", {"text": "jiedui", "selectionStart": 6, "selectionEnd": 6})
        page.keyboard.press("Enter")
        keyboard.send("Input.insertText", {"text": "结对"})
        page.keyboard.press("Shift+Enter")
        page.keyboard.insert_text("多少对")
        expect(page.locator(BOX)).to_have_value("结对\n多少对")
        page.keyboard.press("Enter")
        expect(page.locator("#latest .asked .text")).to_have_text("结对\n多少对")
    assert [question for question, _ in site.assistant.asked if "结对\n" in question or "jiedui" in question] == [
        "结对\n多少对"
    ]


def test_a_counter_shows_from_240_characters_and_more_than_300_are_not_sent(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        before = page.locator(BOX).bounding_box()
        page.fill(BOX, "多少" * 119)
        expect(page.locator("#counter")).to_be_empty()
        page.fill(BOX, "多少" * 120)
        expect(page.locator("#counter")).to_have_text("还可以输入的字数： 60")
        after = page.locator(BOX).bounding_box()
        assert before and after and after["height"] > 1.5 * before["height"]
        page.fill(BOX, "多少" * 151)
        expect(page.locator("#counter")).to_have_text("超出的字数： 2")
        page.press(BOX, "Enter")
        page.click("#send")
        page.fill(BOX, "多少" * 150)
        page.press(BOX, "Enter")
        expect(page.locator("#latest .short")).to_be_visible()
    assert [len(question) for question, _ in site.assistant.asked if question.startswith("多少多少")] == [300]


def test_personal_data_comes_back_into_the_box_and_is_kept_nowhere(site: Site, browser: Browser) -> None:
    question = "我的手机13812345678，结成多少对？"
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask(page, question)
        expect(page.locator("#latest .abstained")).to_contain_text("请删去号码后再问")
        expect(page.locator(BOX)).to_have_value(question)
        assert "13812345678" not in page.evaluate("JSON.stringify(localStorage)")
    assert not [path for path in site.home.iterdir() if path.is_file() and b"13812345678" in path.read_bytes()]


def test_the_server_may_go_and_come_back(site: Site, browser: Browser, tmp_path: Path) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        context.set_offline(True)
        ask(page, QUESTION)
        expect(page.locator("#notice")).to_have_text("没有连上服务，您的问题还在输入框里，请稍后再试。")
        context.set_offline(False)
        page.click("#send")
        expect(page.locator("#latest .short")).to_have_text("7对")
