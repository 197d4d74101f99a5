"""What a first visit loads of ours is small, and the page is there before any script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from qa.web import assets
from qa.web.html.pages import FOLDER as templates
from tests.conftest import Site
from tests.support.programs.browsing import BOX, PATIENCE, PHONE, QUESTION, Visit, ask, ask_and_wait, scrolls_sideways

# Bytes as sent, head included. Gradio's own files are not ours.
MOST_OURS = 200_000
OURS = re.compile(r"/(?:$|pages/|api/|favicon)")


# However slow the machine is: a question waits for the chat for as long as it takes.
PATIENT = "const wait = setTimeout; window.setTimeout = (act, delay) => wait(act, delay === 4000 ? 1e6 : delay)"


def test_what_a_first_visit_loads_of_ours_is_small(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        paths: dict[str, str] = {}
        sizes: dict[str, int] = {}
        session.on(
            "Network.responseReceived",
            lambda event: paths.update({event["requestId"]: event["response"]["url"].removeprefix(site.address)}),
        )
        session.on(
            "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
        )
        Visit(page, site.address).open()
        ours = {path: sizes.get(name, 0) for name, path in paths.items() if OURS.match(path)}
    assert {"/", "/api/page"} <= set(ours) and len(ours) > 12
    assert 20_000 < sum(ours.values()) <= MOST_OURS, ours
    known = {name: path.stat().st_size for name, path in assets.FILES.items()}
    whole = {path: size for path, size in ours.items() if size > known.get(path.rpartition("/")[2], size) > 2_000}
    assert whole == {}, "sent as they are, not compressed"


@pytest.mark.parametrize("touched", [True, False])
def test_the_chat_is_loaded_at_the_first_touch_or_when_the_page_was_left_alone(
    site: Site, browser: Browser, touched: bool
) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        paths: list[str] = []
        page.on("request", lambda request: paths.append(request.url.removeprefix(site.address)))
        # It would go on by itself while the machine does something else.
        page.clock.install(time=0)
        page.clock.pause_at(1_000)
        page.goto(site.address)
        page.clock.run_for(4_000)
        assert [path for path in paths if path.startswith("/assets/") or path.endswith("/chat.js")] == []
        if touched:
            page.mouse.move(9, 9)
        else:
            page.clock.run_for(2_000)
        page.clock.resume()
        expect(page.locator("#tools")).to_be_visible()
        expect(page.locator("#shell")).to_have_count(0)
    assert any(path.startswith("/assets/") for path in paths)


def test_an_example_tapped_at_first_sight_is_asked_in_the_chat(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(PATIENT)
        page.goto(site.address)
        example = page.locator("#shell .offered").first
        text = example.inner_text()
        example.tap()
        expect(page.locator("#latest .asked .text")).to_have_text(text)
        expect(page.locator("#latest .answered")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("")
        assert page.url == f"{site.address}/"


@pytest.mark.parametrize("by", ["button", "Enter"])
def test_a_question_that_the_chat_keeps_waiting_is_answered_without_it(site: Site, browser: Browser, by: str) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.route(re.compile(r"/assets/"), lambda route: None)  # they never come
        page.goto(site.address)
        page.get_by_label("您的问题").fill(QUESTION)
        if by == "button":
            page.get_by_role("button", name="提问").click()
        else:
            page.keyboard.press("Shift+Enter")  # a line more, no question yet
            page.keyboard.press("Enter")
        expect(page.locator("#shell .busy")).to_be_visible()
        expect(page.locator(".answered .short")).to_have_text("7对")
        assert page.url == f"{site.address}/ask"
        # The chat does not ask it again.
        assert page.evaluate("sessionStorage.getItem('qa.pending')") is None


def test_what_an_input_method_composes_is_not_cut_off(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.address)
        box = page.locator("#shell textarea")
        box.focus()
        box.dispatch_event("compositionstart")
        page.keyboard.type("xuexiao")
        expect(page.locator("gradio-app .masthead")).to_be_attached()
        page.wait_for_timeout(500)
        expect(box).to_be_focused()
        box.fill("学校")
        box.dispatch_event("compositionend")
        expect(page.locator("#shell")).to_have_count(0)
        expect(page.locator(BOX)).to_have_value("学校")
        expect(page.locator(BOX)).to_be_focused()


def test_the_first_sight_needs_no_script_and_answers_without_one(site: Site, browser: Browser) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        # No file reaches the browser but the page itself.
        page.route(re.compile(r"/(?:assets|pages|static)/"), refuse)
        page.goto(site.address)
        expect(page.get_by_role("heading", name="浙涪问答")).to_be_visible()
        assert not scrolls_sideways(page)
        page.get_by_label("您的问题").fill(QUESTION)
        page.get_by_role("button", name="提问").click()
        expect(page.locator(".answered .short")).to_have_text("7对")


def test_a_browser_too_old_for_the_chat_keeps_the_page_that_answers(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script("CSS.supports = asked => !asked.includes(':is')")
        page.goto(site.address, wait_until="networkidle")
        expect(page.locator("#tools")).to_have_count(0)
        page.get_by_label("您的问题").first.fill(QUESTION)
        page.locator("#shell button").click()
        expect(page.locator(".answered .short")).to_have_text("7对")


# CSS that Chromium 86 does not know: a rule with it is none to it.
NEWER_CSS = re.compile(
    r":(?:is|where|has|user-invalid)\(|\b(?:inset|aspect-ratio|accent-color)\s*:|\d[dsl]v[hw]\b|(?:light-dark|color-mix)\(|@layer"
)


@pytest.mark.parametrize("name", ["page.css", "shell.html"])
def test_pages_that_old_browsers_keep_use_no_css_that_they_lack(name: str) -> None:
    def newer(path: Path) -> list[str]:
        return NEWER_CSS.findall(re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))

    assert newer(assets.FILES.get(name) or next(templates.rglob(name))) == []
    assert newer(assets.FILES["chat.css"]), "what the chat needs is found"


# What scripts of today call and Chromium 88 lacks.
NEWER = """
for (const [owner, names] of [
  [Response, ["json"]], [window, ["structuredClone"]], [Object, ["hasOwn", "groupBy"]], [String.prototype, ["at"]],
  [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
  [Crypto.prototype, ["randomUUID"]], [AbortSignal, ["any", "timeout"]], [Promise, ["withResolvers"]],
  [Set.prototype, ["union", "intersection", "difference"]], [Map, ["groupBy"]], [Array, ["fromAsync"]],
]) for (const name of names) delete owner[name];
"""


def test_an_older_browser_has_the_whole_chat(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        context.add_init_script(NEWER)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        assert page.evaluate("typeof Response.json") == "undefined"
        ask_and_wait(page, QUESTION)
        page.locator("#latest .chip").first.click()
        expect(page.locator("#viewer mark.here")).to_be_visible()
        page.go_back()
        expect(page.locator("#viewer")).not_to_be_visible()
        page.get_by_role("button", name="有帮助").click()
        expect(page.locator("#after .outcome")).to_be_visible()
        page.route("**/run/predict", lambda route: route.abort())
        ask(page, QUESTION)
        expect(page.locator("#notice")).not_to_be_empty()
        page.unroute("**/run/predict")
        page.get_by_role("button", name="新对话").click()
        expect(page.locator(".past")).to_have_text([QUESTION])
        assert [error for error in visit.errors if "ERR_FAILED" not in error] == []


def test_what_was_typed_before_the_chat_was_there_stands_in_its_box(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="en") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route(re.compile(r"/pages/\w+/chat\.js$"), hold)
        page.goto(site.address, wait_until="commit")
        page.get_by_label("Your question").fill(QUESTION)
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        expect(page.locator(BOX)).to_have_value(QUESTION)
        expect(page.locator(BOX)).to_be_focused()
        expect(page.locator("#shell")).to_have_count(0)
