"""A visit as a short animation for the README: `make screenshot` writes it, with ANIMATION set to its path."""

import io
import os
from itertools import accumulate
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.programs.browsing import BOX, QUESTION, Visit, ask_and_wait, settle
from tests.support.programs.serving import Served

SCREEN: ViewportSize = {"width": 1120, "height": 700}
SHOWN = (800, 500)
MOST_BYTES = 400_000  # a README is read on phones, too


class Film:
    """Pictures of a page, each with the milliseconds that it stays."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[tuple[Image.Image, int]] = []

    def take(self, milliseconds: int) -> None:
        settle(self._page)
        picture = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        self._frames.append((picture.resize(SHOWN, Image.Resampling.LANCZOS), milliseconds))

    def save(self, path: Path) -> None:
        pictures, times = zip(*self._frames, strict=True)
        first, *others = pictures
        first.save(
            path, "WEBP", save_all=True, append_images=others, duration=list(times), loop=0, quality=60, method=6
        )


@pytest.mark.full
def test_a_visit_can_be_shown_as_a_short_animation(served: Served, browser: Browser, tmp_path: Path) -> None:
    path = Path(os.environ.get("ANIMATION", tmp_path / "visit.webp"))
    with browser.new_context(viewport=SCREEN, locale="zh-CN") as context:
        visit = Visit(context.new_page(), served.address)
        page = visit.open()
        film = Film(page)
        film.take(1500)
        for typed in list(accumulate(QUESTION))[2::3]:
            page.fill(BOX, typed)
            film.take(150)
        ask_and_wait(page, QUESTION)
        expect(page.locator("#latest .short")).to_contain_text("13对")
        film.take(3000)
        page.locator("#latest .sources .chip").click()
        expect(page.locator("#viewer mark.here")).to_be_in_viewport()
        film.take(4000)
        assert (visit.errors, visit.strangers) == ([], [])
    film.save(path)
    with Image.open(path) as made:
        assert (made.size, getattr(made, "n_frames", 1)) == (SHOWN, len(QUESTION[2::3]) + 3)
    assert path.stat().st_size < MOST_BYTES
