"""The database on PostgreSQL: opened, upgraded, restarted, refused."""

import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from qa.runtime.errors import DatabaseError, DatabaseUnreachable, DatabaseUnstorable
from qa.runtime.settings import SettingsError, read
from qa.storage.database import (
    Connection,
    DatabaseNewer,
    DatabaseUnfit,
    Where,
    copying,
    database_of,
    open_database,
    opening,
    together,
    upgrading,
)
from qa.storage.database.connection import Rows, Values
from tests.support.engines import SQLITE
from tests.support.programs.postgresql import Server

INSERT = "INSERT INTO switches (name, value, changed_at) VALUES (?, ?, '')"
FURTHER = f"""
from alembic import op

revision, down_revision = "9999", "{upgrading.REVISIONS[-1]}"


def upgrade():
    op.execute("ALTER TABLE switches ADD COLUMN why TEXT NOT NULL DEFAULT ''")
"""


@pytest.fixture
def where(postgresql_server: Server) -> SecretStr:
    return postgresql_server.new()


def named(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM switches ORDER BY name")]


def test_a_new_database_is_made_once_though_many_open_it(where: SecretStr) -> None:
    engines = [opening._server_engine.__wrapped__(where.get_secret_value()) for _ in range(4)]
    errors: list[Exception] = []

    def make(number: int) -> None:
        try:
            connection = Connection(engines[number])
            upgrading.upgrade_server(connection)
            connection.execute(INSERT, (f"{number}", ""))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=make, args=[number]) for number in range(len(engines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and named(open_database(where)) == ["0", "1", "2", "3"]
    for engine in engines:
        engine.dispose()


def test_a_database_that_cannot_be_reached_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseUnfit, match="连不上数据库.*127.0.0.1:1/office.*QA_DATABASE_URL") as refused:
        open_database(SecretStr("postgresql://wenda:secret@127.0.0.1:1/office"))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["postgresql://wenda:secret@host:port/office", "mysql://wenda:secret@host/office"])
def test_an_address_that_cannot_be_read_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises((DatabaseUnfit, SettingsError), match="QA_DATABASE_URL") as refused:
        open_database(database_of(read({"QA_DATABASE_URL": url, "QA_HOME": str(tmp_path)})))
    assert "secret" not in str(refused.value)


def test_a_database_in_another_encoding_is_refused(postgresql_server: Server) -> None:
    postgresql_server.command(
        "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
    )
    with pytest.raises(DatabaseUnfit, match="SQL_ASCII.*UTF8"):
        open_database(SecretStr(postgresql_server.url("bytes")))


def calling_itself(monkeypatch: pytest.MonkeyPatch, number: str, version: str) -> None:
    """Have every PostgreSQL say that it is of this version."""
    execute = Connection.execute

    def told(self: Connection, statement: str, values: Values = ()) -> Rows:
        if "server_version_num" in statement:
            statement = f"SELECT '{number}', '{version}', 'UTF8'"
        return execute(self, statement, values)

    monkeypatch.setattr(Connection, "execute", told)


def test_a_postgresql_that_is_too_old_is_refused_and_changed_in_nothing(
    where: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    calling_itself(monkeypatch, "140012", "14.12")
    with pytest.raises(DatabaseUnfit, match="PostgreSQL 是 14.12 版，需要 15 或更新；请升级数据库"):
        open_database(where)
    bare = Connection(opening._server_engine(where.get_secret_value()))
    assert upgrading._revision(bare) == ""
    calling_itself(monkeypatch, "150000", "15.0")
    assert upgrading._revision(open_database(where)) == upgrading.REVISIONS[-1]


def test_a_database_of_a_newer_program_is_refused(where: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(where).execute("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setattr(opening, "_UPGRADED", set())
    with pytest.raises(DatabaseNewer, match="9999"):
        open_database(where)


def test_a_holder_goes_on_after_the_database_was_restarted(where: SecretStr, postgresql_server: Server) -> None:
    connection = open_database(where)
    connection.execute(INSERT, ("before", ""))
    postgresql_server.control("stop", "-m", "immediate")
    try:
        with pytest.raises(DatabaseUnreachable):
            connection.execute(INSERT, ("meanwhile", ""))
    finally:
        postgresql_server.control("start")
    connection.execute(INSERT, ("after", ""))
    assert named(connection) == ["after", "before"]


def test_a_standby_that_writes_nothing_is_away_and_refuses_no_row_for_good(where: SecretStr) -> None:
    connection = open_database(where)
    connection.execute("SET default_transaction_read_only = on")
    try:
        with pytest.raises(DatabaseUnreachable, match="read-only"):
            connection.execute(INSERT, ("meanwhile", ""))
    finally:
        connection.execute("SET default_transaction_read_only = off")


@pytest.mark.parametrize(
    "state", ["42501", "42P01", "XX000", "XX001", "XX002", "25P03", "53100", "57P01", "40P01", "25006"]
)
def test_what_may_be_mended_refuses_no_row_for_good(where: SecretStr, state: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        open_database(where).execute(f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$")
    assert not isinstance(refused.value, DatabaseUnstorable)


def test_a_value_that_it_can_never_hold_is_told_from_all_else(both_engines: str, tmp_path: Path) -> None:
    connection = open_database(tmp_path / "service.sqlite")
    connection.execute(INSERT, ("一", ""))
    with pytest.raises(DatabaseUnstorable):
        connection.execute(INSERT, ("一", ""))
    with pytest.raises(DatabaseUnstorable):
        connection.execute(INSERT, ("二", None))
    with pytest.raises(DatabaseError) as refused:
        connection.execute(INSERT.replace("switches", "switched"), ("二", ""))
    assert not isinstance(refused.value, DatabaseUnstorable)


@pytest.mark.parametrize("state", ["22021", "22P05", "23514", "54000"])
def test_so_is_what_is_malformed_or_too_large_on_the_server(where: SecretStr, state: str) -> None:
    with pytest.raises(DatabaseUnstorable):
        open_database(where).execute(f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$")


def test_a_connection_that_breaks_in_the_middle_leaves_nothing_and_goes_on(where: SecretStr) -> None:
    connection, other = open_database(where), open_database(where)
    with pytest.raises(DatabaseError), together(connection):
        connection.execute(INSERT, ("half", ""))
        (process,) = next(connection.execute("SELECT pg_backend_pid()"))
        other.execute("SELECT pg_terminate_backend(?)", (process,))
        connection.execute(INSERT, ("whole", ""))
    with together(connection):
        connection.execute(INSERT, ("again", ""))
    assert named(other) == ["again"]


def test_only_one_writes_together_at_a_time(where: SecretStr) -> None:
    open_database(where).execute(INSERT, ("count", "0"))

    def count() -> None:
        connection = open_database(where)
        for _ in range(10):
            with together(connection):
                (value,) = next(connection.execute("SELECT value FROM switches"))
                connection.execute("UPDATE switches SET value = ?", (f"{int(value) + 1}",))

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert next(open_database(where).execute("SELECT value FROM switches"))[0] == "30"


def test_what_a_refused_row_held_is_in_no_message(both_engines: str, tmp_path: Path) -> None:
    connection = open_database(tmp_path / "service.sqlite")
    connection.execute(INSERT, ("王芳的问题", ""))
    with pytest.raises(DatabaseError) as refused:
        connection.execute(INSERT, ("王芳的问题", ""))
    assert str(refused.value) and "王芳" not in f"{refused.value} {refused.value.__cause__}"


def test_texts_are_ordered_by_their_bytes_and_hold_any_character(both_engines: str, tmp_path: Path) -> None:
    connection = open_database(tmp_path / "service.sqlite")
    for name in ("a", "B", "一", "é", "-b", "\x00"):
        connection.execute(INSERT, (name, "100% ? :x"))
    zero = "\x00" if both_engines == SQLITE else "\ufffd"
    assert named(connection) == sorted(["a", "B", "一", "é", "-b", zero], key=str.encode)
    assert {value for (value,) in connection.execute("SELECT value FROM switches")} == {"100% ? :x"}


def test_a_later_revision_upgrades_both_engines(
    where: SecretStr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "service.sqlite"
    both: tuple[Where, ...] = (file, where)
    for one in both:
        with closing(open_database(one)) as connection:
            connection.execute(INSERT, ("notice", "旧"))
    folder = tmp_path / "migrations"
    shutil.copytree(upgrading.FOLDER, folder)
    (folder / "versions" / "r9999_why.py").write_text(FURTHER, encoding="utf-8")
    monkeypatch.setattr(upgrading, "FOLDER", folder)
    monkeypatch.setattr(upgrading, "REVISIONS", (*upgrading.REVISIONS, "9999"))
    monkeypatch.setattr(opening, "_UPGRADED", set())
    for one in (*both, tmp_path / "new.sqlite"):
        with closing(open_database(one)) as connection:
            rows = [dict(row) for row in connection.execute("SELECT name, value, why FROM switches")]
            assert rows == ([] if one == tmp_path / "new.sqlite" else [{"name": "notice", "value": "旧", "why": ""}])
    assert next(open_database(file).execute("PRAGMA user_version"))[0] == upgrading.file_version()


def test_both_engines_have_the_same_tables_and_all_are_copied(where: SecretStr, tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "service.sqlite")) as file, closing(open_database(where)) as server:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = {name for (name,) in file.execute(named)}
        assert tables == set(copying.TABLES)
        listed = "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND column_name <> 'rowid'"
        for table in tables:
            in_file = {row["name"] for row in file.execute(f"PRAGMA table_info({table})")}
            assert in_file == {name for (name,) in server.execute(listed, (table,))}, table


def test_the_revisions_are_those_of_the_folder() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(upgrading.FOLDER))
    found = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == upgrading.REVISIONS
