"""The log of staff actions: complete, in order, and telling whatever was done to it."""

import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index.files import atomic
from qa.runtime.settings import SettingsError
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.storage.audit import ACKNOWLEDGED, HEAD, LOG, NOT_MATCHING, Audit, AuditBusy, AuditNotWhole
from qa.storage.audit_log import end as audit_end
from qa.storage.audit_log import files as audit_files
from qa.storage.audit_log import medium
from qa.storage.audit_log.chain import content_of
from qa.storage.database import DATABASE


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


def crash(audit: Audit, monkeypatch: pytest.MonkeyPatch, *, torn: bool = False) -> None:
    """A row of which the process dies once it is written, or in the middle of it: the head has announced it only."""
    real, left = atomic.replace, [1]

    def dying(path: Path, content: bytes, *, mode: int = 0o666) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(path, content, mode=mode)

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            audit.add("王芳", "prune")
    if torn:
        path = audit._home / LOG
        path.write_bytes(path.read_bytes()[:-30])


def test_a_row_torn_by_a_loss_of_power_is_told_and_the_next_one_follows(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(audit, monkeypatch, torn=True)
    told = ["第7条记录读不出来（写到一半断电，或被改动过）"]
    assert audit.tampering() == told
    audit.add("王芳", "publish")
    assert ([row.action for row in audit.rows()][-2:], audit.tampering()) == (["publish", "publish"], told)


def test_a_crash_between_log_and_head_is_no_tampering(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    crash(audit, monkeypatch)
    assert (audit.tampering(), len(audit.rows())) == ([], 7)
    audit.add("王芳", "publish")
    assert (audit.tampering(), [row.action for row in audit.rows()][-2:]) == ([], ["prune", "publish"])


def cut(home: Path) -> None:
    path = home / LOG
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))


def append(home: Path) -> None:
    """One row more, whole in itself, by someone who writes the log alone."""
    path = home / LOG
    last = path.read_bytes().splitlines()[-1]
    row = {**json.loads(last), "number": 7, "before": hashlib.sha256(last).hexdigest(), "who": "李四"}
    path.write_bytes(path.read_bytes() + json.dumps(row, ensure_ascii=False).encode() + b"\n")


def change(home: Path, before: bytes, after: bytes) -> None:
    path = home / LOG
    path.write_bytes(path.read_bytes().replace(before, after))


def change_last(home: Path) -> None:
    change(home, b"000006", b"000009")


def change_third(home: Path) -> None:
    change(home, b"000003", b"000009")


def delete_both(home: Path) -> None:
    (home / LOG).unlink()
    (home / HEAD).unlink()


def delete_head(home: Path) -> None:
    (home / HEAD).unlink()


def exchange(home: Path) -> None:
    """Another log, whole with its head, of as many rows."""
    other = Audit(home / "other")
    for _ in range(6):
        other.add("李四", "sign in")
    for name in (LOG, HEAD):
        shutil.copy(home / "other" / name, home / name)


def cut_with_head(home: Path) -> None:
    """Rows gone from the end, and a head that was made to fit."""
    cut(home)
    lines = (home / LOG).read_bytes().splitlines()
    size = (home / LOG).stat().st_size
    head = {"rows": len(lines), "last": hashlib.sha256(lines[-1]).hexdigest(), "bytes": size, "next": "", "seal": ""}
    (home / HEAD).write_text(json.dumps(head))


def append_with_head(home: Path) -> None:
    append(home)
    lines = (home / LOG).read_bytes().splitlines()
    size = (home / LOG).stat().st_size
    head = {"rows": len(lines), "last": hashlib.sha256(lines[-1]).hexdigest(), "bytes": size, "next": "", "seal": ""}
    (home / HEAD).write_text(json.dumps(head))


def append_to_an_older_head(home: Path) -> None:
    head = json.loads((home / HEAD).read_bytes())
    append(home)
    (home / HEAD).write_text(json.dumps({"rows": head["rows"], "last": head["last"]}))


def forget(home: Path) -> None:
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as database:
        database.execute("DELETE FROM audit_witness")


def nothing(home: Path) -> None: ...


TAMPERED = [
    (cut, "末尾少了2条"),
    (append, "末尾多出1条"),
    (change_last, "第6条记录被改动过"),
    (delete_both, "数据库记得操作日志有6条，现有0条"),
    (delete_head, "audit.head缺失或损坏"),
    (exchange, "第6条记录不是数据库记得的那一条"),
    (cut_with_head, "数据库记得操作日志有6条，现有4条"),
    (append_to_an_older_head, "audit.head被换成了旧的"),
    (forget, "数据库里没有操作日志的条数"),
]


@pytest.mark.parametrize(("tamper", "told"), TAMPERED)
def test_what_was_done_to_the_log_is_told_before_and_after_the_next_row(
    audit: Audit, tmp_path: Path, tamper: Callable[[Path], None], told: str
) -> None:
    head = (tmp_path / HEAD).read_bytes()
    tamper(tmp_path)
    left = (tmp_path / HEAD).read_bytes() if (tmp_path / HEAD).exists() else None
    assert any(told in problem for problem in audit.tampering())
    audit.add("王芳", "sign in")
    audit.add("王芳", "sign out")
    (note,) = [row for row in audit.rows() if row.outcome == NOT_MATCHING]
    assert (note.who, note.action) == ("程序", "audit") and told in note.why
    assert any(told in problem and f"第{note.number}条" in problem for problem in audit.tampering())
    kept = [path.read_bytes() for path in tmp_path.glob(f"{HEAD}.*")]
    assert kept == ([left] if left else []) and head


@pytest.mark.parametrize(("tamper", "told"), [*TAMPERED, (change_third, "第3条记录被改动过")])
def test_what_was_looked_into_is_told_as_such_and_is_new_again_once_it_changes(
    audit: Audit, tmp_path: Path, tamper: Callable[[Path], None], told: str
) -> None:
    tamper(tmp_path)
    audit.add("王芳", "sign in")
    before = audit.findings()
    assert any(told in problem for problem in before.new) and not before.looked_at
    audit.acknowledge("李强", before.rows, why="磁盘坏了")
    after = audit.findings()
    assert (after.new, len(after.looked_at)) == ([], len(before.new))
    assert all("李强" in problem and "磁盘坏了" in problem for problem in after.looked_at), "nothing is hidden"
    row = audit.rows()[-1]
    assert (row.who, row.action, row.outcome, row.why) == ("李强", "audit", ACKNOWLEDGED, "磁盘坏了")
    audit.add("王芳", "sign out")
    assert audit.tampering() == []
    change(tmp_path, b'"sign in"', b'"sign up"')
    again = audit.findings()
    assert any(told in problem for problem in again.new) and again.looked_at == []


def test_an_acknowledgement_covers_what_was_seen_and_no_more(audit: Audit, tmp_path: Path) -> None:
    change_third(tmp_path)
    seen = audit.findings().rows
    cut(tmp_path)
    with pytest.raises(AuditNotWhole, match="第5条.*再核对"):
        audit.acknowledge("李强", seen, why="换过磁盘")
    assert len(audit.tampering()) == 2
    for rows in (0, 6, 99):
        with pytest.raises(AuditNotWhole, match="1到5"):
            audit.acknowledge("李强", rows, why="换过磁盘")
    audit.acknowledge("李强", 4, why="换过磁盘")
    assert [problem[:4] for problem in audit.tampering()] == ["第5条："]
    audit.acknowledge("李强", audit.findings().rows, why="也查过了")
    assert audit.tampering() == [] and len(audit.findings().looked_at) == 2
    append(tmp_path)
    assert any("末尾多出1条" in problem for problem in audit.tampering()), "what comes later is new"


def test_a_forged_acknowledgement_acknowledges_nothing(audit: Audit, tmp_path: Path) -> None:
    """By someone who writes the log alone: the row does not fit, and is told of itself."""
    audit.acknowledge("李强", 6, why="试")
    genuine = audit.rows()[-1]
    change_third(tmp_path)
    lines = (tmp_path / LOG).read_bytes().splitlines()
    forged = {**json.loads(lines[-1]), "target": content_of(lines[:6])}
    (tmp_path / LOG).write_bytes(b"\n".join([*lines[:6], json.dumps(forged, ensure_ascii=False).encode(), b""]))
    assert genuine.target != forged["target"]
    assert any("第7条记录被改动过" in problem for problem in audit.tampering())


def test_an_untouched_log_is_whole_with_and_without_a_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    for audit in (Audit(tmp_path / "plain"), Audit(tmp_path / "sealed", tmp_path / "key")):
        for _ in range(3):
            audit.add("王芳", "sign in")
            assert audit.tampering() == []
        assert len(audit.rows()) == 3


def test_rows_forged_together_with_the_head_are_told_by_the_key_alone(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    told = []
    for audit in (Audit(tmp_path / "plain"), Audit(tmp_path / "sealed", tmp_path / "key")):
        for _ in range(6):
            audit.add("王芳", "sign in")
        append_with_head(audit._home)
        before = audit.tampering()
        audit.add("王芳", "sign in")
        told.append((before, [row.why for row in audit.rows() if row.outcome == NOT_MATCHING]))
    problem = "audit.head没有用QA_KEY_FILE的密钥封记"
    assert told == [([], []), ([problem], [problem])]


def test_a_key_comes_into_use_by_a_command_and_is_missed_when_it_is_gone(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    sealing = Audit(tmp_path, tmp_path / "key")
    assert sealing.tampering() == ["audit.head没有用QA_KEY_FILE的密钥封记"]
    sealing.adopt()
    sealing.add("王芳", "sign in")
    assert sealing.tampering() == []
    assert any("没有设QA_KEY_FILE" in problem for problem in audit.tampering())
    with pytest.raises(SettingsError, match="QA_KEY_FILE"):
        audit.add("王芳", "sign out")
    assert len(audit.rows()) == 7
    cut(tmp_path)
    with pytest.raises(AuditNotWhole, match="末尾少了2条"):
        sealing.adopt()


@pytest.mark.parametrize("content", [None, "short"])
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "key").write_text(content)
    with pytest.raises(SettingsError, match=r"QA_KEY_FILE: .*key "):
        Audit(tmp_path, tmp_path / "key").add("王芳", "sign in")
    assert not (tmp_path / LOG).exists()


def test_the_log_of_an_older_program_goes_on(tmp_path: Path) -> None:
    """Its head counts no bytes, and there is no witness."""
    audit = Audit(tmp_path)
    for _ in range(3):
        audit.add("王芳", "sign in")
    head = json.loads((tmp_path / HEAD).read_bytes())
    (tmp_path / HEAD).write_text(json.dumps({"rows": head["rows"], "last": head["last"]}))
    forget(tmp_path)
    assert audit.tampering() == []
    audit.add("王芳", "sign out")
    assert (audit.tampering(), len(audit.rows())) == ([], 4)
    assert audit_end.witness(tmp_path / DATABASE) == audit_end.Witness(
        4, hashlib.sha256(lines(tmp_path)[-1]).hexdigest()
    )


def lines(home: Path) -> list[bytes]:
    return (home / LOG).read_bytes().splitlines()


def test_accounts_without_a_log_are_a_finding(tmp_path: Path) -> None:
    assert Audit(tmp_path).tampering() == []
    Accounts(tmp_path / DATABASE).add("wangfang", Role.ADMIN, "青山 渡口 灯笼 七点半")
    assert Audit(tmp_path).tampering() == ["已有账号，却没有操作日志：日志可能被删除过"]


def test_with_a_key_no_row_seals_over_a_log_that_was_deleted_in_all_places(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    audit = Audit(tmp_path, tmp_path / "key")
    Accounts(tmp_path / DATABASE).add("wangfang", Role.ADMIN, "青山 渡口 灯笼 七点半")
    audit.adopt()
    audit.add("王芳", "sign in")
    assert audit.tampering() == []
    for name in (LOG, HEAD):
        (tmp_path / name).unlink()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database, database:
        database.execute("DELETE FROM audit_witness")
    audit.add("王芳", "sign in")
    assert [row.outcome for row in audit.rows()] == [NOT_MATCHING, "done"] and audit.tampering()


def test_a_row_reads_the_end_of_the_log_only(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log, and however long its last row."""
    audit.add("王芳", "golden", why="长" * 20_000)
    read: list[int] = []
    real = os.pread

    def counting(file: int, size: int, at: int) -> bytes:
        read.append(size)
        return real(file, size, at)

    monkeypatch.setattr(os, "pread", counting)
    monkeypatch.setattr(audit_files, "content_of", lambda _: pytest.fail("the whole log was read"))
    audit.add("王芳", "sign in")
    assert 60_000 <= sum(read) < 80_000  # that long row
    read.clear()
    audit.add("王芳", "sign in")
    assert sum(read) < 10_000


def test_a_database_that_is_busy_keeps_no_row_off_and_counts_it_later(audit: Audit, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        audit.add("王芳", "sign in")
        assert (audit.tampering(), len(audit.rows())) == ([], 7)
        seen = audit_end.witness(tmp_path / DATABASE)
        assert seen and seen.rows == 6
    audit.add("王芳", "sign out")
    seen = audit_end.witness(tmp_path / DATABASE)
    assert seen and seen.rows == 8


def test_who_holds_the_log_keeps_others_waiting_for_a_set_time_only(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medium, "LOCK_SECONDS", 0.1)
    with (tmp_path / ".audit.lock").open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AuditBusy, match="占用"):
            audit.add("王芳", "sign in")
        with pytest.raises(AuditBusy):
            audit.tampering()
    assert len(audit.rows()) == 6
    audit.add("王芳", "sign in")


def test_log_head_and_lock_are_for_their_owner_only(tmp_path: Path) -> None:
    """So that no other account of the machine can hold them; those of an older program become so."""
    before = os.umask(0o022)
    try:
        (tmp_path / LOG).write_bytes(b"")
        assert stat.S_IMODE((tmp_path / LOG).stat().st_mode) == 0o644
        Audit(tmp_path).add("王芳", "sign in")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {modes[name] for name in (LOG, HEAD, ".audit.lock", DATABASE)} == {0o600}


def test_an_action_that_fails_is_logged_with_its_reason(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    with pytest.raises(ValueError), audit.action("王芳", "publish", target="x"):
        raise ValueError("坏了")
    with pytest.raises(KeyboardInterrupt), audit.action("王芳", "refresh"):
        raise KeyboardInterrupt
    assert [row.outcome for row in audit.rows()] == ["begun", "failed: 坏了", "begun", "interrupted"]


def _write(home: str, who: str) -> None:
    medium.LOCK_SECONDS = 600.0  # on a machine that has much to do besides
    for _ in range(12):
        Audit(Path(home)).add(who, "test")


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    # Its children have imported everything: a start takes milliseconds.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    writers = [context.Process(target=_write, args=(str(tmp_path), f"p{number}")) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    audit = Audit(tmp_path)
    assert [row.number for row in audit.rows()] == list(range(1, 49))
    assert audit.tampering() == []


def test_a_log_is_closed_to_others_and_a_device_in_its_place_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []
    monkeypatch.setattr(os, "fchmod", lambda file, mode: closed.append(mode))
    Audit(tmp_path).add("wangfang", "login")
    (tmp_path / LOG).chmod(0o644)
    Audit(tmp_path).add("wangfang", "login")
    assert closed == [0o600]
    (tmp_path / LOG).unlink()
    (tmp_path / LOG).symlink_to(os.devnull)
    with suppress(OSError):
        Audit(tmp_path).add("wangfang", "login")
    assert closed == [0o600]
