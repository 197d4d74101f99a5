"""问答记录: questions by outcome, verdict, date and words; why each was answered or not; a table for Excel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from corpus.text.normalise import normalise
from qa.answering.reply import QUOTED, REVIEWED, WRITTEN, Abstention, Answer, Reason, Reply
from qa.runtime.errors import Missing, ReasonMissing, Unfit
from qa.staff.permissions import Area, Role, needs
from qa.staff.questions import spreadsheet
from qa.storage import statistics
from qa.storage.database import Row
from qa.storage.question_log import CONTRADICTORY, FAILED, HELPFUL, UNHELPFUL, forget
from qa.storage.reply_json import unpack
from qa.storage.statistics import Statistics

OUTCOME_WORDS = {
    "answered": "已回答",
    "partial": "部分回答",
    "abstained": "未回答",
    "rejected": "不是问题",
    FAILED: "出错",
}
OUTCOMES = tuple(OUTCOME_WORDS)
VERDICT_WORDS = {HELPFUL: "有帮助", UNHELPFUL: "没帮助"}
# Why an answer did not help, as citizens choose it, and where they asked.
COMPLAINTS = {
    "wrong": "答非所问",
    "incomplete": "不完整",
    "outdated": "已过时",
    "unclear": "看不懂",
    "untrue": "内容有误",
}
CHANNELS = {"page": "网页", "api": "程序接口", "mcp": "智能助手"}
ANY, NONE = "any", "none"
REASON_WORDS = {
    Reason.OFF_TOPIC: "问题不在文件范围内：最接近的段落也相差很远",
    Reason.NOT_IN_DOCUMENTS: "找到了相近的段落，但其中没有这个问题的答案",
    Reason.PREMISE_NOT_SUPPORTED: "问题里的年份或数字在找到的段落里没有依据",
    Reason.UNCLEAR: "看不懂问题，或问题里有个人信息",
    Reason.SMALL_TALK: "寒暄，不是对文件的提问",
    Reason.UNSAFE: "不予处理的请求",
    Reason.KEYWORD: "只写了一个词，列出了写到它的段落",
    Reason.HELP: "求助、投诉或要找人，给了电话",
}
MADE_WORDS = {QUOTED: "原文摘录", REVIEWED: "人工审核", WRITTEN: "AI 生成"}
MOST_EXPORTED = 100_000
# Dates beyond these have no instant in some time zone.
EARLIEST, LATEST = date(1970, 1, 2), date(9000, 1, 1)
_COLUMNS = (
    "id, asked_at, channel, question, status, reason, snapshot, made_by, elapsed_ms, verdict, verdict_reasons, comment"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Conditions on questions. Empty values match everything; both dates are local and included."""

    outcomes: tuple[str, ...] = ()
    verdict: str = ""  # up, down, any, none
    since: date | None = None
    until: date | None = None
    text: str = ""
    made_by: str = ""
    reason: str = ""
    channel: str = ""

    def __post_init__(self) -> None:
        if unknown := set(self.outcomes) - set(OUTCOMES):
            raise Unfit(f"没有“{'、'.join(sorted(unknown))}”这种结果；可选：{'、'.join(OUTCOMES)}")
        if self.verdict not in ("", HELPFUL, UNHELPFUL, ANY, NONE):
            raise Unfit(f"没有“{self.verdict}”这种评价；可选：{HELPFUL}、{UNHELPFUL}、{ANY}、{NONE}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question in the list; `reason` is why it got no answer, or the kind of fault."""

    id: str
    asked_at: datetime
    channel: str
    question: str
    status: str
    reason: str | None
    snapshot: str
    made_by: str
    elapsed_ms: float
    verdict: str | None
    verdict_reasons: tuple[str, ...]
    comment: str

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**content, "asked_at": self.asked_at.isoformat(timespec="milliseconds")}


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
    def find(self, wanted: Wanted = Wanted(), *, page: int = 1, size: int = 50) -> Page:
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
        return Detail(found, reply, _why(reply), failure, todo["todo"] if todo else None, json.loads(row["documents"]))

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
                f"SELECT {_COLUMNS} FROM replies WHERE rowid IN ({chosen}) ORDER BY elapsed_ms DESC",
                {"since": since.astimezone(UTC).isoformat(timespec="milliseconds"), "most": most},
            ).fetchall()
        return tuple(entry(row) for row in found)

    @needs(Role.EDITOR)
    def export(self, wanted: Wanted = Wanted()) -> bytes:
        """Return the matching questions as a table for Excel, the newest first (`qa.staff.questions.spreadsheet`)."""
        where, values = condition(wanted)
        with self._audit.action(self._who, "export", why=_told(wanted)) as action, self._database() as database:
            query = (
                f"SELECT {_COLUMNS}, json_extract(reply, '$.text') AS text FROM replies{where} ORDER BY asked_at DESC"
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


def condition(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Return the WHERE clause and its values."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.outcomes:
        names = [f"outcome{number}" for number in range(len(wanted.outcomes))]
        parts.append(f"status IN ({', '.join(':' + name for name in names)})")
        values.update(zip(names, wanted.outcomes, strict=True))
    if wanted.verdict:
        parts.append({ANY: "verdict IS NOT NULL", NONE: "verdict IS NULL"}.get(wanted.verdict, "verdict = :verdict"))
        values["verdict"] = wanted.verdict
    for name, day, sign in (("since", wanted.since, ">="), ("until", wanted.until, "<")):
        if day:
            day = min(max(day, EARLIEST), LATEST)
            edge = datetime.combine(day + timedelta(days=name == "until"), time()).astimezone(UTC)
            parts.append(f"asked_at {sign} :{name}")
            values[name] = edge.isoformat(timespec="milliseconds")
    if wanted.text.strip():
        parts.append(r"searched LIKE :text ESCAPE '\'")
        values["text"] = f"%{literal(normalise(wanted.text.strip()))}%"
    for name in ("made_by", "reason", "channel"):
        if value := getattr(wanted, name):
            parts.append(f"{name} = :{name}")
            values[name] = value
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def selection(where: str) -> str:
    """Return the query for one page. It picks rows from an index alone, because the replies are large."""
    chosen = f"SELECT rowid FROM replies{where} ORDER BY asked_at DESC LIMIT :size OFFSET :skip"
    return f"SELECT {_COLUMNS} FROM replies WHERE rowid IN ({chosen}) ORDER BY asked_at DESC"


def entry(row: Row) -> Entry:
    """Return a row as a value."""
    return Entry(
        row["id"],
        datetime.fromisoformat(row["asked_at"]),
        row["channel"],
        row["question"],
        row["status"],
        row["reason"],
        row["snapshot"],
        row["made_by"],
        row["elapsed_ms"],
        row["verdict"],
        tuple(json.loads(row["verdict_reasons"])),
        row["comment"],
    )


def literal(text: str) -> str:
    """Return text in which LIKE finds no signs of its own; the sign before them is a backslash."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _why(reply: Reply | None) -> str:
    match reply:
        case None:
            return ""
        case Abstention():
            sure = f"（读到的最好段落把握{reply.confidence:.0%}）" if reply.nearest else ""
            return REASON_WORDS[reply.reason] + sure
        case Answer(made_by=made_by) if made_by == REVIEWED:
            return f"问题与人工审核答案的问题意思相同（相似度{reply.confidence:.2f}），显示人工审核的答案"
        case Answer(made_by=made_by):
            names = "、".join(dict.fromkeys(citation.document for citation in reply.citations))
            missing = f"；文件里没有写到：{reply.missing}" if reply.missing else ""
            written = f"，由AI写成{len(reply.sentences)}句，每句都核对过" if made_by == WRITTEN else ""
            differing = "；这些现行文件说法不一，请核对" if reply.contradictory else ""
            return f"在{names}里读到答案，把握{reply.confidence:.0%}{written}{missing}{differing}"


def complaints(reasons: Sequence[str]) -> str:
    """Return why an answer did not help, in the words that the citizen chose from."""
    return "、".join(COMPLAINTS.get(reason, reason) for reason in reasons)


def _reason_words(reason: str) -> str:
    if reason == CONTRADICTORY:
        return "几份现行文件说法不一"
    return REASON_WORDS[Reason(reason)] if reason in [*Reason] else reason


_HEADER = ("时间", "问题", "结果", "原因", "回答", "来源", "版本", "评价", "评价理由", "评价留言", "毫秒", "渠道")


def _line(row: Row) -> tuple[str, ...]:
    known = entry(row)
    reason = known.reason or ""
    return (
        f"{known.asked_at.astimezone():%Y-%m-%d %H:%M:%S}",
        known.question,
        OUTCOME_WORDS.get(known.status, known.status),
        _reason_words(reason),
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
