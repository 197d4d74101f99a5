"""The log while its database cannot be reached."""

import asyncio
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.runtime.errors import DatabaseError, DatabaseUnreachable, DatabaseUnstorable
from qa.service import reply_log
from qa.service.reply_log import ReplyLog
from qa.storage.database import Connection, open_database
from qa.storage.question_log import Log, LoggedRow
from qa.storage.shared.spool import SPOOL, Spool
from tests.qa.storage.test_question_log import ANSWER

pytestmark = pytest.mark.usefixtures("both_engines")


class AwayAtTimes(Log):
    """A log whose database refuses with `error` while there is one, and keeps writers waiting at the `gate`."""

    error: DatabaseError | None = None
    refusal: DatabaseError | None = None  # of rows alone
    gate: threading.Event | None = None

    def store(self, row: LoggedRow) -> None:
        if self.gate:
            self.gate.wait(60)
        if error := self.error or self.refusal:
            raise error
        super().store(row)

    def reach(self) -> None:
        if self.error:
            raise self.error
        super().reach()


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return open_database(tmp_path / "service.sqlite")


@pytest.fixture
def log(connection: Connection) -> AwayAtTimes:
    return AwayAtTimes(connection, keep_days=100_000, share_days=90)


@pytest.fixture(params=["memory", "disk"])
def spool(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Where rows wait."""
    return tmp_path / SPOOL if request.param == "disk" else None


@pytest.fixture
def replies(log: AwayAtTimes, spool: Path | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplyLog]:
    monkeypatch.setattr(reply_log, "RETRY_SECONDS", 0.05)
    replies = ReplyLog(log, content_hash, spool=spool)
    yield replies
    replies.close()


def content_hash(snapshot: str, document: str) -> str:
    return "abc"


def asked(replies: ReplyLog, *questions: str) -> list[str]:
    """Have questions logged; return the names of their rows once all are stored or wait."""
    names = [replies.note(replace(ANSWER, question=question), "page") for question in questions]
    assert asyncio.run(replies.shared("nobody's")) is None
    return names


def written_on(replies: ReplyLog) -> None:
    deadline = time.monotonic() + 60
    while replies.waiting:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kept(connection: Connection) -> list[str]:
    return [row["question"] for row in connection.execute("SELECT question FROM replies ORDER BY rowid")]


def test_what_is_asked_while_the_database_is_away_is_logged_later_in_its_order(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    asked(replies, "一")
    log.error = DatabaseUnreachable("away")
    (second, _) = asked(replies, "二", "三")
    assert kept(connection) == ["一"] and "its rows wait: away" in caplog.text and "二" not in caplog.text
    assert replies.waiting == 2
    assert not asyncio.run(replies.judge(second, "up", reasons=(), comment="")), "nobody is told that it is kept"
    log.error = None
    written_on(replies)
    assert asyncio.run(replies.judge(second, "up", reasons=(), comment=""))
    asked(replies, "四")
    assert kept(connection) == ["一", "二", "三", "四"]


def test_a_row_that_is_refused_for_good_keeps_no_other_back(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection
) -> None:
    log.error = DatabaseUnstorable("no such value")
    asked(replies, "一")
    log.error = None
    asked(replies, "二")
    assert kept(connection) == ["二"]


def test_a_row_that_is_refused_for_another_reason_waits_until_that_is_mended(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody took a right away, or a table is damaged."""
    log.refusal = DatabaseError("permission denied")
    asked(replies, "一", "二")
    time.sleep(0.2)  # tried in vain meanwhile, though the database answers
    assert replies.waiting == 2 and caplog.text.count("permission denied") == 1
    log.refusal = None
    written_on(replies)
    assert kept(connection) == ["一", "二"]


def test_the_oldest_row_goes_where_too_many_wait(
    replies: ReplyLog,
    log: AwayAtTimes,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reply_log, "MOST_WAITING", 2)
    log.error = DatabaseUnreachable("away")
    asked(replies, "一")
    if replies._spool:
        replies._spool._most = 2
    asked(replies, "二", "三")
    log.error = None
    written_on(replies)
    assert kept(connection) == ["二", "三"] and "of the log" in caplog.text and "lost: 2 wait already" in caplog.text


def test_what_waits_is_written_at_the_end(log: AwayAtTimes, spool: Path | None, tmp_path: Path) -> None:
    replies = ReplyLog(log, content_hash, spool=spool)
    log.error = DatabaseUnreachable("away")
    asked(replies, "一")
    log.error = None
    replies.close()
    assert kept(open_database(tmp_path / "service.sqlite")) == ["一"]


@pytest.mark.parametrize("spool", ["disk"], indirect=True)
def test_what_waits_on_the_disk_outlives_the_process_and_is_written_once(
    log: AwayAtTimes, connection: Connection, spool: Path
) -> None:
    killed = ReplyLog(log, content_hash, spool=spool)
    log.error = DatabaseUnreachable("away")
    names = asked(killed, "我是13812345678", "二", "三")
    assert killed._retrying
    killed._retrying.cancel()  # all that a killed process would still do
    assert stat.S_IMODE(spool.stat().st_mode) == 0o600 and b"13812345678" not in spool.read_bytes()
    log.error = None
    one_of_them = Spool(spool, most=9).first(1)[0][1]
    log.store(one_of_them)  # its process was killed before it forgot the row
    after = [ReplyLog(log, content_hash, spool=spool) for _ in range(2)]  # as two servers with one home
    for replies in after:
        asked(replies, "四")
        written_on(replies)
    assert kept(connection) == ["我是【手机号】", "二", "三", "四", "四"]
    assert [row["id"] for row in connection.execute("SELECT id FROM replies ORDER BY rowid")][:3] == names
    assert "二".encode() not in spool.read_bytes() and b"\\u4e8c" not in spool.read_bytes()
    for replies in after:
        replies._writer.shutdown()


@pytest.mark.parametrize("spool", ["disk"], indirect=True)
def test_a_disk_that_takes_nothing_leaves_the_rows_in_memory(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection, spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log.error = DatabaseUnreachable("away")
    asked(replies, "一")
    spool.rename(spool.with_name("kept"))
    spool.mkdir()  # no file can be opened in its place
    asked(replies, "二", "三")
    spool.rmdir()
    spool.with_name("kept").rename(spool)
    asked(replies, "四")
    log.error = None
    written_on(replies)
    assert kept(connection) == ["一", "二", "三", "四"] and "wait in memory alone" in caplog.text


@pytest.mark.parametrize("spool", ["disk"], indirect=True)
def test_a_damaged_file_of_waiting_rows_is_put_aside_and_keeps_nothing_back(
    log: AwayAtTimes, connection: Connection, spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.write_bytes(b"no database, but much longer than its first page would have to be" * 100)
    replies = ReplyLog(log, content_hash, spool=spool)
    log.error = DatabaseUnreachable("away")
    asked(replies, "一")
    log.error = None
    written_on(replies)
    replies.close()
    assert kept(open_database(spool.with_name("service.sqlite"))) == ["一"] and "put aside" in caplog.text
    assert [path.name[:20] for path in spool.parent.glob("*.damaged-*")] == ["log-waiting.damaged-"]


def test_what_waits_is_written_though_nobody_asks_any_more(
    replies: ReplyLog, log: AwayAtTimes, connection: Connection
) -> None:
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
    patient = ReplyLog(log, content_hash, wait_seconds=60)
    threading.Timer(0.1, slow.set).start()
    asyncio.run(note(patient))
    assert kept(connection) == ["一"]
    log.gate = threading.Event()
    for waits in (0.0, 0.01):
        asyncio.run(note(ReplyLog(log, content_hash, wait_seconds=waits)))
    assert kept(connection) == ["一"], "not for ever, and not at all on one machine"
    log.gate.set()
