"""The files of SQLite: plain ones by Python's own SQLite, encrypted ones by SQLCipher with this installation's key.

Whether a file is encrypted shows in its first bytes, so that none is ever opened as what it is not.
"""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from qa.runtime.errors import DatabaseError

_PLAIN = b"SQLite format 3\x00"
# The keys of files that are to be encrypted, by their paths; `keep_encrypted` fills it from the settings.
_KEYS: dict[Path, bytes] = {}


class DatabaseLocked(DatabaseError):
    """An encrypted file cannot be opened, or a plain one stands where an encrypted one is wanted."""


def keep_encrypted(path: Path, key: bytes) -> None:
    """Have the file at `path` written and read with a key of 32 bytes from now on, in this process."""
    _KEYS[path] = key


def keep_plain(path: Path) -> None:
    """Have the file at `path` written and read without a key from now on, in this process."""
    _KEYS.pop(path, None)


def key_of(path: Path) -> bytes | None:
    """Return the key that a file is to be opened with; None for a plain one."""
    return _KEYS.get(path)


def is_encrypted(path: Path) -> bool:
    """Return whether a file holds an encrypted database; an empty one holds none yet.

    Never ask it of a file that this process has open: to close any file drops all locks that the process holds on it,
    those of SQLite among them.
    """
    with path.open("rb") as file:
        start = file.read(len(_PLAIN))
    return bool(start) and start != _PLAIN


def library(key: bytes | None) -> ModuleType:
    """Return the library that opens files with, or without, a key. Raises `DatabaseLocked`."""
    if key is None:
        return sqlite3
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise DatabaseLocked(
            "设了 QA_ENCRYPT_DATABASE，但没有安装加密用的程序包；请运行 pip install -r requirements-encryption.txt"
        ) from error
    module: ModuleType = dbapi2
    return module


def connect(path: Path, *, key: bytes | None = None, **options: Any) -> Any:
    """Return a DB-API connection to a file, made if it is missing. Raises `DatabaseLocked`."""
    opened = library(key)
    connection = opened.connect(str(path), **options)
    try:
        if key is not None:
            connection.execute(unlocking(key))
        connection.execute("PRAGMA schema_version")
    except opened.DatabaseError as error:
        connection.close()
        if isinstance(error, opened.OperationalError):  # busy, or the disk; not the key
            raise
        raise DatabaseLocked(_why_locked(path, key)) from error
    return connection


def _why_locked(path: Path, key: bytes | None) -> str:
    if key is None:
        return f"{path}是加密的；请设 QA_ENCRYPT_DATABASE=yes 和原来的 QA_KEY_FILE"
    if not is_encrypted(path):
        return f"{path}还没有加密；请停下服务，运行 python -m qa database encrypt"
    return f"{path}打不开：QA_KEY_FILE 不是加密时的那一个，或文件坏了"


def unlocking(key: bytes) -> str:
    """Return the statement that gives SQLCipher the key itself, so that it derives none from a password."""
    return f"PRAGMA key = \"x'{key.hex()}'\""


def export(source: Path, target: Path, *, before: bytes | None, after: bytes | None) -> None:
    """Write the database of `source` into the new file `target` under another key; None writes or reads it plain.

    Raises `DatabaseLocked`.
    """
    key = before or after
    if key is None:
        raise ValueError("From plain to plain is a copy")
    opened = library(key)
    connection = opened.connect(str(source), isolation_level=None)
    try:
        if before:
            connection.execute(unlocking(before))
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        word = f"x'{after.hex()}'" if after else ""
        connection.execute("ATTACH DATABASE ? AS made KEY ?", (str(target), word))
        connection.execute("SELECT sqlcipher_export('made')")
        connection.execute(f"PRAGMA made.user_version = {int(version)}")
        connection.execute("DETACH DATABASE made")
    except opened.DatabaseError as error:
        raise DatabaseLocked(f"{source}没有转换：{error}") from error
    finally:
        connection.close()
