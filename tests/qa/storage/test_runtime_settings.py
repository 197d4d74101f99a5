import asyncio
from pathlib import Path

import pytest

from qa.answering.overrides import Switches
from qa.cli import main
from qa.service.rate_limit import Visitor
from qa.storage import withdrawals
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import ADDRESS_PER_MINUTE, NOTICE, PAUSE, THRESHOLD, CurrentSettings, read, write
from qa.storage.withdrawals import Withdrawal
from tests.support.doubles.web import FakeAssistant, admission

pytestmark = pytest.mark.usefixtures("both_engines")


def test_switches_are_off_until_written_and_off_again_when_emptied(tmp_path: Path) -> None:
    connection = open_database(tmp_path / DATABASE)
    assert read(connection) == Switches("", "")
    write(connection, NOTICE, " 周六维护 ")
    write(connection, PAUSE, "系统升级")
    assert read(connection) == Switches("周六维护", "系统升级")
    write(connection, PAUSE, "")
    assert read(connection) == Switches("周六维护", "")


def test_a_running_server_sees_what_another_process_switches_after_some_seconds(tmp_path: Path) -> None:
    board = CurrentSettings(open_database(tmp_path / DATABASE), seconds=2)
    assert board.at(10).notice == ""
    write(open_database(tmp_path / DATABASE), NOTICE, "周六维护")
    assert board.at(11).notice == ""
    assert board.at(12).notice == "周六维护"


def test_what_cannot_be_read_leaves_a_document_withdrawn(tmp_path: Path) -> None:
    connection = open_database(tmp_path / DATABASE)
    board = CurrentSettings(connection, seconds=0)
    withdrawals.add(connection, Withdrawal("甲.md", "", "2026", "王芳", "有误"))
    assert board.at(1).withdrawn.names == {"甲.md"}
    connection.execute("ALTER TABLE withdrawals RENAME TO gone")
    assert board.at(2).withdrawn.names == {"甲.md"}


def test_the_edition_changes_with_what_decides_answers_only(tmp_path: Path) -> None:
    connection = open_database(tmp_path / DATABASE)
    write(connection, NOTICE, "周六维护")
    assert read(connection).edition == ""
    write(connection, THRESHOLD, "0.6")
    first = read(connection).edition
    withdrawals.add(connection, Withdrawal("甲.md", "", "2026", "王芳", "有误"))
    assert len({"", first, read(connection).edition}) == 3


def test_the_limits_that_staff_set_last_hold_in_a_running_server(tmp_path: Path) -> None:
    connection = open_database(tmp_path / DATABASE)
    serving = admission(FakeAssistant(), tmp_path, per_address=0)
    visitor = Visitor("10.0.0.1")
    assert [asyncio.run(serving.too_fast(visitor)) for _ in range(3)] == [0, 0, 0]
    write(connection, ADDRESS_PER_MINUTE, "2")
    assert [bool(asyncio.run(serving.too_fast(visitor))) for _ in range(3)] == [False, False, True]
    write(connection, ADDRESS_PER_MINUTE, "")
    assert asyncio.run(serving.too_fast(visitor)) == 0
    serving.close()


def test_staff_switch_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    assert main.main(["notice", "周六维护"]) == main.main(["pause", "--reason", "系统升级"]) == 0
    assert capsys.readouterr().out.endswith("Notice: 周六维护\nPause: 系统升级\n")
    assert main.main(["resume"]) == main.main(["notice"]) == 0
    assert capsys.readouterr().out.endswith("Notice: none\nPause: none\n")


def test_a_pause_needs_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    for arguments in (["pause"], ["pause", "--reason", " "]):
        assert main.main(arguments) == 2
