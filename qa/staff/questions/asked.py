"""What citizens asked as one list: a row for each kind of question, those that make work as their group."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from corpus.text.normalise import normalise
from qa.runtime.errors import Unfit
from qa.staff.permissions import Area, Role, needs
from qa.staff.questions.log.selecting import literal
from qa.staff.questions.log.wording import OUTCOMES
from qa.storage.database import Connection, Row
from qa.storage.question_log import HELPFUL, UNHELPFUL

SIZE = 50


class Shelf(StrEnum):
    """Which part of the list is looked at."""

    TODO = "todo"
    REVIEW = "review"
    LIVE = "live"
    RENEW = "renew"
    CONTRADICTORY = "contradictory"
    DONE = "done"
    ALL = "all"


class Stage(StrEnum):
    """How far staff are with a kind of question; NONE needs no work."""

    NONE = ""
    OPEN = "open"
    WORKING = "working"
    REVIEW = "review"
    LIVE = "live"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedKind:
    """Questions of one kind: `group` is their to-do, None if they need no work; `reply` and `status` are of the last.

    `version` is that of the to-do, for changes of it. `last_asked` is None where all their questions have expired.
    """

    group: int | None
    reply: str
    question: str
    count: int
    refused: int
    helpful: int
    unhelpful: int
    contradictory: int
    last_asked: datetime | None
    status: str
    stage: Stage
    assignee: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A page of kinds; `total` counts those of all `pages`."""

    kinds: tuple[AskedKind, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFilter:
    """Conditions on kinds; empty values match everything. `answers` are the reviewed ones that RENEW is about."""

    shelf: Shelf = Shelf.TODO
    text: str = ""
    outcome: str = ""
    verdict: str = ""
    answers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.outcome not in ("", *OUTCOMES) or self.verdict not in ("", HELPFUL, UNHELPFUL):
            raise Unfit("没有这种结果或评价，请重新选择")


_KINDS = """
    SELECT max(todo_questions.todo) AS of_group, max(replies.rowid) AS newest, max(asked_at) AS last_asked,
        count(*) AS asked, count(*) FILTER (WHERE status = 'abstained') AS refused,
        count(*) FILTER (WHERE verdict = 'up') AS helpful, count(*) FILTER (WHERE verdict = 'down') AS unhelpful,
        count(*) FILTER (WHERE reason = 'contradictory') AS contradictory
    FROM replies LEFT JOIN todo_questions ON todo_questions.reply = replies.id
    GROUP BY coalesce('g' || todo_questions.todo, 'q' || searched) {having}
"""
# Groups whose questions have expired; staff worked on them, so they stay.
_EXPIRED = """
    SELECT id, NULL, NULL, 0, 0, 0, 0, 0 FROM todo
    WHERE id NOT IN (SELECT todo FROM todo_questions) {having}
"""
_STAGE = f"""
    CASE WHEN todo.id IS NULL THEN '{Stage.NONE}' WHEN reviewed.draft <> '' THEN '{Stage.REVIEW}'
        WHEN todo.state = 'done' THEN '{Stage.DONE}' WHEN reviewed.state = 'draft' THEN '{Stage.REVIEW}'
        WHEN reviewed.state = 'live' THEN '{Stage.LIVE}' WHEN todo.state = 'working' THEN '{Stage.WORKING}'
        ELSE '{Stage.OPEN}' END
"""
_LISTED = f"""
    SELECT listed.*, count(*) OVER () AS total FROM (
        SELECT kinds.*, todo.question AS named, todo.assignee AS assignee, todo.version AS version,
            todo.reviewed AS answer, {_STAGE} AS stage
        FROM ({{kinds}}) AS kinds
            LEFT JOIN todo ON todo.id = kinds.of_group LEFT JOIN reviewed ON reviewed.id = todo.reviewed
    ) AS listed {{shelf}} ORDER BY {{order}} LIMIT :size OFFSET :skip
"""
_SHELVES = {
    # What waits for an approval is on a shelf of its own: whoever submitted it has nothing left to do.
    Shelf.TODO: f"WHERE stage IN ('{Stage.OPEN}', '{Stage.WORKING}', '{Stage.LIVE}')",
    Shelf.REVIEW: f"WHERE stage = '{Stage.REVIEW}'",
    Shelf.LIVE: f"WHERE stage = '{Stage.LIVE}'",
    Shelf.RENEW: "WHERE answer IN ({answers})",
    Shelf.CONTRADICTORY: f"WHERE contradictory > 0 AND stage NOT IN ('{Stage.NONE}', '{Stage.DONE}')",
    Shelf.DONE: f"WHERE stage = '{Stage.DONE}'",
    Shelf.ALL: "",
}
_NEWEST, _MOST = "last_asked IS NULL, last_asked DESC, of_group", "asked DESC, last_asked DESC, of_group"


class AskedList(Area):
    """The list of what citizens asked, by kind."""

    @needs(Role.EDITOR)
    def find(self, wanted: AskedFilter = AskedFilter(), *, page: int = 1, size: int = SIZE) -> AskedPage:
        """Return one page: work by how often it was asked, everything by date. Pages count from 1."""
        query, values = _query(wanted)
        with self._database() as database:
            rows = database.execute(query, {**values, "size": size, "skip": (max(1, page) - 1) * size}).fetchall()
            if not rows and page > 1:
                return self.find(wanted, page=1, size=size)
            newest = _newest(database, [row["newest"] for row in rows if row["newest"] is not None])
        total = rows[0]["total"] if rows else 0
        kinds = tuple(_kind(row, newest.get(row["newest"])) for row in rows)
        return AskedPage(kinds, total, max(1, page), max(1, -(-total // size)))

    @needs(Role.EDITOR)
    def counts(self) -> dict[Stage, int]:
        """Return how many kinds of question are at each stage, those without work left out."""
        query = (
            f"SELECT {_STAGE} AS stage, count(*) FROM todo LEFT JOIN reviewed ON reviewed.id = todo.reviewed"
            " GROUP BY stage"
        )
        with self._database() as database:
            found = dict(database.execute(query).fetchall())
        return {stage: int(found.get(stage.value, 0)) for stage in Stage if stage}


def _query(wanted: AskedFilter) -> tuple[str, dict[str, Any]]:
    """Return the query for a page, and its values; a kind is found by any of its questions."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.text.strip():
        parts.append(r"searched LIKE :text ESCAPE '\'")
        values["text"] = f"%{literal(normalise(wanted.text.strip()))}%"
    for name, value in (("status", wanted.outcome), ("verdict", wanted.verdict)):
        if value:
            parts.append(f"{name} = :{name}")
            values[name] = value
    having = f"HAVING count(*) FILTER (WHERE {' AND '.join(parts)}) > 0" if parts else ""
    kinds = _KINDS.format(having=having)
    if not wanted.outcome and not wanted.verdict:
        kinds += "UNION ALL" + _EXPIRED.format(having=r"AND lower(question) LIKE :text ESCAPE '\'" if parts else "")
    order = _NEWEST if wanted.shelf in (Shelf.DONE, Shelf.ALL) else _MOST
    shelf = _SHELVES[wanted.shelf].format(answers=", ".join(str(int(number)) for number in wanted.answers) or "NULL")
    return _LISTED.format(kinds=kinds, shelf=shelf, order=order), values


def _newest(database: Connection, rows: list[int]) -> dict[int, Row]:
    """Return some questions; only those of one page are read, because the rows are large."""
    query = f"SELECT rowid, id, question, status FROM replies WHERE rowid IN ({', '.join('?' for _ in rows)})"
    return {row["rowid"]: row for row in database.execute(query, rows)} if rows else {}


def _kind(row: Row, newest: Row | None) -> AskedKind:
    return AskedKind(
        group=row["of_group"],
        reply=newest["id"] if newest else "",
        question=row["named"] if row["named"] is not None else newest["question"] if newest else "",
        count=row["asked"],
        refused=row["refused"],
        helpful=row["helpful"],
        unhelpful=row["unhelpful"],
        contradictory=row["contradictory"],
        last_asked=datetime.fromisoformat(row["last_asked"]) if row["last_asked"] else None,
        status=newest["status"] if newest else "",
        stage=Stage(row["stage"]),
        assignee=row["assignee"] or "",
        version=row["version"] or 0,
    )
