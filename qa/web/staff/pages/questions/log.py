"""The page 问答记录: every question with its outcome; the panel says what was found and why; CSV for Excel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Unfit
from qa.staff.console import Console
from qa.staff.questions.asked import Shelf
from qa.staff.questions.log.log import Page
from qa.staff.questions.log.selecting import Entry, Wanted
from qa.staff.questions.log.wording import CHANNELS, MADE_WORDS, OUTCOME_WORDS, VERDICT_WORDS, complaints
from qa.web import html
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff.answer_form import form_told
from qa.web.staff.pages.addresses import PageView, query_of, view_at
from qa.web.staff.pages.frame import Pages
from qa.web.staff.pages.questions.panel import asking_again
from qa.web.staff.values import day_of, seconds, when
from qa.web.staff.versions import title_of

ADDRESS = f"{STAFF}/log"
SIZE = 50
VERDICTS: Mapping[str, str] = {**VERDICT_WORDS, "any": "评价过的", "none": "没有评价的"}
FILTERS = ("text", "outcome", "verdict", "channel", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which questions are listed, on which page, and which is open; dates as they were typed."""

    PLACE: ClassVar[str] = ADDRESS
    text: str = ""
    outcome: str = ""
    verdict: str = ""
    channel: str = ""
    since: str = ""
    until: str = ""
    reply: str = ""

    def export(self) -> str:
        """Return the address of a table of all that is listed."""
        values = {name: getattr(self, name) for name in FILTERS}
        return f"{STAFF}/questions.csv?{query_of(values, page=1, to={})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the list in the words of the page."""

    address: str
    question: str
    outcome: str
    verdict: str
    took: str
    snapshot: str
    at: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that is known of one question; `work` is the address of the page 问题 where it is worked on.

    `golden` makes a golden question of it, `trial` asks it again.
    """

    question: str
    facts: tuple[tuple[str, str], ...]
    reply: Html
    work: str
    golden: str
    trial: str


def routes(pages: Pages) -> APIRouter:
    """Return the route. The guard admits only staff."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def log(request: Request) -> Response:
        return _page(pages, request)

    return router


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    return view_at(View, query)


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Return the conditions of an address, by the names of `FILTERS`. Raises `Unfit` for what is no choice or date."""
    outcome, channel = given.get("outcome", ""), given.get("channel", "")
    if channel not in ("", *CHANNELS):
        raise Unfit("没有这种来源，请重新选择")
    since, until = (given.get(name, "").strip() for name in ("since", "until"))
    return Wanted(
        outcomes=(outcome,) if outcome else (),
        verdict=given.get("verdict", ""),
        since=day_of(since) if since else None,
        until=day_of(until) if until else None,
        text=given.get("text", "").strip(),
        channel=channel,
    )


def panel(console: Console, reply_id: str) -> Panel:
    """Return everything known about one question. Raises `Missing`."""
    detail = console.questions.detail(reply_id)
    entry = detail.entry
    reasons = complaints(entry.verdict_reasons)
    facts = (
        ("时间", when(entry.asked_at)),
        ("结果", OUTCOME_WORDS.get(entry.status, entry.status)),
        ("为什么", detail.why),
        ("出错", detail.failure),
        ("回答方式", MADE_WORDS.get(entry.made_by, "")),
        *(form_told(detail.reply) if detail.reply else ()),
        ("版本", title_of(entry.snapshot)),
        ("依据的文件", "、".join(detail.documents)),
        ("来自", CHANNELS.get(entry.channel, entry.channel)),
        ("用时", seconds(entry.elapsed_ms)),
        ("评价", " ".join(filter(None, [VERDICT_WORDS.get(entry.verdict or "", ""), reasons]))),
        ("留言", entry.comment),
        ("编号", entry.id),
    )
    opened = {"group": str(detail.todo)} if detail.todo else {"reply": entry.id}
    return Panel(
        question=entry.question,
        facts=tuple((name, value) for name, value in facts if value),
        reply=html.exchange(detail.reply) if detail.reply else NOTHING,
        work=f"{STAFF}/questions?{query_of({'shelf': Shelf.ALL.value, **opened}, page=1, to={})}",
        golden=f"{STAFF}/golden?{query_of({'new': '1', 'reply': entry.id}, page=1, to={})}",
        trial=asking_again(entry.question),
    )


def _page(pages: Pages, request: Request) -> Response:
    console, view = pages.console(request), view_of(request.query_params)
    opened, trouble, status = None, "", 200
    found = Page((), 0, 1, 1)
    try:
        found = console.questions.find(read_wanted({name: getattr(view, name) for name in FILTERS}), page=view.page)
    except EXPECTED as error:
        trouble, status = str(error), 400
    try:
        opened = panel(console, view.reply) if view.reply else None
    except EXPECTED as error:
        trouble, status = (trouble, status) if trouble else (str(error), 404)
    return pages.shown(
        request,
        "staff/questions/log.html",
        status=status,
        view=view,
        outcomes=OUTCOME_WORDS,
        verdicts=VERDICTS,
        channels=CHANNELS,
        found=found,
        rows=[_row(entry, view) for entry in found.entries],
        panel=opened,
        said="",
        trouble=trouble,
    )


def _row(entry: Entry, view: View) -> Row:
    return Row(
        address=view.address(reply=entry.id),
        question=entry.question,
        outcome=OUTCOME_WORDS.get(entry.status, entry.status),
        verdict=VERDICT_WORDS.get(entry.verdict or "", ""),
        took=seconds(entry.elapsed_ms),
        snapshot=title_of(entry.snapshot),
        at=when(entry.asked_at),
        here=entry.id == view.reply,
    )
