"""T30, T33: many at once on the whole app; who asks too much and what is too much are turned away politely."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from qa.service import rate_limit
from qa.service.answer_queue import AT_ONCE, LINE, RETRY_SECONDS
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

OTHERS = 50
LIMIT = 60
PATIENCE = 100
POLITE = "现在提问的人较多，请过一会儿再试。"


async def ask(app: FastAPI, address: str, question: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app, client=(address, 40000))
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as visitor:
        return await visitor.post("/api/ask", json={"question": question})


def in_one_loop(app: FastAPI, script: Callable[[FastAPI], Coroutine[Any, Any, Any]]) -> Any:
    async def run() -> Any:
        async with app.router.lifespan_context(app):
            return await script(app)

    return asyncio.run(run())


def statuses(responses: list[httpx2.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


def test_one_address_that_asks_too_much_is_told_to_wait_and_fifty_others_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock that stands: on a busy machine the allowance would grow again meanwhile.
    clock = SimpleNamespace(monotonic=lambda: 100.0, perf_counter=time.perf_counter)
    monkeypatch.setattr(rate_limit, "time", clock)

    async def script(app: FastAPI) -> tuple[list[httpx2.Response], list[httpx2.Response]]:
        one, others = [], []
        # One after the other, so that the line is never what turns anybody away.
        for number in range(OTHERS):
            one += [await ask(app, "10.0.0.1", f"{number}对{again}多少？") for again in range(3)]
            others.append(await ask(app, f"10.0.1.{number}", f"{number}多少？"))
        return one, others

    one, others = in_one_loop(make_app(FakeAssistant(), tmp_path, QA_ADDRESS_PER_MINUTE=str(LIMIT)), script)
    assert statuses(others) == {200: OTHERS}
    told = [response for response in one if response.status_code == 429]
    # A minute's worth at once: many phones of one carrier share an address.
    assert statuses(one[:LIMIT]) == {200: LIMIT}
    assert len(told) == 3 * OTHERS - LIMIT
    assert all(0 < int(response.headers["retry-after"]) <= 60 for response in told)
    assert all("您问得有点快，请等几秒再问" in response.json()["error"] for response in told)


def test_three_times_too_many_are_answered_as_far_as_there_is_room_and_afterwards_everybody_is(tmp_path: Path) -> None:
    assistant = FakeAssistant(gate=threading.Event())
    room = AT_ONCE + LINE

    async def script(app: FastAPI) -> tuple[list[httpx2.Response], list[httpx2.Response], list[httpx2.Response]]:
        crowd = [asyncio.create_task(ask(app, f"10.0.2.{number}", f"{number}多少？")) for number in range(3 * room)]
        assert assistant.gate
        refused = []
        try:
            # The refused do not wait for those who are answered: nobody has been yet.
            for early in asyncio.as_completed(crowd, timeout=PATIENCE):
                refused.append(await early)
                if len(refused) == 2 * room:
                    break
            assert len(assistant.asked) == AT_ONCE
        finally:
            assistant.gate.set()
        everybody = await asyncio.gather(*crowd)
        after = [await ask(app, f"10.0.3.{number}", f"{number}多少？") for number in range(5)]
        return refused, everybody, after

    refused, everybody, after = in_one_loop(make_app(assistant, tmp_path), script)
    # How many get in depends on the time that answers take, too.
    answered = statuses(everybody)[200]
    assert room / 2 < answered <= room and statuses(everybody)[503] == 3 * room - answered
    assert {(r.status_code, r.headers["retry-after"], r.json()["error"]) for r in refused} == {
        (503, str(RETRY_SECONDS), POLITE)
    }
    assert statuses(after) == {200: 5}
