"""What a first visit loads of ours is small, and the page is there before any script."""

import re

from playwright.sync_api import Browser, Route, expect

from qa.web import assets
from tests.conftest import Site
from tests.support.programs.browsing import BOX, PATIENCE, PHONE, QUESTION, Visit, scrolls_sideways

# Bytes as sent, head included. Gradio's own files are not ours.
MOST_OURS = 200_000
OURS = re.compile(r"/(?:$|pages/|api/|favicon)")


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
