"""Opens the database: the file in `QA_HOME`, or the PostgreSQL of `QA_DATABASE_URL`; a new or older one is upgraded."""

import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from qa.runtime import keys
from qa.runtime.errors import DatabaseError
from qa.runtime.settings import Settings
from qa.storage.database import sqlite_files, upgrading
from qa.storage.database.connection import Connection

if TYPE_CHECKING:
    import sqlalchemy as sa

BUSY_SECONDS = 5.0
LEAST_VERSION = 15
# Its name in QA_HOME.
DATABASE = "service.sqlite"
# The name of the audit log there, unless it is in the PostgreSQL.
AUDIT_LOG = "audit.jsonl"

# What the key of the database is derived for; another would open no file that was written so far.
_KEY_USE = "database"
# A file, or the address of a PostgreSQL, which holds its password.
Where = Path | SecretStr
_UPGRADED: set[str] = set()
_UPGRADING = threading.Lock()


class DatabaseUnfit(Exception):
    """The PostgreSQL of `QA_DATABASE_URL` cannot be reached, or is of a kind that this program cannot use."""


def database_of(settings: Settings) -> Where:
    """Return where the database of an installation is.

    Raises `DatabaseUnfit` for an installation whose file was not moved to its PostgreSQL yet, so that nothing of it is
    forgotten.
    """
    file, log = settings.home / DATABASE, settings.home / AUDIT_LOG
    if not settings.database_url:
        if settings.encrypt_database and settings.key_file:
            sqlite_files.keep_encrypted(file, key_of(settings.key_file))
        else:
            sqlite_files.keep_plain(file)
        return file
    if left := next((one for one in (file, log) if one.exists()), None):
        raise DatabaseUnfit(
            f"设了 QA_DATABASE_URL，但{left}里的内容还没有搬过去；请停下服务，运行 python -m qa database migrate"
        )
    return settings.database_url


def key_of(key_file: Path) -> bytes:
    """Return the key of an encrypted database, derived from the secret in a file. Raises `SettingsError`."""
    return keys.derived(keys.read(key_file), _KEY_USE)


def open_database(where: Where, *, busy_seconds: float | None = None) -> Connection:
    """Return a connection to the database, which is first created or upgraded; several processes may do so at once.

    A statement waits `busy_seconds` at most for a writer; on PostgreSQL always `BUSY_SECONDS`. Raises `DatabaseNewer`,
    `DatabaseUnfit`, `DatabaseLocked`, `DatabaseError`, and `OSError` if the file cannot be created.
    """
    if isinstance(where, SecretStr):
        return _postgresql(where.get_secret_value())
    where.parent.mkdir(parents=True, exist_ok=True)
    # It holds citizens' questions, so only the account that runs the service may read it.
    where.touch(mode=0o600, exist_ok=True)
    connection = Connection(_file_engine(where, BUSY_SECONDS if busy_seconds is None else busy_seconds))
    try:
        upgrading.upgrade_file(connection, where)
    except BaseException:
        connection.close()
        raise
    return connection


def as_it_is(where: Where) -> Connection:
    """Return a connection to a database that is there; a file is not upgraded, so that any may be looked into."""
    return open_database(where) if isinstance(where, SecretStr) else Connection(_file_engine(where, BUSY_SECONDS))


def with_key(file: Path, key: bytes | None) -> Connection:
    """Return a connection to a file as it is, opened with this key and not with that of the settings."""
    return Connection(_engine_with(file, BUSY_SECONDS, key))


def _postgresql(url: str) -> Connection:
    connection = Connection(_server_engine(url))
    with _UPGRADING:
        if url not in _UPGRADED:
            try:
                _check(connection)
                upgrading.upgrade_server(connection)
            except DatabaseError as error:
                address = _server_engine(url).url.render_as_string(hide_password=True)
                raise DatabaseUnfit(
                    f"连不上数据库{address}（{error}）；请核对 QA_DATABASE_URL，并确认 PostgreSQL 正在运行"
                ) from error
            _UPGRADED.add(url)
    return connection


def _check(connection: Connection) -> None:
    row = connection.execute(
        "SELECT current_setting('server_version_num'), current_setting('server_version'),"
        " current_setting('server_encoding')"
    ).fetchone()
    number, version, encoding = row if row else ("0", "?", "?")
    if int(number) // 10_000 < LEAST_VERSION:
        raise DatabaseUnfit(f"PostgreSQL 是 {version} 版，需要 {LEAST_VERSION} 或更新；请升级数据库")
    if encoding != "UTF8":
        raise DatabaseUnfit(f"数据库的编码是 {encoding}，需要 UTF8；请用 CREATE DATABASE … ENCODING 'UTF8' 另建一个")


def _file_engine(path: Path, busy_seconds: float) -> "sa.Engine":
    return _engine_with(path, busy_seconds, sqlite_files.key_of(path))


@lru_cache(maxsize=64)
def _engine_with(path: Path, busy_seconds: float, key: bytes | None) -> "sa.Engine":
    """Return an engine that opens the file anew each time: a restore may have put another in its place."""
    import sqlalchemy as sa

    library = sqlite_files.library(key)

    def connect() -> Any:
        return sqlite_files.connect(path, key=key, timeout=busy_seconds, check_same_thread=False)

    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        module=library,
        creator=connect,
        poolclass=sa.pool.NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    sa.event.listen(
        engine, "connect", lambda connection, _: _set_up(connection, busy_seconds, library.OperationalError)
    )
    return engine


@lru_cache(maxsize=8)
def _server_engine(url: str) -> "sa.Engine":
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError

    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnfit(
            "QA_DATABASE_URL 读不懂；请写成 postgresql://用户:密码@主机:5432/数据库名，密码里的特殊字符用 %XX 表示"
        ) from error
    return sa.create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=BUSY_SECONDS,
        # A connection that a restart of the database ended is noticed before it is used.
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": int(BUSY_SECONDS),
            # The locks of a machine that vanished are free after half a minute; those of a dead process at once.
            "options": f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c tcp_keepalives_idle=15"
            " -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # What was sent to a machine that vanished is otherwise waited for a quarter of an hour.
            "tcp_user_timeout": 20_000,
            "application_name": "wenda",
            "client_encoding": "utf8",
        },
    )


def _set_up(connection: Any, busy_seconds: float, refused: type[Exception]) -> None:
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except refused:
            # If two connections change a new file at once, SQLite refuses one without waiting, whatever its time limit.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = NORMAL")
