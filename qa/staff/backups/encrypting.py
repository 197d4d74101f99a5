"""Encrypts the database file of an installation, or writes it plain again, while nobody uses it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from index.files import locks
from index.snapshots.errors import StoreBusy
from qa.publishing.serving import SERVING, store_of
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, copying, sqlite_files, upgrading
from qa.storage.database.opening import key_of, with_key


class EncryptionRefused(StaffRefused):
    """The database is as it was."""


def encrypt(settings: Settings, *, who: str) -> Path:
    """Encrypt the file under the key of this installation; return its path. Raises `EncryptionRefused`."""
    return _rewrite(settings, who=who, to_encrypted=True)


def decrypt(settings: Settings, *, who: str) -> Path:
    """Write the file plain; return its path. Raises `EncryptionRefused`."""
    return _rewrite(settings, who=who, to_encrypted=False)


def _rewrite(settings: Settings, *, who: str, to_encrypted: bool) -> Path:
    file = settings.home / DATABASE
    if not settings.key_file:
        raise EncryptionRefused("没有设 QA_KEY_FILE，不知道用哪个密钥；请先设好（见 docs/settings.md）")
    if not file.exists() or not file.stat().st_size:
        raise EncryptionRefused(f"{file}不存在，没有要转换的内容；直接启动服务即可")
    if sqlite_files.is_encrypted(file) == to_encrypted:
        raise EncryptionRefused(f"{file}已经{'是加密的' if to_encrypted else '没有加密'}，不用转换")
    key = key_of(settings.key_file)
    before, after = (None, key) if to_encrypted else (key, None)
    with _alone(settings, who):
        _exchange(file, before=before, after=after)
        # The row is counted in the database as it is from now on.
        if after:
            sqlite_files.keep_encrypted(file, after)
        else:
            sqlite_files.keep_plain(file)
        what = "database encrypt" if to_encrypted else "database decrypt"
        Audit.of(settings.model_copy(update={"encrypt_database": to_encrypted})).add(who, what, target=file.name)
    return file


@contextmanager
def _alone(settings: Settings, who: str) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.held(settings.home / SERVING, who=who, doing="encrypt the database"))
            stack.enter_context(store_of(settings).refreshing(who=who))
        except locks.LockHeld as error:
            raise EncryptionRefused("服务正在运行；请先停下所有服务进程，再转换数据库") from error
        except StoreBusy as error:
            raise EncryptionRefused("正在刷新；请等它结束后再转换数据库") from error
        yield


def _exchange(file: Path, *, before: bytes | None, after: bytes | None) -> None:
    """Write a copy under the other key, compare both, and put the copy in the file's place."""
    made = file.with_name(f".{file.name}.rewriting")
    made.unlink(missing_ok=True)
    made.touch(mode=0o600)
    try:
        with closing(with_key(file, before)) as source:
            upgrading.upgrade_file(source, file)  # of an earlier version, it may lack tables
            # All of it is in the file then, and nothing beside it.
            source.execute("PRAGMA journal_mode = DELETE")
        sqlite_files.export(file, made, before=before, after=after)
        with closing(with_key(file, before)) as source, closing(with_key(made, after)) as copy:
            if copying.contents(source) != copying.contents(copy):
                raise EncryptionRefused("转换后的内容与原来的不同；已放弃，原来的数据库没有改动")
            for one in (source, copy):
                one.execute("PRAGMA journal_mode = DELETE")
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(file)
    finally:
        for left in file.parent.glob(f"{made.name}*"):
            left.unlink()
