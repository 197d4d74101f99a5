"""Turns disk errors into sentences that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from index.snapshots.errors import StoreError
from qa.runtime.errors import DatabaseUnreachable

# What SQLite and PostgreSQL say of a disk on which they cannot write.
_OF_THE_DISK = ("disk is full", "disk I/O error", "No space left")


class DiskRefused(StoreError):
    """The disk is full or read-only; what is published stays as it was."""


@contextmanager
def disk_in_words() -> Iterator[None]:
    """Turn disk errors within the block into `DiskRefused`."""
    try:
        yield
    except OSError as error:
        where = error.filename or "文件"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskRefused(f"磁盘已满，{where}写不进去；现行索引不受影响，请腾出空间后再试") from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise DiskRefused(f"{where}不能写入（只读或没有权限）；现行索引不受影响，请检查权限后再试") from error
        if error.errno == errno.EIO:
            raise DiskRefused(f"磁盘读写出错（{where}）；现行索引不受影响，请检查磁盘") from error
        raise
    except DatabaseUnreachable as error:
        if any(said in str(error) for said in _OF_THE_DISK):
            raise DiskRefused(
                "磁盘已满或者读写出错，数据库写不进去；现行索引不受影响，请腾出空间、检查磁盘后再试"
            ) from error
        raise
