"""Where the audit log lies, as the log itself sees it: files of one machine, or tables that several servers write."""

from contextlib import AbstractContextManager
from typing import Protocol

from qa.storage.audit_log.end import Head, Witness

LOCK_SECONDS = 30.0  # many processes at once write in turn, each for some milliseconds


class AuditBusy(Exception):
    """Another process holds the log too long; nothing was written, and nothing is done that cannot be logged."""

    def __init__(self) -> None:
        super().__init__(f"操作日志被别的程序占用超过{LOCK_SECONDS:g}秒，没有做；请稍后再试，仍不行请告诉管理人员")


class OpenLog(Protocol):
    """The log while nobody else writes it."""

    def content(self) -> bytes:
        """Return all rows, as lines."""

    def head(self) -> bytes:
        """Return the head as `end.parse` reads it; empty if it is missing."""

    def witness(self) -> Witness | None:
        """Return what the database remembers of the log."""

    def knows_accounts(self) -> bool:
        """Return whether the database holds accounts; adding an account always writes a row in the log."""

    def as_left(self, head: Head, seen: Witness | None) -> Head | None:
        """Return the end of the log if its last row is the one that the head tells of, else None."""

    def append(self, line: bytes, end: Head, key: bytes | None) -> Head:
        """Add a row after `end`; return the new end, which the head tells of, sealed with `key`."""

    def keep(self, end: Head, key: bytes | None) -> None:
        """Replace the head."""

    def remember(self, end: Head) -> None:
        """Have the database remember how the log ends."""

    def put_aside(self) -> str:
        """Keep a copy of the head before it is replaced; return the copy's name, empty without a head."""


class Medium(Protocol):
    """Lends the log to one writer, or to readers, at a time."""

    def writing(self) -> AbstractContextManager[OpenLog]:
        """Raises `AuditBusy`."""

    def reading(self) -> AbstractContextManager[OpenLog]:
        """Raises `AuditBusy`."""

    def content(self) -> bytes:
        """Return all rows, as lines, whoever writes meanwhile."""

    def edition(self) -> tuple[int, ...]:
        """Return a key that changes with every row, without reading them."""
