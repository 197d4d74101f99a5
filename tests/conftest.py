"""For all tests: the network is closed but for the loopback."""

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Playwright, sync_playwright

from app import create_app
from qa.runtime.settings import ROOT
from tests.support.doubles.web import GOLDEN, FakeAssistant, FakeSources, Status, answer, document, settings
from tests.support.programs.browsing import ARGUMENTS, CHROMIUM
from tests.support.programs.network import NetworkClosed, outside
from tests.support.programs.serving import Served, serving

GOLDEN_STEP = 6


class ClosedNetwork:
    """Refuses every call that would leave the machine; `refused` holds the hosts asked for."""

    def __init__(self) -> None:
        self.closed = False
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        host = outside(event, arguments) if self.closed else None
        if host is not None:
            self.refused.append(host)
            raise NetworkClosed(f"{event} to {host}: tests reach only the loopback")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop keeps running in this thread, where no other can then start."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def network() -> Iterator[ClosedNetwork]:
    closed = ClosedNetwork()
    sys.addaudithook(closed)
    closed.closed = True
    yield closed
    # An audit hook cannot be taken away again.
    closed.closed = False


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real program over the shipped documents, set up from nothing once for all tests."""
    folder = tmp_path_factory.mktemp("served")
    # All golden questions would be asked before the first test; `test_quality_targets` asks them.
    golden = folder / "golden.jsonl"
    lines = (ROOT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    golden.write_text("".join(lines[::GOLDEN_STEP]), encoding="utf-8")
    with serving(folder, QA_GOLDEN=str(golden)) as program:
        yield program


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Site:
    """The web app around a fake assistant, served on this machine: its address, its parts, its home."""

    assistant: FakeAssistant
    sources: FakeSources
    address: str
    home: Path


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(FakeAssistant(), FakeSources(), f"http://127.0.0.1:{listener.getsockname()[1]}", home)
    chosen = settings(
        home,
        QA_ADDRESS_PER_MINUTE="0",
        QA_SESSION_PER_MINUTE="0",
        QA_KEPT_REPLIES="0",
        QA_CONTACT="区政务大厅 88888",
        QA_WIDGET_SITES="http://localhost:*",
    )
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        app = create_app(site.assistant, chosen, sources=site.sources, golden=GOLDEN)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield site
    servers[0].should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The site as new: whatever the test before made of its parts."""
    assistant = running_site.assistant
    assistant.reply, assistant.status, assistant.gate = answer, Status(), None
    running_site.sources.documents, running_site.sources.note = {"school.md": document()}, ""
    assistant.asked.clear()
    yield running_site
    if assistant.gate:
        assistant.gate.set()
