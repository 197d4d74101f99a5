"""The report of the last refresh, readable by everybody, whoever ran it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corpus.read import FileReport
from qa.evaluation.asked import ReplyChange
from qa.evaluation.results import GoldenResult
from qa.publishing.board import Board
from qa.publishing.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a refresh; `published` is None if nothing was published, and `why` is the reason.

    `compared` holds the golden questions whose reply fell: the result before, and now. `changes` are the questions of
    citizens whose reply changes. With `to_see` the snapshot only waits until staff have looked at the new answers.
    """

    plan: Plan
    published: str | None
    built: str | None = None
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    files: tuple[FileReport, ...] = ()
    golden_asked: int = 0
    golden_right: int = 0
    golden_read: int = 0
    compared: tuple[tuple[GoldenResult, GoldenResult], ...] = ()
    seconds: float = 0.0
    golden_seconds: float = 0.0
    forced: bool = False
    why: str = ""
    changes: tuple[ReplyChange, ...] = ()
    to_see: bool = False

    @property
    def refused(self) -> bool:
        return self.published is None

    @property
    def fallen(self) -> tuple[str, ...]:
        return tuple(now.question_id for _, now in self.compared)

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        files = [{"name": file.name, "status": file.status.value, "reason": file.reason} for file in self.files]
        compared = [
            {
                "id": now.question_id,
                "question": now.question,
                "was": was.text,
                "was_acceptable": was.acceptable,
                "now": now.text,
            }
            for was, now in self.compared
        ]
        plan = {name: getattr(self.plan, name) for name in ("added", "changed", "removed", "renamed", "unchanged")}
        outcome = {"fallen": self.fallen, "refused": self.refused, "replies": [one.as_json() for one in self.changes]}
        del content["changes"]
        return {**content, "plan": self.plan.as_json(), "files": files, "compared": compared, **plan, **outcome}


def keep(board: Board, report: Report, *, who: str, before: str | None) -> None:
    """Keep a report, in place of the last one; `before` was published when the refresh began."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    board.keep({**report.as_json(), "who": who, "at": now, "before": before})
