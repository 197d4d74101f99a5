"""Single sign-on in a real browser, at a real provider that is another site to it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from qa.staff.accounts.accounts import Accounts
from qa.storage.database import DATABASE
from tests.browser.test_accessibility import violations
from tests.support.programs.browsing import PHONE, scrolls_sideways
from tests.support.programs.sign_on import User, make_door, real_provider, settings_of

# What the provider of the tests calls in authlib is deprecated there.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
WANG = User(sub="77", claims={"preferred_username": "ZF001"})


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the door is served; the provider is at `localhost`, which a browser takes for another site."""
    with real_provider(WANG) as provider, socket.create_server(("127.0.0.1", 0)) as listener:
        app = make_door(tmp_path, **settings_of(provider, QA_SSO_LABEL="浙政钉"))
        Accounts(tmp_path / DATABASE).set_identity("publisher", "ZF001")
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_a_browser_goes_to_the_provider_and_comes_back_signed_in(address: str, browser: Browser, axe: str) -> None:
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(f"{address}/staff")
    assert violations(page, axe) == [] and not scrolls_sideways(page)
    page.get_by_role("link", name="用浙政钉登录").click()
    page.get_by_role("button", name=WANG.sub, exact=True).first.click()
    expect(page.get_by_text("publisher（发布）")).to_be_visible()
    assert page.url == f"{address}/staff/home"
    cookies = {cookie["name"]: cookie["sameSite"] for cookie in page.context.cookies()}
    assert cookies["staff_session"] == "Strict" and "staff_way" not in cookies
