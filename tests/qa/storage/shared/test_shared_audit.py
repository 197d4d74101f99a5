"""The audit log in PostgreSQL: one chain by many writers, rows that the engine itself keeps, tampering told."""

import json
import multiprocessing
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from qa.runtime.errors import DatabaseError
from qa.runtime.settings import SettingsError
from qa.storage.audit import NOT_MATCHING, Audit, AuditBusy
from qa.storage.audit_log import end, medium, tables
from qa.storage.database import Connection, open_database
from tests.support.programs.postgresql import Server


@pytest.fixture
def where(postgresql_server: Server) -> SecretStr:
    return postgresql_server.new()


@pytest.fixture
def audit(where: SecretStr, tmp_path: Path) -> Audit:
    log = Audit(tmp_path, None, where)
    for action in ("sign in", "publish", "refresh"):
        log.add("王芳", action, target="一份\n文件", why="“引号”")
    return log


@pytest.fixture
def forger(where: SecretStr) -> Connection:
    """Somebody who may do everything in the database."""
    connection = open_database(where)
    connection.execute("ALTER TABLE audit_log DISABLE TRIGGER only_added")
    return connection


def test_rows_are_those_of_the_log_in_files_and_nothing_is_written_there(audit: Audit, tmp_path: Path) -> None:
    other = Audit(tmp_path / "files")
    for action in ("sign in", "publish", "refresh"):
        other.add("王芳", action, target="一份\n文件", why="“引号”")
    assert [(row.number, row.action, row.target) for row in audit.rows()] == [
        (row.number, row.action, row.target) for row in other.rows()
    ]
    assert audit.tampering() == [] and list(tmp_path.glob("audit*")) == []
    log, head = audit.copy()
    assert log.count(b"\n") == 3 and json.loads(head)["bytes"] == len(log)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET line = '' WHERE number = 2",
        "UPDATE audit_log SET number = 9 WHERE number = 99",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DELETE FROM audit_put_aside",
    ],
)
def test_rows_are_only_ever_added(audit: Audit, where: SecretStr, statement: str) -> None:
    with closing(open_database(where)) as connection, pytest.raises(DatabaseError, match="only ever added"):
        connection.execute(statement)
    assert len(audit.rows()) == 3 and audit.tampering() == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit_log SET line = replace(line::text, '6', '7')::bytea WHERE number = 2", "第2条"),
        ("DELETE FROM audit_log WHERE number = 3", "末尾少了1条记录"),
        ("DELETE FROM audit_log WHERE number = 2", "第2条之前少了记录"),
        ("UPDATE audit_witness SET last = 'x'", "不是数据库记得的那一条"),
        ("DELETE FROM audit_end", "audit.head缺失"),
    ],
)
def test_who_goes_round_the_triggers_is_noticed(audit: Audit, forger: Connection, statement: str, told: str) -> None:
    assert audit.tampering() == []
    forger.execute(statement)
    assert any(told in problem for problem in audit.tampering())


def test_an_end_that_does_not_match_is_told_in_a_row_and_its_head_kept(audit: Audit, forger: Connection) -> None:
    forger.execute("DELETE FROM audit_log WHERE number = 3")
    audit.add("李明", "sign in")
    assert [row.outcome for row in audit.rows()][-2:] == [NOT_MATCHING, "done"]
    (kept,) = [row["head"] for row in forger.execute("SELECT head FROM audit_put_aside")]
    assert json.loads(kept)["rows"] == 3


def test_a_log_that_is_sealed_needs_its_key(where: SecretStr, tmp_path: Path, forger: Connection) -> None:
    key, other = tmp_path / "key", tmp_path / "other"
    key.write_bytes(b"k" * 32)
    other.write_bytes(b"o" * 32)
    for path in (key, other):
        path.chmod(0o600)
    home = tmp_path / "home"
    sealed = Audit(home, key, where)
    sealed.add("王芳", "publish")
    assert sealed.tampering() == []
    with pytest.raises(SettingsError, match="QA_KEY_FILE"):
        Audit(home, None, where).add("王芳", "publish")
    assert any("没有用QA_KEY_FILE" in problem for problem in Audit(home, other, where).tampering())


def test_a_row_that_fails_leaves_nothing(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(end, "note", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            audit.add("王芳", "prune")
    audit.add("李明", "sign in")
    assert [row.number for row in audit.rows()] == [1, 2, 3, 4] and audit.tampering() == []


def test_who_holds_the_log_keeps_others_waiting_for_a_set_time_only(
    audit: Audit, where: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medium, "LOCK_SECONDS", 0.1)
    with closing(open_database(where)) as connection:
        with connection.transaction(lock=tables._LOCK), pytest.raises(AuditBusy, match="占用"):
            audit.add("李明", "sign in")
        with connection.transaction():
            audit.add("李明", "sign in")  # within whatever else is written together
    assert len(audit.rows()) == 4


def test_a_restored_log_begins_anew_and_the_rows_before_stay(audit: Audit, where: SecretStr, tmp_path: Path) -> None:
    files = Audit(tmp_path / "restored")
    files.add("李明", "refresh")
    with closing(open_database(where)) as connection:
        with connection.transaction():
            tables.take_over(connection, *files.copy())
            connection.execute("UPDATE audit_witness SET rows = 1, last = ?", (json.loads(files.copy()[1])["last"],))
        assert [row.action for row in audit.rows()] == ["refresh"] and audit.tampering() == []
        audit.add("李明", "sign out")
        assert [row.number for row in audit.rows()] == [1, 2] and audit.tampering() == []
        assert next(connection.execute("SELECT count(*) FROM audit_log"))[0] == 5


def _write(home: str, where: str, who: str) -> None:
    medium.LOCK_SECONDS = 600.0  # on a machine that has much to do besides
    for _ in range(12):
        Audit(Path(home), None, SecretStr(where)).add(who, "test")


def test_several_servers_write_one_chain(where: SecretStr, tmp_path: Path) -> None:
    open_database(where).close()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    address = where.get_secret_value()
    writers = [context.Process(target=_write, args=(str(tmp_path), address, f"p{number}")) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    audit = Audit(tmp_path, None, where)
    assert [row.number for row in audit.rows()] == list(range(1, 49))
    assert audit.tampering() == []
