import threading
from pathlib import Path

import pytest

from qa.storage.database import DatabaseError, DatabaseNewer, open_database, opening, together, upgrading
from qa.storage.migrations import MIGRATIONS


def test_a_new_file_has_every_migration_and_is_for_its_owner_only(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "below" / "service.sqlite")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert (tmp_path / "below" / "service.sqlite").stat().st_mode & 0o077 == 0


def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "service.sqlite"
    open_database(path).execute("INSERT INTO switches VALUES ('notice', '旧', '2026', '王芳')")
    further = "ALTER TABLE switches ADD COLUMN why TEXT NOT NULL DEFAULT '';"
    monkeypatch.setattr(upgrading, "MIGRATIONS", (*MIGRATIONS, further))
    assert tuple(open_database(path).execute("SELECT * FROM switches").fetchone()) == (
        *("notice", "旧", "2026", "王芳"),
        "",
    )


def test_a_file_of_the_first_version_keeps_its_notice_and_learns_of_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "service.sqlite"
    with monkeypatch.context() as first:
        first.setattr(upgrading, "MIGRATIONS", MIGRATIONS[:1])
        open_database(path).execute("INSERT INTO switches VALUES ('notice', '周六维护', '2026')")
    connection = open_database(path)
    assert tuple(connection.execute("SELECT * FROM switches").fetchone()) == ("notice", "周六维护", "2026", "")
    assert connection.execute("SELECT count(*) FROM accounts").fetchone()[0] == 0


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "service.sqlite"
    open_database(path)
    with monkeypatch.context() as patched:
        patched.setattr(upgrading, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE further (a); no sql;"))
        with pytest.raises(DatabaseError):
            open_database(path)
    tables = {row["name"] for row in open_database(path).execute("SELECT name FROM sqlite_master")}
    assert "replies" in tables and "further" not in tables


def test_a_semicolon_within_a_statement_ends_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    further = """
        -- A table; a trigger; a row.
        CREATE TABLE notes (text TEXT DEFAULT ';');
        CREATE TRIGGER noted AFTER INSERT ON notes BEGIN DELETE FROM notes WHERE text = 'a;b'; DELETE FROM todo; END;
        INSERT INTO notes VALUES ('c;d') -- unfinished; without an end
    """
    monkeypatch.setattr(upgrading, "MIGRATIONS", (*MIGRATIONS, further))
    assert [row[0] for row in open_database(tmp_path / "service.sqlite").execute("SELECT text FROM notes")] == ["c;d"]


def test_who_opens_the_file_does_not_wait_for_one_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "service.sqlite"
    writer = open_database(path)
    writer.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.0)
    reader = open_database(path)
    assert reader.execute("SELECT count(*) FROM replies").fetchone()[0] == 0
    with pytest.raises(DatabaseError, match="locked"):
        reader.execute("INSERT INTO switches VALUES ('notice', '', '', '')")


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_file_of_every_released_version_opens_and_has_the_tables_of_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    with monkeypatch.context() as older:
        older.setattr(upgrading, "MIGRATIONS", MIGRATIONS[:version])
        open_database(tmp_path / "old.sqlite").execute(
            "INSERT INTO switches (name, value, changed_at) VALUES (1, 2, 3)"
        )
    tables = "SELECT name, sql FROM sqlite_master ORDER BY name"
    old, new = open_database(tmp_path / "old.sqlite"), open_database(tmp_path / "new.sqlite")
    assert list(map(tuple, old.execute(tables))) == list(map(tuple, new.execute(tables)))
    assert old.execute("SELECT count(*) FROM switches").fetchone()[0] == 1


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "service.sqlite"
    open_database(path).execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseNewer, match="newer version of this program"):
        open_database(path)


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def open_one() -> None:
        try:
            open_database(tmp_path / "service.sqlite").execute(
                "INSERT INTO switches VALUES (hex(randomblob(8)), '', '', '')"
            )
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert open_database(tmp_path / "service.sqlite").execute("SELECT count(*) FROM switches").fetchone()[0] == 8


def test_what_is_written_together_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "service.sqlite")
    insert = "INSERT INTO switches (name, value, changed_at) VALUES (?, '', '')"
    with together(connection):
        connection.execute(insert, ("pause",))
        connection.execute(insert, ("notice",))
    with pytest.raises(DatabaseError), together(connection):
        connection.execute(insert, ("contact",))
        connection.execute(insert, ("pause",))
    kept = open_database(tmp_path / "service.sqlite").execute("SELECT name FROM switches ORDER BY name")
    assert [row["name"] for row in kept] == ["notice", "pause"]


def test_nobody_else_writes_while_one_writes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "service.sqlite"
    with together(open_database(path)):
        monkeypatch.setattr(opening, "BUSY_SECONDS", 0.0)
        with pytest.raises(DatabaseError, match="locked"), together(open_database(path)):
            pass
