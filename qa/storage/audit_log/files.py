"""The audit log as two files in `QA_HOME`, with the witness in the database: safe with several processes."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from index.files import atomic, locks
from qa.storage.audit_log import end as ends
from qa.storage.audit_log import medium
from qa.storage.audit_log.chain import digest
from qa.storage.audit_log.end import HEAD, Head, Witness
from qa.storage.audit_log.medium import AuditBusy, OpenLog
from qa.storage.database import AUDIT_LOG, Where

_LOCK = ".audit.lock"


class LogFiles:
    """The log below the folder `home`; `database` is where the witness is."""

    def __init__(self, home: Path, database: Where) -> None:
        self._home = home
        self._database = database
        self._log = home / AUDIT_LOG

    @contextmanager
    def writing(self) -> Iterator[OpenLog]:
        self._home.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                lock = locks.held(self._home / _LOCK, who="程序", doing="audit", wait=medium.LOCK_SECONDS)
                stack.enter_context(lock)
            except locks.LockHeld as error:
                raise AuditBusy from error
            log = os.open(self._log, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                mode = os.fstat(log).st_mode
                # Written by an older program. A link may lead to a device, such as /dev/null, which others need.
                if stat.S_ISREG(mode) and mode & 0o077:
                    os.fchmod(log, 0o600)
                yield _OpenFiles(self._home, self._database, log)
            finally:
                os.close(log)

    @contextmanager
    def reading(self) -> Iterator[OpenLog]:
        with ExitStack() as stack:
            try:
                stack.enter_context(locks.shared(self._home / _LOCK, wait=medium.LOCK_SECONDS))
            except locks.LockHeld as error:
                raise AuditBusy from error
            except OSError:
                pass  # there is nothing yet, or the disk is read-only and nobody writes
            yield _OpenFiles(self._home, self._database, -1)

    def content(self) -> bytes:
        return content_of(self._home)

    def edition(self) -> tuple[int, ...]:
        return (self._log.stat().st_size,) if self._log.exists() else ()


class _OpenFiles:
    """The files while they are locked; `log` is a descriptor of the open log where rows are added."""

    def __init__(self, home: Path, database: Where, log: int) -> None:
        self._home, self._database, self._log = home, database, log

    def content(self) -> bytes:
        return content_of(self._home)

    def head(self) -> bytes:
        return head_of(self._home)

    def witness(self) -> Witness | None:
        return ends.witness(self._database)

    def knows_accounts(self) -> bool:
        return ends.knows_accounts(self._database)

    def as_left(self, head: Head, seen: Witness | None) -> Head | None:
        return ends.as_left(self._log, head, seen)

    def append(self, line: bytes, end: Head, key: bytes | None) -> Head:
        # Announced first, so that a row left by a crash can be told from a forged one.
        self.keep(replace(end, next=digest(line)), key)
        size = os.fstat(self._log).st_size
        torn = size and os.pread(self._log, 1, size - 1) != b"\n"  # after a power failure; `tampering` reports it
        with os.fdopen(self._log, "ab", closefd=False) as file:
            file.write((b"\n" if torn else b"") + line + b"\n")
        os.fsync(self._log)
        ended = Head(end.rows + 1, digest(line), os.fstat(self._log).st_size)
        self.keep(ended, key)
        return ended

    def keep(self, end: Head, key: bytes | None) -> None:
        atomic.replace(self._home / HEAD, ends.written(end, key), mode=0o600)

    def remember(self, end: Head) -> None:
        ends.remember(self._database, end)

    def put_aside(self) -> str:
        head = self._home / HEAD
        if not head.exists():
            return ""
        aside = head.with_name(f"{HEAD}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
        atomic.replace(aside, head.read_bytes(), mode=0o600)
        return aside.name


def content_of(home: Path) -> bytes:
    """Return the rows in the files below `home`; empty without any."""
    try:
        return (home / AUDIT_LOG).read_bytes()
    except FileNotFoundError:
        return b""


def head_of(home: Path) -> bytes:
    """Return the head in the files below `home`; empty if it is missing or cannot be read."""
    try:
        return (home / HEAD).read_bytes()
    except OSError:
        return b""
