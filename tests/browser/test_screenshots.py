"""Pictures of the page in each of its states, for people to look at: written to `SCREENSHOTS`, else var/screenshots."""

from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conftest import Site
from tests.support.counts import some
from tests.support.programs.browsing import (
    DESKTOP,
    PHONE,
    PICTURES,
    QUESTION,
    TABLET,
    Visit,
    ask_and_wait,
    scrolls_sideways,
)


def states(page: Page, site: Site) -> Iterator[str]:
    """The page brought into one state after the other; each is named when it is there."""
    expect(page.locator("#welcome .offered").first).to_be_visible()
    yield "1-first-sight"
    ask_and_wait(page, QUESTION)
    yield "2-answer"
    page.locator("#latest .sources .chip").click()
    expect(page.locator("#viewer mark.here")).to_be_visible()
    yield "3-document"
    page.keyboard.press("Escape")
    page.locator("#after .down").click()
    yield "4-feedback"
    page.locator("#after .share").click()
    expect(page.locator("#after .outcome .text")).to_contain_text("/a/")
    link = page.locator("#after .outcome .text").inner_text()
    page.emulate_media(media="print")
    yield "5-print"
    page.emulate_media(media="screen")
    ask_and_wait(page, "明天天气", ".abstained")
    yield "6-refusal"
    page.locator("#new-chat").click()
    expect(page.locator("#welcome .past")).to_be_visible()
    yield "7-history"
    page.goto(link)
    expect(page.locator(".reply")).to_be_visible()
    yield "8-shared"


SIZES: dict[str, ViewportSize] = {"360": PHONE, "768": TABLET, "1440": DESKTOP}
LOCALES = ("zh-CN", "zh-TW", "en-GB")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.parametrize(("width", "locale"), some(product(SIZES, LOCALES), part=[("360", "zh-CN")]))
def test_no_state_of_the_page_is_wider_than_the_screen_and_each_has_its_picture(
    site: Site, browser: Browser, width: str, locale: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, list[bytes]] = {scheme: [] for scheme in SCHEMES}
    with browser.new_context(viewport=SIZES[width], locale=locale, reduced_motion="reduce") as context:
        page = Visit(context.new_page(), site.address).open()
        for state in states(page, site):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert not scrolls_sideways(page), (state, scheme)
                picture = page.screenshot(path=PICTURES / f"{width}-{locale}-{scheme}-{state}.png")
                pictures[scheme].append(picture)
        page.evaluate("document.body.appendChild(document.createElement('hr')).style.width = '200vw'")
        assert scrolls_sideways(page)
    assert [len(set(of_scheme)) for of_scheme in pictures.values()] == [8, 8]
    assert not set(pictures["light"][:3]) & set(pictures["dark"][:3])
