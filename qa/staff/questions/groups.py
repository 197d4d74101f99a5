"""The groups of questions in the to-do table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa.runtime.errors import Missing
from qa.storage.database import Connection, Row

OPEN, WORKING, DONE = "open", "working", "done"
STATES = {OPEN: "待处理", WORKING: "处理中", DONE: "已办结"}
GROUPS = """
    SELECT todo.*, counted.* FROM todo LEFT JOIN (
        SELECT todo_questions.todo AS of_group, count(*) AS asked,
            count(*) FILTER (WHERE status = 'abstained') AS refused,
            count(*) FILTER (WHERE verdict = 'down') AS unhelpful, max(asked_at) AS last_asked,
            count(*) FILTER (WHERE reason = 'contradictory') AS contradictory,
            count(*) FILTER (WHERE asked_at > done_at) AS since_done
        FROM todo_questions JOIN replies ON replies.id = todo_questions.reply JOIN todo ON todo.id = todo_questions.todo
        GROUP BY todo_questions.todo
    ) AS counted ON counted.of_group = todo.id
"""


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """One time that a question of a group was asked."""

    id: str
    question: str
    asked_at: datetime
    status: str
    reason: str | None
    verdict: str | None
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions of about the same meaning, named after the first one, and how far staff are with them.

    `contradictory` counts answers from documents in force that contradict each other. `since_done` counts failed
    attempts after the group was done.
    """

    id: int
    question: str
    count: int
    refused: int
    unhelpful: int
    contradictory: int
    since_done: int
    last_asked: datetime | None
    state: str
    assignee: str
    note: str
    document: str
    why_done: str
    reviewed: int | None
    golden: str | None
    version: int
    changed_by: str
    changed_at: datetime

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        last = self.last_asked.isoformat() if self.last_asked else None
        return {**content, "last_asked": last, "changed_at": self.changed_at.isoformat()}


def one(database: Connection, group_id: int) -> Group:
    """Return one group. Raises `Missing`."""
    row = database.execute(f"{GROUPS} WHERE todo.id = ?", (group_id,)).fetchone()
    if row is None:
        raise Missing(f"没有编号为{group_id}的待办，可能已被删除；请刷新页面")
    return group_of(row)


def group_of(row: Row) -> Group:
    """Return the group in a row of `GROUPS`."""
    return Group(
        id=row["id"],
        question=row["question"],
        count=row["asked"] or 0,
        refused=row["refused"] or 0,
        unhelpful=row["unhelpful"] or 0,
        contradictory=row["contradictory"] or 0,
        since_done=row["since_done"] or 0,
        last_asked=datetime.fromisoformat(row["last_asked"]) if row["last_asked"] else None,
        state=row["state"],
        assignee=row["assignee"],
        note=row["note"],
        document=row["document"],
        why_done=row["why_done"],
        reviewed=row["reviewed"],
        golden=row["golden"],
        version=row["version"],
        changed_by=row["changed_by"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )


def asked_of(row: Row) -> LoggedQuestion:
    """Return the question in a row of the log."""
    return LoggedQuestion(
        row["id"],
        row["question"],
        datetime.fromisoformat(row["asked_at"]),
        row["status"],
        row["reason"],
        row["verdict"],
        row["comment"],
    )
