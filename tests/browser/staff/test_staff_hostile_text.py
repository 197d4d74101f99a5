"""What citizens type acts nowhere in the staff area: in the log, a trial, the home page, the questions."""

import asyncio
import math
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import UNHELPFUL, Log, new_id
from qa.web.application import create_app
from qa.web.staff.pages.questions.log import SIZE
from tests.support.doubles.staff import PASSWORD, UNLIMITED, add_accounts
from tests.support.doubles.toy import ToyEmbedder
from tests.support.doubles.web import FakeAssistant, FakeSources, answer, settings
from tests.support.files.payloads import PAYLOADS
from tests.support.programs.browsing import DESKTOP, Visit

CONTROL = "<img src=x onerror=fired()>"
TRIES = 2000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("hostile")
    add_accounts(home)
    log = Log(open_database(home / DATABASE), keep_days=180, share_days=90)
    for payload in [*PAYLOADS, CONTROL]:
        reply_id, now = new_id(), datetime.now(UTC)
        reply = replace(answer("结成多少对？"), question=payload, standalone_question=payload, elapsed_ms=900.0)
        log.add(reply_id, reply, now, channel="page", documents={})
        log.judge(reply_id, UNHELPFUL, now, comment=payload[:200])
    log.close()
    embedder = ToyEmbedder()
    models = Models(lambda: embedder, lambda: SimilarityReader(embedder))
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        app = create_app(FakeAssistant(), settings(home, **UNLIMITED), sources=FakeSources(), models=models)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    servers[0].should_exit = True
    thread.join()
    listener.close()


def test_hostile_texts_are_read_and_do_nothing(address: str, browser: Browser) -> None:
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        page = context.new_page()
        visit = Visit(page, address)
        visit.watch()
        fired: list[str] = []
        page.expose_function("fired", lambda *_: fired.append("fired"))
        page.goto(f"{address}/staff")
        page.fill("input[name=name]", "editor")
        page.fill("input[name=password]", PASSWORD)
        page.click("button")
        expect(page.locator(".cards").first).to_be_visible()
        page.goto(f"{address}/staff/log")
        pages = math.ceil((len(PAYLOADS) + 1) / SIZE)
        for number in range(1, pages + 1):
            expect(page.locator("#list .turning")).to_contain_text(f"共{len(PAYLOADS) + 1}条，第{number}/{pages}页")
            page.locator("#list .main a").nth(number).click()
            expect(page.locator("#panel .exchange")).to_be_visible()
            assert page.locator("main iframe, .text img, .text script, .text form").count() == 0
            page.locator("#panel .close").click()
            expect(page.locator("#panel")).to_be_hidden()
            if number < pages:
                page.get_by_role("link", name="下一页").click()
        page.goto(f"{address}/staff/trial?question={quote(CONTROL)}")
        expect(page.get_by_label("问题", exact=True)).to_have_value(CONTROL)
        assert page.locator("main iframe, .text img, .text script, .text form").count() == 0
        page.goto(f"{address}/staff/questions?shelf=all")
        page.locator("#list .main a").first.click()
        expect(page.locator("#panel .head h2")).to_be_visible()
        page.goto(f"{address}/staff/golden?new=1")
        page.get_by_text("从市民问过的、人工答案里挑一条").click()
        expect(page.locator("#panel .asked li").first).to_be_visible()
        assert page.locator("main iframe, .text img, .text script, .text form").count() == 0
        page.locator("#panel .asked a").first.click()
        expect(page.get_by_label("问题", exact=True)).not_to_have_value("")
        assert (fired, visit.strangers) == ([], [])
        assert page.locator("main iframe, .text img, .text script, .text form").count() == 0
    # The control: the same words as markup do act, where neither escaping nor the content policy holds them.
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.expose_function("fired", lambda *_: fired.append("fired"))
        page.goto(f"{address}/staff/sign-in")
        page.evaluate("html => { document.body.insertAdjacentHTML('beforeend', html) }", CONTROL)
        for _ in range(TRIES):
            if fired:
                break
            page.wait_for_timeout(20)
        assert fired == ["fired"]
