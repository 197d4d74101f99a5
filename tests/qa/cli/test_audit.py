"""The command of the audit log: checked, and what was found acknowledged by who looked into it."""

import json
from pathlib import Path

import pytest

from qa.cli.main import main
from qa.storage.audit import LOG, Audit


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    for number in range(3):
        Audit(tmp_path).add("王芳", "publish", target=f"snapshot-{number}")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["audit", *arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_what_was_looked_into_is_listed_and_no_new_problem(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--verify") == (0, "3条记录，完整无改动\n")
    code, told = run(capsys, "--acknowledge", "3", "--reason", "没有什么")
    assert (code, "没有等待确认的问题" in told) == (1, True)
    path = home / LOG
    path.write_bytes(path.read_bytes().replace(b"snapshot-1", b"snapshot-7"))
    code, told = run(capsys, "--verify")
    assert (code, "第2条记录被改动过" in told, "--acknowledge 3 --reason" in told) == (1, True, True)
    code, told = run(capsys, "--acknowledge", "3")
    assert (code, "查明的原因" in told) == (1, True)
    assert run(capsys, "--acknowledge", "3", "--reason", "李强误改")[0] == 0
    code, told = run(capsys, "--verify")
    assert (code, "没有新的问题" in told, "第2条记录被改动过" in told, "李强误改" in told) == (0, True, True, True)
    found = json.loads(run(capsys, "--verify", "--json")[1])
    assert (found["rows"], found["problems"], len(found["acknowledged"])) == (4, [], 1)
    assert "已看过不符之处" in run(capsys)[1]
    path.write_bytes(path.read_bytes().replace(b"snapshot-7", b"snapshot-8"))
    code, told = run(capsys, "--verify")
    assert (code, "第2条记录被改动过" in told) == (1, True)
