"""What is switched while the service runs: by the right role, from what was seen, with a row in the log."""

import threading
from pathlib import Path

import pytest

from qa.answering.overrides import Switches
from qa.runtime.errors import NotAllowed, Overtaken
from qa.runtime.settings import read
from qa.staff.permissions import Role
from qa.staff.settings import LABELS, RuntimeSettings, SettingRefused
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import read as switched

pytestmark = pytest.mark.usefixtures("both_engines")


TEXT = "最多200个字"
RANGES = {
    "threshold": "0到1的数",
    "address_per_minute": "0到1000000的整数",
    "two_step": "只能填yes或空着",
    **dict.fromkeys(("notice", "pause", "contact"), TEXT),
}


def board(home: Path, role: Role = Role.ADMIN) -> RuntimeSettings:
    return RuntimeSettings(read({"QA_HOME": str(home)}), who="王芳", role=role)


def test_a_change_is_what_citizens_see_and_is_logged(tmp_path: Path) -> None:
    assert {shown.value for shown in board(tmp_path).list()} == {""}
    board(tmp_path).change("notice", "周六维护")
    board(tmp_path).change("pause", "升级", seen="")
    assert switched(open_database(tmp_path / DATABASE)) == Switches("周六维护", "升级")
    board(tmp_path).change("pause", "")
    last = [(row.who, row.action, row.target, row.outcome) for row in Audit(tmp_path).rows()][-1]
    assert last == ("王芳", "setting", "pause", "“升级” → “”")
    assert switched(open_database(tmp_path / DATABASE)) == Switches("周六维护", "")


def test_every_setting_says_what_holds_without_it_and_who_changed_it(tmp_path: Path) -> None:
    board(tmp_path).change("address_per_minute", "7")
    shown = {one.name: one for one in board(tmp_path).list()}
    assert (shown["address_per_minute"].value, shown["address_per_minute"].default) == ("7", "60")
    assert (shown["address_per_minute"].changed_by, shown["contact"].changed_by) == ("王芳", "")
    board(tmp_path).change("address_per_minute", "")
    assert switched(open_database(tmp_path / DATABASE)).address_per_minute is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("threshold", text) for text in ("1.01", "-0.1", "nan", "半", "0,5")),
        *(("address_per_minute", text) for text in ("-1", "1.5", "12次", "1000001", "²", "9" * 5000)),
        ("two_step", "no"),
        *((name, text) for name in ("notice", "pause", "contact") for text in ("一\n二", "x\u202ey", "长" * 201)),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_name_and_its_range(tmp_path: Path, name: str, value: str) -> None:
    before = "yes" if name == "two_step" else "0"
    board(tmp_path).change(name, before)
    with pytest.raises(SettingRefused, match=f"^“{LABELS[name]}”：.*({RANGES[name]})"):
        board(tmp_path).change(name, value)
    assert {one.name: one.value for one in board(tmp_path).list()}[name] == before


def test_of_two_who_change_the_same_at_once_one_is_told(tmp_path: Path) -> None:
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def change(value: str) -> None:
        gate.wait()
        try:
            outcomes.append(board(tmp_path).change("notice", value, seen="").value)
        except Overtaken:
            outcomes.append("told")

    threads = [threading.Thread(target=change, args=(value,)) for value in ("第一位", "第二位")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["told", board(tmp_path).list()[0].value])


def test_who_comes_second_is_told(tmp_path: Path) -> None:
    board(tmp_path).change("notice", "第一位", seen="")
    with pytest.raises(Overtaken, match="“通知栏”已被别人改成“第一位”"):
        board(tmp_path).change("notice", "第二位", seen="")
    assert board(tmp_path).list()[0].value == "第一位"


def test_what_cannot_be_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        board(tmp_path, Role.PUBLISHER).change("notice", "x")
    with pytest.raises(SettingRefused, match="没有“host”这项设置"):
        board(tmp_path).change("host", "x")
