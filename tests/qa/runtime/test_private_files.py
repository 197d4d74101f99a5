"""What the program writes is for the account that runs it, whatever the machine's habits are."""

import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from index.embedding import bundled_model
from qa.cli import main
from qa.publishing.board import Board
from qa.publishing.progress import Progress
from qa.runtime import settings
from qa.runtime.private_files import keep_private
from qa.staff.console import Console
from qa.staff.permissions import Role
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import RefreshOffice


@pytest.fixture(autouse=True)
def habits() -> Iterator[None]:
    """The usual mask of a machine, under which all may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(home: Path) -> list[str]:
    paths = [home, *home.rglob("*")]
    return [path.relative_to(home).as_posix() for path in paths if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command, a refresh, an upload, a trial of most else that writes."""
    monkeypatch.setenv("QA_HOME", str(home))
    monkeypatch.setenv("QA_DOCUMENTS", str(home / "documents"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("青山 渡口 灯笼 七点半\n"))
    assert main.main(["account", "add", "wangfang", "--role", "admin"]) == 0
    office = RefreshOffice(home)
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    console = Console(settings.read(os.environ), who="王芳", role=Role.ADMIN)
    console.documents.upload("产业.txt", io.BytesIO("产业园在白涛。".encode()))
    console.runtime_settings.change("notice", "周六维护")
    Progress(Board(home), who="王芳", pid=1, show=lambda state: None).begin()
    console.backup_here()
    console.export_audit()


def test_everything_below_the_home_is_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_model, "FOLDER", "toy-1")
    home = tmp_path / "home"
    use(home, monkeypatch)
    names = [path.name for path in home.rglob("*")]
    assert {"audit.jsonl", "audit.head", "CURRENT", "service.sqlite", "产业.txt", "documents.lock"} <= set(names)
    assert open_to_others(home) == []


def test_the_walk_finds_what_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "report.json").write_text("{}")
    assert open_to_others(tmp_path / "home") == [".", "report.json"]


def test_the_server_begins_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("QA_HOME", str(home))
    monkeypatch.setattr(app, "serve", lambda settings: (settings.home / "made.json").write_text("{}"))
    assert app.main() == 0
    assert open_to_others(home) == []


def test_a_home_that_an_older_program_left_open_is_closed(tmp_path: Path) -> None:
    keep_private(tmp_path / "nowhere")
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home").chmod(0o755)
    keep_private(tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
