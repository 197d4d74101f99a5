"""待办: questions without an answer, or with a bad one, grouped by meaning, and what staff do with each group."""

import math
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from corpus.text.normalise import normalise
from qa.answering.query_rewriting import Synonyms
from qa.answering.screening import clean
from qa.bootstrap.models import Models, lazily
from qa.publishing.serving import shared_folder_of
from qa.runtime.errors import Missing, Unfit
from qa.runtime.settings import Settings
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Area, Role, needs
from qa.staff.quality import golden_proposals
from qa.staff.quality.golden_file import GoldenFile, NewGolden, checked
from qa.staff.quality.golden_review import adopt
from qa.staff.questions.gathering import Gatherer
from qa.staff.questions.groups import (
    DONE,
    GROUPS,
    OPEN,
    STATES,
    WORKING,
    Group,
    LoggedQuestion,
    asked_of,
    group_of,
    one,
)
from qa.storage import versioned_rows
from qa.storage.database import Connection, database_of, together
from qa.storage.reviewed_answers import LIVE, Stored, stored

_WHAT = "待办"
MOST_NAME, MOST_NOTE = 60, 1000


class Todo(Area):
    """The work that follows from refused questions and bad marks."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        super().__init__(settings, who=who, role=role)
        self._gatherer = Gatherer(models or lazily(settings), Synonyms.read())

    @needs(Role.EDITOR)
    def gather(self, *, seconds: float = math.inf) -> int:
        """Put new questions into their groups; return how many are left when the time is over."""
        with self._database() as database:
            return self._gatherer.gather(database, seconds=seconds)

    @needs(Role.EDITOR)
    def list(
        self, *, state: str = "", assignee: str = "", text: str = "", seconds: float = math.inf
    ) -> tuple[Group, ...]:
        """Return the groups, those asked most first; new questions are grouped before, as far as `seconds` allow."""
        if state and state not in STATES:
            raise Unfit(f"没有“{state}”这种状态；可选：{'、'.join(STATES)}")
        with self._database() as database:
            if seconds > 0:
                self._gatherer.gather(database, seconds=seconds)
            rows = database.execute(f"{GROUPS} ORDER BY coalesce(asked, 0) DESC, id").fetchall()
        found = [group_of(row) for row in rows]
        return tuple(
            group
            for group in found
            if (not state or group.state == state)
            and (not assignee or group.assignee == assignee)
            and normalise(text.strip()) in normalise(group.question)
        )

    @needs(Role.EDITOR)
    def group(self, group_id: int) -> tuple[Group, tuple[LoggedQuestion, ...]]:
        """Return one group with its questions, the newest first. Raises `Missing`."""
        with self._database() as database:
            rows = database.execute(
                "SELECT replies.* FROM replies JOIN todo_questions ON todo_questions.reply = replies.id WHERE todo = ?"
                " ORDER BY asked_at DESC LIMIT 500",
                (group_id,),
            ).fetchall()
            return one(database, group_id), tuple(asked_of(row) for row in rows)

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
        """Set assignee (the name of an account, or empty), note, answering document or state.

        Raises `Overtaken`, `Missing`, `Unfit`.
        """
        to: dict[str, Any] = {}
        for name, value, what, most in (
            ("assignee", assignee, "经办人", MOST_NAME),
            ("note", note, "备注", MOST_NOTE),
            ("document", document, "文件名", 300),
        ):
            if value is not None:
                to[name] = versioned_rows.filled(value, what, most=most, least=0)
        if to.get("assignee") and to["assignee"] not in self.people():
            with self._database() as database:
                if one(database, group_id).assignee != to["assignee"]:
                    raise Unfit(f"没有账号“{to['assignee']}”；经办人请填同事的账号，没有定就空着")
        if state is not None:
            if state not in (OPEN, WORKING):
                raise Unfit("状态只能改为“待处理”或“处理中”；办结请用“办结”")
            to |= {"state": state, "done_at": None}
        return self._changed(group_id, version, "change", **to)

    @needs(Role.EDITOR)
    def people(self) -> tuple[str, ...]:
        """Return the names of all accounts, whom a group may be assigned to."""
        return tuple(account.name for account in Accounts(database_of(self._settings)).list())

    @needs(Role.EDITOR)
    def separate(self, group_id: int, version: int, reply_id: str) -> Group:
        """Move a question into a new group of its own; return that group. Raises `Overtaken`."""
        with self._audit.action(self._who, "todo", target=f"{group_id} separate {reply_id}"):
            vectors = self._gatherer.vectors([self._question(group_id, reply_id)])
            with self._database() as database, together(database):
                versioned_rows.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT)
                ((question, vector),) = vectors.items()
                new = self._gatherer.opened(database, question, vector, who=self._who)
                database.execute("UPDATE todo_questions SET todo = ? WHERE reply = ?", (new, reply_id))
                return one(database, new)

    @needs(Role.EDITOR)
    def take_up(self, reply_id: str) -> Group:
        """Open a group for a question that makes no work by itself, with all that were asked in the same words.

        Return the group that it is in if there is one already. Raises `Missing`.
        """
        query = "SELECT todo FROM todo_questions WHERE reply = ?"
        with self._audit.action(self._who, "todo", target=f"take up {reply_id}"), self._database() as database:
            row = database.execute("SELECT question, searched FROM replies WHERE id = ?", (reply_id,)).fetchone()
            if row is None:
                raise Missing("没有这条问答记录，可能已超过保存期限")
            vector = self._gatherer.vectors([row["question"]])[row["question"]]
            with together(database):
                if known := database.execute(query, (reply_id,)).fetchone():
                    return one(database, known["todo"])
                new = self._gatherer.opened(database, row["question"], vector, who=self._who)
                database.execute(
                    "INSERT INTO todo_questions SELECT id, ? FROM replies"
                    " WHERE searched = ? AND id NOT IN (SELECT reply FROM todo_questions)",
                    (new, row["searched"]),
                )
                return one(database, new)

    @needs(Role.EDITOR)
    def proposal(self, group_id: int) -> NewGolden:
        """Return a golden question to start from: the group's, with the text of its reviewed answer if there is one."""
        with self._database() as database:
            return _proposed(one(database, group_id), _answer(database, group_id))

    @needs(Role.EDITOR)
    def group_of_answer(self, answer: int) -> int | None:
        """Return the number of the group that a reviewed answer was written for; None if for none of the log."""
        with self._database() as database:
            row = database.execute("SELECT id FROM todo WHERE reviewed = ? ORDER BY id LIMIT 1", (answer,)).fetchone()
        return int(row["id"]) if row else None

    @needs(Role.EDITOR)
    def guarded_by(self, group: Group) -> str:
        """Return a sentence on the group's golden question and when it is asked; empty if it has none."""
        with self._database() as database:
            waits = any(one.golden == group.golden for one in golden_proposals.read(database))
        if not group.golden:
            return ""
        return f"已有检验题守着（{group.golden}），{'等另一位同事同意后检验' if waits else '下次发布起检验'}"

    @needs(Role.EDITOR)
    def waiting(self) -> int:
        """Return how many changes of golden questions wait for another person's consent."""
        with self._database() as database:
            return len(golden_proposals.read(database))

    @needs(Role.EDITOR)
    def done(self, group_id: int, version: int, golden: NewGolden | None, *, why: str = "") -> Group:
        """Close a group with a golden question that guards its answer, or with a reason for adding none.

        The question is proposed. If it repeats word for word a reviewed answer that another person approved, it is
        asked from the next refresh on. Raises `Overtaken`, `Missing`, `Unfit`.
        """
        if golden is None:
            why = versioned_rows.filled(why, "不加检验题的原因", most=MOST_NOTE)
        new = checked(golden) if golden else None
        file = GoldenFile(
            self._settings.golden, self._settings.home, who=self._who, shared=shared_folder_of(self._settings)
        )
        with (
            self._audit.action(self._who, "todo", target=f"{group_id} done", why=why) as action,
            # The file first: waiting for it must not keep the database from others.
            file.held() if new else nullcontext(),
            self._database() as database,
            together(database),
        ):
            to = {"state": DONE, "done_at": versioned_rows.now(), "why_done": why}
            # Before the golden file is written: a second, simultaneous attempt must not leave its question there.
            versioned_rows.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT, **to)
            if new:
                approved_by = _approved_by(database, group_id, new)
                why = why or f"待办{group_id}办结"
                made = adopt(database, file, new, why=why, who=self._who, approved_by=approved_by)
                database.execute("UPDATE todo SET golden = ? WHERE id = ?", (made.golden, group_id))
                decided = f"approved by {approved_by}" if approved_by else "waits"
                action.target = f"{group_id} done {made.golden} (proposal {made.id} {decided})"
            return one(database, group_id)

    @needs(Role.EDITOR)
    def reopen(self, group_id: int, version: int) -> Group:
        """Reopen a group that was done. Raises `Overtaken`."""
        return self._changed(group_id, version, "reopen", state=OPEN, done_at=None)

    def _changed(self, group_id: int, version: int, action: str, *, why: str = "", **to: Any) -> Group:
        told = " ".join([action, *(f"{name}={value}" for name, value in to.items() if name in ("state", "assignee"))])
        with self._audit.action(self._who, "todo", target=f"{group_id} {told}", why=why), self._database() as database:
            versioned_rows.change(database, "todo", group_id, version=version, who=self._who, what=_WHAT, **to)
            return one(database, group_id)

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


def _answer(database: Connection, group_id: int) -> Stored | None:
    """Return the reviewed answer to a group; None if it has none."""
    row = database.execute(
        "SELECT reviewed.* FROM reviewed JOIN todo ON todo.reviewed = reviewed.id WHERE todo.id = ?", (group_id,)
    ).fetchone()
    return stored(row) if row else None


def _proposed(group: Group, answer: Stored | None) -> NewGolden:
    if answer is None:
        return NewGolden(question=group.question, tags=("todo",))
    must, evidence = ((answer.text,),), answer.source.words
    return NewGolden(question=group.question, must=must, evidence=evidence, tags=("todo", "reviewed"))


def _approved_by(database: Connection, group_id: int, new: NewGolden) -> str:
    """Return who approved the reviewed answer that `new` repeats, unless also its author; else empty."""
    answer = _answer(database, group_id)
    # For rows of older programs the authors are unknown.
    if answer is None or answer.state != LIVE or not answer.authors or answer.approved_by in answer.authors:
        return ""
    proposed = _proposed(one(database, group_id), answer)
    same = new == replace(proposed, question=clean(proposed.question)) and new.question in answer.questions
    return answer.approved_by if same else ""
