"""Which questions of the log are wanted, as a condition of SQL, and its rows as values."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from corpus.text.normalise import normalise
from qa.runtime.errors import Unfit
from qa.staff.questions.log.wording import OUTCOMES
from qa.storage.database import Row
from qa.storage.question_log import HELPFUL, UNHELPFUL

ANY, NONE = "any", "none"
# Dates beyond these have no instant in some time zone.
EARLIEST, LATEST = date(1970, 1, 2), date(9000, 1, 1)
COLUMNS = (
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


ALL = Wanted()


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
    return f"SELECT {COLUMNS} FROM replies WHERE rowid IN ({chosen}) ORDER BY asked_at DESC"


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
