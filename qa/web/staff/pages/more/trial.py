"""The page 试一试: what is found for a question, with every score, and what a citizen would see at a threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.evaluation.thresholds import Rates
from qa.runtime.errors import Unfit
from qa.staff import jobs
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.trial import Trial, TriedHit
from qa.web import html
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff import charts
from qa.web.staff.answer_form import form_told
from qa.web.staff.pages.addresses import PageView, query_of, view_at
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, attempt, member_of
from qa.web.staff.values import when
from qa.web.staff.versions import title_of

ADDRESS = f"{STAFF}/trial"
MOST_QUESTION = 300
SHORT = 80
BEGUN = "正在计算，几分钟后再打开这一页就能看到；关上页面也会继续"
READING: tuple[type[Exception], ...] = (*EXPECTED, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """What is tried: a question, at a threshold as it was typed, of a snapshot; empty for those in use."""

    PLACE: ClassVar[str] = ADDRESS
    question: str = ""
    snapshot: str = ""
    threshold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found, in the words of the page."""

    rank: int
    address: str
    title: str
    place: str
    text: str
    scores: tuple[str, str, str]
    reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The result of a trial: what a citizen would see, how it came about, and the passages on both sides."""

    asked_as: str
    reply: Html
    how: tuple[str, ...]
    threshold: str
    above: tuple[Hit, ...]
    below: tuple[Hit, ...]


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; a trial changes nothing that is served."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def trial(request: Request) -> Response:
        return _page(pages, request, Outcome(True, BEGUN if request.query_params.get("done") == "rates" else ""))

    @router.post(ADDRESS)
    def count(request: Request, body: Body) -> Response:
        def begin(form: Form) -> str:
            form.pressed(of=["rates"])
            member, view = member_of(request), view_of(request.query_params)
            jobs.rates(pages.settings, who=member.name, role=member.role, snapshot=view.snapshot)
            return view.address(done="rates")

        _, outcome, to = acted(request, body, begin)
        return RedirectResponse(to, 303) if outcome.done else _page(pages, request, outcome)

    return router


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    return view_at(View, query, most=MOST_QUESTION)


def read_threshold(text: str, used: float) -> float:
    """Return the threshold typed into the form, or the one in use. Raises `Unfit`."""
    if not text:
        return used
    try:
        found = float(text) if len(text) <= 6 and text.isascii() else -1.0
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise Unfit(f"显示答案的门槛应是0到1之间的数，例如{used:.2f}，而不是“{text[:20]}”")
    return found


def _page(pages: Pages, request: Request, outcome: Outcome) -> Response:
    console, view = pages.console(request), view_of(request.query_params)
    used = console.trial.threshold()
    threshold, tried = used, None

    def ask() -> None:
        nonlocal threshold, tried
        threshold = read_threshold(view.threshold, used)
        if view.question:
            tried = _tried(console.trial.ask(view.question, snapshot=view.snapshot, threshold=threshold))

    asked = attempt(ask)
    trouble = outcome.sentence if not outcome.done else asked.sentence
    rates, may_count = _rates(console, view.snapshot, threshold)
    return pages.shown(
        request,
        "staff/more/trial.html",
        status=outcome.status if not outcome.done else asked.status,
        view=view,
        snapshots=[(one.name, title_of(one.name)) for one in reversed(console.snapshots())],
        threshold=f"{threshold:g}",
        used=f"{used:.2f}",
        tried=tried,
        rates=rates,
        may_count=may_count and console.may(Role.PUBLISHER),
        whose=Role.PUBLISHER.label if may_count else "",
        said=outcome.sentence if outcome.done else "",
        trouble=trouble,
    )


def _tried(trial: Trial) -> Tried:
    return Tried(
        asked_as=trial.asked_as if trial.asked_as != trial.question else "",
        reply=html.exchange(trial.reply),
        how=tuple(f"{name}：{value}" for name, value in form_told(trial.reply)),
        threshold=f"{trial.threshold:.2f}",
        above=tuple(map(_hit, trial.above)),
        below=tuple(map(_hit, trial.below)),
    )


def _hit(hit: TriedHit) -> Hit:
    text = " ".join(hit.text.split())
    short = text[:SHORT] + ("……" if len(text) > SHORT else "")
    return Hit(
        rank=hit.rank,
        address=f"{STAFF}/files?{query_of({'name': hit.document}, page=1, to={})}",
        title=hit.title,
        place=" › ".join([*hit.headings, hit.place] if hit.place else hit.headings),
        text=short + (f"（{hit.out_of_force}）" if hit.out_of_force else ""),
        scores=(f"{hit.dense:.2f}", f"{hit.lexical:.2f}", f"{hit.fused:.2f}"),
        reader=f"{hit.reader:.2f}",
    )


def _rates(console: Console, snapshot: str, threshold: float) -> tuple[Html, bool]:
    """Return the two error rates of a snapshot, and whether they may be counted now."""
    trial = console.trial
    try:
        known, counting = trial.known_rates(snapshot), trial.counting()
    except READING as error:
        return charts.notes([str(error)]), False
    if known is not None:
        return rates_at(known, threshold), False
    if counting:
        since = f"{when(counting.since)}开始"
        what = title_of(counting.doing)
        return charts.notes([f"{counting.who}正在计算{what}的两种错误率（{since}），几分钟后再打开这一页"]), False
    return charts.notes(["这个版本还没有算过两种错误率"]), True


def rates_at(known: Sequence[Rates], threshold: float) -> Html:
    """Return both error rates as figures near a threshold, and as bars at each."""
    if not known:
        return NOTHING
    nearest = min(known, key=lambda one: abs(one.threshold - threshold))
    asked = nearest.answerable + nearest.unanswerable
    wrong, held = nearest.wrong / (asked or 1), nearest.held_back / (nearest.answerable or 1)
    cards = charts.cards(
        [
            ("门槛", f"{nearest.threshold:.2f}", "最接近的已算门槛"),
            ("答错了还给市民看", f"{wrong:.1%}", f"{asked}道中{nearest.wrong}道"),
            ("答得对却没有给看", f"{held:.1%}", f"应答的{nearest.answerable}道中{nearest.held_back}道"),
        ]
    )
    points = [
        (
            one.threshold,
            {
                "failed": one.wrong / ((one.answerable + one.unanswerable) or 1),
                "abstained": one.held_back / (one.answerable or 1),
            },
        )
        for one in known
    ]
    names = {"failed": "答错了还给看", "abstained": "答得对却没给看"}
    return cards + charts.curves("各个门槛上的两种错误率（按检验题）", names, points, here=threshold)
