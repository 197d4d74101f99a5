"""Accounts on the command line."""

import getpass
import io
import json
import sys
from pathlib import Path

import pytest

from qa.cli import main
from qa.storage.audit import Audit
from tests.qa.cli.test_main import Shell

GOOD, OTHER = "青山 渡口 灯笼 七点半", "白菜 电车 月亮 十二点"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, monkeypatch, capsys)


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def type_in(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    lines = list(typed)
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign] # a terminal is what is asked for
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: lines.pop(0))


def test_there_is_no_account_to_begin_with(shell: Shell) -> None:
    assert shell("account", "list") == (1, "", "")


def test_an_account_is_added_listed_changed_and_removed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe(monkeypatch, GOOD + "\n")
    assert shell("account", "add", "wangfang", "--role", "editor")[0] == 0
    pipe(monkeypatch, OTHER + "\n")
    assert shell("account", "password", "wangfang")[0] == 0
    assert shell("account", "role", "wangfang", "publisher")[0] == 0
    (listed,) = json.loads(shell("account", "list", "--json")[1])
    assert (listed["name"], listed["role"]) == ("wangfang", "publisher")
    assert shell("account", "remove", "wangfang")[0] == 0
    assert shell("account", "list")[0] == 1
    log = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    done = [row.action for row in Audit(tmp_path).rows() if row.outcome == "done"]
    assert done == ["account add", "account password", "account role", "account remove"]
    assert GOOD not in log and OTHER not in log


def test_an_account_gets_and_loses_its_identity_for_single_sign_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("wangfang", "liqiang"):
        pipe(monkeypatch, GOOD + "\n")
        assert shell("account", "add", name, "--role", "admin")[0] == 0
    assert shell("account", "identity", "wangfang", "ZF001")[0] == 0
    code, _, told = shell("account", "identity", "liqiang", "ZF001")
    assert code == 1 and "账号“wangfang”已经用了" in told
    assert shell("account", "identity", "nobody", "ZF002")[0] == 1
    assert [one["identity"] for one in json.loads(shell("account", "list", "--json")[1])] == ["", "ZF001"]
    assert shell("account", "identity", "wangfang")[0] == 0
    assert shell("account", "identity", "liqiang", "ZF001")[0] == 0


def test_on_a_terminal_the_password_is_asked_for_twice(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, GOOD, OTHER)
    code, _, err = shell("account", "add", "wangfang", "--role", "admin")
    assert (code, err) == (1, "qa: 两次输入的密码不一样；请重来\n")
    type_in(monkeypatch, GOOD, GOOD)
    assert shell("account", "add", "wangfang", "--role", "admin")[0] == 0


def test_a_weak_password_is_one_line_and_makes_no_account(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "password1234\n")
    code, _, err = shell("account", "add", "wangfang", "--role", "admin")
    assert (code, len(err.splitlines())) == (1, 1)
    assert shell("account", "list")[0] == 1


def test_a_role_is_one_of_three(shell: Shell) -> None:
    assert main.main(["account", "add", "wangfang", "--role", "owner"]) == 2
