import asyncio
import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import httpx2
import pytest
from fastapi import FastAPI
from gradio.queueing import Queue

from qa.answering.reply import Turn
from qa.service.questions import MAX_TURNS, MalformedHistory, read_turns
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import CONTACT, write
from qa.web.citizen import chat
from qa.web.citizen.gradio_queue import REST_SECONDS, without_queue
from qa.web.http.policy import PAGE_CALL
from qa.web.site import Site
from tests.support.doubles.web import ADDRESS, FakeAssistant, admission


def call(*values: str) -> dict[str, Any]:
    return {"data": list(values), "fn_index": 0, "session_hash": "s"}


async def ask(client: httpx2.AsyncClient, *values: str) -> list[str]:
    response = await client.post(PAGE_CALL, json=call(*values))
    assert response.status_code == 200
    data: list[str] = response.json()["data"]
    return data


def page_of(assistant: FakeAssistant, home: Path, **parts: Any) -> httpx2.AsyncClient:
    app = chat.mount(FastAPI(), admission(assistant, home, **parts), Site(contact="76543"))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=ADDRESS)


def test_the_conversation_that_the_browser_sends_along_reaches_the_assistant(tmp_path: Path) -> None:
    assistant = FakeAssistant()

    async def converse() -> None:
        async with page_of(assistant, tmp_path) as client:
            _, question, facts = await ask(client, "两地学校结对多少对？", "[]")
            assert question == ""
            await ask(client, "那医院呢", json.dumps([json.loads(facts)["turn"]]))

    asyncio.run(converse())
    (first, before), (second, after) = assistant.asked
    assert (first, before, second) == ("两地学校结对多少对？", (), "那医院呢")
    understood = "两地学校结对多少对？"
    assert after == (Turn("两地学校结对多少对？", "截至去年底，两地学校共结成7对帮扶对子。", understood),)


def test_the_browser_learns_what_it_needs_of_a_reply(tmp_path: Path) -> None:
    async def send() -> tuple[str, dict[str, Any]]:
        async with page_of(FakeAssistant(), tmp_path) as client:
            shown, _, facts = await ask(client, "结成多少对？", "[]")
            return shown, json.loads(facts)

    shown, facts = asyncio.run(send())
    assert f'id="r-{facts["id"].replace("-", "&#45;").replace("_", "&#95;")}"' in shown
    assert (facts["status"], facts["turn"][0]) == ("answered", "结成多少对？")
    assert facts["language"] == "zh-CN"
    assert facts["plain"] == "7对\n“截至去年底，两地学校共结成7对帮扶对子。”[1]\n[1] 《两地学校结对》教育 › 结对"


def test_half_a_surrogate_pair_is_shown_as_a_replacement_character(tmp_path: Path) -> None:
    async def send() -> httpx2.Response:
        async with page_of(FakeAssistant(), tmp_path) as client:
            body = json.dumps(call("\ud83d", "[]"))
            return await client.post(PAGE_CALL, content=body, headers={"Content-Type": "application/json"})

    response = asyncio.run(send())
    assert response.status_code == 200 and "\ufffd" in response.json()["data"][0]


def test_a_full_line_keeps_the_question_and_says_so(tmp_path: Path) -> None:
    assistant = FakeAssistant(gate=threading.Event())

    async def crowd() -> list[str]:
        async with page_of(assistant, tmp_path, at_once=1, line=0) as client:
            first = asyncio.create_task(ask(client, "结成多少对？", "[]"))
            while not assistant.asked:
                await asyncio.sleep(0.01)
            turned_away = await ask(client, "那医院呢", "[]")
            assert assistant.gate
            assistant.gate.set()
            await first
        return turned_away

    reply, question, facts = asyncio.run(crowd())
    assert "现在提问的人较多，请过一会儿再试。" in reply
    assert (question, facts) == ("那医院呢", "{}")
    assert [asked for asked, _ in assistant.asked] == ["结成多少对？"]


def test_a_question_with_personal_data_is_kept_for_the_citizen_to_mend_and_not_looked_up(tmp_path: Path) -> None:
    assistant = FakeAssistant()

    async def send() -> list[str]:
        async with page_of(assistant, tmp_path) as client:
            return await ask(client, "我的手机13812345678，结成多少对？", "[]")

    shown, question, facts = asyncio.run(send())
    assert "请删去号码后再问" in shown and "13812345678" not in shown
    assert question == "我的手机13812345678，结成多少对？"
    assert json.loads(facts)["status"] == "rejected" and "13812345678" not in facts
    assert assistant.asked == []


def test_the_contact_that_staff_set_last_is_shown(tmp_path: Path) -> None:
    async def refused() -> str:
        async with page_of(FakeAssistant(), tmp_path) as client:
            return str((await ask(client, "今天天气怎么样？", "[]"))[0])

    before = asyncio.run(refused())
    write(open_database(tmp_path / DATABASE), CONTACT, "87654")
    assert ("76543" in before, "76543" in asyncio.run(refused())) == (True, False)
    assert "87654" in asyncio.run(refused())


def test_all_loops_in_which_gradio_looks_for_work_rest() -> None:
    async def made() -> Queue:  # where a loop runs, for without one Gradio leaves one open
        return Queue(False, 1, 0.05, None, cast(gr.Blocks, SimpleNamespace(fns={})))

    queue = asyncio.run(made())
    waits = {name: wait for name, wait in vars(queue).items() if name.endswith("sleep_when_free")}
    assert len(waits) == 2 and max(waits.values()) < 1  # as Gradio makes them, which has no others
    without_queue(cast(gr.Blocks, SimpleNamespace(_queue=queue)))
    assert {getattr(queue, name) for name in waits} == {REST_SECONDS}


def test_a_turn_may_say_how_it_was_understood() -> None:
    whole = "公园停车费多少"
    assert read_turns([["停车费呢", "5元", whole]]) == (Turn("停车费呢", "5元", whole),)
    assert read_turns([["停车费呢", "5元"]]) == (Turn("停车费呢", "5元"),)


def test_only_the_last_turns_are_kept() -> None:
    turns = read_turns([[str(number), "答"] for number in range(MAX_TURNS + 2)])
    assert [turn.question for turn in turns] == [str(number) for number in range(2, MAX_TURNS + 2)]


@pytest.mark.parametrize("pair", [["问"], ["问", "答", "全", "多"], ["问", "答", 3], "问答"])
def test_anything_else_is_no_turn(pair: object) -> None:
    assert read_turns([["问", "答"]])
    with pytest.raises(MalformedHistory):
        read_turns([pair])
