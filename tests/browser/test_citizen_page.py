"""What the page offers besides an answer: help, other questions, people; and how it behaves on a phone."""

import re
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.answering.replies import card
from qa.answering.reply import Abstention, Reason, Reply, Turn
from tests.conftest import Site
from tests.support.doubles.web import IN_ENGLISH, answer, citation, document, two_documents
from tests.support.programs.browsing import (
    BOX,
    PHONE,
    PICTURES,
    QUESTION,
    Visit,
    ask,
    ask_and_wait,
    scrolls_sideways,
)


def refused(question: str, history: Sequence[Turn] = ()) -> Reply:
    """A refusal of which a passage came near, a crisis, or an answer."""
    if "不想活" in question or "end my life" in question:
        return Abstention(
            question=question,
            standalone_question=question,
            snapshot="000001",
            reason=Reason.HELP,
            text=card("crisis", question),
            card="crisis",
        )
    if "总数" not in question:
        return answer(question)
    return Abstention(
        question=question,
        standalone_question=question,
        snapshot="000001",
        reason=Reason.NOT_IN_DOCUMENTS,
        text="现有文件里没有找到这个问题的答案。可以换个说法，或写明时间、地点和名称再问一次。",
        nearest=(replace(citation(), marks=((4, 6),)),),
    )


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def dialled(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator("#latest a.dial").all()]


def test_a_refusal_opens_the_best_passage_and_leads_on(site: Site, browser: Browser) -> None:
    site.assistant.reply = refused
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        ask_and_wait(page, "结对学校的总数和天气", ".abstained")
        reply = page.locator("#latest .abstained")
        expect(reply.locator("h3").first).to_have_text("没有直接的答案。最接近的原文：")
        expect(reply.locator("blockquote")).to_be_visible()
        expect(reply.locator("blockquote mark")).to_be_visible()
        assert dialled(page) == ["tel:12345"]
        expect(reply.locator(".contact")).to_contain_text("区政务大厅 88888")
        assert not scrolls_sideways(page)
        picture(page, "no-answer-phone")
        page.get_by_role("button", name="告诉我们没答好").click()
        expect(page.locator("#after .outcome")).to_have_text("已告诉工作人员，谢谢您。")
        reply.get_by_role("link", name="在原文中查看").click()
        expect(page.locator("#viewer")).to_be_visible()
        page.go_back()
        expect(page.locator("#viewer")).not_to_be_visible()
        expect(reply).to_be_visible()
        assert (visit.errors, visit.strangers) == ([], [])


def test_a_question_offered_instead_is_asked_with_a_tap(site: Site, browser: Browser) -> None:
    site.assistant.reply = refused
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        expect(page.locator("#welcome .offered").first).to_be_visible()
        ask_and_wait(page, "去年底共有多少对帮扶对子的总数", ".abstained")
        offered = page.locator("#latest .instead a.offered").first
        text = offered.inner_text()
        offered.click()
        expect(page.locator("#latest .asked .text")).to_have_text(text)
        expect(page.locator("#latest .answered")).to_be_visible()


def test_a_question_that_fits_two_documents_is_asked_again_of_the_one_chosen(site: Site, browser: Browser) -> None:
    site.assistant.reply = two_documents
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        ask_and_wait(page, "每户多少元")
        reply = page.locator("#latest .answered")
        expect(reply.locator(".which")).to_have_text("您问的是城镇还是农村？")
        expect(reply.locator("blockquote")).to_have_count(2)
        assert not scrolls_sideways(page)
        picture(page, "choice-phone")
        reply.get_by_role("link", name="农村", exact=True).click()
        expect(page.locator("#latest .exchange:not(.stale) .understood")).to_contain_text("只问这一份：")
        expect(page.locator("#latest blockquote")).to_have_text(re.compile("每户250元"))
        expect(page.locator("#latest .choices")).to_have_count(0)
        # A choice stays open to be taken otherwise, also after a reload.
        page.reload()
        page.locator("#earlier .choices a.offered").first.click()
        expect(page.locator("#latest blockquote")).to_have_text(re.compile("每户380元"))
        assert site.assistant.chosen == ["", "village.md", "town.md"]
        assert (visit.errors, visit.strangers) == ([], [])


def test_a_shared_choice_is_made_by_whoever_opens_it(site: Site, browser: Browser) -> None:
    site.assistant.reply = two_documents
    site.sources.documents = {name: document(name) for name in ("town.md", "village.md")}
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, "每户多少元")
        page.get_by_role("button", name="分享").click()
        page.goto(page.locator("#after .outcome .text").inner_text())
        page.get_by_role("link", name="城镇", exact=True).click()
        expect(page.locator(".answered blockquote")).to_have_text(re.compile("每户380元"))
        expect(page.locator(".answered .choices")).to_have_count(0)


@pytest.mark.parametrize("question", ["我不想活了", "I want to end my life"])
def test_whoever_is_in_a_crisis_finds_buttons_that_dial(site: Site, browser: Browser, question: str) -> None:
    site.assistant.reply = refused
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, question, ".abstained")
        assert dialled(page) == ["tel:12356", "tel:120", "tel:110"]
        expect(page.locator("#latest a.dial").first).to_be_in_viewport()
        heights = page.locator("#latest a.dial").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert question.isascii() or heights == [44, 44, 44], "one height; the longest English name takes two lines"
        expect(page.locator("#latest .help")).to_contain_text("Emotional support" if question.isascii() else "心理援助")
        expect(page.locator("#latest .contact")).to_have_count(0)
        picture(page, f"crisis-phone-{'en' if question.isascii() else 'zh-CN'}")


def test_a_reload_in_the_middle_asks_again(site: Site, browser: Browser) -> None:
    site.assistant.gate = threading.Event()
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask(page, QUESTION)
        expect(page.locator("#waiting .busy")).to_be_visible()
        page.reload()
        expect(page.locator("#waiting .asked .text")).to_have_text(QUESTION)
        site.assistant.gate.set()
        expect(page.locator("#latest .short")).to_have_text("7对")
        page.reload()
        expect(page.locator("#earlier .short")).to_have_text("7对")
        expect(page.locator("#waiting")).to_be_empty()


def test_without_a_script_a_form_answers(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.address)
        page.wait_for_url("**/ask")
        page.fill("#q", QUESTION)
        page.get_by_role("button", name="提问").click()
        expect(page.locator(".answered .short")).to_have_text("7对")
        assert "q=" not in page.url
        assert not scrolls_sideways(page)
        picture(page, "no-script-phone")
        page.get_by_role("link", name="按主题看文件").last.click()
        expect(page.locator(".topic h2")).to_have_text("两地学校结对")
        page.fill("#q", "帮扶")
        page.get_by_role("button", name="查找").click()
        expect(page.locator(".nearest blockquote")).to_be_visible()
        page.get_by_role("link", name="关于本站").last.click()
        expect(page.locator("main")).to_contain_text("您的提问怎样保存")


def test_dark_and_large_stay_chosen(site: Site, browser: Browser) -> None:
    def ground(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        light = ground(page)
        page.get_by_role("button", name="深色").click()
        page.get_by_role("button", name="长辈版").click()
        assert ground(page) != light
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22px"
        assert not scrolls_sideways(page)
        picture(page, "elder-dark-phone")
        page.reload()
        expect(page.locator("#tools")).to_be_visible()
        assert ground(page) != light
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22px"


def test_the_dark_switch_shows_how_the_page_is_and_turns_it_with_the_first_tap(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", color_scheme="dark") as context:
        page = Visit(context.new_page(), site.address).open()
        switch = page.get_by_role("button", name="深色")
        expect(switch).to_have_attribute("aria-pressed", "true")
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "false")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 246, 248)"


def test_examples_are_in_the_language_of_the_page(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="en") as context:
        visit = Visit(context.new_page(), site.address)
        page = visit.look()
        expect(page.locator("#shell .offered")).to_have_text([IN_ENGLISH.question])
        visit.enter()
        expect(page.locator("#welcome .offered")).to_have_text([IN_ENGLISH.question])
        page.get_by_label("Language").select_option("zh-TW")
        expect(page.locator("#welcome .offered", has_text="兩地學校結成多少對？")).to_be_visible()
        page.get_by_label("語言").select_option("zh-CN")
        expect(page.locator("#welcome .offered", has_text="两地学校结成多少对？")).to_be_visible()


def test_the_answer_stands_above_the_box_at_every_turn(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        for number in range(3):
            ask_and_wait(page, f"{QUESTION}{number}")
            expect(page.locator("#latest .short")).to_be_in_viewport()
            box = page.locator("#composer").bounding_box()
            shown = page.locator("#latest .short").bounding_box()
            assert box and shown and shown["y"] + shown["height"] <= box["y"]
        expect(page.locator(BOX)).to_have_value("")


def test_what_others_show_of_the_page_is_ours(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        named = page.locator('meta[property^="og:"], meta[name^="twitter:"]')
        contents = [str(one.get_attribute("content")) for one in named.all()]
        assert "浙涪问答" in contents and not [text for text in contents if "radio" in text]
        picture = str(page.locator('meta[property="og:image"]').get_attribute("content"))
        assert picture.startswith(site.address) and picture.endswith("/share.png")
        assert page.request.get(picture).headers["content-type"] == "image/png"
        manifest = page.locator('link[rel="manifest"]').last.get_attribute("href")
        assert page.request.get(f"{site.address}{manifest}").json()["name"] == "浙涪问答"
