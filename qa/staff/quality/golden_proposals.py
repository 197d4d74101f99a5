"""The rows of changes that wait for another person, and the effect of each change on the file."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.runtime.errors import Overtaken, Unfit
from qa.staff.quality.golden_file import GoldenEntry, NewGolden, entry_of, line_of, once, place_of
from qa.storage import versioned_rows
from qa.storage.database import Connection, Row

ADD, CHANGE, REMOVE = "add", "change", "remove"
KINDS = {ADD: "添加", CHANGE: "修改", REMOVE: "删除"}
WAITING, APPROVED, REJECTED, TAKEN_BACK = "waiting", "approved", "rejected", "taken back"
STATES = {WAITING: "等待同意", APPROVED: "已同意", REJECTED: "不同意", TAKEN_BACK: "已撤回"}
# More than colleagues would look at. Without a limit one member could fill the list for all.
MOST_WAITING = 100
WHAT = "检验题的改动"
# Ids that this module assigns.
_NUMBERED = re.compile(r"s[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change of one golden question from `before` to `after`; None stands for no question.

    `authors` are all who wrote in it, the first one first.
    """

    id: int
    kind: str
    golden: str
    before: GoldenEntry | None
    after: GoldenEntry | None
    why: str
    authors: tuple[str, ...]
    state: str
    decided_by: str
    decided_why: str
    version: int
    changed_by: str
    changed_at: str

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        lines = {name: content[name] and content[name].as_json() for name in ("before", "after")}
        return {**content, **lines}

    def applied(self, lines: Sequence[bytes]) -> list[bytes]:
        """Return the lines of the file after this change. Raises `Overtaken`, `Missing`, `Unfit`."""
        known = [entry_of(line) for line in lines]
        others = [entry for entry in known if entry.id != self.golden]
        if self.after:
            once(self.after, others)
        if self.before is None:
            assert self.after is not None
            if len(others) < len(known):
                raise Unfit(f"编号{self.golden}已被别的检验题占用，没有照办；请“不同意”这一条，再重新提出")
            return [*lines, line_of(self.golden, self.after, {})]
        try:
            place = place_of(lines, self.golden, self.before.version)
        except Overtaken as error:
            told = f"检验题{self.golden}在提出改动之后又变过，没有照办；请“不同意”这一条，再按现在的样子重新提出"
            raise Overtaken(told) from error
        if self.after:
            # Fields that other tools wrote are kept.
            return [*lines[:place], line_of(self.golden, self.after, json.loads(lines[place])), *lines[place + 1 :]]
        if len(lines) == 1:
            raise Unfit("这是最后一道检验题，删除后发布就不再检验；请先加一道新的")
        return [*lines[:place], *lines[place + 1 :]]


def read(database: Connection, *, state: str = WAITING) -> list[Proposal]:
    """Return the proposals in a state, the oldest first."""
    rows = database.execute("SELECT * FROM golden_proposals WHERE state = ? ORDER BY id", (state,))
    return [_proposal(row) for row in rows]


def one(database: Connection, number: int) -> Proposal:
    """Return one proposal. Raises `Missing`."""
    return _proposal(versioned_rows.row(database, "golden_proposals", number, WHAT))


def waiting(database: Connection, number: int) -> Proposal:
    """Return one proposal that is still undecided. Raises `Missing`, `Overtaken`."""
    found = one(database, number)
    if found.state != WAITING:
        by = found.decided_by or found.changed_by
        raise Overtaken(f"第{number}号检验题改动已经了结（{by}：{STATES[found.state]}）；请刷新页面")
    return found


def insert(
    database: Connection,
    lines: Sequence[bytes],
    kind: str,
    new: NewGolden | None,
    *,
    of: str,
    why: str,
    who: str,
) -> Proposal:
    """Store a waiting change of the question `of`, or of a new one; `lines` are the present file.

    Runs in a transaction of the caller. Raises `Overtaken`, `Missing`, `Unfit`.
    """
    others = read(database)
    if len(others) >= MOST_WAITING:
        raise Unfit(f"已有{len(others)}条检验题的改动在等待同意；请先请有“发布”角色的同事处理一些")
    for other in others:
        if other.golden == of:
            raise Unfit(f"检验题{of}已有第{other.id}号改动在等待同意；请在那一条上修改，或等它有了结果")
    if kind == ADD and new:
        once(new, [other.after for other in others if other.after])
    golden = of or _unused(database, lines)
    before = lines[place_of(lines, of)].decode("utf-8") if of else ""
    values = {
        "kind": kind,
        "golden": golden,
        "before": before,
        "after": line_of(golden, new, {}).decode("utf-8") if new else "",
        "why": why,
        "authors": json.dumps([who], ensure_ascii=False),
        "changed_by": who,
        "changed_at": versioned_rows.now(),
    }
    made = one(database, versioned_rows.insert(database, "golden_proposals", values))
    made.applied(lines)  # reports now, not at approval, what could not take effect
    return made


def revise(database: Connection, number: int, version: int, new: NewGolden, *, why: str, who: str) -> Proposal:
    """Replace the text of a waiting change; `who` becomes one of its authors."""
    known = waiting(database, number)
    authors = json.dumps(list(dict.fromkeys([*known.authors, who])), ensure_ascii=False)
    to = {"after": line_of(known.golden, new, {}).decode("utf-8"), "authors": authors, "why": why or known.why}
    versioned_rows.change(database, "golden_proposals", number, version=version, who=who, what=WHAT, **to)
    return one(database, number)


def decide(
    database: Connection, number: int, version: int, state: str, *, who: str, by: str = "", why: str = ""
) -> Proposal:
    """End a waiting change in `state`; `by` decided it if not `who`. Raises `Overtaken`, `Missing`."""
    waiting(database, number)
    to = {"state": state, "decided_by": by or who, "decided_why": why}
    versioned_rows.change(database, "golden_proposals", number, version=version, who=who, what=WHAT, **to)
    return one(database, number)


def _unused(database: Connection, lines: Sequence[bytes]) -> str:
    """Return an id that no present or proposed question has had."""
    proposed = (row["golden"] for row in database.execute("SELECT golden FROM golden_proposals"))
    known = [*(entry_of(line).id for line in lines), *proposed]
    used = [int(name[1:]) for name in known if _NUMBERED.fullmatch(name)]
    return f"s{max(used, default=0) + 1:03d}"


def _proposal(row: Row) -> Proposal:
    return Proposal(
        id=row["id"],
        kind=row["kind"],
        golden=row["golden"],
        before=entry_of(row["before"].encode()) if row["before"] else None,
        after=entry_of(row["after"].encode()) if row["after"] else None,
        why=row["why"],
        authors=tuple(json.loads(row["authors"])),
        state=row["state"],
        decided_by=row["decided_by"],
        decided_why=row["decided_why"],
        version=row["version"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
    )
