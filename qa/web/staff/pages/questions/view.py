"""The list of what citizens asked, as an address of the page names it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from starlette.datastructures import QueryParams

from qa.runtime.errors import Unfit
from qa.service.questions import readable
from qa.staff.console import Console
from qa.staff.questions.asked import AskedFilter, AskedKind, AskedPage, Shelf, Stage
from qa.staff.questions.log.wording import OUTCOME_WORDS, VERDICT_WORDS
from qa.storage.reviewed_answers import REVIEW
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import PageView, page_number
from qa.web.staff.values import when

ADDRESS = f"{STAFF}/questions"
SHELVES = {
    Shelf.TODO: "要办的",
    Shelf.REVIEW: "等审核的",
    Shelf.RENEW: "答案要复核的",
    Shelf.LIVE: "等设检验题的",
    Shelf.CONTRADICTORY: "文件说法不一的",
    Shelf.DONE: "已办结的",
    Shelf.ALL: "全部",
}
STAGES = {
    Stage.NONE: "",
    Stage.OPEN: "待办",
    Stage.WORKING: "有人在办",
    Stage.REVIEW: "等审核",
    Stage.LIVE: "已有人工答案",
    Stage.DONE: "已办结",
}
# These two are named only while there is something on them.
AT_TIMES = (Shelf.RENEW, Shelf.LIVE)
MOST_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which questions are listed, on which page, and which of them is open: a group, or a reply without one."""

    PLACE: ClassVar[str] = ADDRESS
    wanted: AskedFilter = AskedFilter()
    group: str = ""
    reply: str = ""

    def values(self) -> dict[str, str]:
        """Return the texts by their names in the address."""
        return {
            "shelf": self.wanted.shelf.value,
            "text": self.wanted.text,
            "outcome": self.wanted.outcome,
            "verdict": self.wanted.verdict,
            "group": self.group,
            "reply": self.reply,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list in the words of the page; `chosen` names its group, at a version, where it is selected."""

    address: str
    question: str
    count: int
    outcome: str
    marks: tuple[str, ...]
    stage: str
    assignee: str
    last: str
    here: bool
    chosen: str


def view_of(query: QueryParams) -> View:
    """Return the view that an address names. Raises `Unfit` for choices that the page does not offer."""
    given = {name: readable(query.get(name, "")) for name in ("shelf", "text", "outcome", "verdict", "group", "reply")}
    if (shelf := given["shelf"] or Shelf.TODO.value) not in [*Shelf]:
        raise Unfit("没有这一栏，请重新选择")
    text = given["text"].strip()[:MOST_TEXT]
    wanted = AskedFilter(shelf=Shelf(shelf), text=text, outcome=given["outcome"], verdict=given["verdict"])
    page = page_number(query.get("page", ""))
    return View(wanted=wanted, page=page, group=given["group"], reply=given["reply"])


def listed(console: Console, view: View) -> tuple[AskedPage, list[Row]]:
    """Return the page of the list that a view names, and its rows."""
    found = console.asked.find(filter_of(console, view.wanted), page=view.page)
    return found, [_row(kind, view) for kind in found.kinds]


def shelves(console: Console, view: View) -> list[tuple[str, str, int | None, bool]]:
    """Return the parts of the list: name, address, how many there are to do, and whether it is this one."""
    counts = console.asked.counts()
    waiting = sum(counts[stage] for stage in (Stage.OPEN, Stage.WORKING, Stage.LIVE))
    known = {Shelf.TODO: waiting, Shelf.REVIEW: counts[Stage.REVIEW], Shelf.LIVE: counts[Stage.LIVE]}
    known[Shelf.RENEW] = to_renew(console)
    return [
        (name, _of_shelf(view, shelf).address(), known.get(shelf), shelf is view.wanted.shelf)
        for shelf, name in SHELVES.items()
        if shelf not in AT_TIMES or known[shelf] or shelf is view.wanted.shelf
    ]


def filter_of(console: Console, wanted: AskedFilter) -> AskedFilter:
    """Return the conditions with the answers that wait for a new review, where they are what is looked for."""
    if wanted.shelf is not Shelf.RENEW:
        return wanted
    return replace(wanted, answers=tuple(answer.id for answer in console.reviewed.list(state=REVIEW)))


def to_renew(console: Console) -> int:
    """Return how many kinds of question have an answer that waits for a new review."""
    wanted = filter_of(console, AskedFilter(shelf=Shelf.RENEW))
    return console.asked.find(wanted, size=1).total if wanted.answers else 0


def _of_shelf(view: View, shelf: Shelf) -> View:
    return View(wanted=replace(view.wanted, shelf=shelf))


def _row(kind: AskedKind, view: View) -> Row:
    flags = (
        (f"{VERDICT_WORDS['down']}{kind.unhelpful}", kind.unhelpful),
        (f"{VERDICT_WORDS['up']}{kind.helpful}", kind.helpful),
        ("文件说法不一", kind.contradictory),
    )
    of_group = str(kind.group) if kind.group is not None else ""
    of_reply = "" if of_group else kind.reply
    return Row(
        address=view.address(group=of_group, reply=of_reply),
        question=kind.question,
        count=kind.count,
        outcome=OUTCOME_WORDS.get(kind.status, kind.status),
        marks=tuple(words for words, count in flags if count),
        stage=STAGES[kind.stage],
        assignee=kind.assignee,
        last=when(kind.last_asked),
        chosen=f"{kind.version}:{of_group}" if of_group and kind.stage is not Stage.DONE else "",
        here=(view.group == of_group) if of_group else (view.reply == of_reply),
    )
