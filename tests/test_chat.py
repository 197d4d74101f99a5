import asyncio
import json
import threading
from typing import Any

import httpx2
from fastapi import FastAPI

from qa.pages import chat
from qa.pages.desk import Desk
from qa.pages.guard import PAGE_CALL
from qa.reply import Turn
from tests.web import ADDRESS, FakeAssistant


def call(*values: str) -> dict[str, Any]:
    return {"data": list(values), "fn_index": 0, "session_hash": "s"}


async def ask(client: httpx2.AsyncClient, *values: str) -> list[str]:
    response = await client.post(PAGE_CALL, json=call(*values))
    assert response.status_code == 200
    data: list[str] = response.json()["data"]
    return data


def page_of(desk: Desk) -> httpx2.AsyncClient:
    app = chat.mount(FastAPI(), desk)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=ADDRESS)


def test_the_conversation_that_the_browser_keeps_comes_back_as_turns() -> None:
    assistant = FakeAssistant()

    async def converse() -> None:
        async with page_of(Desk(assistant)) as client:
            _, question, conversation = await ask(client, "两地学校结对多少对？", "[]")
            assert question == ""
            await ask(client, "那医院呢", conversation)

    asyncio.run(converse())
    (first, before), (second, after) = assistant.asked
    assert (first, before, second) == ("两地学校结对多少对？", (), "那医院呢")
    assert after == (Turn("两地学校结对多少对？", "截至去年底，两地学校共结成7对帮扶对子。"),)


def test_half_a_surrogate_pair_is_shown_as_a_replacement_character() -> None:
    async def send() -> httpx2.Response:
        async with page_of(Desk(FakeAssistant())) as client:
            body = json.dumps(call("\ud83d", "[]"))
            return await client.post(PAGE_CALL, content=body, headers={"Content-Type": "application/json"})

    response = asyncio.run(send())
    assert response.status_code == 200 and "\ufffd" in response.json()["data"][0]


def test_the_conversation_does_not_grow_without_end() -> None:
    async def converse() -> str:
        conversation = "[]"
        async with page_of(Desk(FakeAssistant())) as client:
            for _ in range(12):
                conversation = (await ask(client, "问" * 900, conversation))[2]
        return conversation

    assert len(asyncio.run(converse())) < 64 * 1024 / 3 / 2


def test_a_full_line_keeps_the_question_and_says_so() -> None:
    assistant = FakeAssistant(gate=threading.Event())

    async def crowd() -> list[str]:
        async with page_of(Desk(assistant, at_once=1, line=0)) as client:
            first = asyncio.create_task(ask(client, "结成多少对？", "[]"))
            while not assistant.asked:
                await asyncio.sleep(0.01)
            turned_away = await ask(client, "那医院呢", "[]")
            assert assistant.gate
            assistant.gate.set()
            await first
        return turned_away

    reply, question, conversation = asyncio.run(crowd())
    assert "现在提问的人较多，请过一会儿再试。" in reply
    assert (question, conversation) == ("那医院呢", "[]")
    assert [asked for asked, _ in assistant.asked] == ["结成多少对？"]
