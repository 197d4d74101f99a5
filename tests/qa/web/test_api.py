import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from qa import __version__
from qa.answering.reply import Turn, as_json
from qa.service.admission import within_reach
from qa.service.answer_queue import AT_ONCE, LINE, RETRY_SECONDS
from qa.service.questions import MAX_TURN_CHARACTERS, MAX_TURNS
from qa.storage.database import DATABASE, open_database
from qa.web.http.policy import SECURITY_HEADERS
from tests.support.doubles.web import ADDRESS, FakeAssistant, Status, answer, make_app


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeAssistant, TestClient]]:
    """One app for all tests of this file, which takes longer to make than they do."""
    assistant = FakeAssistant()
    with TestClient(make_app(assistant, tmp_path_factory.mktemp("api")), base_url=ADDRESS) as client:
        yield assistant, client


@pytest.fixture
def assistant(running: tuple[FakeAssistant, TestClient]) -> FakeAssistant:
    """The assistant of that app, as new."""
    assistant, _ = running
    assistant.reply, assistant.status, assistant.gate = answer, Status(), None
    assistant.asked.clear()
    assistant.chosen.clear()
    return assistant


@pytest.fixture
def client(running: tuple[FakeAssistant, TestClient], assistant: FakeAssistant) -> TestClient:
    return running[1]


@pytest.mark.parametrize("question", ["结成了多少对？", "明天天气怎么样", "", "问" * 10_000, "<b>\x00\u202e"])
def test_ask_gives_the_reply_of_the_command_line(client: TestClient, question: str) -> None:
    response = client.post("/api/ask", json={"question": question})
    assert response.status_code == 200
    reply = response.json()
    # Of a question beyond all measure only the beginning is looked at.
    receipt = reply.pop("id")
    assert receipt  # the command line writes nothing down
    assert {**reply, "id": None} == as_json(answer(within_reach(question)))


def test_earlier_turns_reach_the_assistant(client: TestClient, assistant: FakeAssistant) -> None:
    client.post("/api/ask", json={"question": "那医院呢", "history": [["结成多少对", "7对"]]})
    assert assistant.asked == [("那医院呢", (Turn("结成多少对", "7对"),))]


def test_a_document_is_asked_alone(client: TestClient, assistant: FakeAssistant) -> None:
    asked = {"question": "结成多少对", "document": "school.md"}
    assert client.post("/api/ask", json=asked).json()["document"] == "school.md"
    assert client.post("/api/ask", json={**asked, "document": ["school.md"]}).status_code == 400
    assert assistant.chosen == ["school.md"]


def test_a_name_longer_than_any_document_has_is_not_kept(client: TestClient, assistant: FakeAssistant) -> None:
    for name in ("文" * 15_000, "school.md"):
        client.post("/api/ask", json={"question": f"结成多少对{len(name)}", "document": name})
    assert assistant.chosen[-2:] == ["", "school.md"]


def test_the_conversation_is_cut_to_its_last_turns_and_their_beginnings(
    client: TestClient, assistant: FakeAssistant
) -> None:
    history = [[f"{number}" + "长" * 900, "答" * 900] for number in range(9)]
    assert client.post("/api/ask", json={"question": "问", "history": history}).status_code == 200
    turns = assistant.asked[0][1]
    assert [turn.question[0] for turn in turns] == [str(number) for number in range(9 - MAX_TURNS, 9)]
    assert {len(turn.question) for turn in turns} | {len(turn.reply) for turn in turns} == {MAX_TURN_CHARACTERS}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"question=1",
        b"[]",
        b'"text"',
        b"{}",
        b'{"question": 5}',
        b'{"question": null}',
        b'{"question": "\xff"}',
        b'{"question": "q", "history": "text"}',
        b'{"question": "q", "history": null}',
        b'{"question": "q", "history": [["only one"]]}',
        b'{"question": "q", "history": [["a", 1]]}',
        b'{"question": "q", "history": [{"question": "a"}]}',
        b"[" * 60_000,
    ],
)
def test_a_malformed_body_gets_one_sentence(client: TestClient, assistant: FakeAssistant, body: bytes) -> None:
    response = client.post("/api/ask", content=body)
    assert response.status_code == 400
    assert response.json()["error"].startswith("请求应为 JSON")
    assert assistant.asked == []


def test_half_a_surrogate_pair_is_answered_in_valid_utf8(client: TestClient, assistant: FakeAssistant) -> None:
    response = client.post("/api/ask", content=rb'{"question": "\ud83d", "history": [["\udc00", "a"]]}')
    assert response.status_code == 200
    assert assistant.asked == [("\ufffd", (Turn("\ufffd", "a"),))]


def test_a_body_too_large_is_refused(client: TestClient, assistant: FakeAssistant) -> None:
    assert client.post("/api/ask", json={"question": "a" * 60_000}).status_code == 200
    response = client.post("/api/ask", json={"question": "a" * 70_000})
    assert response.status_code == 413
    assert len(assistant.asked) == 1


def in_parallel(assistant: FakeAssistant, home: Path, script: Callable[[httpx2.AsyncClient], Any]) -> Any:
    app = make_app(assistant, home)

    async def run() -> Any:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            return await script(client)

    return asyncio.run(run())


def test_whom_the_line_has_no_room_for_is_sent_away_politely_and_the_others_are_answered(tmp_path: Path) -> None:
    assistant = FakeAssistant(gate=threading.Event())
    body = {"question": "结成了多少对？"}

    async def script(client: httpx2.AsyncClient) -> tuple[httpx2.Response, list[httpx2.Response], httpx2.Response]:
        waiting = [asyncio.create_task(client.post("/api/ask", json=body)) for _ in range(AT_ONCE + LINE)]
        while len(assistant.asked) < AT_ONCE:
            await asyncio.sleep(0.01)
        refused = await client.post("/api/ask", json=body)
        assert len(assistant.asked) == AT_ONCE
        assert assistant.gate
        assistant.gate.set()
        return refused, await asyncio.gather(*waiting), await client.post("/api/ask", json=body)

    refused, answered, later = in_parallel(assistant, tmp_path, script)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, str(RETRY_SECONDS))
    assert refused.json() == {"error": "现在提问的人较多，请过一会儿再试。"}
    assert [response.status_code for response in answered] == [200] * (AT_ONCE + LINE)
    assert later.status_code == 200


def test_an_error_inside_says_nothing_of_the_inside(tmp_path: Path) -> None:
    def fail(question: str, history: Any) -> Any:
        raise RuntimeError("/secret/path")

    app = make_app(FakeAssistant(reply=fail), tmp_path)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        response = client.post("/api/ask", json={"question": "问"})
    assert response.status_code == 500
    assert response.json() == {"error": "服务出了问题，没有回答成功，请稍后再试。"}
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    with closing(open_database(tmp_path / DATABASE)) as database:
        (row,) = database.execute("SELECT question, status, reason, reply FROM replies")
    assert tuple(row) == ("问", "failed", "RuntimeError", "{}"), (
        "staff see that there was one, and nothing of the inside"
    )


def test_the_process_tells_that_it_lives_and_its_version(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": __version__}
    assert client.get("/openapi.json").json()["info"]["version"] == __version__


def test_readiness_names_the_snapshot_and_its_age(client: TestClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    content = response.json()
    assert (content["status"], content["snapshot"], content["passages"]) == ("ready", "000001", 3)
    assert content["age_seconds"] > 0


def test_a_degraded_service_is_not_ready_and_says_why(client: TestClient, assistant: FakeAssistant) -> None:
    assistant.status = replace(Status(), degraded="Snapshot 000002 is damaged; 000001 is served")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "Snapshot 000002 is damaged; 000001 is served"
    assert client.post("/api/ask", json={"question": "问"}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("degraded, status", [("", 200), ("Snapshot 000002 is damaged", 503)])
def test_a_probe_may_ask_without_the_body(
    client: TestClient, assistant: FakeAssistant, path: str, degraded: str, status: int
) -> None:
    assistant.status = replace(Status(), degraded=degraded)
    probed, read = client.head(path), client.get(path)
    assert probed.status_code == read.status_code == (status if path == "/readyz" else 200)
    headers = [{k: v for k, v in one.headers.items() if k != "x-request-id"} for one in (probed, read)]
    assert (probed.content, headers[0]) == (b"", headers[1])
    assert client.head("/api/ask").status_code == 404
