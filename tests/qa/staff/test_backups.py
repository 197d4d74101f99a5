"""Everything is kept in one file and comes back; damage, a running server and what is there already are told."""

import hashlib
import io
import json
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.publishing.serving import serving
from qa.runtime.errors import NotAllowed
from qa.runtime.settings import ROOT, Settings, read
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.sessions import Sessions
from qa.staff.accounts.sign_on.ways import Ways
from qa.staff.backups import archive as backup
from qa.staff.backups import making
from qa.staff.backups.archive import BackupDamaged, BackupForeign, BackupRefused
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.programs.refresh_office import RefreshOffice

PASSWORD = "青山 渡口 灯笼 七点半"
GOLDEN = '{"id": "g1", "question": "有多少家？", "must": [["237家"]], "tags": ["direct"], "answerable": true}\n'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    """Two snapshots, a side file, a golden question, an account, somebody signed in, a notice, a withdrawal."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    (tmp_path / "one").mkdir()
    made = RefreshOffice(tmp_path / "one")
    made.write("合作.txt", COOPERATION.text)
    made.refresh()
    made.write("合作.txt.meta.yaml", "issuer: 合作办\n")
    (made.folder / "下级").mkdir()
    made.write("下级/产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    made.refresh()
    (made.home / "golden.jsonl").write_text(GOLDEN, encoding="utf-8")
    Accounts(made.home / DATABASE).add("wangfang", Role.ADMIN, PASSWORD)
    console(made.home).runtime_settings.change("notice", "周六维护")
    console(made.home).documents.withdraw("合作.txt", why="有误")
    return made


def settings(home: Path) -> Settings:
    return read({"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents")})


def console(home: Path, role: Role = Role.ADMIN) -> Console:
    models = Models(ToyEmbedder, lambda: SimilarityReader(ToyEmbedder()))
    return Console(settings(home), who="王芳", role=role, models=models)


def tree(home: Path) -> dict[str, bytes]:
    """What a backup is to bring back, but the database and the log, which are compared otherwise."""
    left_out = (DATABASE, "audit.", "before-restore", "progress.json", "backup.key")
    files = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if not name.startswith(left_out) and not any(part.startswith(".") for part in Path(name).parts)
    }


def made_backup(office: RefreshOffice, path: Path) -> Path:
    console(office.home).backup(path)
    return path


def test_a_backup_brings_everything_back_on_another_machine(office: RefreshOffice, tmp_path: Path) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = tmp_path / "other"
    found, before = console(other).restore(file, foreign=True)
    assert before is None and found.count("documents") == 3
    expected = {name: content for name, content in tree(office.home).items() if not name.startswith("caches")}
    assert tree(other) == expected and "snapshots/CURRENT" in expected
    assert not any(console(other).verify().values())
    assert console(other).status().snapshot == "snapshot-000002"
    assert [one.name for one in console(other).accounts.list()] == ["wangfang"]
    assert {one.name: one.value for one in console(other).runtime_settings.list()}["notice"] == "周六维护"
    assert [one.document for one in console(other).documents.withdrawn()] == ["合作.txt"]
    actions = [(row.action, row.outcome.split(" ")[0]) for row in Audit(other).rows()]
    assert actions[-2:] == [("backup", "begun"), ("restore", "as")]
    assert stat.S_IMODE((other / DATABASE).stat().st_mode) == 0o600


def test_nobody_is_signed_in_after_a_restore_and_the_file_holds_no_session(
    office: RefreshOffice, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    sessions = Sessions(office.home / DATABASE)
    token = sessions.sign_in("wangfang", PASSWORD, address="", now=now).token
    with closing(open_database(office.home / DATABASE)) as database:  # as after a password that waits for its code
        waits = "INSERT INTO second_step_waits (token_hash, account, created_at) VALUES ('ab12cd34', 'wangfang', ?)"
        database.execute(waits, (now.isoformat(),))
    Ways(office.home / DATABASE).begin(back="https://way.example/back", network="", sessions=(), now=now)
    file = made_backup(office, tmp_path / "all.backup")
    assert sessions.member(token, now)
    sessions.close()
    console(tmp_path / "other").restore(file, foreign=True)
    restored = Sessions(tmp_path / "other" / DATABASE)
    assert restored.member(token, now) is None
    assert restored.sign_in("wangfang", PASSWORD, address="", now=now)
    restored.close()
    token_hash = hashlib.sha256(token.encode()).hexdigest().encode()
    with zipfile.ZipFile(file) as archive:
        kept = [archive.read(name) for name in archive.namelist()]
    assert not any(one in content for one in (token_hash, b"ab12cd34", b"way.example") for content in kept)


def test_what_is_there_is_replaced_by_force_only_and_kept(office: RefreshOffice, tmp_path: Path) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    office.write("合作.txt", "后来的文字。")
    office.write("后来的.txt", "后来的文件。")
    with pytest.raises(BackupRefused, match="问答记录和操作日志、索引版本、文件、检验题.*--force"):
        console(office.home).restore(file)
    assert (office.folder / "后来的.txt").exists()
    _, before = console(office.home).restore(file, force=True)
    assert (office.folder / "合作.txt").read_text(encoding="utf-8") == COOPERATION.text
    assert not (office.folder / "后来的.txt").exists()
    assert before and (before / "documents" / "后来的.txt").read_text(encoding="utf-8") == "后来的文件。"
    assert not any(console(office.home).verify().values())


def test_a_running_server_or_refresh_keeps_a_restore_off(office: RefreshOffice, tmp_path: Path) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    with serving(office.home), serving(office.home), pytest.raises(BackupRefused, match="服务正在运行"):
        console(office.home).restore(file, force=True)
    with office.store.refreshing(who="李明"):
        with pytest.raises(BackupRefused, match="正在刷新"):
            console(office.home).restore(file, force=True)
        with pytest.raises(BackupRefused, match="正在发布"):
            console(office.home).backup(tmp_path / "second.backup")
    console(office.home).restore(file, force=True)


def test_a_server_that_died_keeps_nobody_off(office: RefreshOffice, tmp_path: Path) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    code = (
        "import sys, time; from pathlib import Path; from qa.publishing.serving import serving\n"
        "with serving(Path(sys.argv[1])): print('serving', flush=True); time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", code, str(office.home)], cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout and server.stdout.readline() == b"serving\n"
    with pytest.raises(BackupRefused):
        console(office.home).restore(file, force=True)
    server.kill()
    assert server.wait() == -signal.SIGKILL
    server.stdout.close()
    console(office.home).restore(file, force=True)


def test_a_damaged_backup_is_refused_and_changes_nothing(office: RefreshOffice, tmp_path: Path) -> None:
    """At two hundred places a byte is turned, or the rest cut off: refused, or what it holds is what was written."""
    file = made_backup(office, tmp_path / "all.backup")
    whole, held = file.read_bytes(), backup.check(file)
    refused = 0
    for number in range(100):
        at = (number * len(whole)) // 100
        for damaged in (whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :], whole[:at]):
            file.write_bytes(damaged)
            try:
                assert backup.check(file) == held
            except BackupDamaged as error:
                assert "已损坏" in str(error)
                refused += 1
    assert refused > 150
    file.write_bytes(whole[: len(whole) // 2])
    before = tree(office.home)
    with pytest.raises(BackupDamaged):
        console(office.home).restore(file, force=True)
    assert tree(office.home) == before
    with pytest.raises(BackupDamaged):
        file.write_bytes(b"not a backup")
        console(office.home).restore(file, force=True)
    with pytest.raises(BackupRefused, match="打不开"):
        console(office.home).restore(tmp_path / "nowhere", force=True)


@pytest.mark.parametrize("name", ["../../outside.txt", "/etc/outside.txt", "a/../../b", "", "\x00"])
def test_a_forged_backup_writes_nothing_outside(office: RefreshOffice, tmp_path: Path, name: str) -> None:
    forged = forge(made_backup(office, tmp_path / "all.backup"), {"name": name})
    before = {path for path in tmp_path.rglob("*") if "one" not in path.parts}
    with pytest.raises(BackupDamaged):
        console(tmp_path / "other").restore(forged, foreign=True)
    after = {path for path in tmp_path.rglob("*") if "one" not in path.parts}
    assert not [path for path in after - before if path.is_file() and "outside" in path.name]


def forge(file: Path, change: dict[str, Any]) -> Path:
    """The archive with one entry of its manifest changed, and the checksums put right again."""
    with zipfile.ZipFile(file) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(contents[backup.MANIFEST])
    manifest["files"][-1].update(change)
    contents[backup.MANIFEST] = json.dumps(manifest).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        archive.comment = hashlib.sha256(contents[backup.MANIFEST]).hexdigest().encode()
    file.write_bytes(made.getvalue())
    return file


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("home", "plugin.py"),
        ("home", "models/model.safetensors"),
        ("home", "backup.key"),
        ("golden", "other.jsonl"),
        ("documents", ".hidden"),
        ("snapshots", ".serving.lock"),
        ("documents", "合作.txt"),
        ("documents", "合作.txt/其中.txt"),
        ("documents", "./合作.txt"),
        ("documents", "长" * 100),
    ],
)
def test_a_forged_backup_puts_no_other_file_among_ours(
    office: RefreshOffice, tmp_path: Path, part: str, name: str
) -> None:
    """Nor the same file twice."""
    forged = forge(made_backup(office, tmp_path / "all.backup"), {"part": part, "name": name})
    with pytest.raises(BackupDamaged):
        console(tmp_path / "other").restore(forged, foreign=True)
    assert [path.name for path in (tmp_path / "other").rglob("*") if not path.name.startswith(".")] == []


def test_a_backup_is_put_back_only_where_it_was_made_unless_staff_say_so(office: RefreshOffice, tmp_path: Path) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    console(office.home).restore(file, force=True)
    with pytest.raises(BackupForeign, match="没有本机的签名.*--foreign"):
        console(tmp_path / "other").restore(file)
    forged = forge(file, {})  # whole in itself, by somebody without the secret
    with pytest.raises(BackupForeign):
        console(office.home).restore(forged, force=True)
    console(office.home).restore(forged, force=True, foreign=True)
    assert "a foreign backup taken" in Audit(office.home).rows()[-1].outcome
    secret = (office.home / backup.KEY).read_bytes().strip()
    with zipfile.ZipFile(file) as archive:
        assert not any(secret in archive.read(name) for name in archive.namelist())


def test_a_named_key_signs_here_and_proves_it_elsewhere(office: RefreshOffice, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)

    def keyed(home: Path) -> Console:
        names = {"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents"), "QA_KEY_FILE": str(tmp_path / "key")}
        return Console(read(names), who="王芳", role=Role.ADMIN)

    keyed(office.home).seal()
    keyed(office.home).backup(tmp_path / "all.backup")
    keyed(tmp_path / "other").restore(tmp_path / "all.backup")
    assert keyed(tmp_path / "other").tampering() == []
    # On a machine without the key the log goes on without a seal.
    console(tmp_path / "third").restore(tmp_path / "all.backup", foreign=True)
    assert console(tmp_path / "third").tampering() == []


def test_sizes_are_compared_before_anything_is_read(
    office: RefreshOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    whole = file.read_bytes()
    monkeypatch.setattr(backup, "contents", lambda *_: pytest.fail("a file was read"))
    for told, change in (("大小与清单不同", {"bytes": 10**12}), ("no size", {"bytes": -1})):
        file.write_bytes(whole)
        with pytest.raises(BackupDamaged, match=told):
            backup.check(forge(file, change))
    file.write_bytes(whole)
    monkeypatch.setattr(backup, "MOST_TIMES", 0)
    with pytest.raises(BackupDamaged, match="大得不像"):
        backup.check(file)
    monkeypatch.setattr(backup, "MOST_MANIFEST", 100)
    with pytest.raises(BackupDamaged, match="清单太大"):
        backup.check(file)


def test_a_disk_without_room_is_told_before_anything_is_written(
    office: RefreshOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    usage = shutil.disk_usage(tmp_path)._replace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BackupRefused, match="磁盘只剩"):
        console(office.home).restore(file, force=True)
    assert not (office.home / ".restoring").exists()


def test_a_backup_of_a_newer_program_is_refused(office: RefreshOffice, tmp_path: Path) -> None:
    connection = open_database(office.home / DATABASE)
    file = made_backup(office, tmp_path / "all.backup")
    connection.execute("PRAGMA user_version = 99")
    newer = tmp_path / "newer.backup"
    with sqlite3.connect(office.home / DATABASE) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    connection.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("qa.storage.database.upgrading.MIGRATIONS", ("SELECT 1",) * 99)
        making.write(settings(office.home), newer)
    with pytest.raises(BackupRefused, match="更新的程序"):
        console(tmp_path / "other").restore(newer, foreign=True)
    console(tmp_path / "third").restore(file, foreign=True)


def test_when_putting_back_fails_all_is_as_it_was(
    office: RefreshOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    office.write("后来的.txt", "后来的文件。")
    before, rows = tree(office.home), Audit(office.home).rows()
    real, left = shutil.move, [0]

    def failing(source: Path, target: Path) -> Any:
        if left[0] == 0 and str(target).endswith("下级"):
            left[0] = 1
            raise OSError(28, "No space left on device", str(target))
        return real(source, target)

    monkeypatch.setattr(shutil, "move", failing)
    with pytest.raises(Exception, match="磁盘已满"):
        console(office.home).restore(file, force=True)
    assert left == [1]
    assert tree(office.home) == before
    assert Audit(office.home).rows() == rows and not Audit(office.home).tampering()


def test_a_file_is_not_overwritten_nor_the_backup_put_among_the_documents(
    office: RefreshOffice, tmp_path: Path
) -> None:
    file = made_backup(office, tmp_path / "all.backup")
    with pytest.raises(BackupRefused, match="已经存在"):
        console(office.home).backup(file)
    console(office.home).backup(file, force=True)
    with pytest.raises(BackupRefused, match="不能放在"):
        console(office.home).backup(office.folder / "all.backup")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_only_an_administrator_may(office: RefreshOffice, tmp_path: Path) -> None:
    for role in (Role.EDITOR, Role.PUBLISHER):
        with pytest.raises(NotAllowed):
            console(office.home, role).backup(tmp_path / "all.backup")
        with pytest.raises(NotAllowed):
            console(office.home, role).restore(tmp_path / "all.backup")
    assert not (tmp_path / "all.backup").exists()


def test_both_are_commands(office: RefreshOffice, tmp_path: Path) -> None:
    def run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents"), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-m", "qa", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    file = tmp_path / "all.backup"
    assert "已备份" in run(office.home, "backup", file).stdout
    done = run(tmp_path / "other", "restore", file, "--foreign")
    assert (done.returncode, "3个文件" in done.stdout) == (0, True), done.stderr
    again = run(tmp_path / "other", "restore", file, "--foreign")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
