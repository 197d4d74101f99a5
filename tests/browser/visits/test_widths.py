"""The citizen's page on a phone, a tablet and a desk: one visit through all that it offers, at each width."""

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from qa.answering.replies import abstained, card
from qa.answering.reply import Abstention, Answer, Reason, Reply, Turn
from tests.browser.test_citizen_page import dialled, refused
from tests.browser.test_history import LISTENS
from tests.browser.test_reply_actions import RECORDER
from tests.conftest import Site
from tests.support.counts import some
from tests.support.doubles.web import answer, citation, two_documents
from tests.support.programs.browsing import (
    BOX,
    DESKTOP,
    PHONE,
    QUESTION,
    TABLET,
    Visit,
    ask_and_wait,
    scrolls_sideways,
)

SIZES: dict[str, ViewportSize] = {"360": PHONE, "768": TABLET, "1440": DESKTOP}


def replying(question: str, history: Sequence[Turn] = ()) -> Reply:
    return two_documents(question, history) if "每户" in question else refused(question, history)


def top(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box
    return box["y"]


def stands_above_the_box(page: Page, shown: Locator) -> None:
    expect(shown).to_be_in_viewport()
    box = shown.bounding_box()
    assert box and box["y"] + box["height"] <= top(page.locator("#composer"))


def tools_stand_in_one_row(page: Page) -> None:
    middles = page.locator("#tools :is(select, .size, .action):visible").evaluate_all(
        "all => all.map(tool => tool.getBoundingClientRect()).map(box => Math.round(box.top + box.height / 2))"
    )
    assert len(middles) >= 6 and max(middles) - min(middles) <= 2, middles


@pytest.mark.parametrize("width", some(SIZES, part=["360"]))
def test_a_visit_finds_everything_at_every_width(site: Site, browser: Browser, width: str) -> None:
    size = SIZES[width]
    site.assistant.reply = replying
    with browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce") as context:
        visit = Visit(context.new_page(), site.address)
        page = visit.look()
        for part in ("h1", "textarea", "button", ".offered >> nth=0", ".privacy"):
            expect(page.locator(f"#shell {part}")).to_be_in_viewport()
        assert not scrolls_sideways(page)
        visit.enter()
        expect(page.locator("#welcome .offered").first).to_be_visible()
        tools_stand_in_one_row(page)
        ask_and_wait(page, QUESTION)
        tools_stand_in_one_row(page)
        stands_above_the_box(page, page.locator("#latest .short"))
        _source_opens_and_closes(page)
        ask_and_wait(page, "每户多少元")
        stands_above_the_box(page, page.locator("#latest .choices"))
        page.locator("#latest .choices").get_by_role("link", name="农村", exact=True).click()
        expect(page.locator("#latest .understood")).to_contain_text("只问这一份：")
        expect(page.locator("#latest blockquote")).to_have_text(re.compile("每户250元"))
        ask_and_wait(page, "去年底共有多少对帮扶对子的总数", ".abstained")
        _refusal_leads_on(page)
        ask_and_wait(page, "我不想活了", ".abstained")
        assert dialled(page) == ["tel:12356", "tel:120", "tel:110"]
        stands_above_the_box(page, page.locator("#latest a.dial").first)
        _second_tab_takes_nothing_away(page, site)
        page.get_by_role("button", name="新对话").click()
        for name in ("改名", "删除", "保存为文件"):
            expect(page.locator(".chats").get_by_role("button", name=name).first).to_be_visible()
        page.get_by_role("button", name="长辈版").click()
        page.get_by_role("button", name="深色").click()
        tools_stand_in_one_row(page)
        assert not scrolls_sideways(page)
        assert (visit.errors, visit.strangers) == ([], [])


def beside_answers(question: str, history: Sequence[Turn] = ()) -> Reply:
    """Thanks, a word alone, and an answer below a card; any other question is answered."""
    known: dict[str, Any] = {"question": question, "standalone_question": question, "snapshot": "000001"}
    if "谢谢" in question:
        return Abstention(**known, reason=Reason.SMALL_TALK, text=card("thanks", question), card="thanks")
    if question == "对子":
        text = abstained(Reason.KEYWORD, question)
        return Abstention(**known, reason=Reason.KEYWORD, text=text, nearest=(citation(), citation()))
    reply = answer(question)
    assert isinstance(reply, Answer)
    return replace(reply, card="complaint") if "工资" in question else reply


@pytest.mark.parametrize("width", some(SIZES, part=["360"]))
def test_what_stands_beside_answers_fits_every_width(site: Site, browser: Browser, width: str, tmp_path: Path) -> None:
    site.assistant.reply = beside_answers
    with browser.new_context(viewport=SIZES[width], locale="zh-CN", reduced_motion="reduce") as context:
        for script in (LISTENS, RECORDER):
            context.add_init_script(script)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        expect(page.locator("#welcome footer.site")).to_contain_text("渝ICP备12345678号")
        _talk_words_and_cards(page)
        _spoken_and_asked_again_after_a_reload(page, site)
        _chats_are_kept_in_order(page, tmp_path)
        assert (visit.errors, visit.strangers) == ([], [])
        _pages_without_a_script(page, site)


def _talk_words_and_cards(page: Page) -> None:
    ask_and_wait(page, "谢谢你们", ".talk")
    expect(page.locator("#latest .reply")).to_have_text(re.compile("^不客气"))
    page.get_by_role("button", name="新对话").click()
    ask_and_wait(page, "对子", ".abstained")
    stands_above_the_box(page, page.locator("#latest h3", has_text="文件里写到它的地方"))
    expect(page.locator("#latest blockquote:visible mark")).to_have_count(2)
    page.get_by_role("button", name="新对话").click()
    ask_and_wait(page, "拖欠工资的多少？")
    stands_above_the_box(page, page.locator("#latest .help a.dial").first)
    expect(page.locator("#latest .short")).to_have_text("7对")
    expect(page.locator("#latest .made")).to_contain_text("原文摘录")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="新对话").click()


def _spoken_and_asked_again_after_a_reload(page: Page, site: Site) -> None:
    page.locator("#speak").click()
    page.evaluate("text => { heard.onresult({results: [[{transcript: text}]]}); heard.onend() }", QUESTION)
    expect(page.locator(BOX)).to_have_value(QUESTION)
    site.assistant.gate = threading.Event()
    page.press(BOX, "Enter")
    expect(page.locator("#waiting .busy")).to_be_visible()
    page.reload()
    expect(page.locator("#waiting .asked .text")).to_have_text(QUESTION)
    site.assistant.gate.set()
    expect(page.locator("#latest .short")).to_have_text("7对")
    site.assistant.gate = None
    page.get_by_role("button", name="长辈版").click()
    ask_and_wait(page, "共有多少？")
    stands_above_the_box(page, page.locator("#latest .short"))
    assert len(page.evaluate("kept.spoken")) == 1
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="新对话").click()


def _chats_are_kept_in_order(page: Page, folder: Path) -> None:
    page.locator(".find").fill("工资")
    expect(page.locator(".past:visible")).to_have_text(["拖欠工资的多少？"])
    page.locator(".find").fill("")
    page.get_by_role("button", name="改名 对子").click()
    page.locator(".name").fill("一个词")
    page.get_by_role("button", name="保存名称").click()
    page.get_by_role("button", name="删除 谢谢你们").click()
    page.get_by_role("button", name="清除", exact=True).click()
    expect(page.locator(".past")).to_have_text([QUESTION, "拖欠工资的多少？", "一个词"])
    with page.expect_download() as download:
        page.get_by_role("button", name="保存为文件").click()
    download.value.save_as(folder / "saved.txt")
    assert "# 一个词" in (folder / "saved.txt").read_text(encoding="utf-8-sig")
    assert not scrolls_sideways(page)


def _pages_without_a_script(page: Page, site: Site) -> None:
    page.locator(".past", has_text=QUESTION).click()
    page.locator("#earlier").get_by_role("button", name="分享").first.click()
    expect(page.locator("#earlier .outcome")).to_contain_text("链接已复制")
    shared = page.locator("#earlier .outcome .text").inner_text()
    for address, shown in (
        (shared, ".answered .short"),
        (f"{site.address}/ask?q={QUESTION}", ".answered .short"),
        (f"{site.address}/topics", ".topic h2"),
        (f"{site.address}/topics?q=对子", ".nearest blockquote"),
        (f"{site.address}/about", "h1"),
    ):
        page.goto(address)
        expect(page.locator(shown).first).to_be_in_viewport()
        expect(page.locator("footer.site")).to_contain_text("渝ICP备12345678号")
        assert not scrolls_sideways(page)


def _source_opens_and_closes(page: Page) -> None:
    page.locator("#latest .chip").first.click()
    expect(page.locator("#viewer mark.here")).to_be_visible()
    assert not scrolls_sideways(page)
    page.go_back()
    expect(page.locator("#viewer")).not_to_be_visible()
    expect(page.locator("#latest .short")).to_be_visible()


def _refusal_leads_on(page: Page) -> None:
    """From top to bottom: the best passage, open; other questions; topics; people; and a line to staff."""
    reply = page.locator("#latest .abstained")
    stands_above_the_box(page, reply.locator("h3").first)
    expect(reply.locator("blockquote mark").first).to_be_visible()
    parts = [".nearest", ".instead", ".topics", ".contact"]
    places = [top(reply.locator(part).first) for part in parts]
    assert places == sorted(places)
    assert "tel:12345" in dialled(page)
    page.locator("#after").get_by_role("button", name="告诉我们没答好").click()
    stands_above_the_box(page, page.locator("#after .outcome"))
    assert not scrolls_sideways(page)


def _second_tab_takes_nothing_away(page: Page, site: Site) -> None:
    turns = page.locator(".turn .exchange, #latest .exchange:not(.stale)")
    before = turns.count()
    other = Visit(page.context.new_page(), site.address).open()
    ask_and_wait(other, f"{QUESTION}？")
    other.close()
    page.reload()
    expect(page.locator("#earlier .exchange")).to_have_count(before + 1)


def test_a_phone_that_knows_no_svg_finds_pictures_of_the_sizes_that_it_asks_for(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = Visit(context.new_page(), site.address).open()
        address = str(page.locator('link[rel="manifest"]').last.get_attribute("href"))
        icons = page.request.get(f"{site.address}{address}").json()["icons"]
        drawn = [icon for icon in icons if icon["type"] == "image/png"]
        assert {(icon["sizes"], icon.get("purpose", "any")) for icon in drawn} == {
            ("192x192", "any"),
            ("512x512", "any"),
            ("512x512", "maskable"),
        }
        folder = address.rpartition("/")[0]
        measure = "async src => { const one = Object.assign(new Image(), {src}); await one.decode(); return one.width }"
        for icon in drawn:
            width = page.evaluate(measure, f"{folder}/{icon['src']}")
            assert f"{width}x{width}" == icon["sizes"]
        touch = str(page.locator('link[rel="apple-touch-icon"]').get_attribute("href"))
        assert page.request.get(f"{site.address}{touch}").headers["content-type"] == "image/png"
