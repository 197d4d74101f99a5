"""The page for everyone: languages, keyboard, sizes, contrast, axe-core; and what staff switch."""

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.answering.reply import Abstention, Reply, Turn
from qa.runtime.settings import ROOT
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import NOTICE, PAUSE, write
from tests.browser.test_citizen_page import refused
from tests.browser.visits.test_widths import beside_answers
from tests.conftest import Site
from tests.support.counts import some
from tests.support.doubles.web import answer, citation, two_documents
from tests.support.programs.browsing import (
    BOX,
    DESKTOP,
    PHONE,
    PICTURES,
    QUESTION,
    TABLET,
    Visit,
    ask,
    ask_and_wait,
    scrolls_sideways,
)

AXE = "axe-core@4.11.0"
# Gradio's index.html forbids nothing, but its own viewport tag is not ours to choose. What passes is not described.
RUN_AXE = """axe.run(document, {
  rules: {"meta-viewport": {enabled: false}}, resultTypes: ["violations"], selectors: false
}).then(found => found.violations)"""


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """The script of axe-core, installed by npm for the tests only."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: axe-core cannot be had")
    cache = getattr(pytestconfig, "cache", None)  # there is none with -p no:cacheprovider
    folder = cache.mkdir("axe") if cache else ROOT / "var" / "axe"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        done = subprocess.run([*command, AXE], capture_output=True, text=True, timeout=120)
        if done.returncode:
            pytest.skip(f"npm cannot install {AXE}: {done.stderr[-200:]}")
    return script.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    # Evaluated by the browser's debugger: the page's own policy would refuse a script of ours.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate(RUN_AXE)
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def states(visit: Visit, site: Site) -> Iterator[str]:
    """The page brought into one state after the other; each is named when it is there."""
    page = visit.look()
    yield "first sight"
    visit.enter()
    yield "chat"
    yield from _answers(page, site)
    page.get_by_role("button", name="长辈版").click()
    yield "large and plain"
    page.route("**/run/predict", lambda route: route.abort())
    ask(page, QUESTION)
    expect(page.locator("#notice")).not_to_be_empty()
    yield "failure"
    page.get_by_role("button", name="新对话").click()
    page.get_by_role("button", name="清除记录").click()
    yield "history"
    page.get_by_role("button", name="保留").click()
    page.get_by_role("button", name="改名").first.click()
    yield "rename"
    page.goto(f"{site.address}/source?snapshot=1&document=school.md&at=40-60")
    yield "document"
    page.goto(f"{site.address}/docs")
    yield "manual"
    for name in ("ask", "topics", "topics?q=对子", "about"):
        page.goto(f"{site.address}/{name}")
        yield name
    site.assistant.reply = answer
    page.goto(f"{site.address}/ask?q={QUESTION}")
    expect(page.locator(".answered")).to_be_visible()
    yield "answer without a script"
    site.assistant.reply = two_documents
    page.goto(f"{site.address}/ask?q=每户多少元")
    expect(page.locator(".choices")).to_be_visible()
    yield "choice without a script"
    page.goto(f"{site.address}/a/{'x' * 22}")
    yield "not found"


def _answers(page: Page, site: Site) -> Iterator[str]:
    ask_and_wait(page, QUESTION)
    yield "answer"
    page.locator("#latest .chip").click()
    expect(page.locator("#viewer mark.here")).to_be_visible()
    yield "viewer"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="没帮助").click()
    yield "feedback"
    ask_and_wait(page, "明天天气", ".abstained")
    yield "refusal"
    site.assistant.reply = two_documents
    ask_and_wait(page, "每户多少元")
    yield "choice"
    page.locator("#latest .choices a").first.click()
    expect(page.locator("#latest .understood")).to_be_visible()
    yield "chosen"
    site.assistant.reply = refused
    ask_and_wait(page, "我不想活了", ".abstained")
    yield "help"
    site.assistant.reply = beside_answers
    for name, question, kind in (
        ("word", "对子", ".abstained"),
        ("thanks", "谢谢", ".talk"),
        ("card", "工资多少", ".help"),
    ):
        ask_and_wait(page, question, kind)
        yield name
    page.locator("#after").get_by_role("button", name="分享").click()
    expect(page.locator("#after .outcome .text")).to_be_visible()
    yield "shared"


@pytest.mark.parametrize("scheme", some(["light", "dark"], part=["light"]))
def test_axe_finds_nothing_in_any_state_of_the_page(site: Site, browser: Browser, axe: str, scheme: Any) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", color_scheme=scheme, reduced_motion="reduce") as context:
        page = context.new_page()
        found = {state: violations(page, axe) for state in states(Visit(page, site.address), site)}
        page.evaluate("document.body.innerHTML += '<img src=x><button></button>'")
        control = violations(page, axe)
    assert {state: of_state for state, of_state in found.items() if of_state} == {}
    assert len(found) == 26 and any(line.startswith("image-alt") for line in control)


CONTRAST = """element => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  let ground = element;
  while (ground && (channels(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
  const [one, other] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor]
    .map(colour => light(channels(colour)));
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}"""

# Of all elements at once: what each shows, and its contrast.
CONTRASTS = f"all => all.map(element => [element.textContent, ({CONTRAST})(element)])"


def two_nearest(question: str, history: Sequence[Turn] = ()) -> Reply:
    """A refusal whose second passage is folded; any other question is answered."""
    reply = answer(question, history)
    return replace(reply, nearest=(citation(), citation())) if isinstance(reply, Abstention) else reply


@pytest.mark.parametrize("scheme", some(["light", "dark", "switched"], part=["dark", "switched"]))
def test_every_text_has_high_contrast(site: Site, browser: Browser, scheme: Any) -> None:
    site.assistant.reply = two_nearest
    switched = scheme == "switched"  # on a phone that is set to light, which Gradio follows
    scheme = "light" if switched else scheme
    shown = ":is(h1, h2, h3, p, a, b, cite, mark, blockquote, button, summary, time, span, textarea, legend):visible"
    with browser.new_context(color_scheme=scheme, locale="zh-CN", reduced_motion="reduce") as context:
        page = (visit := Visit(context.new_page(), site.address)).look()
        expect(page.locator("#shell .offered").first).to_be_visible()
        low = {words: ratio for words, ratio in page.locator(shown).evaluate_all(CONTRASTS) if words and ratio < 7}
        visit.enter()
        if switched:
            # The colours change after the click, and in steps.
            page.get_by_role("button", name="深色").click()
            expect(page.locator("#send")).to_have_css("color", "rgb(11, 23, 34)")
            expect(page.locator("#send")).to_have_css("background-color", "rgb(140, 194, 240)")
        for question, kind in ((QUESTION, ".answered"), ("明天天气", ".abstained")):
            low |= {words: ratio for words, ratio in page.locator(shown).evaluate_all(CONTRASTS) if words and ratio < 7}
            ask_and_wait(page, question, kind)
        page.locator("#earlier .chip").click()
        expect(page.locator("#viewer mark.here")).to_be_visible()
        texts = page.locator(f"#viewer {shown}, #latest {shown}").evaluate_all(CONTRASTS)
        assert len(texts) >= 30
        low |= {words: ratio for words, ratio in texts if ratio < 7}
    assert low == {}


def test_the_keyboard_alone_is_enough(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到提问框")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(BOX)).to_be_focused()
        page.keyboard.insert_text(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#after .actions")).to_be_visible()
        expect(page.locator(BOX)).to_be_focused()
        reached = []
        for _ in range(14):
            page.keyboard.press("Shift+Tab")
            outline = "e => [e.className, getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]"
            reached.append(page.locator(":focus").evaluate(outline))
        classes = " ".join(name for name, _, _ in reached)
        for part in ("offered", "aloud", "print", "share", "copy", "down", "up", "chip", "ref"):
            assert part in classes.split()
        assert {(style, width) for _, style, width in reached} == {("solid", "3px")}


def test_the_focus_goes_to_the_answer_of_a_question_that_was_tapped(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True) as context:
        page = Visit(context.new_page(), site.address).open()
        page.locator("#welcome .offered").first.tap()
        expect(page.locator("#latest .reply")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#latest .reply a").first).to_be_focused()
        page.fill(BOX, QUESTION)
        page.locator("#send").tap()
        expect(page.locator("#latest .asked .text")).to_have_text(QUESTION)
        expect(page.locator("#latest .exchange:not(.stale) .reply")).to_be_focused()


def test_what_happens_is_announced_once(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        page.evaluate("""() => {
          window.said = [];
          new MutationObserver(changes => {
            for (const change of changes) {
              const region = (change.target.closest ? change.target : change.target.parentElement)
                .closest("[role=status], [role=alert], [aria-live]");
              if (region && region.textContent && said.at(-1) !== region.textContent) said.push(region.textContent);
            }
          }).observe(document.body, {childList: true, subtree: true, characterData: true});
        }""")
        ask_and_wait(page, QUESTION)
        expect(page.locator("#announcer")).to_contain_text("7对")
        said = page.evaluate("said")
    assert [text.split("\n")[0] for text in said] == ["正在查找答案……", "7对"]


LANGUAGES = [
    ("zh-CN", "zh-CN", "浙涪问答", "提问"),
    ("zh-HK", "zh-TW", "浙涪問答", "提問"),
    ("zh-TW", "zh-TW", "浙涪問答", "提問"),
    ("en-GB", "en", "Zhejiang–Fuling Answers", "Ask"),
]


@pytest.mark.parametrize("locale, lang, heading, send", some(LANGUAGES, part=LANGUAGES[1::2]))
def test_the_language_follows_the_browser(
    site: Site, browser: Browser, locale: str, lang: str, heading: str, send: str
) -> None:
    with browser.new_context(locale=locale) as context:
        page = Visit(context.new_page(), site.address).open()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(page.locator("#send")).to_have_text(send)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert page.title() == heading


def test_the_language_is_switched_on_the_page_and_kept_and_a_reply_stays_in_that_of_its_question(
    site: Site, browser: Browser
) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        page.get_by_label("语言").select_option("en")
        expect(page.locator(BOX)).to_have_attribute("placeholder", "Type a question")
        expect(page.locator("#latest .reply h3.w-sources")).to_have_text("出处")
        expect(page.locator("#after .copy")).to_have_text("复制")
        expect(page.locator("#latest blockquote")).to_contain_text("7对")
        expect(page.locator("#latest blockquote")).to_have_attribute("lang", "zh-CN")
        page.get_by_label("Language").select_option("zh-TW")
        expect(page.locator("#latest .reply h3.w-sources")).to_have_text("出處")
        page.get_by_label("語言").select_option("en")
        page.reload()
        expect(page.locator("#earlier .reply h3.w-sources")).to_have_text("出处")
        expect(page.get_by_label("Language")).to_have_value("en")


def test_what_belongs_to_a_reply_is_in_the_language_of_its_question_and_the_page_in_its_own(
    site: Site, browser: Browser
) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        for question, sources, copy, thanks in (
            ("How many pairs of schools?", "Sources", "Copy", "Thank you for telling us."),
            ("兩地學校結成多少對？", "出處", "複製", "謝謝您的反饋。"),
        ):
            ask_and_wait(page, question)
            expect(page.locator("#latest .exchange:not(.stale) h3.w-sources")).to_have_text(sources)
            expect(page.locator("#after .copy")).to_have_text(copy)
            page.locator("#after .up").click()
            expect(page.locator("#after .outcome")).to_have_text(thanks)
            expect(page.locator("#send")).to_have_text("提问")
        page.reload()
        expect(page.locator("#earlier h3.w-sources")).to_have_text(["Sources", "出處"])
        expect(page.locator("#earlier .copy")).to_have_text(["Copy", "複製"])
        expect(page.locator("#send")).to_have_text("提问")


@pytest.mark.parametrize("size", some([0, 1, 2], part=[2]))
def test_large_text_never_scrolls_sideways_and_is_kept(site: Site, browser: Browser, size: int) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        page.locator(".size").nth(size).click()
        page.reload()
        expect(page.locator(".size").nth(size)).to_have_attribute("aria-pressed", "true")
        ask_and_wait(page, QUESTION)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == [16, 19, 22][size]
        assert not scrolls_sideways(page)


# How much wider than the box its hint is drawn, in pixels; below zero there is room.
EXCESS = """box => {
  const style = getComputedStyle(box), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(box.placeholder).width - room;
}"""


@pytest.mark.parametrize("language", some(["zh-CN", "zh-TW", "en"], part=["en"]))
def test_the_hint_in_the_box_is_whole_at_every_size_of_text(site: Site, browser: Browser, language: str) -> None:
    with browser.new_context(viewport=PHONE, locale=language) as context:
        page = Visit(context.new_page(), site.address).open()
        # Voice takes room beside the box where the browser has it.
        expect(page.locator("#speak")).to_be_visible()
        for size in page.locator(".size").all():
            size.click()
            assert page.locator(BOX).evaluate(EXCESS) < 0
            assert not scrolls_sideways(page)


@pytest.mark.parametrize("width", some([320, 360, TABLET["width"], DESKTOP["width"] // 2], part=[320]))
def test_no_width_scrolls_sideways(site: Site, browser: Browser, width: int) -> None:
    # 320 pixels is a window of 640 at 200 % zoom, 720 one of 1440.
    with browser.new_context(viewport={"width": width, "height": 700}, locale="en") as context:
        page = Visit(context.new_page(), site.address).open()
        assert not scrolls_sideways(page)
        # What is said around a reply is longest in English, so the questions are.
        ask_and_wait(page, "How many pairs of schools?")
        page.locator("#after .down").click()
        expect(page.locator("#after .why")).to_contain_text("What was wrong?")
        ask_and_wait(page, "How is the weather?", ".abstained")
        assert not scrolls_sideways(page)


def test_everything_to_tap_is_large_enough(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), site.address).open()
        ask_and_wait(page, QUESTION)
        taps = page.locator("button:visible, select:visible, textarea:visible, .sources .chip:visible")
        boxes = taps.evaluate_all(
            "all => all.map(tap => [tap.textContent, tap.getBoundingClientRect()])"
            ".map(([words, box]) => [words, box.width, box.height])"
        )
    small = [words for words, width, height in boxes if height < 44 or width < 44]
    assert len(boxes) >= 12 and small == []


def test_motion_is_left_out_when_the_visitor_wants_none(site: Site, browser: Browser) -> None:
    style = "() => getComputedStyle(document.documentElement).scrollBehavior"
    for motion, expected in (("reduce", "auto"), ("no-preference", "smooth")):
        wanted: Any = motion
        with browser.new_context(locale="zh-CN", reduced_motion=wanted) as context:
            assert Visit(context.new_page(), site.address).open().evaluate(style) == expected


def state(site: Site) -> dict[str, str]:
    with urllib.request.urlopen(f"{site.address}/api/page", timeout=20) as response:
        content: dict[str, str] = json.load(response)
        return content


@pytest.fixture
def switched(site: Site) -> Iterator[Site]:
    with closing(open_database(site.home / DATABASE)) as connection:
        write(connection, NOTICE, "周六上午维护 <b>半小时</b>")
        write(connection, PAUSE, "系统升级，下午三点恢复")
        while not state(site)["pause"]:
            time.sleep(0.1)
        yield site
        write(connection, NOTICE, "")
        write(connection, PAUSE, "")
        while state(site)["pause"]:
            time.sleep(0.1)


def test_a_pause_shows_its_reason_instead_of_the_box(switched: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), switched.address).open()
        expect(page.locator("#paused")).to_contain_text("系统升级，下午三点恢复")
        expect(page.locator("#banner")).to_have_text("周六上午维护 <b>半小时</b>")
        expect(page.locator(BOX)).not_to_be_visible()
        expect(page.locator(".offered:visible")).to_have_count(0)
        page.screenshot(path=PICTURES / "360-zh-CN-light-9-paused.png")
        refused = page.request.post(f"{switched.address}/api/ask", data={"question": QUESTION})
        assert (refused.status, refused.headers["retry-after"]) == (503, "10")
        assert "服务暂停" in refused.json()["error"]
    assert QUESTION not in [question for question, _ in switched.assistant.asked]
