"""Written answers as a citizen meets them in Chromium: switched on, read, stopped."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from tests.qa.service.test_written_answers import SHOWN, WRITTEN_TEXT, made_app
from tests.support.doubles import llm_endpoint
from tests.support.doubles.llm_endpoint import Model
from tests.support.doubles.writing import TRUE
from tests.support.programs.browsing import Visit, ask_and_wait

QUESTION = "增加了多少？"


@dataclass(frozen=True, slots=True)
class Site:
    """The web app with a scripted model behind it."""

    model: Model
    address: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    home = tmp_path_factory.mktemp("site")
    with llm_endpoint.running() as model:

        async def serve() -> None:
            app = made_app(model, home, QA_KEPT_REPLIES="0")
            servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
            await servers[0].serve(sockets=[listener])

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        yield Site(model, f"http://127.0.0.1:{listener.getsockname()[1]}")
        servers[0].should_exit = True
        thread.join()
    listener.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(locale="zh-CN")
    visit = Visit(context.new_page(), site.address)
    visit.open()
    yield visit
    assert (visit.errors, visit.strangers) == ([], [])
    context.close()


def switch_on(page: Page) -> None:
    page.get_by_label("另请 AI 写一段回答").check()


def test_the_switch_is_off_until_the_citizen_turns_it_on(site: Site, visit: Visit) -> None:
    site.model.follow(llm_endpoint.says(WRITTEN_TEXT))
    ask_and_wait(visit.page, QUESTION)
    expect(visit.page.locator(".ai-label")).to_have_count(0)
    assert site.model.calls == []
    switch_on(visit.page)
    ask_and_wait(visit.page, "又增加了多少？")
    expect(visit.page.locator("#latest .ai-label")).to_have_text("AI 生成")


def test_checked_sentences_stand_above_the_quotations_and_stay_after_a_reload(site: Site, visit: Visit) -> None:
    site.model.follow(llm_endpoint.says(WRITTEN_TEXT))
    page = visit.page
    switch_on(page)
    ask_and_wait(page, QUESTION)
    written = page.locator("#latest .exchange .ai .written")
    expect(written).to_have_count(2)
    expect(page.locator("#latest .made")).to_contain_text("AI 生成")
    assert [text.rstrip("1") for text in written.all_inner_texts()] == SHOWN
    expect(page.locator("#latest blockquote").first).to_be_visible()
    page.reload()
    expect(page.locator("#earlier .ai .written")).to_have_count(2)


def test_stopping_leaves_the_quotations_and_ends_the_request(site: Site, visit: Visit) -> None:
    site.model.follow(llm_endpoint.hangs(site.model, f"{TRUE[0]}在"))
    page = visit.page
    switch_on(page)
    ask_and_wait(page, QUESTION)
    expect(page.locator("#latest .ai .written")).to_have_count(1)
    page.locator("#latest .ai .halt").click()
    expect(page.locator("#latest .ai")).to_contain_text("已停止编写")
    expect(page.locator("#latest .ai .written")).to_have_count(0)
    expect(page.locator("#latest blockquote").first).to_be_visible()
    assert site.model.calls[-1].gone.wait(60)


def test_what_a_failing_model_wrote_is_taken_back(site: Site, visit: Visit) -> None:
    site.model.follow(llm_endpoint.cut(WRITTEN_TEXT, after=15))
    page = visit.page
    switch_on(page)
    ask_and_wait(page, QUESTION)
    expect(page.locator("#latest .ai")).to_contain_text("AI 没有写完")
    expect(page.locator("#latest .ai .written")).to_have_count(0)
    expect(page.locator("#latest .made")).to_contain_text("原文摘录")
