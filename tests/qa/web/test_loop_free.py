"""T44: whatever grows with what was sent, or with a log, is done apart; others are answered meanwhile."""

import asyncio
import importlib
import itertools
import re
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anyio import to_thread
from fastapi import FastAPI

from qa.staff.console import Console
from qa.web.staff.guard import PATHS, StaffGuard
from qa.web.staff.sign_in import SIGN_IN
from tests.support.doubles.staff import PASSWORD, make_staff_app
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

pytestmark = pytest.mark.long  # each test makes an app of its own

PATIENCE = 100
Call = Callable[[httpx2.AsyncClient], Coroutine[Any, Any, httpx2.Response]]


class Slow:
    """Stands for a function that takes long: it ends when it is let go, or tells that nobody let it."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self.real = real
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.waited_in_vain = False

    def __call__(self, *values: Any, **named: Any) -> Any:
        if not self.begun.is_set():
            self.begun.set()
            self.waited_in_vain = not self.let_go.wait(PATIENCE)
        return self.real(*values, **named)


async def others_are_answered(app: FastAPI, call: Call, slow: Slow) -> bool:
    """Whether `/healthz` answers while a call waits in `slow`."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS, follow_redirects=False) as client:
        waiting = asyncio.create_task(call(client))
        # What is written down may still be to come when the call is answered.
        async with asyncio.timeout(100):
            while not slow.begun.is_set():
                await asyncio.sleep(0.01)
        healthy = (await client.get("/healthz")).json()["status"] == "ok"
        in_time = not slow.waited_in_vain
        slow.let_go.set()
        await waiting
        return healthy and in_time


def asking(question: str) -> Call:
    return lambda client: client.post("/api/ask", json={"question": question})


def reading(client: httpx2.AsyncClient) -> Coroutine[Any, Any, httpx2.Response]:
    return client.get("/source?snapshot=000001&document=school.md")


def judging(client: httpx2.AsyncClient) -> Coroutine[Any, Any, httpx2.Response]:
    said = {"id": "x" * 22, "verdict": "up", "reasons": [], "comment": ""}
    return client.post("/api/feedback", json=said)


@pytest.mark.parametrize(
    "work, call",
    [
        ("qa.answering.personal_data.find", asking("结成多少对？")),
        ("qa.answering.personal_data.mask", asking("我的手机13812345678，结成多少对？")),
        ("qa.web.citizen.routes.document_html", reading),
        ("qa.web.citizen.plain.listed", lambda client: client.get("/topics")),
        ("tests.support.doubles.web.FakeSources.open", reading),
        ("qa.storage.question_log.Log.judge", judging),
        ("tests.support.doubles.web.FakeAssistant.ask", asking("结成多少对？")),
    ],
)
def test_others_are_answered_meanwhile(work: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(FakeAssistant(), tmp_path)
    module, _, name = work.rpartition(".")
    slow = Slow(_named(module, name))
    # A function, so that it is bound where it is a method.
    monkeypatch.setattr(work, lambda *values, **named: slow(*values, **named))
    assert asyncio.run(others_are_answered(app, call, slow))


async def form(client: httpx2.AsyncClient, address: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', (await client.get(address)).text)
    assert found
    return found[1]


async def sign_in(client: httpx2.AsyncClient, name: str = "admin") -> httpx2.Response:
    fields = {"name": name, "password": PASSWORD, "form": await form(client, SIGN_IN)}
    return await client.post(SIGN_IN, data=fields)


@pytest.mark.parametrize("way", ["in", "out"])
def test_others_are_answered_while_a_sign_in_or_out_is_written_down(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    app = make_staff_app(tmp_path)
    slow = Slow(_named("qa.storage.audit.Audit", "add"))

    async def call(client: httpx2.AsyncClient) -> httpx2.Response:
        if way == "out":
            assert (await sign_in(client)).status_code == 303
        monkeypatch.setattr("qa.storage.audit.Audit.add", lambda *values, **named: slow(*values, **named))
        if way == "in":
            return await sign_in(client)
        return await client.post("/staff/sign-out", data={"form": await form(client, "/staff/account")})

    assert asyncio.run(others_are_answered(app, call, slow))


@pytest.mark.parametrize("turns", [True, False], ids=["in turns", "without turns"])
def test_citizens_and_colleagues_are_answered_while_every_call_of_a_member_hangs(
    turns: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member opens every page of the area, again and again; the control is a guard that passes all of them on."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    app, hold, build = make_staff_app(tmp_path), threading.Event(), Console.__init__
    begun: list[str] = []

    def hanging(self: Console, *values: Any, **named: Any) -> None:
        if named["who"] == "editor":
            begun.append("a call")
            hold.wait(PATIENCE)
        build(self, *values, **named)

    async def passing(self: StaffGuard, room: object, *call: Any, whole: bool = False) -> None:
        await self.app(*call)

    monkeypatch.setattr(Console, "__init__", hanging)
    if not turns:
        monkeypatch.setattr(StaffGuard, "_in_turn", passing)

    async def tried() -> list[int]:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as editor,
            httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as others,
        ):
            assert [(await sign_in(editor, "editor")).status_code, (await sign_in(others)).status_code] == [303, 303]
            pages = itertools.cycle(sorted(PATHS["GET"]))
            calls = [asyncio.create_task(editor.get(path)) for path in itertools.islice(pages, 120)]
            try:
                async with asyncio.timeout(PATIENCE):
                    while len(begun) < (1 if turns else to_thread.current_default_thread_limiter().total_tokens):
                        await asyncio.sleep(0.01)
                async with asyncio.timeout(PATIENCE if turns else 2):
                    return [(await others.get(path)).status_code for path in ("/widget.js", "/", "/staff/files")]
            except TimeoutError:
                return []
            finally:
                hold.set()
                statuses = {(await call).status_code for call in calls}
                assert (429 in statuses) == turns, "one member's calls beyond the line are refused"

    assert asyncio.run(tried()) == ([200, 200, 200] if turns else [])


def test_what_is_done_in_the_loop_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: reading a conversation, whose length is limited, is done in the loop."""
    monkeypatch.setattr("tests.qa.web.test_loop_free.PATIENCE", 0.2)
    app = make_app(FakeAssistant(), tmp_path)
    slow = Slow(_named("qa.web.api.routes", "read_turns"))
    monkeypatch.setattr("qa.web.api.routes.read_turns", slow)
    assert not asyncio.run(others_are_answered(app, asking("结成多少对？"), slow))


def _named(module: str, name: str) -> Any:
    owner, _, attribute = module.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return getattr(getattr(importlib.import_module(owner), attribute), name)
