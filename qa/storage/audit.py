"""The log of what staff did: rows are only ever added, each with the hash of the row before.

Its end is stored in a head and in the database (`qa.storage.audit_log.end`) and compared before every row. An end
that does not match is put aside and reported in a row of its own. Whoever can write log, head and database can
still forge all three; a key stored elsewhere (QA_KEY_FILE) or a copy of the head guards against that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from qa.runtime import keys
from qa.runtime.settings import GUIDE, Settings, SettingsError
from qa.storage.audit_log import chain, end
from qa.storage.audit_log.chain import Row, line_of, row_of, split
from qa.storage.audit_log.end import HEAD, Head
from qa.storage.audit_log.files import LogFiles
from qa.storage.audit_log.medium import AuditBusy, Medium, OpenLog
from qa.storage.audit_log.tables import LogTables
from qa.storage.database import AUDIT_LOG, DATABASE, Where, database_of

__all__ = [
    "AUDIT_LOG",
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

LOG = AUDIT_LOG
BEGUN, DONE, FAILED, INTERRUPTED = "begun", "done", "failed", "interrupted"
# What the program writes when the log is not as it left it.
CHECK, NOT_MATCHING, PROGRAM = "audit", "log does not match", "程序"
DELETED = "已有账号，却没有操作日志：日志可能被删除过"
# What an administrator writes after looking into it.
ACKNOWLEDGED = "acknowledged"
# Characters of a target or an outcome: what is refused may repeat a name of any length.
MOST_WORDS = 2_000


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
    """The log of an installation; safe with several processes.

    With a PostgreSQL it lies there, safe with several machines; else it is a file below the folder of everything the
    program makes, whose witness is in `database`, unless in the file below the same folder.
    """

    def __init__(self, home: Path, key_file: Path | None = None, database: Where | None = None) -> None:
        self._home = home
        self._key_file = key_file
        self._medium: Medium = (
            LogTables(database) if isinstance(database, SecretStr) else LogFiles(home, database or home / DATABASE)
        )

    @classmethod
    def of(cls, settings: Settings) -> "Audit":
        """Return the log of an installation."""
        return cls(settings.home, settings.key_file, database_of(settings))

    @classmethod
    def in_files(cls, home: Path, key_file: Path | None, database: Where) -> "Audit":
        """Return a log of files whose witness is in `database`, of whichever engine."""
        found = cls(home, key_file)
        found._medium = LogFiles(home, database)
        return found

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
        with self._medium.writing() as log:
            ended, _ = self._checked(log, key)
            ended, row = self._append(log, ended, key, who, action, target=target, why=why, outcome=outcome)
            log.remember(ended)
        return row

    def acknowledge(self, who: str, rows: int, *, why: str) -> Row:
        """Add a row that says: `who` has looked into the findings about the first `rows` rows.

        It hides nothing: the findings stay, as looked at, and are new again when a byte of these rows changes. Raises
        `AuditNotWhole` if there are fewer rows, or if the end does not match, which nobody can have seen yet.
        """
        key = self._key()
        with self._medium.writing() as log:
            ended, mismatch = self._checked(log, key)
            lines = split(log.content())
            if not mismatch and 0 < rows <= len(lines):
                told = {"target": chain.content_of(lines[:rows]), "why": why, "outcome": ACKNOWLEDGED}
                ended, row = self._append(log, ended, key, who, CHECK, **told)
            log.remember(ended)
        if mismatch:
            raise AuditNotWhole(f"刚才又发现日志与校验记录不符，已记为第{ended.rows}条；请再核对一遍，查明原因后再确认")
        if not 0 < rows <= len(lines):
            raise AuditNotWhole(f"操作日志有{len(lines)}条，请写核对时看到的条数（1到{len(lines)}）")
        return row

    def _checked(self, log: OpenLog, key: bytes | None) -> tuple[Head, bool]:
        """Return the end of the log, and whether it had been changed, which a new row now reports."""
        head = end.parse(log.head())
        if head and head.seal and key is None:
            raise SettingsError(f"The audit log is sealed with a key: set QA_KEY_FILE to it, see {GUIDE}")
        ended, told = self._end(log, head, key)
        if told:
            aside = log.put_aside()
            ended, _ = self._append(log, ended, key, PROGRAM, CHECK, target=aside, why=told, outcome=NOT_MATCHING)
        return ended, bool(told)

    def copy(self) -> tuple[bytes, bytes]:
        """Return a matching pair of log and head; empty if they are missing."""
        with self._medium.reading() as log:
            return b"\n".join([*split(log.content()), b""]), log.head()

    def edition(self) -> tuple[object, ...]:
        """Return a key of the log and its rows, which changes with every row."""
        return self._home, *self._medium.edition()

    def rows(self) -> list[Row]:
        """Return all rows that can be read, the oldest first."""
        return [row for line in split(self._medium.content()) if (row := row_of(line)) is not None]

    def tampering(self) -> list[str]:
        """Return the signs of tampering that nobody has looked into, in Chinese. Raises `AuditBusy`."""
        return self.findings().new

    def findings(self) -> Findings:
        """Return all signs of tampering. Raises `AuditBusy`."""
        key = self._key()
        with self._medium.reading() as log:
            content, head, seen = log.content(), end.parse(log.head()), log.witness()
            accounts = log.knows_accounts()
        lines = split(content)
        found = [*chain.problems(lines), *_noted(lines)]
        until, row = chain.looked_at(lines, CHECK, ACKNOWLEDGED)
        by = f"（{row.who}于{row.at}看过：{row.why}）" if row else ""
        new = [told for number, told in found if number > until]
        new += [*end.problems(content, head, seen), *end.unsealed(head, key)]
        if not lines and head is None and not new and accounts:
            new.append(DELETED)
        return Findings(len(lines), new, [f"{told}{by}" for number, told in found if number <= until])

    def adopt(self) -> None:
        """Seal the end of the log with the key in use, or without one, and have the database remember it.

        Raises `AuditBusy`, and `AuditNotWhole` if the log does not end as head and database say.
        """
        key = self._key()
        with self._medium.writing() as log:
            content = log.content()
            told = end.problems(content, end.parse(log.head()), log.witness())
            if problems := list(told):
                raise AuditNotWhole(f"操作日志有问题，没有封记：{'；'.join(problems)}")
            ended = end.end_of(content)
            log.keep(ended, key)
            log.remember(ended)

    def _end(self, log: OpenLog, head: Head | None, key: bytes | None) -> tuple[Head, str]:
        """Return the end of the log, and the signs that it was not left so."""
        seen = log.witness()
        if head and (not key or head.is_sealed_by(key)) and (ended := log.as_left(head, seen)):
            return ended, ""
        content = log.content()
        told = [*end.problems(content, head, seen), *end.unsealed(head, key)]
        # The next row's seal would vouch for a log that somebody had deleted in all three places.
        if key and not (content or head or seen) and log.knows_accounts():
            told.append(DELETED)
        return end.end_of(content), "；".join(told)

    def _append(
        self,
        log: OpenLog,
        ended: Head,
        key: bytes | None,
        who: str,
        action: str,
        *,
        target: str,
        why: str,
        outcome: str,
    ) -> tuple[Head, Row]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = Row(ended.rows + 1, now, who, action, target[:MOST_WORDS], why, outcome[:MOST_WORDS], ended.last)
        return log.append(line_of(row), ended, key), row

    def _key(self) -> bytes | None:
        return keys.derived(keys.read(self._key_file), "audit") if self._key_file else None


def _noted(lines: list[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the program's own notes, each with its line number."""
    for number, line in enumerate(lines, start=1):
        row = row_of(line)
        if row and (row.action, row.outcome) == (CHECK, NOT_MATCHING):
            yield number, f"第{number}条：{row.at}时程序发现日志与校验记录不符：{row.why}"
