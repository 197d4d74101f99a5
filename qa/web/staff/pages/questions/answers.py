"""The page 人工答案: all that staff wrote, whatever it was written for; who approved it, and until when it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from corpus.text.normalise import normalise
from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.questions.asked import Shelf
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.staff.reviewed_answers.offers import Offer
from qa.storage.reviewed_answers import DRAFT, REVIEW, STATES
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import Found, PageView, page_of, query_of, view_at
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, done_before, form_of, is_own, member_of
from qa.web.staff.pages.questions.answer_actions import ACTIONS, SAID
from qa.web.staff.pages.questions.panel import EXPIRES, Answered, Draft, answered, draft_of, typed_draft
from qa.web.staff.values import day, today, when, whole_number

ADDRESS = f"{STAFF}/answers"
SIZE = 50
# It looks for other passages and changes nothing; as a button of the form it leaves what was typed.
FIND = "find"
SHELVES: Mapping[str, str] = {"": "全部", **STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which answers are listed, on which page, and which is open; `new` opens the form for another."""

    PLACE: ClassVar[str] = ADDRESS
    state: str = ""
    text: str = ""
    answer: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the list in the words of the page."""

    address: str
    number: int
    question: str
    text: str
    state: str
    troubled: bool
    owner: str
    expires: str
    document: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows; `work` is the address of the questions that it was written for, if there are any."""

    title: str
    facts: tuple[tuple[str, str], ...]
    answer: Answered | None
    draft: Draft
    offers: tuple[Offer, ...]
    work: str = ""
    is_new: bool = False
    group: None = None


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def answers(request: Request) -> Response:
        return _page(pages, request, done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        sent = form_of(body)
        if sent.text("do") == FIND and is_own(request, sent):
            return _page(pages, request, Outcome(True), sent=sent)

        def act(form: Form) -> str:
            name = form.pressed(of=ACTIONS)
            one = ACTIONS[name](pages.console(request), form, member_of(request).name)
            return view_of(request.query_params).address(answer=str(one.id), new="", done=name)

        form, outcome, to = acted(request, body, act)
        return RedirectResponse(to, 303) if outcome.done else _page(pages, request, outcome, sent=form)

    return router


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    view = view_at(View, query)
    return view if view.state in SHELVES else replace(view, state="")


def belongs(one: ReviewedAnswer, state: str) -> bool:
    """Return whether an answer is listed under a state; what waits for an approval is listed under that, too."""
    return state in ("", one.state) or (state == DRAFT and one.draft is not None)


def found(answers: Sequence[ReviewedAnswer], view: View) -> Found[Row]:
    """Return the page of the list that a view names."""
    words = normalise(view.text)
    wanted = [
        one
        for one in answers
        if belongs(one, view.state)
        and words in normalise("\n".join((*one.questions, one.text, one.source.document, one.owner)))
    ]
    return page_of(wanted, view.page, lambda one: _row(one, view), size=SIZE)


def _row(one: ReviewedAnswer, view: View) -> Row:
    return Row(
        address=view.address(answer=str(one.id), new=""),
        number=one.id,
        question=one.questions[0],
        text=one.text,
        state=STATES.get(one.state, one.state) + ("，有改动待审核" if one.draft else ""),
        troubled=one.state == REVIEW,
        owner=one.owner,
        expires=day(one.expires_on),
        document=one.source.document,
        here=str(one.id) == view.answer,
    )


def _page(pages: Pages, request: Request, outcome: Outcome, *, sent: Form | None = None) -> Response:
    """Return the whole page; what was typed into a form that was refused stays in it."""
    console, view, sent = pages.console(request), view_of(request.query_params), sent or Form({})
    trouble, status, opened = "" if outcome.done else outcome.sentence, outcome.status, None
    answers = console.reviewed.list()
    writing = sent if sent.text("do") in ("write", "change", FIND) else None
    try:
        opened = _opened(console, view, writing, who=member_of(request).name)
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    return pages.shown(
        request,
        "staff/questions/answers.html",
        status=status,
        view=view,
        shelves=[
            (name, View(state=state).address(), sum(belongs(one, state) for one in answers), state == view.state)
            for state, name in SHELVES.items()
        ],
        found=found(answers, view),
        panel=opened,
        four_eyes=pages.settings.four_eyes,
        typed=sent,
        said=outcome.sentence if outcome.done else "",
        trouble=trouble,
    )


def _opened(console: Console, view: View, typed: Form | None, *, who: str) -> Panel | None:
    """Return the panel of the answer, or of the form for another, that a view opens. Raises `Missing`, `Unfit`."""
    if view.answer:
        return _panel(console, console.reviewed.get(whole_number(view.answer)), typed)
    return _new(console, typed, who=who) if view.new else None


def _panel(console: Console, one: ReviewedAnswer, typed: Form | None) -> Panel:
    group = console.todo.group_of_answer(one.id)
    draft = typed_draft(typed) if typed else draft_of(one)
    facts = (
        ("问法", "；".join(one.questions)),
        ("依据", f"{one.source.document}：{one.source.words}"),
        ("负责人", one.owner),
        ("有效到", day(one.expires_on)),
        ("作者", "、".join(one.authors)),
        ("审核人", one.approved_by),
        ("改动的作者", "、".join(one.draft.authors) if one.draft else ""),
        ("改动的问法", "；".join(one.draft.questions) if one.draft else ""),
        ("改动的依据", f"{one.draft.source.document}：{one.draft.source.words}" if one.draft else ""),
        ("改动的有效期", f"{one.draft.owner}，到{day(one.draft.expires_on)}" if one.draft else ""),
        ("最近改动", f"{one.changed_by}，{when(one.changed_at)}"),
    )
    values = {"shelf": Shelf.ALL.value, "group": str(group)}
    return Panel(
        title=f"第{one.id}号：{one.questions[0]}",
        facts=tuple((name, value) for name, value in facts if value),
        answer=answered(console, one),
        draft=draft,
        offers=console.offers.near(draft.find or one.questions[0]),
        work=f"{STAFF}/questions?{query_of(values, page=1, to={})}" if group else "",
    )


def _new(console: Console, typed: Form | None, *, who: str) -> Panel:
    empty = Draft(text="", questions="", owner=who, expires=day(today() + EXPIRES), find="", marks=frozenset())
    draft = typed_draft(typed) if typed else empty
    sought = draft.find or (draft.questions.strip().splitlines() or [""])[0]
    return Panel(
        title="写一条人工答案",
        facts=(),
        answer=None,
        draft=draft,
        offers=console.offers.near(sought) if sought else (),
        is_new=True,
    )
