"""The log of what staff did: rows are only ever added, each with the hash of the row before.

Its end is stored in a head file and in the database (`qa.storage.audit_end`) and compared before every row. An end
that does not match is put aside and reported in a row of its own. Whoever can write log, head and database can
still forge all three; a key stored elsewhere (QA_KEY_FILE) or a copy of the head guards against that.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.files import atomic, locks
from qa.runtime import keys
from qa.runtime.settings import GUIDE, Settings, SettingsError
from qa.storage import audit_chain, audit_end
from qa.storage.audit_chain import Row, digest, line_of, row_of, split
from qa.storage.audit_end import HEAD, Head
from qa.storage.database import DATABASE, Where, database_of

__all__ = [
    "BEGUN",
    "DONE",
    "FAILED",
    "HEAD",
    "INTERRUPTED",
    "LOG",
    "Action",
    "Audit",
    "AuditBusy",
    "AuditNotWhole",
    "Findings",
    "Row",
]

LOG = "audit.jsonl"
BEGUN, DONE, FAILED, INTERRUPTED = "begun", "done", "failed", "interrupted"
# What the program writes when the log is not as it left it.
CHECK, NOT_MATCHING, PROGRAM = "audit", "log does not match", "程序"
DELETED = "已有账号，却没有操作日志：日志可能被删除过"
# What an administrator writes after looking into it.
ACKNOWLEDGED = "acknowledged"
_LOCK = ".audit.lock"
# Characters of a target or an outcome: what is refused may repeat a name of any length.
MOST_WORDS = 2_000
LOCK_SECONDS = 30.0  # many processes at once write in turn, each for some milliseconds


class AuditBusy(Exception):
    """Another process holds the log too long; nothing was written, and nothing is done that cannot be logged."""

    def __init__(self) -> None:
        super().__init__(f"操作日志被别的程序占用超过{LOCK_SECONDS:g}秒，没有做；请稍后再试，仍不行请告诉管理人员")


class AuditNotWhole(Exception):
    """The log does not end as it should, so that it cannot be sealed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Signs that a log of `rows` rows was tampered with, in Chinese: `new` ones, and those looked at before."""

    rows: int
    new: list[str]
    looked_at: list[str]


@dataclass(slots=True)
class Action:
    """A running action; its last row will hold these values."""

    target: str
    outcome: str = DONE


class Audit:
    """The log below the folder of everything the program makes; safe with several processes.

    `database` is where the witness is, unless in the file below the same folder.
    """

    def __init__(self, home: Path, key_file: Path | None = None, database: Where | None = None) -> None:
        self._home = home
        self._database = database or home / DATABASE
        self._log = home / LOG
        self._key_file = key_file

    @classmethod
    def of(cls, settings: Settings) -> "Audit":
        """Return the log of an installation."""
        return cls(settings.home, settings.key_file, database_of(settings))

    @contextmanager
    def action(self, who: str, action: str, *, target: str = "", why: str = "") -> Iterator[Action]:
        """Write a row before the block, and one after it with the outcome. What cannot be logged is not done."""
        self.add(who, action, target=target, why=why, outcome=BEGUN)
        under_way = Action(target)
        try:
            yield under_way
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            under_way.outcome = INTERRUPTED if stopped else f"{FAILED}: {error or type(error).__name__}"
            raise
        finally:
            self.add(who, action, target=under_way.target, why=why, outcome=under_way.outcome)

    def add(self, who: str, action: str, *, target: str = "", why: str = "", outcome: str = DONE) -> Row:
        """Add a row; it is on the disk on return. Only the end of the log is read.

        Raises `AuditBusy`, and `SettingsError` if the log is sealed with a key that is not available.
        """
        key = self._key()
        self._home.mkdir(parents=True, exist_ok=True)
        with self._locked(), self._opened() as log:
            end, _ = self._checked(log, key)
            end, row = self._append(log, end, key, who, action, target=target, why=why, outcome=outcome)
            audit_end.remember(self._database, end)
        return row

    def acknowledge(self, who: str, rows: int, *, why: str) -> Row:
        """Add a row that says: `who` has looked into the findings about the first `rows` rows.

        It hides nothing: the findings stay, as looked at, and are new again when a byte of these rows changes. Raises
        `AuditNotWhole` if there are fewer rows, or if the end does not match, which nobody can have seen yet.
        """
        key = self._key()
        with self._locked(), self._opened() as log:
            end, mismatch = self._checked(log, key)
            lines = split(self._content())
            if not mismatch and 0 < rows <= len(lines):
                told = {"target": audit_chain.content_of(lines[:rows]), "why": why, "outcome": ACKNOWLEDGED}
                end, row = self._append(log, end, key, who, CHECK, **told)
            audit_end.remember(self._database, end)
        if mismatch:
            raise AuditNotWhole(f"刚才又发现日志与校验记录不符，已记为第{end.rows}条；请再核对一遍，查明原因后再确认")
        if not 0 < rows <= len(lines):
            raise AuditNotWhole(f"操作日志有{len(lines)}条，请写核对时看到的条数（1到{len(lines)}）")
        return row

    def _checked(self, log: int, key: bytes | None) -> tuple[Head, bool]:
        """Return the end of the log, and whether it had been changed, which a new row now reports."""
        head = audit_end.read(self._home)
        if head and head.seal and key is None:
            raise SettingsError(f"The audit log is sealed with a key: set QA_KEY_FILE to it, see {GUIDE}")
        end, told = self._end(log, head, key)
        if told:
            aside = self._put_aside()
            end, _ = self._append(log, end, key, PROGRAM, CHECK, target=aside, why=told, outcome=NOT_MATCHING)
        return end, bool(told)

    def copy(self) -> tuple[bytes, bytes]:
        """Return a matching pair of log and head; empty if they are missing."""
        with self._shared():
            head = self._home / HEAD
            return b"\n".join([*split(self._content()), b""]), head.read_bytes() if head.exists() else b""

    def rows(self) -> list[Row]:
        """Return all rows that can be read, the oldest first."""
        return [row for line in split(self._content()) if (row := row_of(line)) is not None]

    def tampering(self) -> list[str]:
        """Return the signs of tampering that nobody has looked into, in Chinese. Raises `AuditBusy`."""
        return self.findings().new

    def findings(self) -> Findings:
        """Return all signs of tampering. Raises `AuditBusy`."""
        key = self._key()
        with self._shared():
            content, head = self._content(), audit_end.read(self._home)
            seen = audit_end.witness(self._database)
        lines = split(content)
        found = [*audit_chain.problems(lines), *_noted(lines)]
        until, row = audit_chain.looked_at(lines, CHECK, ACKNOWLEDGED)
        by = f"（{row.who}于{row.at}看过：{row.why}）" if row else ""
        new = [told for number, told in found if number > until]
        new += [*audit_end.problems(content, head, seen), *audit_end.unsealed(head, key)]
        if not lines and head is None and not new and audit_end.knows_accounts(self._database):
            new.append(DELETED)
        return Findings(len(lines), new, [f"{told}{by}" for number, told in found if number <= until])

    def adopt(self) -> None:
        """Seal the end of the log with the key in use, or without one, and have the database remember it.

        Raises `AuditBusy`, and `AuditNotWhole` if the log does not end as head and database say.
        """
        key = self._key()
        with self._locked(), self._opened():
            content = self._content()
            told = audit_end.problems(content, audit_end.read(self._home), audit_end.witness(self._database))
            if problems := list(told):
                raise AuditNotWhole(f"操作日志有问题，没有封记：{'；'.join(problems)}")
            end = audit_end.end_of(content)
            audit_end.write(self._home, end, key)
            audit_end.remember(self._database, end)

    def _end(self, log: int, head: Head | None, key: bytes | None) -> tuple[Head, str]:
        """Return the end of the log, and the signs that it was not left so."""
        seen = audit_end.witness(self._database)
        if head and (not key or head.is_sealed_by(key)) and (end := audit_end.as_left(log, head, seen)):
            return end, ""
        content = self._content()
        told = [*audit_end.problems(content, head, seen), *audit_end.unsealed(head, key)]
        # The next row's seal would vouch for a log that somebody had deleted in all three places.
        if key and not (content or head or seen) and audit_end.knows_accounts(self._database):
            told.append(DELETED)
        return audit_end.end_of(content), "；".join(told)

    def _append(
        self, log: int, end: Head, key: bytes | None, who: str, action: str, *, target: str, why: str, outcome: str
    ) -> tuple[Head, Row]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = Row(end.rows + 1, now, who, action, target[:MOST_WORDS], why, outcome[:MOST_WORDS], end.last)
        line = line_of(row)
        audit_end.write(self._home, replace(end, next=digest(line)), key)
        size = os.fstat(log).st_size
        torn = size and os.pread(log, 1, size - 1) != b"\n"  # after a power failure; `tampering` reports it
        with os.fdopen(log, "ab", closefd=False) as file:
            file.write((b"\n" if torn else b"") + line + b"\n")
        os.fsync(log)
        ended = Head(row.number, digest(line), os.fstat(log).st_size)
        audit_end.write(self._home, ended, key)
        return ended, row

    def _put_aside(self) -> str:
        """Copy the present head before it is replaced; return the copy's name, empty without a head."""
        head = self._home / HEAD
        if not head.exists():
            return ""
        aside = head.with_name(f"{HEAD}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
        atomic.replace(aside, head.read_bytes(), mode=0o600)
        return aside.name

    def _key(self) -> bytes | None:
        return keys.derived(keys.read(self._key_file), "audit") if self._key_file else None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        log = os.open(self._log, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            mode = os.fstat(log).st_mode
            # Written by an older program. A link may lead to a device, such as /dev/null, which others need.
            if stat.S_ISREG(mode) and mode & 0o077:
                os.fchmod(log, 0o600)
            yield log
        finally:
            os.close(log)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(locks.held(self._home / _LOCK, who=PROGRAM, doing="audit", wait=LOCK_SECONDS))
            except locks.LockHeld as error:
                raise AuditBusy from error
            yield

    @contextmanager
    def _shared(self) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(locks.shared(self._home / _LOCK, wait=LOCK_SECONDS))
            except locks.LockHeld as error:
                raise AuditBusy from error
            except OSError:
                pass  # there is nothing yet, or the disk is read-only and nobody writes
            yield

    def _content(self) -> bytes:
        try:
            return self._log.read_bytes()
        except FileNotFoundError:
            return b""


def _noted(lines: list[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the program's own notes, each with its line number."""
    for number, line in enumerate(lines, start=1):
        row = row_of(line)
        if row and (row.action, row.outcome) == (CHECK, NOT_MATCHING):
            yield number, f"第{number}条：{row.at}时程序发现日志与校验记录不符：{row.why}"
