"""Errors give nothing away, and no question, however odd, brings the service down; each beside what does.

FUZZ_QUESTIONS says how many random ones are asked; `make test-fuzz` asks 10,000.
"""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from qa.web.http.policy import PAGE_CALL
from tests.support.counts import count
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

RANDOM = int(os.environ.get("FUZZ_QUESTIONS", count(150, whole=600)))
JSON = {"Content-Type": "application/json"}
LEAK = re.compile(
    r"/(?:work|home|usr|opt|tmp|root|var)/|\.py\b|Traceback|line \d+|site-packages|\b[A-Z]\w+(?:Error|Exception)\b"
    r"|(?:gradio|fastapi|starlette|uvicorn|pydantic|sqlite|python)[/ ]?\d|secret of the house",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[\u4e00-\u9fff].*。", re.DOTALL)


def call(question: object, **change: object) -> dict[str, object]:
    return {"data": [question, "[]"], "fn_index": 0, "trigger_id": 9, "session_hash": "abc", **change}


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant, tmp_path: Path) -> Iterator[TestClient]:
    app = make_app(assistant, tmp_path)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def provoked(client: TestClient, assistant: FakeAssistant) -> Iterator[tuple[str, Response]]:
    """A hundred errors and more: of bodies, methods, paths, headers, and of the program itself."""
    bodies = (
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 9_000,
        b"\xff\xfe",
        b'{"question": 1}',
        b'{"question": {}}',
        b'"\\ud800"',
    )
    for body in bodies:
        for path in ("/api/ask", "/api/feedback", "/api/share", PAGE_CALL):
            yield f"{path} {body[:20]!r}", client.post(path, content=body, headers=JSON)
    changes: tuple[dict[str, object], ...] = (
        {"fn_index": 7}, {"fn_index": "x"}, {"trigger_id": None}, {"session_hash": "../x"}, {"data": []},
        {"data": [1, 2]}, {"data": ["问", "[]", "more"]}, {"event_data": {}}, {"data": [{"path": "/etc/passwd"}, "[]"]},
    )  # fmt: skip
    for change in changes:
        yield f"call {change}", client.post(PAGE_CALL, json=call("问", **change))
    for path in ("/config", "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/proxy=http://x/", "/x.php", "/.env"):
        for method in ("GET", "POST", "PUT", "DELETE"):
            yield f"{method} {path}", client.request(method, path)
    for path in ("/a/" + "x" * 22, "/a/..", "/source?snapshot=..%2f..&document=%00", "/file?document=../../etc/passwd"):
        yield path, client.get(path)
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        yield str(headers), client.post("/api/ask", json={"question": "多少"}, headers=headers)

    def fail(question: str, history: Any) -> Any:
        raise RuntimeError(f"secret of the house, in {__file__}")

    assistant.reply = fail
    for number in range(30):
        yield f"fault of /api/ask {number}", client.post("/api/ask", json={"question": f"多少{number}"})
        yield f"fault of the page {number}", client.post(PAGE_CALL, json=call(f"多少{number}"))


def test_no_error_gives_away_a_path_a_trace_or_a_version(client: TestClient, assistant: FakeAssistant) -> None:
    errors = {name: response for name, response in provoked(client, assistant) if response.status_code >= 400}
    assert len(errors) >= 100
    assert {response.status_code for response in errors.values()} >= {400, 403, 404, 500}
    leaking = {name: found[0] for name, response in errors.items() if (found := LEAK.search(response.text))}
    assert leaking == {}
    assert [name for name, response in errors.items() if "server" in response.headers] == []


def test_what_would_give_something_away_is_seen() -> None:
    for body in (f'File "{__file__}", line 3', "ValueError: x", "gradio 6.31.0", "Traceback (most recent call last)"):
        assert LEAK.search(body)
    assert not LEAK.search('{"error":"服务出了问题，没有回答成功，请稍后再试。"}')


def odd_questions() -> Iterator[str]:
    """Long ones, invisible ones, ones from right to left, and `RANDOM` of random characters."""
    yield from (
        "问" * 1_000_000,
        "a" * 1_000_000,
        "\x00",
        "问\x00" * 100,
        "\u202e反着写的问题\u202c",
        "\u200b\u200d\ufeff" * 90,
    )
    yield from (
        "ع" * 250,
        "e" + "\u0301" * 290,
        "\U0001f469\u200d\U0001f467" * 70,
        "\ud800",
        "\udfff问",
        "\n" * 300,
        " " * 300,
    )
    chance = random.Random(36)
    for _ in range(RANDOM):
        length = chance.choice((1, 3, 12, 40))
        yield "".join(
            chr(chance.choice((chance.randrange(0x20), chance.randrange(0x3000), chance.randrange(0x110000))))
            for _ in range(length)
        )


@pytest.mark.long
def test_no_odd_question_ends_in_a_fault(client: TestClient, assistant: FakeAssistant) -> None:
    seen: dict[int, int] = {}
    for number, question in enumerate(odd_questions()):
        paths: tuple[tuple[str, object], ...] = (("/api/ask", {"question": question}), (PAGE_CALL, call(question)))
        path, body = paths[number % 2]
        response = client.post(path, content=json.dumps(body), headers=JSON)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        if response.status_code != 200:
            assert SENTENCE.search(response.json()["error"])
    assert set(seen) == {200, 413} and seen[200] >= RANDOM
    assert len(assistant.asked) >= 0.9 * RANDOM  # they reached the assistant, and were not all turned away before

    def fail(question: str, history: Any) -> Any:
        raise RuntimeError

    assistant.reply = fail
    assert client.post("/api/ask", json={"question": "多少"}).status_code == 500
