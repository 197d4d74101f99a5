"""What operators see of a running server: figures at /metrics, names of requests, an end that is announced."""

import asyncio
import io
import logging
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.testclient import TestClient

from qa.answering.reply import Reply
from qa.runtime import logs
from qa.runtime.settings import ROOT
from qa.service.admission import Received
from qa.service.rate_limit import Visitor
from qa.storage.database import DATABASE
from qa.web.http.draining import Draining, DrainingServer
from tests.qa.runtime.test_graceful_shutdown import EXIT_SECONDS, slow_program
from tests.support.doubles.web import ADDRESS, FakeAssistant, admission, make_app

# An app whose end waits for itself, or does not; it says so when it has begun.
ENDING = """
import asyncio, contextlib, sys
import uvicorn
from qa.web.http import draining

async def app(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    print("begun", flush=True)
    async with held():
        await receive()
    await send({"type": "lifespan.shutdown.complete"})

@contextlib.asynccontextmanager
async def held():
    yield
    await asyncio.sleep(float(sys.argv[1]))

draining.END_SECONDS = 1.0 if float(sys.argv[1]) else 600.0
config = uvicorn.Config(app, port=0, lifespan="on", log_level="critical")
draining.DrainingServer(config, draining.Draining(), seconds=0).run()
"""

PROXY, VISITOR = ("10.0.0.2", 4000), ("10.0.0.9", 4000)
NAME = "6f0c2a9d41b74e5c8a3d90e1b2c3d4e5"
ASKED = {"question": "两地学校结成多少对？"}


def site(home: Path, client: tuple[str, int], **settings: str) -> TestClient:
    app = make_app(FakeAssistant(), home, None, **settings)
    return TestClient(app, base_url=ADDRESS, client=client)


def rows(home: Path) -> list[tuple[str, str, str, str]]:
    with closing(sqlite3.connect(home / DATABASE)) as database:
        found = database.execute("SELECT id, request, question, status FROM replies ORDER BY asked_at").fetchall()
    return [(str(name), str(request), str(question), str(status)) for name, request, question, status in found]


def test_there_are_no_figures_unless_an_address_may_read_them(tmp_path: Path) -> None:
    with site(tmp_path, PROXY) as client:
        assert client.get("/metrics").status_code == 404


def test_figures_are_shown_to_the_addresses_named_and_to_no_others(tmp_path: Path) -> None:
    named = {"QA_METRICS_FROM": PROXY[0], "QA_PROXIES": PROXY[0]}
    with site(tmp_path / "1", PROXY, **named) as client:
        client.post("/api/ask", json=ASKED)
        client.post("/api/ask", json={"question": "明天天气怎么样"})
        response = client.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
        figures = response.text
        # What our proxy passes on for a visitor is the visitor's.
        assert client.get("/metrics", headers={"X-Forwarded-For": VISITOR[0]}).status_code == 404
        assert client.post("/metrics").status_code == 404
    with site(tmp_path / "2", VISITOR, **named) as client:
        assert client.get("/metrics").status_code == 404
    assert 'qa_questions_total{channel="api",outcome="answered"} 1.0' in figures
    assert 'qa_questions_total{channel="api",outcome="abstained"} 1.0' in figures
    assert 'qa_reply_seconds_count{channel="api"} 2.0' in figures
    for line in (
        "qa_passages 3.0",
        "qa_degraded 0.0",
        "qa_draining 0.0",
        "qa_questions_present 0.0",
        "qa_log_waiting 0.0",
    ):
        assert line in figures.splitlines()
    assert "process_resident_memory_bytes" in figures and "多少" not in figures


def test_what_ends_without_a_reply_is_counted_too(tmp_path: Path) -> None:
    def broken(question: str, history: object) -> Reply:
        raise RuntimeError(question)

    named = {"QA_METRICS_FROM": PROXY[0], "QA_ADDRESS_PER_MINUTE": "1"}
    app = make_app(FakeAssistant(broken), tmp_path, None, **named)
    with TestClient(app, base_url=ADDRESS, client=PROXY, raise_server_exceptions=False) as client:
        assert [client.post("/api/ask", json=ASKED).status_code for _ in range(2)] == [500, 429]
        figures = client.get("/metrics").text
    assert 'qa_questions_total{channel="api",outcome="failed"} 1.0' in figures
    assert 'qa_questions_total{channel="api",outcome="too_fast"} 1.0' in figures


def test_a_question_that_a_proxy_sends_again_is_logged_once_under_the_reply_that_went_out(tmp_path: Path) -> None:
    with site(tmp_path, PROXY, QA_PROXIES=PROXY[0]) as client:
        for question in (ASKED, ASKED, {"question": "学校结对的总数是多少？"}):
            response = client.post("/api/ask", json=question, headers={"X-Request-ID": NAME})
            assert response.headers["X-Request-ID"] == NAME
        client.post("/api/ask", json=ASKED, headers={"X-Request-ID": "0" * 32})
    asked = [(request, question) for _, request, question, _ in rows(tmp_path)]
    assert sorted(asked) == sorted(
        [(NAME, ASKED["question"]), (NAME, "学校结对的总数是多少？"), ("0" * 32, ASKED["question"])]
    )


def test_the_reply_that_a_visitor_received_last_can_be_judged(tmp_path: Path) -> None:
    desk = admission(FakeAssistant(), tmp_path)

    async def asked_twice() -> tuple[str, str, bool, bool]:
        logs.REQUEST.set(NAME)
        given = [await desk.ask(ASKED["question"], (), Visitor(""), channel="page") for _ in range(2)]
        first, second = (one.reply_id for one in given if isinstance(one, Received))
        judged = [await desk.log.judge(one, "up", reasons=(), comment="") for one in (first, second)]
        return first, second, judged[0], judged[1]

    first, second, lost, kept = asyncio.run(asked_twice())
    desk.close()
    assert first != second and (lost, kept) == (False, True)
    assert [row[0] for row in rows(tmp_path)] == [second]


@pytest.mark.parametrize("name", ["short", "x" * 65, "a b" * 8, "（" * 20])
def test_only_our_proxy_names_requests_and_only_by_plain_names(tmp_path: Path, name: str) -> None:
    with site(tmp_path, PROXY, QA_PROXIES=PROXY[0]) as client:
        said = client.get("/healthz", headers=[(b"X-Request-ID", name.encode())]).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", said)
    with site(tmp_path, VISITOR, QA_PROXIES=PROXY[0]) as client:
        assert client.get("/healthz", headers={"X-Request-ID": NAME}).headers["X-Request-ID"] != NAME


@pytest.mark.parametrize(("form", "words"), [(logs.JSON, f'"request": "{NAME}"'), (logs.TEXT, f"app [{NAME}]: ")])
def test_lines_of_the_log_name_the_request(form: str, words: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs._AsJson() if form == logs.JSON else logs._AsText())
    record = logging.LogRecord("app", logging.ERROR, "", 0, "出错", None, None)
    handler.emit(record)
    assert NAME not in written.getvalue()
    mark = logs.REQUEST.set(NAME)
    handler.emit(record)
    logs.REQUEST.reset(mark)
    assert words in written.getvalue()


def test_a_server_about_to_stop_says_so_and_goes_on_answering(tmp_path: Path) -> None:
    with slow_program(tmp_path, QA_DRAIN_SECONDS="600") as (process, address):
        with httpx2.Client(base_url=address, timeout=60) as client:
            assert client.get("/readyz").status_code == 200
            process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + EXIT_SECONDS
            while (found := client.get("/readyz")).status_code == 200 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert (found.status_code, found.json()["status"]) == (503, "draining")
            assert client.post("/api/ask", json=ASKED).json()["short"] == "7对"
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)  # a second one does not wait
        assert process.wait(EXIT_SECONDS) in (0, -signal.SIGTERM)


def test_it_stops_by_itself_when_the_time_is_over_or_at_a_second_signal() -> None:
    waiting, short = (
        DrainingServer(uvicorn.Config(make_app), Draining(), seconds=seconds) for seconds in (3600.0, 0.01)
    )
    for server in (waiting, short):
        server.handle_exit(signal.SIGTERM, None)
    deadline = time.monotonic() + EXIT_SECONDS
    while not short.should_exit and time.monotonic() < deadline:
        time.sleep(0.01)
    assert short.should_exit and not waiting.should_exit
    waiting.handle_exit(signal.SIGTERM, None)
    assert waiting.should_exit


@pytest.mark.parametrize("seconds", [0, 3600])
def test_an_app_that_never_ends_keeps_no_server_from_stopping(seconds: int) -> None:
    command = [sys.executable, "-c", ENDING, str(seconds)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout and server.stdout.readline() == "begun\n"
        server.send_signal(signal.SIGTERM)
        _, told = server.communicate(timeout=EXIT_SECONDS)
    finally:
        server.kill()
    if not seconds:
        assert (server.returncode, told) == (-signal.SIGTERM, "")
    else:
        assert server.returncode == 1
        assert "did not end within" in told and " held" in told
