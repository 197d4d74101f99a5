"""An installation moves its database to PostgreSQL; its backups hold on either engine."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.snapshots.errors import StoreError
from qa.cli import main as cli
from qa.publishing.serving import serving
from qa.runtime.settings import Settings, read
from qa.staff.backups import moving
from qa.staff.backups.archive import BackupRefused
from qa.staff.backups.moving import MoveRefused, move_to_server
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage import versioned_rows
from qa.storage.audit import HEAD, LOG, Audit
from qa.storage.database import DATABASE, Connection, DatabaseUnfit, copying, database_of, open_database
from qa.storage.shared.coordination import SharedCoordination
from tests.support.engines import POSTGRESQL
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

EARLIER = Path(__file__).parents[3] / "project" / "earlier"


@pytest.fixture
def variables(tmp_path: Path, postgresql_server: Server) -> dict[str, str]:
    """The environment of an earlier version's installation that now names a PostgreSQL."""
    home, documents = tmp_path / "home", tmp_path / "documents"
    shutil.copytree(EARLIER / "home", home)
    shutil.copytree(EARLIER / "documents", documents)
    with closing(sqlite3.connect(home / DATABASE)) as database:
        database.executescript((EARLIER / "service.sql").read_text(encoding="utf-8"))
    url = postgresql_server.new().get_secret_value()
    return {"QA_HOME": str(home), "QA_DOCUMENTS": str(documents), "QA_DATABASE_URL": url}


@pytest.fixture
def settings(variables: dict[str, str]) -> Settings:
    return read(variables)


def console(settings: Settings) -> Console:
    return Console(settings, who="wangfang", role=Role.ADMIN)


def test_an_earlier_installation_moves_whole(
    variables: dict[str, str], settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_database(settings.home / DATABASE)) as file:
        held = copying.contents(file)
    before = console(settings.model_copy(update={"database_url": SecretStr("")}))
    logged, listed = before.audit(), [(one.name, one.published, one.was_published) for one in before.snapshots()]
    assert logged and any(published for _, published, _ in listed)
    with pytest.raises(DatabaseUnfit, match="还没有搬过去.*qa database migrate"):
        console(settings)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["database", "migrate"]) == 0
    assert "逐行核对无误" in capsys.readouterr().out
    with closing(open_database(database_of(settings))) as server:
        moved = copying.contents(server)
    assert {table: moved[table] for table in copying.TABLES if table != "audit_witness"} == {
        table: held[table] for table in copying.TABLES if table != "audit_witness"
    }
    assert moved["replies"][0] and moved["accounts"][0]
    assert [path for name in (DATABASE, LOG, HEAD) if (path := settings.home / name).exists()] == []
    staff = console(settings)
    assert staff.audit()[:-1] == logged, "the audit log moved, row by row"
    assert [(one.name, one.published, one.was_published) for one in staff.snapshots()] == listed
    assert staff.verify()["audit.jsonl"] == [], "the witness of the audit log moved, too"
    assert Audit.of(settings).rows()[-1].action == "database migrate"
    with closing(open_database(database_of(settings))) as server:
        answered = {row["id"] for row in server.execute("SELECT id FROM reviewed")}
        values = dict(next(server.execute("SELECT * FROM reviewed")))
        del values["id"]
        assert versioned_rows.insert(server, "reviewed", values) not in answered, "new rows have numbers of their own"
    with pytest.raises(MoveRefused, match="不存在"):
        move_to_server(settings, who="wangfang")


def test_an_installation_whose_database_moved_before_has_its_log_moved(settings: Settings) -> None:
    logged = console(settings.model_copy(update={"database_url": SecretStr("")})).audit()
    with closing(open_database(settings.home / DATABASE)) as file, closing(open_database(settings.database_url)) as to:
        copying.fill(to, file)
    (settings.home / DATABASE).unlink()
    with pytest.raises(DatabaseUnfit, match="audit.jsonl.*还没有搬过去"):
        console(settings)
    moved = move_to_server(settings, who="wangfang")
    assert moved.rows == {"audit_log": len(logged)} and len(moved.kept) == 2
    assert console(settings).audit()[:-1] == logged and console(settings).tampering() == []


def test_a_log_that_is_not_whole_is_not_moved(settings: Settings) -> None:
    log = settings.home / LOG
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(MoveRefused, match="操作日志有问题，没有搬：末尾少了1条记录.*audit --verify"):
        move_to_server(settings, who="wangfang")
    with closing(open_database(settings.database_url)) as server:
        assert not moving._rows(copying.contents(server)) and log.exists() and (settings.home / DATABASE).exists()


def test_nothing_is_moved_over_anything(settings: Settings) -> None:
    with closing(open_database(SecretStr(settings.database_url.get_secret_value()))) as server:
        server.execute("INSERT INTO switches VALUES ('notice', '', '', '')")
    with pytest.raises(MoveRefused, match="已有内容（switches 1）"):
        move_to_server(settings, who="wangfang")
    assert (settings.home / DATABASE).exists()


def test_nothing_is_moved_while_a_server_runs(settings: Settings) -> None:
    with serving(settings.home), pytest.raises(MoveRefused, match="先停下所有服务进程"):
        move_to_server(settings, who="wangfang")


def test_no_backup_is_restored_while_a_server_on_another_machine_runs(settings: Settings, tmp_path: Path) -> None:
    move_to_server(settings, who="wangfang")
    staff, backup = console(settings), tmp_path / "backup.zip"
    staff.backup(backup)
    elsewhere = SharedCoordination(settings.database_url)
    elsewhere.wait(0)  # begins to listen
    with pytest.raises(BackupRefused, match="服务正在运行"):
        staff.restore(backup, force=True)
    elsewhere.close()
    staff.restore(backup, force=True)


def test_a_copy_that_differs_is_undone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = copying.contents

    def spoilt(connection: Connection) -> copying.Contents:
        if connection.engine == POSTGRESQL:
            connection.execute("UPDATE switches SET value = value || '。'")
        return contents(connection)

    monkeypatch.setattr(copying, "contents", spoilt)
    with pytest.raises(copying.CopyDiffers, match="switches"):
        move_to_server(settings, who="wangfang")
    monkeypatch.undo()
    with closing(open_database(settings.database_url)) as server:
        assert not moving._rows(copying.contents(server)) and (settings.home / DATABASE).exists()


def test_a_backup_of_either_engine_is_restored_on_postgresql(settings: Settings, tmp_path: Path) -> None:
    of_file, of_server = tmp_path / "file.zip", tmp_path / "server.zip"
    console(settings.model_copy(update={"database_url": SecretStr("")})).backup(of_file)
    move_to_server(settings, who="wangfang")
    staff = console(settings)
    published = [one.name for one in staff.snapshots() if one.published]
    staff.runtime_settings.change("notice", "停电")
    staff.backup(of_server)
    staff.runtime_settings.change("notice", "来电")
    for backup, notice in ((of_server, "停电"), (of_file, "周六上午系统维护")):
        _, before = staff.restore(backup, force=True)
        assert {row.name: row.value for row in staff.runtime_settings.list()}["notice"] == notice
        kept = [before / "home" / name for name in (DATABASE, LOG, HEAD)] if before else []
        assert kept and all(path.exists() for path in kept), "what was there is kept as files"
        assert [one.name for one in staff.snapshots() if one.published] == published
        assert not any((settings.home / name).exists() for name in (DATABASE, LOG, HEAD))
        assert staff.verify()["audit.jsonl"] == []


def test_indexes_move_to_an_object_store_and_a_backup_brings_them_back(
    settings: Settings, object_store: ObjectStore, tmp_path: Path
) -> None:
    names = [one.name for one in console(settings.model_copy(update={"database_url": SecretStr("")})).snapshots()]
    shared = settings.model_copy(update={"snapshots_url": SecretStr(object_store.new())})
    assert move_to_server(settings, who="wangfang").snapshots == []
    assert move_to_server(shared, who="wangfang").snapshots == names
    with pytest.raises(MoveRefused, match="没有要搬的内容"):
        move_to_server(shared, who="wangfang")
    # Another machine, with a home of its own.
    elsewhere = shared.model_copy(update={"home": tmp_path / "elsewhere"})
    listed = console(shared).snapshots()
    assert console(elsewhere).snapshots() == listed and [one.name for one in listed] == names
    backup = tmp_path / "backup.zip"
    console(elsewhere).backup(backup)
    with pytest.raises(StoreError):
        console(elsewhere).publish("snapshot-000009")
    console(elsewhere).prune(keep=1)
    assert len(console(shared).snapshots()) == 1
    console(shared).restore(backup, force=True, foreign=True)
    fresh = shared.model_copy(update={"home": tmp_path / "fresh"})
    assert console(fresh).snapshots() == console(shared).snapshots() == listed
    assert not any(problems for problems in console(fresh).verify().values())
    # Onto one machine without either.
    alone = settings.model_copy(update={"home": tmp_path / "alone", "database_url": SecretStr("")})
    console(alone).restore(backup, force=True, foreign=True)
    assert console(alone).snapshots() == listed and console(alone).tampering() == []
