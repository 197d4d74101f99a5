"""The log while its database cannot be reached."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.runtime.errors import DatabaseError, DatabaseUnreachable
from qa.service import reply_log
from qa.service.reply_log import ReplyLog
from qa.storage.database import Connection, open_database
from qa.storage.question_log import Log
from tests.qa.storage.test_question_log import ANSWER


class AwayAtTimes(Log):
    """A log whose database refuses with `error` while there is one, and keeps writers waiting at the `gate`."""

    error: DatabaseError | None = None
    gate: threading.Event | None = None

    def _insert(self, **row: str | float | None) -> None:
        if self.gate:
            self.gate.wait(60)
        if self.error:
            raise self.error
        super()._insert(**row)  # type: ignore[arg-type]


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return open_database(tmp_path / "service.sqlite")


@pytest.fixture
def log(connection: Connection) -> AwayAtTimes:
    return AwayAtTimes(connection, keep_days=100_000, share_days=90)


@pytest.fixture
def replies(log: AwayAtTimes, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplyLog]:
    monkeypatch.setattr(reply_log, "RETRY_SECONDS", 0.0)
    replies = ReplyLog(log, lambda snapshot, document: "abc")
    yield replies
    replies._writer.shutdown()


def asked(replies: ReplyLog, *questions: str) -> list[str]:
    """Have questions logged; return the names of their rows once all was tried."""
    names = [replies.note(replace(ANSWER, question=question), "page") for question in questions]
    assert asyncio.run(replies.shared("nobody's")) is None
    return names


def kept(connection: Connection) -> list[str]:
    return [row["question"] for row in connection.execute("SELECT question FROM replies ORDER BY rowid")]


def test_what_is_asked_while_the_database_is_away_is_logged_later_in_its_order(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    asked(replies, "一")
    log.error = DatabaseUnreachable("away")
    (second, _) = asked(replies, "二", "三")
    assert kept(connection) == ["一"] and "2 rows wait: away" in caplog.text and "二" not in caplog.text
    assert replies.waiting == 2
    log.error = None
    assert asyncio.run(replies.judge(second, "up", reasons=(), comment="")), "the verdict comes after its reply"
    asked(replies, "四")
    assert kept(connection) == ["一", "二", "三", "四"]


def test_a_row_that_is_refused_for_good_keeps_no_other_back(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection
) -> None:
    log.error = DatabaseError("no such value")
    asked(replies, "一")
    log.error = None
    asked(replies, "二")
    assert kept(connection) == ["二"]


def test_the_oldest_row_goes_where_too_many_wait(
    replies: ReplyLog,
    log: AwayAtTimes,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reply_log, "MOST_WAITING", 2)
    log.error = DatabaseUnreachable("away")
    asked(replies, "一", "二", "三")
    log.error = None
    asked(replies)
    assert kept(connection) == ["二", "三"] and "A row of the log is lost" in caplog.text


def test_what_waits_is_written_at_the_end(log: AwayAtTimes, tmp_path: Path) -> None:
    replies = ReplyLog(log, lambda snapshot, document: "abc")
    log.error = DatabaseUnreachable("away")
    asked(replies, "一")
    log.error = None
    replies.close()
    assert kept(open_database(tmp_path / "service.sqlite")) == ["一"]


def test_what_waits_is_written_though_nobody_asks_any_more(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_log, "RETRY_SECONDS", 0.05)
    log.error = DatabaseUnreachable("away")
    asked(replies, "一", "二")
    time.sleep(0.2)  # tried in vain meanwhile
    assert kept(connection) == []
    log.error = None
    deadline = time.monotonic() + 60
    while kept(connection) != ["一", "二"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_where_another_server_may_go_on_a_reply_goes_out_once_it_is_stored(
    log: AwayAtTimes, connection: Connection
) -> None:
    async def note(replies: ReplyLog) -> None:
        await replies.noted(replace(ANSWER, question="一"), "api")

    slow = threading.Event()
    log.gate = slow
    patient = ReplyLog(log, lambda snapshot, document: "abc", wait_seconds=60)
    threading.Timer(0.1, slow.set).start()
    asyncio.run(note(patient))
    assert kept(connection) == ["一"]
    log.gate = threading.Event()
    for waits in (0.0, 0.01):
        asyncio.run(note(ReplyLog(log, lambda snapshot, document: "abc", wait_seconds=waits)))
    assert kept(connection) == ["一"], "not for ever, and not at all on one machine"
    log.gate.set()
