"""The log of staff actions: complete, in order, and telling whatever was done to it."""

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.audit import HEAD, LOG, Audit


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    audit = Audit(tmp_path)
    for number in range(1, 7):
        audit.add("王芳", "publish", target=f"snapshot-00000{number}", why="回退")
    return audit


def test_rows_say_who_did_what_and_why(audit: Audit) -> None:
    rows = audit.rows()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert (rows[2].who, rows[2].action, rows[2].target, rows[2].why) == ("王芳", "publish", "snapshot-000003", "回退")
    assert audit.tampering() == []


def edit(lines: list[str]) -> list[str]:
    return [line.replace("000003", "000009") for line in lines]


def edit_last(lines: list[str]) -> list[str]:
    return [line.replace("000006", "000009") for line in lines]


def forge(lines: list[str]) -> list[str]:
    """Rows by someone who knows the format but not the hashes."""
    row = json.loads(lines[-1])
    return [*lines, *(json.dumps({**row, "number": number}) + "\n" for number in (7, 8))]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (edit, "第3条记录被改动过"),
        (edit_last, "第6条记录被改动过"),
        (lambda lines: lines[:2] + lines[3:], "第3条之前少了记录"),
        (lambda lines: lines[1:], "第1条之前少了记录"),
        (lambda lines: lines[:1] + lines[2:4] + lines[1:2] + lines[4:], "次序不对"),
        (lambda lines: lines[:4], "末尾少了2条记录"),
        (lambda lines: [], "末尾少了6条记录"),
        (lambda lines: [*lines[:5], lines[5][:40]], "第6条记录读不出来"),
        (forge, "末尾多出2条"),
    ],
)
def test_tampering_is_named(audit: Audit, tmp_path: Path, tamper: Callable[[list[str]], list[str]], told: str) -> None:
    path = tmp_path / LOG
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(tamper(lines)), encoding="utf-8")
    assert any(told in problem for problem in audit.tampering())


def test_a_lost_head_is_told(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / HEAD).unlink()
    assert any(HEAD in problem for problem in audit.tampering())


def test_a_row_cut_by_a_loss_of_power_is_told_and_the_next_one_follows(audit: Audit, tmp_path: Path) -> None:
    path = tmp_path / LOG
    path.write_bytes(path.read_bytes()[:-30])
    audit.add("王芳", "prune")
    assert [row.action for row in audit.rows()][-1] == "prune"
    assert audit.tampering() == ["第6条记录读不出来（写到一半断电，或被改动过）"]


def test_a_crash_between_log_and_head_is_no_tampering(audit: Audit, tmp_path: Path) -> None:
    head = (tmp_path / HEAD).read_bytes()
    audit.add("王芳", "prune")
    (tmp_path / HEAD).write_bytes(head)
    assert audit.tampering() == []


def test_an_action_that_fails_is_logged_with_its_reason(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    with pytest.raises(ValueError), audit.action("王芳", "publish", target="x"):
        raise ValueError("坏了")
    with pytest.raises(KeyboardInterrupt), audit.action("王芳", "refresh"):
        raise KeyboardInterrupt
    assert [row.outcome for row in audit.rows()] == ["begun", "failed: 坏了", "begun", "interrupted"]


def _write(home: str, who: str) -> None:
    for _ in range(25):
        Audit(Path(home)).add(who, "test")


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(str(tmp_path), f"p{number}")) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    audit = Audit(tmp_path)
    assert [row.number for row in audit.rows()] == list(range(1, 101))
    assert audit.tampering() == []
