"""问答记录: questions by outcome, verdict, date and words; why each was answered or not; a table for Excel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.answering.reply import Reply
from qa.runtime.errors import Missing, ReasonMissing, Unfit
from qa.staff.permissions import Area, Role, needs
from qa.staff.questions import spreadsheet
from qa.staff.questions.log.selecting import ALL, COLUMNS, Entry, Wanted, condition, entry, selection
from qa.staff.questions.log.wording import (
    CHANNELS,
    MADE_WORDS,
    OUTCOME_WORDS,
    VERDICT_WORDS,
    complaints,
    reason_in_words,
    why_said,
)
from qa.storage import statistics
from qa.storage.database import Row
from qa.storage.question_log import FAILED, forget
from qa.storage.reply_json import unpack
from qa.storage.statistics import Statistics

MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one page, the newest first; `total` counts the entries of all `pages`."""

    entries: tuple[Entry, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything known about one question; `reply` is None without a reply, `todo` its to-do group."""

    entry: Entry
    reply: Reply | None
    why: str
    failure: str
    todo: int | None
    documents: Mapping[str, str]


class QuestionLog(Area):
    """问答记录: what citizens asked and got."""

    @needs(Role.EDITOR)
    def find(self, wanted: Wanted = ALL, *, page: int = 1, size: int = 50) -> Page:
        """Return one page of the matching questions; pages count from 1."""
        where, values = condition(wanted)
        with self._database() as database:
            total = int(database.execute(f"SELECT count(*) FROM replies{where}", values).fetchone()[0])
            pages = max(1, -(-total // size))
            number = min(max(1, page), pages)
            found = database.execute(selection(where), {**values, "size": size, "skip": (number - 1) * size}).fetchall()
        return Page(tuple(entry(row) for row in found), total, number, pages)

    @needs(Role.EDITOR)
    def detail(self, reply_id: str) -> Detail:
        """Return what one question got, and why. Raises `Missing`."""
        with self._database() as database:
            row = database.execute("SELECT * FROM replies WHERE id = ?", (reply_id,)).fetchone()
            if row is None:
                raise Missing("没有这条问答记录，可能已超过保存期限")
            todo = database.execute("SELECT todo FROM todo_questions WHERE reply = ?", (reply_id,)).fetchone()
        found = entry(row)
        reply = None if found.status == FAILED else unpack(row["reply"])
        failure = f"程序出错（{found.reason}），详情见服务器日志" if found.status == FAILED else ""
        group, documents = todo["todo"] if todo else None, json.loads(row["documents"])
        return Detail(found, reply, why_said(reply), failure, group, documents)

    @needs(Role.EDITOR)
    def statistics(self, period: str = "24h") -> Statistics:
        """Return the figures of the last 24 hours (`24h`), 7 or 30 days (`7d`, `30d`)."""
        if period not in statistics.PERIODS:
            raise Unfit(f"没有“{period}”这种时段；可选：{'、'.join(statistics.PERIODS)}")
        with self._database() as database:
            return statistics.read(database, period, datetime.now(UTC))

    @needs(Role.EDITOR)
    def slowest(self, period: str = "24h", *, most: int = 10) -> tuple[Entry, ...]:
        """Return the questions of a period that took longest, at most `most`."""
        since = statistics.start(period, datetime.now(UTC))
        with self._database() as database:
            chosen = "SELECT rowid FROM replies WHERE asked_at >= :since ORDER BY elapsed_ms DESC LIMIT :most"
            found = database.execute(
                f"SELECT {COLUMNS} FROM replies WHERE rowid IN ({chosen}) ORDER BY elapsed_ms DESC",
                {"since": since.astimezone(UTC).isoformat(timespec="milliseconds"), "most": most},
            ).fetchall()
        return tuple(entry(row) for row in found)

    @needs(Role.EDITOR)
    def export(self, wanted: Wanted = ALL) -> bytes:
        """Return the matching questions as a table for Excel, the newest first (`qa.staff.questions.spreadsheet`)."""
        where, values = condition(wanted)
        with self._audit.action(self._who, "export", why=_told(wanted)) as action, self._database() as database:
            query = (
                f"SELECT {COLUMNS}, json_extract(reply, '$.text') AS text FROM replies{where} ORDER BY asked_at DESC"
            )
            lines = [_line(row) for row in database.execute(f"{query} LIMIT :most", {**values, "most": MOST_EXPORTED})]
            action.target = f"{len(lines)}条问答记录"
        return spreadsheet.table(_HEADER, lines)

    @needs(Role.ADMIN)
    def forget(self, receipt: str, *, why: str) -> None:
        """Delete what the log holds of one reply, at the wish of who asked: its receipt, or the link to it.

        The row of the audit log does not name it. Raises `Missing`, or `ReasonMissing`.
        """
        if not why.strip():
            raise ReasonMissing("请写明是谁、以什么方式要求删除的（不要写个人信息），会记入审计")
        # A link in any form: whole, without its host, or its name alone.
        name = receipt.strip().rstrip("/").rpartition("/")[2].partition("?")[0]
        with self._audit.action(self._who, "forget", target="1条问答记录", why=why), self._database() as database:
            if not name or not forget(database, name):
                raise Missing("没有这条问答记录：请核对回执编号或分享链接，也可能已超过保存期限")


_HEADER = ("时间", "问题", "结果", "原因", "回答", "来源", "版本", "评价", "评价理由", "评价留言", "毫秒", "渠道")


def _line(row: Row) -> tuple[str, ...]:
    known = entry(row)
    reason = known.reason or ""
    return (
        f"{known.asked_at.astimezone():%Y-%m-%d %H:%M:%S}",
        known.question,
        OUTCOME_WORDS.get(known.status, known.status),
        reason_in_words(reason),
        row["text"] or "",
        MADE_WORDS.get(known.made_by, known.made_by),
        known.snapshot,
        VERDICT_WORDS.get(known.verdict or "", ""),
        complaints(known.verdict_reasons),
        known.comment,
        f"{known.elapsed_ms:.0f}",
        CHANNELS.get(known.channel, known.channel),
    )


def _told(wanted: Wanted) -> str:
    """Return the conditions for the audit log, without words of citizens."""
    names = ("outcomes", "verdict", "since", "until", "made_by", "reason", "channel")
    chosen = {name: getattr(wanted, name) for name in names}
    return " ".join(f"{name}={value}" for name, value in chosen.items() if value)
