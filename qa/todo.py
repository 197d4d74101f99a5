"""待办: questions that got no answer, or a bad one, put together by meaning, and what staff make of each group."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from index.tokens import normalise
from qa import versions
from qa.feedback import UNHELPFUL
from qa.golden import GoldenDesk, NewGolden
from qa.grouping import Leader, nearest
from qa.models import Models, lazily
from qa.repair import Synonyms, matching_copy
from qa.reply import Reason
from qa.reviewed import stored
from qa.roles import Area, Role, needs
from qa.sameness import sense
from qa.settings import Settings
from qa.versions import Missing, Unfit, together

OPEN, WORKING, DONE = "open", "working", "done"
STATES = {OPEN: "待处理", WORKING: "处理中", DONE: "已办结"}
_WHAT = "待办"
MOST_NAME, MOST_NOTE = 60, 1000
Leaders = list[Leader]
AT_ONCE = 64  # questions embedded before they are written down

# Greetings and noise are nobody's work.
_UNANSWERED = (Reason.OFF_TOPIC, Reason.NOT_IN_DOCUMENTS, Reason.PREMISE_NOT_SUPPORTED)
NEW = (
    "SELECT id, json_extract(reply, '$.standalone_question') AS question, asked_at FROM replies"
    " WHERE status = 'abstained' AND reason IN (?, ?, ?) AND id NOT IN (SELECT reply FROM todo_questions)"
    " UNION SELECT id, json_extract(reply, '$.standalone_question'), asked_at FROM replies"
    " WHERE verdict = ? AND id NOT IN (SELECT reply FROM todo_questions) ORDER BY asked_at"
)
GROUPS = """
    SELECT todo.*, counted.* FROM todo LEFT JOIN (
        SELECT todo_questions.todo AS of_group, count(*) AS asked, sum(status = 'abstained') AS refused,
            sum(verdict = 'down') AS unhelpful, max(asked_at) AS last_asked,
            sum(done_at IS NOT NULL AND asked_at > done_at) AS since_done
        FROM todo_questions JOIN replies ON replies.id = todo_questions.reply JOIN todo ON todo.id = todo_questions.todo
        GROUP BY todo_questions.todo
    ) AS counted ON counted.of_group = todo.id
"""


@dataclass(frozen=True, slots=True)
class Asked:
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
    """Questions that mean about the same, called by the one first asked, and how far staff are with them.

    `since_done` counts how often it was asked in vain after it was done.
    """

    id: int
    question: str
    count: int
    refused: int
    unhelpful: int
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


class Todo(Area):
    """The work that refused questions and bad marks make."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        super().__init__(settings, who=who, role=role)
        self._models = models or lazily(settings)
        self._synonyms = Synonyms.read()

    @needs(Role.EDITOR)
    def list(self, *, state: str = "", assignee: str = "", text: str = "") -> tuple[Group, ...]:
        """The groups, those asked most first; questions that are new since the last time are put into theirs."""
        if state and state not in STATES:
            raise Unfit(f"没有“{state}”这种状态；可选：{'、'.join(STATES)}")
        with self._database() as database:
            self._gather(database)
            rows = database.execute(f"{GROUPS} ORDER BY coalesce(asked, 0) DESC, id").fetchall()
        found = [_group(row) for row in rows]
        return tuple(
            group
            for group in found
            if (not state or group.state == state)
            and (not assignee or group.assignee == assignee)
            and normalise(text.strip()) in normalise(group.question)
        )

    @needs(Role.EDITOR)
    def group(self, group_id: int) -> tuple[Group, tuple[Asked, ...]]:
        """One group with its questions, the newest first. Raises `Missing`."""
        with self._database() as database:
            rows = database.execute(
                "SELECT replies.* FROM replies JOIN todo_questions ON todo_questions.reply = replies.id WHERE todo = ?"
                " ORDER BY asked_at DESC LIMIT 500",
                (group_id,),
            ).fetchall()
            return _one(database, group_id), tuple(_asked(row) for row in rows)

    @needs(Role.EDITOR)
    def change(
        self,
        group_id: int,
        version: int,
        *,
        assignee: str | None = None,
        note: str | None = None,
        document: str | None = None,
        state: str | None = None,
    ) -> Group:
        """Assign, note, name the document that answers, take up. Raises `Overtaken`, `Missing`, `Unfit`."""
        to: dict[str, Any] = {}
        for name, value, what, most in (
            ("assignee", assignee, "负责人", MOST_NAME),
            ("note", note, "备注", MOST_NOTE),
            ("document", document, "文件名", 300),
        ):
            if value is not None:
                to[name] = versions.filled(value, what, most=most, least=0)
        if state is not None:
            if state not in (OPEN, WORKING):
                raise Unfit("状态只能改为“待处理”或“处理中”；办结请用“办结”")
            to |= {"state": state, "done_at": None}
        return self._changed(group_id, version, "change", **to)

    @needs(Role.EDITOR)
    def separate(self, group_id: int, version: int, reply_id: str) -> Group:
        """Give a question that does not belong to a group one of its own; the new group. Raises `Overtaken`."""
        with self._audit.action(self._who, "todo", target=f"{group_id} separate {reply_id}"):
            vectors = self._vectors([self._question(group_id, reply_id)])
            with self._database() as database, together(database):
                versions.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT)
                ((question, vector),) = vectors.items()
                new = _opened(database, question, self._models.embedder().name, vector, who=self._who)
                database.execute("UPDATE todo_questions SET todo = ? WHERE reply = ?", (new, reply_id))
                return _one(database, new)

    @needs(Role.EDITOR)
    def proposal(self, group_id: int) -> NewGolden:
        """A golden question to begin with: the group's, held to the reviewed answer if there is one."""
        with self._database() as database:
            group = _one(database, group_id)
            row = database.execute("SELECT * FROM reviewed WHERE id = ?", (group.reviewed,)).fetchone()
        if row is None:
            return NewGolden(question=group.question, must=(), evidence="", tags=("todo",), answerable=True)
        answer = stored(row)
        must, evidence = ((answer.text,),), answer.source.words
        return NewGolden(question=group.question, must=must, evidence=evidence, tags=("todo", "reviewed"))

    @needs(Role.EDITOR)
    def done(self, group_id: int, version: int, golden: NewGolden | None, *, why: str = "") -> Group:
        """Close a group with a golden question that guards its answer, or without one and a reason.

        Raises `Overtaken`, `Missing`, `Unfit`.
        """
        if golden is None:
            why = versions.filled(why, "不加金标问题的原因", most=MOST_NOTE)
        with (
            self._audit.action(self._who, "todo", target=f"{group_id} done", why=why) as action,
            self._database() as database,
            together(database),
        ):
            to = {"state": DONE, "done_at": versions.now(), "why_done": why}
            # Before the golden file is written: the second of two must not leave a question in it.
            versions.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT, **to)
            if golden:
                desk = GoldenDesk(self._settings, who=self._who, role=self._role)
                entry = desk.add(golden, why=why or f"待办{group_id}办结")
                database.execute("UPDATE todo SET golden = ? WHERE id = ?", (entry.id, group_id))
                action.target = f"{group_id} done {entry.id}"
            return _one(database, group_id)

    @needs(Role.EDITOR)
    def reopen(self, group_id: int, version: int) -> Group:
        """Take up a group again that was done. Raises `Overtaken`."""
        return self._changed(group_id, version, "reopen", state=OPEN, done_at=None)

    def _changed(self, group_id: int, version: int, action: str, *, why: str = "", **to: Any) -> Group:
        told = " ".join([action, *(f"{name}={value}" for name, value in to.items() if name in ("state", "assignee"))])
        with self._audit.action(self._who, "todo", target=f"{group_id} {told}", why=why), self._database() as database:
            versions.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT, **to)
            return _one(database, group_id)

    def _question(self, group_id: int, reply_id: str) -> str:
        with self._database() as database:
            row = database.execute(
                "SELECT json_extract(replies.reply, '$.standalone_question') AS question FROM replies"
                " JOIN todo_questions ON todo_questions.reply = replies.id WHERE replies.id = ? AND todo = ?",
                (reply_id, group_id),
            ).fetchone()
        if row is None:
            raise Missing("这个问题不在这一组里，请刷新页面")
        return str(row["question"])

    def _gather(self, database: sqlite3.Connection) -> None:
        """Put every new question into its group; each is embedded once, and a group keeps its vector."""
        found = database.execute(NEW, (*_UNANSWERED, UNHELPFUL)).fetchall()
        new = [(row["id"], row["question"]) for row in found if row["question"]]
        if not new:
            return
        leaders = self._leaders(database)
        for begin in range(0, len(new), AT_ONCE):
            batch = new[begin : begin + AT_ONCE]
            vectors = self._vectors([question for _, question in batch])
            with together(database):
                # Another process may have gathered since.
                seen = max((leader.group for leader in leaders), default=0)
                leaders += self._leaders(database, beyond=seen)
                for reply_id, question in batch:
                    if database.execute("SELECT 1 FROM todo_questions WHERE reply = ?", (reply_id,)).fetchone():
                        continue
                    known = sense(question, self._synonyms)
                    group = nearest(leaders, known, vectors[question])
                    if group is None:
                        group = _opened(database, question, self._models.embedder().name, vectors[question])
                        leaders.append(Leader(group, known, vectors[question]))
                    database.execute("INSERT INTO todo_questions VALUES (?, ?)", (reply_id, group))

    def _leaders(self, database: sqlite3.Connection, *, beyond: int = 0) -> Leaders:
        """The groups there are; vectors of another model are made anew."""
        model = self._models.embedder().name
        rows = database.execute("SELECT id, question, model, vector FROM todo WHERE id > ?", (beyond,)).fetchall()
        foreign = [row["question"] for row in rows if row["model"] != model]
        renewed = self._vectors(foreign) if foreign else {}
        for row in rows:
            if row["model"] != model:
                database.execute(
                    "UPDATE todo SET model = ?, vector = ? WHERE id = ?",
                    (model, renewed[row["question"]].tobytes(), row["id"]),
                )
        return [
            Leader(
                row["id"],
                sense(row["question"], self._synonyms),
                renewed[row["question"]] if row["model"] != model else np.frombuffer(row["vector"], "<f4"),
            )
            for row in rows
        ]

    def _vectors(self, questions: Sequence[str]) -> dict[str, Any]:
        """The vector of each question, of a copy in Simplified characters and the documents' words."""
        distinct = list(dict.fromkeys(questions))
        copies = [matching_copy(question, self._synonyms) for question in distinct]
        made = self._models.embedder().encode_queries(copies).astype("<f4")
        return dict(zip(distinct, made, strict=True))


def _opened(database: sqlite3.Connection, question: str, model: str, vector: Any, *, who: str = "") -> int:
    made = database.execute(
        "INSERT INTO todo (question, model, vector, changed_by, changed_at) VALUES (?, ?, ?, ?, ?)",
        (question, model, vector.tobytes(), who, versions.now()),
    )
    assert made.lastrowid is not None  # SQLite gives one to every row inserted
    return made.lastrowid


def _one(database: sqlite3.Connection, group_id: int) -> Group:
    row = database.execute(f"{GROUPS} WHERE todo.id = ?", (group_id,)).fetchone()
    if row is None:
        raise Missing(f"没有编号为{group_id}的待办，可能已被删除；请刷新页面")
    return _group(row)


def _group(row: sqlite3.Row) -> Group:
    return Group(
        id=row["id"],
        question=row["question"],
        count=row["asked"] or 0,
        refused=row["refused"] or 0,
        unhelpful=row["unhelpful"] or 0,
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


def _asked(row: sqlite3.Row) -> Asked:
    return Asked(
        row["id"],
        row["question"],
        datetime.fromisoformat(row["asked_at"]),
        row["status"],
        row["reason"],
        row["verdict"],
        row["comment"],
    )
