"""Stored encrypted, the log of questions cannot be read from the disk, and is found by words all the same."""

import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qa.cli import main as cli
from qa.publishing.serving import serving
from qa.runtime.settings import Settings, SettingsError, read
from qa.staff.backups.archive import BackupRefused
from qa.staff.backups.encrypting import EncryptionRefused, decrypt, encrypt
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.questions.log.selecting import Wanted
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, DatabaseLocked, copying, database_of, open_database, sqlite_files
from qa.storage.question_log import Log, new_id
from tests.qa.storage.test_question_log import ANSWER, HASHES, NOW

pytest.importorskip("sqlcipher3")
EARLIER = Path(__file__).parents[2] / "project" / "earlier"
QUESTION = ANSWER.question


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment of an earlier version's installation, with a key and another key beside it."""
    shutil.copytree(EARLIER / "home", tmp_path / "home")
    shutil.copytree(EARLIER / "documents", tmp_path / "documents")
    with closing(sqlite3.connect(tmp_path / "home" / DATABASE)) as database:
        database.executescript((EARLIER / "service.sql").read_text(encoding="utf-8"))
    for name, letter in (("key", "a"), ("other", "b")):
        (tmp_path / name).write_text(letter * 40, encoding="ascii")
    given = {"QA_HOME": "home", "QA_DOCUMENTS": "documents", "QA_KEY_FILE": "key"}
    return {name: str(tmp_path / value) for name, value in given.items()}


@pytest.fixture(autouse=True)
def no_keys_left() -> Iterator[None]:
    yield
    sqlite_files._KEYS.clear()


def encrypted(variables: dict[str, str]) -> Settings:
    return read({**variables, "QA_ENCRYPT_DATABASE": "yes"})


def log_of(settings: Settings) -> Log:
    return Log(open_database(database_of(settings)), keep_days=180, share_days=90)


def ask(settings: Settings) -> None:
    with closing(log_of(settings)) as log:
        log.add(new_id(), ANSWER, NOW, channel="page", documents=HASHES)


def on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.glob(f"{DATABASE}*")))


def holds(backup: Path) -> bool:
    """Whether the question stands in any file of a backup."""
    with zipfile.ZipFile(backup) as archive:
        return any(QUESTION.encode() in archive.read(name) for name in archive.namelist())


def found(settings: Settings, words: str) -> list[str]:
    console = Console(settings, who="wangfang", role=Role.ADMIN)
    return [entry.question for entry in console.questions.find(Wanted(text=words)).entries]


def test_an_installation_is_encrypted_whole_and_written_plain_again(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, home = read(variables), Path(variables["QA_HOME"])
    ask(plain)
    with closing(open_database(database_of(plain))) as file:
        held = copying.contents(file)
    assert QUESTION.encode() in on_disk(home), "the control: plain, anybody who has the disk reads it"
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["audit", "--seal"]) == 0
    capsys.readouterr()
    assert cli.main(["database", "encrypt"]) == 0
    assert "逐行核对无误" in capsys.readouterr().out
    assert sqlite_files.is_encrypted(home / DATABASE) and QUESTION.encode() not in on_disk(home)
    settings = encrypted(variables)
    with closing(open_database(database_of(settings))) as file:
        became = copying.contents(file)
    assert {table for table in copying.TABLES if became[table] != held[table]} <= {"audit_witness"}
    assert found(settings, QUESTION) == [QUESTION]
    ask(settings)
    assert found(settings, QUESTION) == [QUESTION] * 2 and QUESTION.encode() not in on_disk(home)
    console = Console(settings, who="wangfang", role=Role.ADMIN)
    assert console.verify()["audit.jsonl"] == [], "the witness of the audit log was kept, too"
    monkeypatch.setenv("QA_ENCRYPT_DATABASE", "yes")
    assert cli.main(["database", "decrypt"]) == 0
    assert found(plain, QUESTION) == [QUESTION] * 2
    actions = [row.action for row in Audit.of(plain).rows()]
    assert actions[-2:] == ["database encrypt", "database decrypt"]
    assert sorted(path.name for path in home.glob(f"*{DATABASE}*")) == [DATABASE]


def test_a_new_installation_begins_encrypted(variables: dict[str, str], tmp_path: Path) -> None:
    settings = encrypted({**variables, "QA_HOME": str(tmp_path / "new")})
    ask(settings)
    assert QUESTION.encode() not in on_disk(tmp_path / "new")
    assert found(settings, QUESTION) == [QUESTION]


def test_no_file_is_opened_as_what_it_is_not(variables: dict[str, str], tmp_path: Path) -> None:
    settings = encrypted(variables)
    with pytest.raises(DatabaseLocked, match="还没有加密.*qa database encrypt"):
        open_database(database_of(settings))
    encrypt(settings, who="wangfang")
    open_database(database_of(settings)).close()
    with pytest.raises(DatabaseLocked, match="不是加密时的那一个"):
        open_database(database_of(encrypted({**variables, "QA_KEY_FILE": str(tmp_path / "other")})))
    with pytest.raises(DatabaseLocked, match="是加密的；请设 QA_ENCRYPT_DATABASE"):
        open_database(database_of(read(variables)))


def test_encrypting_is_refused_where_it_cannot_be_done(variables: dict[str, str]) -> None:
    settings = read(variables)
    with serving(settings.home), pytest.raises(EncryptionRefused, match="服务正在运行"):
        encrypt(settings, who="wangfang")
    with pytest.raises(EncryptionRefused, match="没有加密，不用转换"):
        decrypt(settings, who="wangfang")
    without = {name: value for name, value in variables.items() if name != "QA_KEY_FILE"}
    with pytest.raises(EncryptionRefused, match="没有设 QA_KEY_FILE"):
        encrypt(read(without), who="wangfang")
    with pytest.raises(SettingsError, match="QA_KEY_FILE"):
        read({**without, "QA_ENCRYPT_DATABASE": "yes"})
    with pytest.raises(SettingsError, match="PostgreSQL"):
        encrypted({**variables, "QA_DATABASE_URL": "postgresql://a@localhost/b"})
    encrypt(settings, who="wangfang")


def test_a_backup_of_an_encrypted_database_is_encrypted_too(variables: dict[str, str], tmp_path: Path) -> None:
    ask(read(variables))
    Console(read(variables), who="wangfang", role=Role.ADMIN).backup(tmp_path / "plain.backup")
    settings = encrypted(variables)
    encrypt(settings, who="wangfang")
    Console(settings, who="wangfang", role=Role.ADMIN).backup(tmp_path / "all.backup")
    assert (holds(tmp_path / "plain.backup"), holds(tmp_path / "all.backup")) == (True, False)
    elsewhere = {**variables, "QA_HOME": str(tmp_path / "elsewhere")}
    with pytest.raises(BackupRefused, match="加密"):
        Console(read(elsewhere), who="wangfang", role=Role.ADMIN).restore(tmp_path / "all.backup", force=True)
    Console(encrypted(elsewhere), who="wangfang", role=Role.ADMIN).restore(tmp_path / "all.backup", force=True)
    assert found(encrypted(elsewhere), QUESTION) == [QUESTION]
