import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.reply import Abstention, Answer, Citation, Reason, Reply
from qa.storage.database import Connection, open_database
from qa.storage.migrations import MIGRATIONS
from qa.storage.question_log import Log, fault_row, forget, new_id, reply_row
from qa.storage.reply_json import pack, unpack
from tests.support.engines import in_a_file

pytestmark = pytest.mark.usefixtures("both_engines")

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
CITATION = Citation("school.md", "结对", ("教育", "结对"), 4, 8, "共13对", ((1, 3),), "前", "后")
ANSWER = Answer(
    question="多少对",
    standalone_question="结成多少对",
    snapshot="snapshot-000001",
    text="共13对",
    citations=(CITATION,),
    confidence=0.75,
    short="13对",
    missing="2022年",
    elapsed_ms=12.5,
    form=AnswerForm(Form.COMPARE, "13对 > 9对：学校", "学校", (Operand("13对", "学校", 0),), "compare 0.97"),
)
REFUSAL = Abstention(
    question="天气",
    standalone_question="天气",
    snapshot="snapshot-000001",
    reason=Reason.OFF_TOPIC,
    text="不在范围内",
    nearest=(CITATION,),
)
HASHES = {"school.md": "abc"}


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return open_database(tmp_path / "service.sqlite")


@pytest.fixture
def log(connection: Connection) -> Log:
    return Log(connection, keep_days=180, share_days=90)


@pytest.mark.parametrize(
    "reply", [ANSWER, REFUSAL, replace(REFUSAL, rejected=True, nearest=(), contacts=("区合作办",))]
)
def test_a_reply_comes_back_from_the_log_as_it_was(reply: Reply) -> None:
    assert unpack(pack(reply)) == reply


def test_what_a_newer_program_wrote_besides_is_passed_over() -> None:
    content = json.loads(pack(ANSWER))
    content["further"] = 1
    content["citations"][0]["further"] = 2
    assert unpack(json.dumps(content)) == ANSWER


def test_a_shared_reply_opens_and_one_that_is_not_shared_does_not(log: Log) -> None:
    log.add("a", ANSWER, NOW, channel="page", documents=HASHES)
    assert log.shared("a", NOW) is None
    link = log.share("a", NOW)
    shared = log.shared(link, NOW)
    assert shared and (shared.reply, shared.asked_at, shared.documents) == (ANSWER, NOW, HASHES)
    assert log.share("b", NOW) == "" and log.shared("b", NOW) is None


def test_a_row_that_comes_twice_is_stored_once_and_an_older_one_of_the_request_overtakes_none(
    log: Log, connection: Connection
) -> None:
    early, late, fault = (
        reply_row("early", ANSWER, NOW, channel="api", documents={}, request="r"),
        reply_row("late", ANSWER, NOW + timedelta(seconds=1), channel="api", documents={}, request="r"),
        fault_row(ANSWER.question, ValueError(), NOW, channel="api", snapshot="s", ms=1.0, request="r"),
    )
    for row in (early, early, late, late, early, fault):
        log.store(row)
    assert [row["id"] for row in connection.execute("SELECT id FROM replies")] == ["late"]
    for row in (fault_row("别的", ValueError(), NOW, channel="api", snapshot="s", ms=1.0),) * 2:
        log.store(row)
    assert [row["status"] for row in connection.execute("SELECT status FROM replies ORDER BY rowid")][1:] == ["failed"]


def test_the_name_of_a_link_grants_reading_only(log: Log, connection: Connection) -> None:
    log.add("a", ANSWER, NOW, channel="page", documents={})
    link = log.share("a", NOW)
    assert log.judge(link, "down", NOW, comment="改了") is False
    assert log.share(link, NOW + timedelta(days=80)) == ""
    assert log.shared("a", NOW) is None, "the id that the asker has is no link"
    assert log.judge("a", "up", NOW, comment="") and log.share("a", NOW + timedelta(days=1)) == link
    row = connection.execute("SELECT verdict, shared_at FROM replies").fetchone()
    assert tuple(row) == ("up", "2026-05-02T08:00:00.000+00:00")


@in_a_file
def test_a_link_of_an_earlier_version_still_opens_and_grants_reading_only(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.sqlite", isolation_level=None)) as old:
        for migration in MIGRATIONS[:3]:
            old.executescript(migration)
        old.execute("PRAGMA user_version = 3")
        insert = "INSERT INTO replies (id, asked_at, channel, question, status, snapshot, reply, documents, elapsed_ms,"
        for name, shared_at in (("shared", NOW.isoformat(timespec="milliseconds")), ("private", None)):
            row = (
                name,
                NOW.isoformat(timespec="milliseconds"),
                "",
                "",
                "answered",
                "",
                pack(ANSWER),
                "{}",
                1,
                shared_at,
            )
            old.execute(f"{insert} shared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    log = Log(open_database(tmp_path / "old.sqlite"), keep_days=180, share_days=90)
    found = log.shared("shared", NOW)
    assert found and found.reply == ANSWER
    assert (log.judge("shared", "down", NOW, comment=""), log.share("shared", NOW)) == (False, "")
    assert log.shared("private", NOW) is None and log.judge("private", "up", NOW, comment="")
    link = log.share("private", NOW)
    assert link != "private" and log.shared(link, NOW)
    log.close()


def test_a_link_expires(log: Log) -> None:
    log.add("a", ANSWER, NOW, channel="page", documents={})
    link = log.share("a", NOW)
    assert log.shared(link, NOW + timedelta(days=89)) is not None
    assert log.shared(link, NOW + timedelta(days=90)) is None


@in_a_file
def test_rows_expire_and_leave_no_trace_in_the_file(log: Log, connection: Connection, tmp_path: Path) -> None:
    log.add("old", replace(ANSWER, question="很久以前的问题"), NOW - timedelta(days=180), channel="page", documents={})
    log.add("new", ANSWER, NOW - timedelta(days=179), channel="page", documents={})
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "很久以前的问题".encode() in (tmp_path / "service.sqlite").read_bytes()
    assert log.expire(NOW) == 1
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "很久以前的问题".encode() not in (tmp_path / "service.sqlite").read_bytes()
    assert log.share("new", NOW) and not log.share("old", NOW)


def trace(folder: Path, words: str) -> list[str]:
    """The files of the database that hold words; the journal beside it is one."""
    return [path.name for path in sorted(folder.glob("service.sqlite*")) if words.encode() in path.read_bytes()]


@in_a_file
def test_a_deleted_question_is_in_no_file_while_the_server_goes_on(log: Log, tmp_path: Path) -> None:
    for name, words in (("mine", "我家住在桥头"), ("other", "别人的问题")):
        log.add(name, replace(ANSWER, question=words), NOW, channel="page", documents={})
    link = log.share("mine", NOW)
    assert trace(tmp_path, "我家住在桥头") and trace(tmp_path, "别人的问题")
    with closing(open_database(tmp_path / "service.sqlite")) as staff:
        assert forget(staff, link)
        assert trace(tmp_path, "我家住在桥头") == [] and trace(tmp_path, "别人的问题")
        assert log.forget("other")
        assert trace(tmp_path, "别人的问题") == []


@in_a_file
def test_what_a_reader_kept_in_the_journal_goes_when_rows_expire_next(log: Log, tmp_path: Path) -> None:
    log.add("mine", replace(ANSWER, question="我家住在桥头"), NOW, channel="page", documents={})
    with closing(open_database(tmp_path / "service.sqlite", busy_seconds=0)) as reader, reader.snapshot():
        assert reader.execute("SELECT count(*) AS rows FROM replies").fetchone()["rows"] == 1
        with closing(open_database(tmp_path / "service.sqlite", busy_seconds=0)) as staff:
            assert forget(staff, "mine")
        assert trace(tmp_path, "我家住在桥头")
    assert log.expire(NOW) == 0
    assert trace(tmp_path, "我家住在桥头") == []


def test_feedback_is_kept_with_known_reasons_and_the_last_word_counts(log: Log, connection: Connection) -> None:
    log.add("a", ANSWER, NOW, channel="page", documents={})
    assert log.judge("a", "up", NOW, comment="")
    assert log.judge("a", "down", NOW, reasons=["untrue", "made up", "wrong"], comment="请打13812345678" + "长" * 900)
    row = connection.execute("SELECT * FROM replies").fetchone()
    assert (row["verdict"], json.loads(row["verdict_reasons"])) == ("down", ["wrong", "untrue"])
    assert row["comment"].startswith("请打【手机号】长") and len(row["comment"]) < 310
    assert log.judge("b", "up", NOW, comment="") is False


@in_a_file
def test_no_personal_number_reaches_the_file(log: Log, connection: Connection, tmp_path: Path) -> None:
    asked = replace(REFUSAL, question="我是13812345678，天气", standalone_question="13812345678的天气")
    log.add("a", asked, NOW, channel="page", documents={})
    row = connection.execute("SELECT * FROM replies").fetchone()
    assert row["question"] == "我是【手机号】，天气"
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert not any(b"13812345678" in content for content in files)
    assert any("我是【手机号】".encode() in content for content in files)


@in_a_file
def test_the_log_has_no_place_for_an_address(connection: Connection) -> None:
    columns = {row["name"] for row in connection.execute("PRAGMA table_info(replies)")}
    assert not any(word in column for column in columns for word in ("address", "ip", "host", "session", "agent"))


def test_ids_cannot_be_guessed() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
    assert all(len(new_id()) == 22 for _ in range(10))
