"""The chat in a frame of another site, in a real Chromium."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from qa.runtime.settings import ROOT
from tests.conftest import Site
from tests.support.programs.browsing import BOX, DESKTOP, PATIENCE, PHONE, QUESTION, scrolls_sideways


@pytest.fixture
def other_site(site: Site) -> Iterator[int]:
    """The port of a site that shows the example page of the documentation, its address being the fake's."""
    example = (ROOT / "docs" / "widget-example.html").read_text(encoding="utf-8")
    content = example.replace("http://127.0.0.1:7860", site.address).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_site_that_is_set_shows_the_chat_and_another_does_not(site: Site, browser: Browser, other_site: int) -> None:
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://localhost:{other_site}/")
        page.get_by_role("button", name="浙涪问答").click()
        frame = page.frame_locator("iframe")
        frame.locator(BOX).fill(QUESTION)
        frame.locator(BOX).press("Enter")
        expect(frame.locator("#latest .short")).to_have_text("7对")
        frame.locator("#latest .chip").click()
        expect(frame.locator("#viewer mark.here")).to_be_visible()
        page.get_by_role("button", name="浙涪问答").click()
        expect(page.locator("iframe")).not_to_be_visible()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        # The same machine by a name that is not among the sites set.
        page.goto(f"http://127.0.0.1:{other_site}/")
        with page.expect_event("console", lambda message: "frame-ancestors" in message.text):
            page.get_by_role("button", name="浙涪问答").click()
        expect(page.frame_locator("iframe").locator(BOX)).to_have_count(0)


def test_on_a_phone_the_frame_asks_answers_opens_the_source_and_goes_back(
    site: Site, browser: Browser, other_site: int
) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://localhost:{other_site}/")
        page.get_by_role("button", name="浙涪问答").click()
        frame = page.frame_locator("iframe")
        frame.locator(BOX).fill(QUESTION)
        frame.get_by_role("button", name="提问", exact=True).click()
        short = frame.locator("#latest .short")
        expect(short).to_have_text("7对")
        box, shown = frame.locator("#composer").bounding_box(), short.bounding_box()
        assert box and shown and shown["y"] + shown["height"] <= box["y"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        inner = page.frames[1]
        assert not inner.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not scrolls_sideways(page)
        frame.locator("#latest .chip").click()
        expect(frame.locator("#viewer mark.here")).to_be_visible()
        page.evaluate("history.back()")  # Playwright's own waits for a page to load
        expect(frame.locator("#viewer")).not_to_be_visible()
        expect(short).to_be_visible()
        page.get_by_role("button", name="浙涪问答").click()
        expect(page.locator("iframe")).not_to_be_visible()
