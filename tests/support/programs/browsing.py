"""A visit to the page in a real Chromium, and what tests of it do over and over."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize, expect

from qa.runtime.settings import ROOT

# Where tests leave pictures of the page for people to look at.
PICTURES = Path(os.environ.get("SCREENSHOTS", ROOT / "var" / "screenshots"))
# Without windows, Debian's Chromium draws the same pages for half the work.
WHOLE, WITHOUT_WINDOWS = "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"
CHROMIUM = WITHOUT_WINDOWS if Path(WITHOUT_WINDOWS).exists() else WHOLE
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 360, "height": 740}
TABLET: ViewportSize = {"width": 768, "height": 1024}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
QUESTION = "两地学校结成了多少对帮扶对子？"
BOX = "#question textarea"
# The machine may be slow; what is waited for comes or does not.
PATIENCE = 120_000

expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """A page with what went wrong on it: console errors, and requests to anywhere but the site."""

    page: Page
    site: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note from now on what goes wrong."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._see)

    def open(self) -> Page:
        self.look()
        return self.enter()

    def look(self) -> Page:
        """Open the page as it is at first sight, without the chat."""
        self.watch()
        self.page.goto(self.site)
        return self.page

    def enter(self) -> Page:
        """Have the chat loaded, as it is at the first sign of a visitor."""
        self.page.mouse.move(1, 1)
        expect(self.page.locator("#tools")).to_be_visible()
        expect(self.page.locator(".masthead .date")).to_be_attached()
        return self.page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location.get('url', '')}".rstrip())

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.strangers.append(request.url)


def ask(page: Page, question: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")


def ask_and_wait(page: Page, question: str, kind: str = ".answered") -> None:
    """Ask, and wait until the reply and what can be done with it are there."""
    ask(page, question)
    shown = page.locator("#latest .exchange:not(.stale)").filter(has=page.get_by_text(question, exact=True))
    expect(shown.locator(kind)).to_be_visible()
    expect(page.locator("body:not(.asking)")).to_be_attached()
    expect(page.locator("#after .actions")).to_be_attached()


def settle(page: Page) -> None:
    """Return when all that was put on the page is drawn."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
