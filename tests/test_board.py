"""What is switched while the service runs: by the right role, from what was seen, with a row in the log."""

from pathlib import Path

import pytest

from qa.audit import Audit
from qa.board import Board, SettingRefused
from qa.database import DATABASE, open_database
from qa.roles import NotAllowed, Overtaken, Role
from qa.settings import read
from qa.switches import Switches
from qa.switches import read as switched


def board(home: Path, role: Role = Role.ADMIN) -> Board:
    return Board(read({"QA_HOME": str(home)}), who="王芳", role=role)


def test_a_change_is_what_citizens_see_and_is_logged(tmp_path: Path) -> None:
    assert [shown.value for shown in board(tmp_path).list()] == ["", ""]
    board(tmp_path).change("notice", "周六维护")
    board(tmp_path).change("pause", "升级", seen="")
    assert switched(open_database(tmp_path / DATABASE)) == Switches("周六维护", "升级")
    assert [(row.action, row.target, row.why) for row in Audit(tmp_path).rows()][-1] == ("setting", "pause", "升级")
    board(tmp_path).change("pause", "")
    assert switched(open_database(tmp_path / DATABASE)) == Switches("周六维护", "")


def test_who_comes_second_is_told(tmp_path: Path) -> None:
    board(tmp_path).change("notice", "第一位", seen="")
    with pytest.raises(Overtaken, match="第一位"):
        board(tmp_path).change("notice", "第二位", seen="")
    assert board(tmp_path).list()[0].value == "第一位"


def test_what_cannot_be_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        board(tmp_path, Role.PUBLISHER).change("notice", "x")
    with pytest.raises(SettingRefused):
        board(tmp_path).change("host", "x")
    with pytest.raises(SettingRefused, match="最多200个字"):
        board(tmp_path).change("notice", "长" * 201)
