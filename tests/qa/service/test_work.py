"""T43: work grows no faster than what is sent, up to all that may be sent.

Measured as the time of this process's processor, thrice and more, at a quarter, a half and all of the allowed size.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.metadata.side_file import FIELDS
from qa.staff import jobs
from qa.storage.database import DATABASE
from qa.storage.question_log import MAX_COMMENT
from qa.web.http.bodies import MAX_BODY, MAX_TEXT
from qa.web.http.connections import MOST_HEAD
from qa.web.http.guard import MAX_COOKIES, MAX_QUERY
from qa.web.http.policy import PAGE_CALL
from qa.web.staff.guard import FILE_UPLOAD
from qa.web.staff.pages.files.routes import ACTIONS as FILES
from qa.web.staff.pages.frame import MAX_TEXT as MAX_FIELD
from qa.web.staff.pages.golden.routes import ACTIONS as GOLDEN
from qa.web.staff.pages.questions.actions import ACTIONS as QUESTIONS
from qa.web.staff.pages.questions.answer_actions import ACTIONS as ANSWERS
from qa.web.staff.pages.settings.routes import ACTIONS as SETTINGS
from qa.web.staff.pages.snapshots.routes import ACTIONS as SNAPSHOTS
from tests.support.counts import count
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app
from tests.support.growth import MOST_GROWTH, grows_too_fast

pytestmark = pytest.mark.long

MCP = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": "2025-06-18",
}
JSON = {"Content-Type": "application/json"}
# Telephone numbers, what has to be escaped, what may be a date or a number, invisible and combining characters.
SEEDS = ("13800138000 ", '\\"', "二〇一一年 ", "1 ", "<&", "\u200b", "e\u0301", "问")
# What the pages of staff let one type, under any button.
TYPED: tuple[str, ...] = (
    "text",
    "questions",
    "owner",
    "expires",
    "find",
    "why",
    "note",
    "assignee",
    "must",
    "evidence",
    "question",
)
TYPED += ("name", *FIELDS)


def filled(seed: str, size: int) -> str:
    return (seed * (size // len(seed) + 1))[:size]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = make_app(FakeAssistant(), tmp_path_factory.mktemp("work"))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def call(question: str, conversation: str = "[]") -> dict[str, Any]:
    return {"data": [question, conversation], "fn_index": 0, "trigger_id": 1, "session_hash": "abc"}


def tool(name: str, **arguments: object) -> bytes:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    return json.dumps(asked, ensure_ascii=False).encode()


def body(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


# In a JSON body of the largest size each character takes up to six bytes.
ROOM = MAX_BODY // 6 - 100
JUDGED = {"id": "x" * 22, "verdict": "up"}
ANONYMOUS: dict[str, tuple[int, Callable[[TestClient, str], object]]] = {
    "cookie of the page": (MAX_COOKIES - 4, lambda c, t: c.get("/", headers={"Cookie": f'a="{latin(t)}"'})),
    "cookie of an ask": (MAX_COOKIES - 4, lambda c, t: c.post("/api/ask", headers={"Cookie": f'a="{latin(t)}"'})),
    "header": (MOST_HEAD - 500, lambda c, t: c.get("/api/page", headers={"Accept-Language": latin(t)})),
    "language of a source": (
        MOST_HEAD - 500,
        lambda c, t: c.get("/source?snapshot=000001&document=school.md", headers={"Accept-Language": latin(t)}),
    ),
    "question": (ROOM, lambda c, t: c.post("/api/ask", content=body(question=t), headers=JSON)),
    "history": (
        ROOM,
        lambda c, t: c.post("/api/ask", content=body(question="多少", history=[[t, t[:0]]]), headers=JSON),
    ),
    "turns": (
        ROOM // 12,
        lambda c, t: c.post("/api/ask", content=body(question="多少", history=[["a", "b"]] * len(t)), headers=JSON),
    ),
    "written answer": (ROOM, lambda c, t: c.post("/api/write", content=body(question=t), headers=JSON)),
    "question of the page": (MAX_TEXT // 2, lambda c, t: c.post(PAGE_CALL, json=call(t))),
    "conversation": (
        MAX_TEXT // 2,
        lambda c, t: c.post(PAGE_CALL, json=call("多少", json.dumps([[t, ""]])[: MAX_TEXT - 2])),
    ),
    "comment": (
        MAX_COMMENT,
        lambda c, t: c.post("/api/feedback", content=body(**JUDGED, reasons=[], comment=t), headers=JSON),
    ),
    "reasons": (
        ROOM // 2,
        lambda c, t: c.post("/api/feedback", content=body(**JUDGED, reasons=list(t), comment=""), headers=JSON),
    ),
    "share": (ROOM, lambda c, t: c.post("/api/share", content=body(id=t), headers=JSON)),
    "query": (MAX_QUERY // 9, lambda c, t: c.get("/source", params={"document": t})),
    "question of the form": (ROOM, lambda c, t: c.post("/ask", data={"q": t})),
    "question of a link": (MAX_QUERY // 9, lambda c, t: c.get("/ask", params={"q": t})),
    "topics": (MAX_QUERY // 9, lambda c, t: c.get("/topics", params={"q": t})),
    "marks": (
        MAX_QUERY // 12,
        lambda c, t: c.get("/source?snapshot=000001&document=school.md" + "&at=1-2" * len(t)),
    ),
    "tool ask": (ROOM, lambda c, t: c.post("/mcp", content=tool("ask", question=t), headers=MCP)),
    "tool search": (ROOM, lambda c, t: c.post("/mcp", content=tool("search", query=t), headers=MCP)),
    "tool document": (ROOM, lambda c, t: c.post("/mcp", content=tool("get_document", document=t), headers=MCP)),
    "no tool": (ROOM, lambda c, t: c.post("/mcp", content=tool(t), headers=MCP)),
}


def latin(text: str) -> str:
    """As many characters as a header may hold."""
    return "".join(char if " " < char < "\x7f" else "\\" for char in text)


@pytest.mark.parametrize("name", ANONYMOUS)
def test_no_call_of_a_visitor_makes_work_grow_faster_than_it(client: TestClient, name: str) -> None:
    most, send = ANONYMOUS[name]
    step = count(4, whole=1)
    for seed in SEEDS[list(ANONYMOUS).index(name) % step :: step]:
        growth = grows_too_fast(lambda size, seed=seed: send(client, filled(seed, size)), most)  # type: ignore[misc]
        assert not growth, f"{name} of {seed!r}: {growth:.1f} times the work for four times the input"


@pytest.mark.parametrize(
    "headers",
    [{"Cookie": "a=" + "b" * MAX_COOKIES}, {"X-Long": "x" * MOST_HEAD}, {f"X-{n}": "x" * 20 for n in range(800)}],
    ids=["cookie", "one header", "many headers"],
)
def test_a_head_beyond_the_measure_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    refused = client.get("/", headers=headers)
    assert refused.status_code == 431 and "太长" in refused.json()["error"]
    within = {name: value[: len(value) // 2] for name, value in list(headers.items())[:100]}
    assert client.get("/", headers=within).status_code == 200


def test_an_address_beyond_the_measure_is_refused(client: TestClient) -> None:
    assert client.get("/source?document=" + "x" * MAX_QUERY).status_code == 414
    assert client.get("/source?document=" + "x" * (MAX_QUERY // 2)).status_code == 404


def test_a_long_question_leaves_a_short_row(tmp_path: Path) -> None:
    assistant = FakeAssistant()
    with TestClient(make_app(assistant, tmp_path), base_url=ADDRESS) as client:
        reply = client.post("/api/ask", json={"question": "13800138000 " * 5300})
        assert reply.status_code == 200 and len(reply.content) < 4_000
        client.post("/api/ask", json={"question": "多少" * 10_000})
    rows = sqlite3.connect(tmp_path / DATABASE).execute("SELECT question, searched, reply FROM replies").fetchall()
    assert rows and all(sum(map(len, row)) < 10_000 for row in rows)
    assert all(len(question) <= 1_200 for question, _ in assistant.asked)


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("staff")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        patch.setattr(jobs, "_begin", lambda settings, order: None)  # no refresh and no counting behind the page
        (home / "documents").mkdir()
        app = make_staff_app(home, QA_DOCUMENTS=str(home / "documents"))
        with open_client(app) as client:
            assert sign_in(client, "editor").status_code == 303
            yield client


BUTTONS: dict[str, Iterable[str]] = {
    "questions": QUESTIONS,
    "files": FILES,
    "golden": GOLDEN,
    "settings": SETTINGS,
    "publish": SNAPSHOTS,
}
BUTTONS |= {"answers": ANSWERS, "trial": ("rates",)}
# What the pages let one look for.
SOUGHT = {
    "trial": ("question", "threshold", "snapshot"),
    "log": ("text", "since", "until", "reply"),
    "audit": ("text", "action", "since", "until"),
    "answers": ("text", "state", "answer"),
    "questions": ("text", "shelf", "group", "reply"),
    "files": ("text", "order", "name", "passage"),
    "golden": ("text", "id", "proposal", "document"),
}


@pytest.mark.parametrize("page", SOUGHT)
def test_no_search_of_staff_makes_work_grow_faster_than_it(staff: TestClient, page: str) -> None:
    names = SOUGHT[page]
    for seed in SEEDS[list(SOUGHT).index(page) % 2 :: 2]:

        def send(size: int, seed: str = seed) -> None:
            found = staff.get(f"/staff/{page}", params=dict.fromkeys(names, filled(seed, size)))
            assert found.status_code in (200, 400, 404), page

        growth = grows_too_fast(send, MAX_QUERY // 10 // len(names))
        assert not growth, f"{page} of {seed!r}: {growth:.1f} times the work for four times the input"


@pytest.mark.parametrize("button", [f"{page} {one}" for page, buttons in BUTTONS.items() for one in buttons])
def test_no_form_of_staff_makes_work_grow_faster_than_it(staff: TestClient, button: str) -> None:
    """Every button of the pages, with all their fields filled at once."""
    client = staff
    page, _, name = button.partition(" ")
    address = f"/staff/{page}"
    token = re.findall(r'name="form" value="([^"]+)"', client.get(address).text + client.get("/staff/files").text)[0]

    def send(size: int) -> None:
        text = filled(SEEDS[0], size)
        fields = {**dict.fromkeys(TYPED, text), "mark": f"1:2:{text}", "form": token, "do": name}
        answers = (200, 303, 400, 403, 404, 409, 413)  # 200 asks whether it is meant
        assert client.post(address, data=fields).status_code in answers, button

    growth = grows_too_fast(send, min(MAX_FIELD, 150_000 // len(TYPED)))
    assert not growth, f"{button}: {growth:.1f} times the work for four times the input"


@pytest.mark.parametrize("charset", ["", "; charset=punycode", "; charset=idna", "; charset=utf-7"])
def test_no_field_of_an_upload_makes_work_grow_faster_than_it(staff: TestClient, charset: str) -> None:
    kind = {"Content-Type": f"multipart/form-data; boundary=b{charset}"}

    def send(size: int) -> None:
        field = b"a" * (size // 2) + b"-" + b"b" * (size // 2)
        content = b'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\n%s\r\n--b--\r\n' % field
        assert staff.post(FILE_UPLOAD, content=content, headers=kind).status_code in (200, 400, 403)

    growth = grows_too_fast(send, 160_000)
    assert not growth, f"{growth:.1f} times the work for four times the input"


def test_growth_with_the_square_is_seen() -> None:
    def square(size: int) -> None:
        for _ in range(size):
            " ".join("x" * size)

    def straight(size: int) -> None:
        for _ in range(40):
            " ".join("x" * size * 40)

    assert grows_too_fast(square, 4_000) > MOST_GROWTH
    assert not grows_too_fast(straight, 4_000)
