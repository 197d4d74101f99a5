"""人工审核: staff write, approve, renew and withdraw reviewed answers."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qa.answering.paraphrase import same, sense
from qa.evaluation.gate import MOST_SHOWN
from qa.runtime.errors import StaffRefused, Unfit
from qa.staff.permissions import Role, needs
from qa.staff.quality.stand_ins import Served, StandIns
from qa.staff.reviewed_answers.answer import MOST_TEXT, ReviewedAnswer, source_of, values_of
from qa.staff.reviewed_answers.reading import WHAT, ReviewedAnswerReading
from qa.storage import runtime_settings, versioned_rows
from qa.storage.database import Connection, together
from qa.storage.reviewed_answers import (
    DRAFT,
    LIVE,
    WITHDRAWN,
    Stored,
    read,
    stored,
)
from qa.storage.runtime_settings import Withholding
from qa.storage.withdrawals import withdrawn


class OwnAnswer(StaffRefused):
    """An author of an answer tries to approve it, or to show his own documents in its place."""


class ReviewedAnswerManagement(ReviewedAnswerReading):
    """What staff do with reviewed answers; see `ReviewedAnswerReading` for what they read of them."""

    @needs(Role.EDITOR)
    def write(
        self,
        questions: Sequence[str],
        text: str,
        *,
        owner: str,
        expires_on: date,
        document: str,
        start: int,
        end: int,
        todo: int | None = None,
        todo_version: int | None = None,
    ) -> ReviewedAnswer:
        """Store a draft, with the words `[start, end)` of a published document as its source. Raises `Unfit`.

        `todo` is the group of questions that it answers; `Overtaken` if it is no longer at `todo_version`.
        """
        found, snapshot = self._document(document)
        values = values_of(questions, text, owner, expires_on, source_of(found, snapshot, start, end))
        with (
            self._audit.action(self._who, "review", target="write") as action,
            self._database() as database,
            together(database),
        ):
            values |= {"state": DRAFT, "authors": _names([self._who])}
            values |= {"changed_by": self._who, "changed_at": versioned_rows.now()}
            number = versioned_rows.insert(database, "reviewed", values)
            if todo is not None:
                group = versioned_rows.row(database, "todo", todo, "待办")
                state = "working" if group["state"] == "open" else group["state"]
                to = {"reviewed": number, "state": state}
                known = group["version"] if todo_version is None else todo_version
                versioned_rows.change(database, "todo", todo, version=known, who=self._who, what="待办", **to)
            action.target = f"write {number}"
            return self._one(database, number)

    @needs(Role.EDITOR)
    def change(
        self,
        number: int,
        version: int,
        *,
        questions: Sequence[str] | None = None,
        text: str | None = None,
        owner: str | None = None,
        expires_on: date | None = None,
        document: str | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> ReviewedAnswer:
        """Store a changed answer as a draft; its source is looked up again in the published snapshot.

        Citizens see no change: the draft of a live answer waits beside it. Without `start` and `end` the quoted words
        must still stand in the document. Raises `Overtaken`, `Missing`, `Unfit`.
        """
        with self._audit.action(self._who, "review", target=f"change {number}"), self._database() as database:
            row = stored(versioned_rows.row(database, "reviewed", number, WHAT))
            known = row.changed()
            if start is None or end is None:
                source = self.place(document or known.source.document, known.source.words)
            else:
                source = source_of(*self._document(document or known.source.document), start, end)
            values = values_of(
                known.questions if questions is None else questions,
                known.text if text is None else text,
                known.owner if owner is None else owner,
                expires_on or known.expires_on,
                source,
            )
            # Another person has looked at what was approved, so only later writers count as authors.
            earlier = () if row.approved_by and not row.draft else known.authors
            values["authors"] = _names([*earlier, self._who])
            if row.state == LIVE:
                to = {"draft": json.dumps(values, ensure_ascii=False)}
            else:
                to = {**values, "draft": "", "state": DRAFT, "approved_by": ""}
            versioned_rows.change(database, "reviewed", number, version=version, who=self._who, what=WHAT, **to)
            return self._one(database, number)

    @needs(Role.PUBLISHER)
    def approve(self, number: int, version: int) -> ReviewedAnswer:
        """Show an answer or its draft to citizens, within two seconds in every server process.

        Nobody who wrote in it since the last approval may approve it, unless the office has a single publisher. What
        was withdrawn has to be changed, and so proposed again, before. Raises `Overtaken`, `Missing`, `Unfit`,
        `OwnAnswer`.
        """
        with (
            self._audit.action(self._who, "review", target=f"approve {number}"),
            self._database() as database,
            together(database),
        ):
            row = stored(versioned_rows.row(database, "reviewed", number, WHAT))
            if row.state == WITHDRAWN:
                raise Unfit(f"人工审核答案{number}已停用；要重新启用，请先修改一次，再由另一位同事审核")
            known = row.changed()
            if self._settings.four_eyes and self._who in known.authors:
                raise OwnAnswer(
                    f"这条答案有您写的（作者：{'、'.join(known.authors)}），请另一位没有改过它、有“发布”角色的同事审核"
                )
            if why := self._why(database, known):
                raise Unfit(f"现在还不能启用：{why}")
            self._alone(known, read(database))
            values: dict[str, Any] = json.loads(row.draft) if row.draft else {}
            to = {**values, "draft": "", "state": LIVE, "approved_by": self._who}
            versioned_rows.change(database, "reviewed", number, version=version, who=self._who, what=WHAT, **to)
            runtime_settings.settle(database, f"answer {number}", who=self._who)
            return self._one(database, number)

    @needs(Role.EDITOR)
    def discard(self, number: int, version: int, why: str) -> ReviewedAnswer:
        """Drop the draft that waits beside an answer. Raises `Overtaken`, `Missing`, `Unfit`."""
        why = versioned_rows.filled(why, "放弃的原因", most=MOST_TEXT)
        target = f"discard {number}"
        with self._audit.action(self._who, "review", target=target, why=why), self._database() as database:
            if not stored(versioned_rows.row(database, "reviewed", number, WHAT)).draft:
                raise Unfit(f"人工审核答案{number}没有待审核的改动")
            to = {"draft": ""}
            versioned_rows.change(database, "reviewed", number, version=version, who=self._who, what=WHAT, **to)
            return self._one(database, number)

    @needs(Role.PUBLISHER)
    def withdraw(self, number: int, version: int, why: str) -> ReviewedAnswer:
        """Stop showing an answer to citizens. Raises `Overtaken`, `Missing`, `Unfit`, `OwnAnswer`.

        With four eyes nobody uncovers a wrong reply that he wrote into a document himself; where a document of no known
        writer would be quoted wrongly instead, the question is answered with nothing.
        """
        why = versioned_rows.filled(why, "停用的原因", most=MOST_TEXT)
        target = f"withdraw {number}"
        with self._audit.action(self._who, "review", target=target, why=why), self._database() as database:
            withheld = self._without_stand_ins(database, number)
            to = {"state": WITHDRAWN}
            versioned_rows.change(database, "reviewed", number, version=version, who=self._who, what=WHAT, **to)
            if withheld:
                runtime_settings.withhold(database, withheld, who=self._who)
            return self._one(database, number)

    def _without_stand_ins(self, database: Connection, number: int) -> tuple[Withholding, ...]:
        """Return what is answered with nothing, with four eyes, once an answer is stopped.

        Raises `OwnAnswer` if what this member wrote would answer a golden question wrongly then.
        """
        if not self._settings.four_eyes or not (published := self._snapshot()):
            return ()
        now = Served(published, withdrawn(database))
        after = replace(now, stopped=frozenset([number]))
        stand_ins, rows = StandIns(self._settings, self._models), self._audit.rows()
        found = stand_ins.found(after, now, who=self._who, rows=rows)
        if found:
            one = found[0]
            raise OwnAnswer(
                f"停用这条答案以后，检验题“{one.question[:MOST_SHOWN]}”会答成您写的{'、'.join(one.documents)}；"
                "请先对那份文件停止引用，或请另一位有“发布”角色的同事停用这条答案"
            )
        return stand_ins.withheld(after, now, because=f"answer {number}", rows=rows)

    def _alone(self, answer: Stored, others: Sequence[Stored]) -> None:
        """Refuse a second live answer to one question, because chance would decide which is shown."""
        for other in others:
            if other.state != LIVE or other.id == answer.id:
                continue
            for text in answer.questions:
                if any(same(sense(text, self._synonyms), sense(known, self._synonyms)) for known in other.questions):
                    raise Unfit(f"“{text}”已由人工审核答案{other.id}回答；请修改那一条，或先停用它")


def _names(names: Sequence[str]) -> str:
    """Return names as the column stores them, each once."""
    return json.dumps(list(dict.fromkeys(names)), ensure_ascii=False)
