"""The list of golden questions, as an address of the page names it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.datastructures import QueryParams

from corpus.text.normalise import normalise
from qa.evaluation.results import GoldenResult
from qa.runtime.errors import Unfit
from qa.service.questions import readable
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_proposals import KINDS, Proposal
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import Found, PageView, page_of, view_at
from qa.web.staff.pages.golden.fields import tags_told

ADDRESS = f"{STAFF}/golden"
SIZE = 50
# Of a document, whose name is part of an address.
MOST_NAME = 300
UNCOVERED = "uncovered"
# The parts of the list: name, and whether a question belongs to it.
SHELVES: Mapping[str, tuple[str, Callable[["GoldenRow", bool], bool]]] = {
    "all": ("全部", lambda row, waits: True),
    "waiting": ("等同意的", lambda row, waits: waits),
    "wrong": ("现在不合格的", lambda row, waits: row.published is not None and not row.published.acceptable),
    "never": ("还没有问过的", lambda row, waits: row.published is None),
}
# From where a new question starts: the log, a reviewed answer, the group of a to-do, a document.
STARTS = ("reply", "answer", "group", "document")
_OWN = ("id", "proposal", "new", *STARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which questions are listed, on which page, and what is open: a question, a change, or a new question."""

    PLACE: ClassVar[str] = ADDRESS
    shelf: str = "all"
    text: str = ""
    id: str = ""
    proposal: str = ""
    new: str = ""
    reply: str = ""
    answer: str = ""
    group: str = ""
    document: str = ""

    def __post_init__(self) -> None:
        if self.shelf not in (*SHELVES, UNCOVERED):
            raise Unfit("没有这一栏，请重新选择")

    def opening(self, **to: str) -> str:
        """Return the address of this list with something else open, or with nothing."""
        return self.address(**{**dict.fromkeys(_OWN, ""), **to})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the list in the words of the page."""

    address: str
    question: str
    id: str
    wanted: str
    published: str
    wrong: bool
    candidate: str
    tags: str
    waits: str
    here: bool


def view_of(query: QueryParams) -> View:
    """Return the view that an address names. Raises `Unfit` for choices that the page does not offer."""
    return view_at(View, query, most=MOST_NAME, shelf=readable(query.get("shelf", "")) or "all")


def found(
    golden: Sequence[GoldenRow], proposals: Sequence[Proposal], view: View
) -> tuple[Found[Row], Mapping[str, int]]:
    """Return the page of the list that a view names, proposed new questions first, and how many each shelf holds."""
    waiting = {one.golden: one for one in proposals}
    counts = {
        shelf: sum(belongs(row, row.entry.id in waiting) for row in golden) for shelf, (_, belongs) in SHELVES.items()
    }
    known = {row.entry.id for row in golden}
    added = [one for one in proposals if one.golden not in known]
    counts["waiting"] += len(added)
    belongs, wanted = SHELVES.get(view.shelf, SHELVES["all"])[1], normalise(view.text)
    chosen = [_proposed(one, view) for one in added if view.shelf in ("all", "waiting")]
    chosen += [_row(row, waiting.get(row.entry.id), view) for row in golden if belongs(row, row.entry.id in waiting)]
    chosen = [row for row in chosen if wanted in normalise(f"{row.question}\n{row.tags}\n{row.id}")]
    return page_of(chosen, view.page, lambda row: row, size=SIZE), counts


def mark(given: GoldenResult | None) -> str:
    """Return the result of a question in the words of the page."""
    return "没有问过" if given is None else "✓ 合格" if given.acceptable else "✗ 不合格"


def _row(row: GoldenRow, proposal: Proposal | None, view: View) -> Row:
    return Row(
        address=view.opening(id=row.entry.id),
        question=row.entry.question,
        id=row.entry.id,
        wanted="回答" if row.entry.answerable else "不回答",
        published=mark(row.published),
        wrong=row.published is not None and not row.published.acceptable,
        candidate=mark(row.candidate) if row.candidate else "",
        tags=tags_told(row.entry.tags),
        waits=f"{KINDS[proposal.kind]}等同意" if proposal else "",
        here=row.entry.id == view.id or (proposal is not None and str(proposal.id) == view.proposal),
    )


def _proposed(one: Proposal, view: View) -> Row:
    entry = one.after or one.before
    assert entry is not None  # a proposal adds, changes or removes a question
    return Row(
        address=view.opening(proposal=str(one.id)),
        question=entry.question,
        id=one.golden,
        wanted="回答" if entry.answerable else "不回答",
        published="",
        wrong=False,
        candidate="",
        tags=tags_told(entry.tags),
        waits=f"{KINDS[one.kind]}等同意",
        here=str(one.id) == view.proposal,
    )
