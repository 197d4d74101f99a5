"""Documents on the command line."""

from pathlib import Path

import pytest

from index.embedding import bundled_model
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import read
from tests.qa.cli.test_main import Shell
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import RefreshOffice


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    made = RefreshOffice(tmp_path)
    made.write("合作.txt", COOPERATION.text)
    made.refresh()
    return made


@pytest.fixture
def shell(office: RefreshOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    shell = Shell(office.home, monkeypatch, capsys)
    shell.set("QA_DOCUMENTS", str(office.folder))
    return shell


def test_a_file_is_uploaded_replaced_and_deleted(shell: Shell, office: RefreshOffice, tmp_path: Path) -> None:
    file = tmp_path / "新.txt"
    file.write_text("产业园在白涛。", encoding="utf-8")
    assert shell("document", "upload", file)[0] == 0
    assert shell("document", "upload", file)[0] == 1
    file.write_text("产业园在白涛街道。", encoding="utf-8")
    assert shell("document", "upload", file, "--replace")[1].startswith("已替换")
    assert (office.folder / "新.txt").read_text(encoding="utf-8") == "产业园在白涛街道。"
    assert {row["name"]: row["status"] for row in shell.json("document", "list")} == {
        "合作.txt": "indexed",
        "新.txt": "new",
    }
    assert "3个段落" in shell("document", "delete", "合作.txt", "--reason", "过时")[1]
    assert not (office.folder / "合作.txt").exists()


def test_what_is_written_about_a_file_is_shown_and_changed(shell: Shell) -> None:
    version = shell.json("document", "list")[0]["version"]
    order = ("document", "describe", "合作.txt")
    assert shell(*order, "--set", "issuer=合作办", "--set", "in_force_until=2030-12-31")[0] == 0
    assert shell(*order, "--set", "issuer=")[1] == "in_force_until: 2030-12-31\n"
    for change, words in (("in_force_from=下周", "不是日期"), ("颜色=红", "没有颜色这个项目")):
        code, _, err = shell(*order, "--set", change)
        assert (code, words in err, len(err.splitlines())) == (1, True, 1)
    assert "已被别人改过" in shell(*order, "--set", "issuer=别人", "--version", version)[2]


def test_a_document_is_shown_by_its_passages(shell: Shell) -> None:
    passages = shell.json("document", "show", "合作.txt")
    assert len(passages) == 3
    assert all(COOPERATION.text[one["start"] : one["end"]] == one["text"] for one in passages)
    assert shell("document", "show", "没有.txt")[0] == 1


def test_a_document_is_withdrawn_with_a_reason_and_reinstated(shell: Shell, office: RefreshOffice) -> None:
    connection = open_database(office.home / DATABASE)
    assert shell("document", "withdraw", "合作.txt")[0] == 1
    assert not read(connection).withdrawn.names
    assert shell("document", "withdraw", "合作.txt", "--reason", "有误")[0] == 0
    assert read(connection).withdrawn.names == {"合作.txt"}
    assert "已停止引用" in shell("document", "list")[1]
    assert shell("document", "reinstate", "合作.txt")[0] == 0
    assert not read(connection).withdrawn.names
    assert shell("document", "reinstate", "合作.txt")[0] == 1


def test_settings_are_listed_and_set(shell: Shell) -> None:
    assert shell("setting", "set", "threshold", "0.6")[0] == 0
    assert {one["name"]: one["value"] for one in shell.json("setting", "list")[0]}["threshold"] == "0.6"
    code, _, err = shell("setting", "set", "threshold", "2")
    assert (code, len(err.splitlines())) == (1, 1)
    code, _, err = shell("setting", "set", "threshold", "0.7", "--seen", "0.5")
    assert (code, "0.6" in err) == (1, True)
    assert "（缺省）" in shell("setting", "set", "threshold", "")[1]
