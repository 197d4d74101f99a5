"""Members of staff at the pages made on the server: the program is real, the models toys, clicks are counted.

With PICTURES set to a folder, pictures of the pages are left there.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.staff import jobs
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import Log, new_id
from qa.web.application import create_app
from tests.browser.test_accessibility import axe  # noqa: F401 - a fixture
from tests.support.doubles.staff import PASSWORD, UNLIMITED, add_accounts
from tests.support.doubles.toy import COOPERATION
from tests.support.doubles.web import FakeAssistant, FakeSources, settings
from tests.support.programs.browsing import PATIENCE, Visit, settle
from tests.support.programs.feedback_office import REFUSED
from tests.support.programs.refresh_office import RefreshOffice

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Errand:
    """A member's browser on one screen; `clicks` counts what is clicked or filled in, besides the sign-in."""

    page: Page
    visit: Visit
    clicks: int = 0
    fields: int = 0

    def click(self, place: Locator) -> None:
        self.clicks += 1
        place.click()

    def fill(self, place: Locator, text: str) -> None:
        self.fields += 1
        place.fill(text)

    def go(self, name: str) -> None:
        """Click one of the places above; the tour for newcomers links to them, too."""
        self.click(self.page.locator("#places").get_by_role("link", name=name, exact=True))
        self.page.wait_for_load_state()  # with its scripts, which hear what is chosen next

    def picture(self, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            settle(self.page)
            size = self.page.viewport_size or WIDE
            self.page.screenshot(path=Path(folder) / f"staff-{name}-{size['width']}.png")


class Desk:
    """The program with its office; `member` opens a browser in which somebody has signed in."""

    def __init__(self, office: RefreshOffice, address: str, browser: Browser) -> None:
        self.office, self.address, self._browser = office, address, browser
        self._contexts: list[BrowserContext] = []
        self.log = Log(open_database(office.home / DATABASE), keep_days=180, share_days=90)

    def ask(self, question: str, *, hours: float) -> None:
        asked = replace(REFUSED, question=question, standalone_question=question)
        self.log.add(new_id(), asked, datetime.now(UTC) - timedelta(hours=hours), channel="page", documents={})

    def refresh(self) -> None:
        """Refresh as the pages do. The refresh of an earlier test says that it is over just before it is."""
        while self.office.store.refresher():
            time.sleep(0.05)
        self.office.refresh_and_report(who="王芳")

    def member(self, name: str, screen: ViewportSize = WIDE) -> Errand:
        self._contexts.append(self._browser.new_context(viewport=screen, locale="zh-CN"))
        page = self._contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.address}/staff")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("button")
        expect(page.get_by_role("heading", name="今天要办的")).to_be_visible()
        visit = Visit(page, self.address)
        visit.watch()
        return Errand(page, visit)

    def choose_password(self, name: str, first: str, screen: ViewportSize = WIDE) -> None:
        """Sign in with a password that somebody else set, and change it, which is all that it opens."""
        with closing(self._browser.new_context(viewport=screen, locale="zh-CN")) as context:
            page = context.new_page()
            page.goto(f"{self.address}/staff")
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", first)
            page.click("button")
            expect(page.get_by_role("alert")).to_contain_text("您的密码是别人设的")
            page.goto(f"{self.address}/staff/files")
            expect(page.get_by_role("alert")).to_contain_text("您的密码是别人设的")
            for field, words in (("old", first), ("new", PASSWORD), ("again", PASSWORD)):
                page.fill(f"input[name={field}]", words)
            page.get_by_role("button", name="修改密码").click()
            expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()

    def close(self) -> None:
        """Close the browsers of the members, whose pages would go on asking the program how far it is."""
        while self._contexts:
            self._contexts.pop().close()


@pytest.fixture
def desk(house: Desk) -> Iterator[Desk]:
    yield house
    house.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Desk]:
    with working(tmp_path_factory.mktemp("errands"), browser) as desk:
        yield desk


@contextmanager
def working(home: Path, browser: Browser) -> Iterator[Desk]:
    """The program with an office of its own below `home`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        office = RefreshOffice(home)
        office.write("合作.txt", COOPERATION.text)
        office.refresh()
        patch.setattr(jobs, "refresh", lambda settings, *, who, role, **how: office.refresh_and_report(who=who))
        add_accounts(home)
        listener = socket.create_server(("127.0.0.1", 0))
        chosen = settings(home, **UNLIMITED, QA_DOCUMENTS=str(office.folder), QA_GOLDEN=str(home / "golden.jsonl"))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        servers: list[uvicorn.Server] = []

        async def serve() -> None:
            app = create_app(FakeAssistant(), chosen, sources=FakeSources(), models=models)
            servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
            await servers[0].serve(sockets=[listener])

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        desk = Desk(office, f"http://127.0.0.1:{listener.getsockname()[1]}", browser)
        yield desk
        desk.log.close()
        servers[0].should_exit = True
        thread.join()
        listener.close()
