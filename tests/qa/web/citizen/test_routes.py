"""The routes of the page besides asking, and what every question goes through."""

import asyncio
import io
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from starlette.testclient import TestClient

from corpus.document import Document
from qa.answering.reply import Turn
from qa.answering.screening import MAX_QUESTION
from qa.service import answer_queue
from qa.service.admission import Received, TurnedAway
from qa.service.answer_queue import Busy
from qa.service.rate_limit import MOST_FROM_ADDRESS, Visitor
from qa.service.sources import WITHDRAWN
from qa.storage.database import DATABASE
from qa.web.application import create_app
from qa.web.assets import FILES
from tests.support.doubles.web import ADDRESS, QUOTE, START, FakeAssistant, FakeSources, admission, make_app, settings

CHINESE = {"Accept-Language": "zh-CN"}
SOURCE = f"/source?snapshot=000001&document=school.md&at={START}-{START + len(QUOTE)}"


@dataclass
class Web:
    """The app with its parts."""

    client: TestClient
    assistant: FakeAssistant
    sources: FakeSources
    home: Path

    def rows(self) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.home / DATABASE)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute("SELECT * FROM replies ORDER BY asked_at").fetchall()

    def ask(self, question: str = "结成多少对？") -> str:
        """The id under which the reply was written down."""
        self.client.post("/api/ask", json={"question": question})
        # The log has one writer: what comes after a question waits for it.
        self.client.post("/api/share", json={"id": "x" * 22})
        return str(self.rows()[-1]["id"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    home = tmp_path_factory.mktemp("web")
    documents = home / "documents"
    documents.mkdir()
    (documents / "school.md").write_text("原件", encoding="utf-8")
    (home / "secret.md").write_text("机密", encoding="utf-8")
    assistant, sources = FakeAssistant(), FakeSources()
    app = make_app(assistant, home, sources, QA_OFFER_FILES="yes", QA_DOCUMENTS=str(documents))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield Web(client, assistant, sources, home)


@pytest.fixture
def web(running: Web) -> Web:
    running.sources.documents, running.sources.note = FakeSources().documents, ""
    return running


def test_a_document_is_shown_with_its_citation_marked(web: Web) -> None:
    response = web.client.get(SOURCE, headers=CHINESE)
    assert response.status_code == 200 and 'lang="zh-CN"' in response.text
    assert '<mark id="m1">截至去年底，两地学校共结成7对帮扶对子。</mark>' in response.text
    assert "/file?document=school.md" in response.text


@pytest.mark.parametrize(
    "at", ["5-5", "9-3", "-1-4", "0-999999999", "x", "", "1-2-3", "１-２", "9" * 400, "0-1\x00", "١-٢"]
)
def test_a_range_that_is_none_marks_nothing(web: Web, at: str) -> None:
    response = web.client.get("/source", params={"snapshot": "000001", "document": "school.md", "at": at})
    assert response.status_code == 200 and "<mark" not in response.text


def test_many_ranges_are_cut_to_a_few(web: Web) -> None:
    address = "/source?snapshot=1&document=school.md" + "".join(f"&at={n}-{n + 1}" for n in range(500))
    assert web.client.get(address).text.count("<mark") <= 40


@pytest.mark.parametrize(
    "address",
    ["/source", "/source?document=none.md", "/source?document=..%2Fsecret.md", "/file?document=..%2Fsecret.md"],
)
def test_what_is_not_there_is_not_found_in_the_visitors_language(web: Web, address: str) -> None:
    response = web.client.get(address, headers={"Accept-Language": "fr, en;q=0.5"})
    assert response.status_code == 404 and "There is no such page" in response.text
    assert "没有这个页面" in web.client.get(address, headers=CHINESE).text


def test_an_original_is_a_download_and_leads_out_of_no_folder(web: Web) -> None:
    response = web.client.get("/file?document=school.md")
    assert response.content == "原件".encode()
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["content-type"] == "application/octet-stream"
    web.sources.documents["../secret.md"] = Document("../secret.md", "T", "x")
    assert web.client.get("/file?document=..%2Fsecret.md").status_code == 404
    web.sources.note = WITHDRAWN
    assert web.client.get("/file?document=school.md").status_code == 404


def share(web: Web, reply_id: str) -> str:
    """The link of a reply."""
    return str(web.client.post("/api/share", json={"id": reply_id}).json()["address"])


def test_a_shared_reply_says_what_became_of_its_document(web: Web) -> None:
    reply_id = web.ask()
    assert web.client.get(f"/a/{reply_id}").status_code == 404
    link = share(web, reply_id)
    assert "改动" not in web.client.get(link, headers=CHINESE).text
    document = web.sources.documents["school.md"]
    web.sources.documents = {"school.md": replace(document, text=document.text + "新")}
    assert "这份文件有改动" in web.client.get(link, headers=CHINESE).text
    page = web.client.get(link, headers=CHINESE).text
    assert QUOTE.replace("7对", "<mark>7对</mark>") in page and "noindex" in page
    web.sources.documents = {"school.md": document}
    web.sources.note = WITHDRAWN  # taken out of the folder, and open still in the snapshot that was quoted
    page = web.client.get(link, headers=CHINESE).text
    assert "这份文件已撤下" in page and "帮扶对子" in page


def test_a_shared_link_has_a_card_of_its_question_its_answer_and_our_picture(web: Web) -> None:
    page = web.client.get(share(web, web.ask()), headers=CHINESE).text
    card = dict(re.findall(r'<meta property="og:(\S+)" content="([^"]*)">', page))
    assert (card["title"], card["description"]) == ("结成多少对？", "7对")
    picture = card["image"].removeprefix(ADDRESS)
    assert picture != card["image"] and web.client.get(picture).headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(web.client.get(picture).content)) as drawn:
        assert f"{drawn.width}x{drawn.height}" == f"{card['image:width']}x{card['image:height']}"
    refused = web.client.get(share(web, web.ask("天气怎么样？")), headers=CHINESE).text
    assert '<meta property="og:description" content="浙江与涪陵合作的事' in refused


def test_whoever_opens_a_page_that_fails_sees_a_page_and_a_program_json(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.assistant, "nearest", None)
    page, program = (
        web.client.get("/topics?q=对子", headers={**CHINESE, "Accept": kind}) for kind in ("text/html", "*/*")
    )
    assert page.status_code == program.status_code == 500
    assert "服务出了问题，请稍后再试。" in page.text and 'href="/"' in page.text
    assert page.headers["x-frame-options"] == "DENY" and page.headers["cache-control"] == "no-store"
    assert "没有回答成功" in program.json()["error"]


def test_of_a_withdrawn_document_a_shared_reply_shows_the_notice_and_not_a_word(web: Web) -> None:
    answered, refused = share(web, web.ask()), share(web, web.ask("天气怎么样？"))
    pages = [web.client.get(link, headers=CHINESE).text for link in (answered, refused)]
    assert all("帮扶对子" in page for page in pages)
    web.sources.documents = {}
    told, other = (web.client.get(link, headers=CHINESE).text for link in (answered, refused))
    assert "这份文件已撤下" in told and "结成多少对" in told, "the question and the notice stay"
    assert "天气怎么样" in other and "reply" in other
    words = {"帮扶对子", "7对", "互派教师", "联合教研"}  # of the quotation and of what stands around it
    assert [word for word in words if word in told + other] == []


def test_a_link_grants_reading_only(web: Web) -> None:
    reply_id = web.ask()
    link = share(web, reply_id)
    name = link.removeprefix("/a/")
    body = {"verdict": "down", "reasons": ["wrong"], "comment": "改了"}
    assert web.client.post("/api/feedback", json={**body, "id": name}).status_code == 404
    assert web.client.post("/api/share", json={"id": name}).status_code == 404
    assert reply_id not in web.client.get(link).text, "the page of the link does not tell the id"
    assert web.client.post("/api/feedback", json={**body, "id": reply_id}).status_code == 200
    assert share(web, reply_id) == link


def test_who_asked_can_have_the_reply_forgotten_and_who_has_the_link_cannot(web: Web) -> None:
    reply_id = web.ask()
    link = share(web, reply_id)
    assert web.client.post("/api/forget", json={"id": link.removeprefix("/a/")}).status_code == 404
    assert web.client.get(link).status_code == 200
    assert reply_id in [row["id"] for row in web.rows()]
    assert web.client.post("/api/forget", json={"id": reply_id}).status_code == 200
    assert web.client.get(link).status_code == 404
    assert reply_id not in [row["id"] for row in web.rows()]
    assert web.client.post("/api/forget", json={"id": reply_id}).status_code == 404
    assert web.client.post("/api/forget", json={"id": 5}).status_code == 400


@pytest.mark.parametrize("reply_id", ["", "x", "x" * 22, "%", "' OR 1=1 --", "x" * 180, "a/b", "..%2f.."])
def test_no_reply_of_others_can_be_found(web: Web, reply_id: str) -> None:
    web.ask()
    assert web.client.get(f"/a/{reply_id}").status_code == 404
    assert web.client.post("/api/share", json={"id": reply_id}).status_code in (400, 404)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[" * 60_000,
        b'{"id": 5}',
        b'{"id": "x", "verdict": "best", "reasons": [], "comment": ""}',
        b'{"id": "x", "verdict": "up", "reasons": [5], "comment": ""}',
        b'{"id": "x", "verdict": "up", "reasons": "wrong", "comment": ""}',
        b'{"id": "\\udc00", "verdict": "up", "reasons": [], "comment": ""}',
        b'{"id": "x", "verdict": "up", "reasons": [], "comment": "' + b"a" * 301 + b'"}',
    ],
    ids=range(9),
)
def test_feedback_of_another_form_is_refused(web: Web, body: bytes) -> None:
    assert web.client.post("/api/feedback", content=body).status_code == 400


def test_feedback_reaches_the_log_and_needs_a_reply_that_is_there(web: Web) -> None:
    reply_id = web.ask()
    body = {"id": reply_id, "verdict": "down", "reasons": ["wrong"], "comment": "\\ud83d不对"}
    content = json.dumps(body).replace("\\\\", "\\")  # half a surrogate pair, as JSON can carry it
    assert web.client.post("/api/feedback", content=content).status_code == 200
    assert (web.rows()[-1]["verdict"], web.rows()[-1]["comment"]) == ("down", "\ufffd不对")
    assert web.client.post("/api/feedback", json={**body, "id": "x" * 22}).status_code == 404


def test_the_state_of_the_page_is_told(web: Web) -> None:
    state = web.client.get("/api/page").json()
    offered: dict[str, list[str]] = {"zh-CN": [], "zh-TW": [], "en": []}
    assert state == {"notice": "", "pause": "", "date": "2026-01-01", "examples": offered, "ai": ""}


def test_the_manual_and_the_openapi_document_describe_asking(web: Web) -> None:
    document = web.client.get("/openapi.json").json()
    assert set(document["paths"]) == {"/api/ask", "/api/feedback", "/api/forget", "/api/share", "/healthz", "/readyz"}
    assert document["paths"]["/api/ask"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "required"
    ] == ["question"]
    reply = web.client.post("/api/ask", json={"question": "多少"}).json()
    described = document["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(described["properties"]) == set(reply)
    manual = web.client.get("/docs").text
    assert all(name in manual for name in described["properties"]) and "<script" not in manual


def test_what_the_holder_of_a_receipt_may_do_is_described_as_it_is(web: Web) -> None:
    described, manual = web.client.get("/openapi.json").json()["paths"], web.client.get("/docs").text
    further: dict[str, object] = {"verdict": "up", "reasons": [], "comment": ""}
    for path, fields in (("/api/share", {}), ("/api/feedback", further), ("/api/forget", {})):
        call = described[path]["post"]
        schema = call["requestBody"]["content"]["application/json"]["schema"]
        body = {"id": (receipt := web.ask()), **fields}
        assert set(schema["required"]) == set(body) and path in manual
        assert re.fullmatch(schema["properties"]["id"]["pattern"], receipt)
        # One field less is wrong, another's receipt is unknown.
        calls = (body, dict(list(body.items())[1:]), {**body, "id": "x" * 22})
        replies = [web.client.post(path, json=one) for one in calls]
        assert [one.status_code for one in replies] == [200, 400, 404]
        assert list(call["responses"]) == ["200", "400", "404", "429"]
        answer = call["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(replies[0].json()) == set(answer.get("properties", {}))


def test_the_state_of_the_service_is_described_as_it_is(web: Web) -> None:
    described = web.client.get("/openapi.json").json()["paths"]
    schema = described["/readyz"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(web.client.get("/readyz").json()) == set(schema["required"]) == set(schema["properties"]) - {"reason"}
    assert list(described["/healthz"]) == ["get"]


def test_the_box_the_manual_and_the_assistant_agree_on_the_longest_question(web: Web) -> None:
    assert f"const MOST = {MAX_QUESTION};" in FILES["ask.js"].read_text(encoding="utf-8")
    assert f"问题，{MAX_QUESTION} 字以内" in web.client.get("/docs").text
    assert f"问题，{MAX_QUESTION} 字以内" in web.client.get("/openapi.json").text


def test_a_question_is_logged_without_an_address(web: Web) -> None:
    web.ask("记录里的多少对？")
    row = web.rows()[-1]
    assert (row["question"], row["channel"], row["status"], row["snapshot"]) == (
        "记录里的多少对？",
        "api",
        "answered",
        "000001",
    )
    assert not any(word in str(tuple(row)) for word in ("127.0.0.1", "testclient"))


def test_personal_data_is_neither_asked_nor_logged(web: Web) -> None:
    reply = web.client.post("/api/ask", json={"question": "13812345678是谁"}).json()
    assert reply["status"] == "rejected" and "13812345678" not in str(reply)
    web.ask()
    assert [row["question"] for row in web.rows() if row["status"] == "rejected"] == ["【手机号】是谁"]
    assert not any("13812345678" in question for question, _ in web.assistant.asked)


def receive(
    home: Path, questions: list[tuple[str, Visitor]], *, per_address: int = 0, per_session: int = 0
) -> list[str]:
    async def run() -> list[str]:
        at = admission(FakeAssistant(), home, per_address=per_address, per_session=per_session)
        outcomes = [await at.ask(question, (), visitor, channel="page") for question, visitor in questions]
        at.close()
        return [outcome.why if isinstance(outcome, TurnedAway) else outcome.reply.status for outcome in outcomes]

    return asyncio.run(run())


def test_a_session_that_asks_too_fast_is_told_how_long_to_wait(tmp_path: Path) -> None:
    one, other = Visitor("a", "1"), Visitor("a", "2")
    asked = [("多少", one), ("多少", one), ("多少", one), ("多少", other)]
    assert receive(tmp_path, asked, per_session=2) == ["answered", "answered", "too_fast", "answered"]


def test_an_address_that_asks_too_fast_is_told_so_in_every_session(tmp_path: Path) -> None:
    asked = [
        ("多少", Visitor("a", "1")),
        ("多少", Visitor("a", "2")),
        ("多少", Visitor("a", "3")),
        ("多少", Visitor("b")),
    ]
    assert receive(tmp_path, asked, per_address=2) == ["answered", "answered", "too_fast", "answered"]


@pytest.mark.parametrize(("limit", "expected"), [(60, MOST_FROM_ADDRESS), (0, MOST_FROM_ADDRESS + 4)])
def test_one_address_does_not_fill_the_line(tmp_path: Path, limit: int, expected: int) -> None:
    """T33: others are answered as if it were not there; without a limit for addresses there is none for this."""
    assistant = FakeAssistant(gate=threading.Event())

    async def run() -> tuple[list[bool], bool, bool]:
        at = admission(assistant, tmp_path, per_address=limit)
        greedy = [
            asyncio.create_task(at.ask(f"{n}多少", (), Visitor("a"), channel="api"))
            for n in range(MOST_FROM_ADDRESS + 4)
        ]
        await asyncio.sleep(0)
        other = asyncio.create_task(at.ask("多少", (), Visitor("b"), channel="api"))
        await asyncio.sleep(0)
        assert assistant.gate
        assistant.gate.set()
        outcomes = [isinstance(outcome, Received) for outcome in await asyncio.gather(*greedy)]
        later = await at.ask("多少", (), Visitor("a"), channel="api")
        at.close()
        return outcomes, isinstance(await other, Received), isinstance(later, Received)

    outcomes, other, later = asyncio.run(run())
    assert (sum(outcomes), other, later) == (expected, True, True)


def test_the_limit_is_told_over_http_with_the_seconds(tmp_path: Path) -> None:
    with TestClient(make_app(FakeAssistant(), tmp_path, QA_ADDRESS_PER_MINUTE="1"), base_url=ADDRESS) as client:
        assert client.post("/api/ask", json={"question": "多少"}).status_code == 200
        refused = client.post("/api/ask", json={"question": "多少"})
    assert refused.status_code == 429 and 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"] == f"您问得有点快，请等几秒再问。需要等待的秒数：{refused.headers['retry-after']}"


@pytest.mark.parametrize("path", ["/api/forget", "/api/share", "/api/feedback"])
def test_who_tries_receipts_too_fast_is_told_how_long_to_wait(tmp_path: Path, path: str) -> None:
    tried = {"id": "x" * 22, "verdict": "up", "reasons": [], "comment": ""}
    with TestClient(make_app(FakeAssistant(), tmp_path, QA_ADDRESS_PER_MINUTE="1"), base_url=ADDRESS) as client:
        assert [client.post(path, json=one).status_code for one in (tried, {**tried, "id": "x"})] == [404, 400]
        refused = client.post(path, json=tried)
    assert refused.status_code == 429 and 0 < int(refused.headers["retry-after"]) <= 60


@pytest.mark.parametrize("path", [SOURCE, "/file?document=school.md", "/a/" + "x" * 22])
def test_whatever_opens_documents_is_counted(tmp_path: Path, path: str) -> None:
    """Of an older snapshot each of them is read from the disk: a link that quotes five costs as much as five."""
    app = make_app(FakeAssistant(), tmp_path, FakeSources(), QA_ADDRESS_PER_MINUTE="1", QA_OFFER_FILES="yes")
    with TestClient(app, base_url=ADDRESS) as client:
        assert [client.get(path).status_code == 429 for _ in range(5)] == [False] * 4 + [True]
        assert 0 < int(client.get(SOURCE).headers["retry-after"]) <= 60, "they count together"


def test_a_log_that_fails_keeps_nobody_from_an_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> tuple[str, str]:
        at = admission(FakeAssistant(), tmp_path)
        with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
            connection.execute("DROP TABLE replies")
        outcome = await at.ask("多少", (), Visitor(""), channel="page")
        assert isinstance(outcome, Received)
        shared = await at.log.share(outcome.reply_id)
        at.close()
        return outcome.reply.status, shared

    assert asyncio.run(run()) == ("answered", "")
    assert "The log cannot be used" in caplog.text and "多少" not in caplog.text


@pytest.mark.parametrize(
    "first, second, asked",
    [
        (("多少对？", ()), ("多少对", ()), 1),
        (("GDP多少？", ()), (" ｇｄｐ多少?", ()), 1),
        (("學校多少對", ()), ("学校多少对", ()), 1),
        (("多少对？", ()), ("几对？", ()), 2),
        (("多少对？", ()), ("多少对？", (Turn("医院", "答"),)), 2),
    ],
)
def test_the_same_question_after_the_same_turns_is_answered_from_memory(
    tmp_path: Path, first: tuple[str, tuple[Turn, ...]], second: tuple[str, tuple[Turn, ...]], asked: int
) -> None:
    assistant = FakeAssistant()

    async def run() -> str:
        desk = admission(assistant, tmp_path, kept=10).queue
        await desk.ask(*first)
        return (await desk.ask(*second)).question

    assert asyncio.run(run()) == second[0].strip()
    assert len(assistant.asked) == asked


def test_what_is_remembered_is_of_the_snapshot_served_and_has_an_end(tmp_path: Path) -> None:
    assistant = FakeAssistant()

    async def run() -> None:
        desk = admission(assistant, tmp_path, kept=2).queue
        for question in ("一多少", "二多少", "三多少", "三多少", "一多少"):
            await desk.ask(question)
        assistant.status = replace(assistant.status, snapshot="000002")
        await desk.ask("一多少")

    asyncio.run(run())
    assert [question for question, _ in assistant.asked] == ["一多少", "二多少", "三多少", "一多少", "一多少"]


def test_nothing_is_answered_from_memory_that_staff_have_changed_since(tmp_path: Path) -> None:
    assistant, edition = FakeAssistant(), ["1"]

    async def run() -> None:
        at_desk = answer_queue.AnswerQueue(assistant, edition=lambda: edition[0])
        for now in ("1", "1", "2", "1"):
            edition[0] = now
            await at_desk.ask("多少")
        at_desk.close()

    asyncio.run(run())
    assert len(assistant.asked) == 2


def test_what_was_asked_before_the_end_is_answered_and_written_down(tmp_path: Path) -> None:
    assistant = FakeAssistant(gate=threading.Event())

    async def run() -> int:
        unlimited = settings(tmp_path, QA_ADDRESS_PER_MINUTE="0")
        app = create_app(assistant, unlimited, sources=FakeSources())
        async with app.router.lifespan_context(app):
            transport = httpx2.ASGITransport(app)
            async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                asked = [asyncio.create_task(client.post("/api/ask", json={"question": f"{n}多少"})) for n in range(30)]
                while len(assistant.asked) < 2:
                    await asyncio.sleep(0.01)
                assert assistant.gate
                assistant.gate.set()
                answers = await asyncio.gather(*asked)
        return sum(answer.status_code == 200 for answer in answers)

    assert asyncio.run(run()) == 30
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM replies").fetchone() == (30,)


def test_a_slow_machine_has_a_shorter_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_queue, "ANSWER_SECONDS", 2.0)
    assistant = FakeAssistant(gate=threading.Event())

    async def run() -> tuple[int, int]:
        at = admission(assistant, tmp_path).queue
        asked = [asyncio.create_task(at.ask(f"{number}多少")) for number in range(20)]
        await asyncio.sleep(0)
        assert assistant.gate
        assistant.gate.set()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        return sum(isinstance(outcome, Busy) for outcome in outcomes), len(outcomes)

    # Two are answered at once; after four more the next one would wait longer than four seconds.
    assert asyncio.run(run()) == (14, 20)
