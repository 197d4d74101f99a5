"""The routes of the page 问题: the list with its panel, what its buttons do, and the preview of an answer."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.questions import behind
from qa.staff.questions.log.wording import OUTCOME_WORDS, VERDICT_WORDS
from qa.web import html
from qa.web.staff.pages.addresses import viewed
from qa.web.staff.pages.frame import STALE, Body, Form, Outcome, Pages, attempt, done_before, form_of, is_own, member_of
from qa.web.staff.pages.questions.actions import ACTIONS, CLOSE_GOLDEN, SAID, SELECTED
from qa.web.staff.pages.questions.answer_actions import source_of, text_of
from qa.web.staff.pages.questions.panel import Panel, panel, panel_of_reply
from qa.web.staff.pages.questions.view import ADDRESS, View, listed, shelves, view_of
from qa.web.staff.pages.selection import chosen, each, still_chosen
from qa.web.staff.values import whole_number

_view = viewed(View, view_of)
PREVIEW = f"{ADDRESS}/preview"
# It looks for other passages and changes nothing; as a button of the form it leaves what was typed.
FIND = "find"


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def questions(request: Request) -> Response:
        return _page(pages, request, outcome=done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        form = form_of(body)
        if not is_own(request, form):
            return _page(pages, request, outcome=Outcome(False, STALE, 403), typed=form)
        name, shown = form.text("do"), 0
        if name == FIND:
            return _page(pages, request, outcome=Outcome(True), typed=form)
        if name in SELECTED:
            return _act_on_selected(pages, request, form)

        def acted() -> None:
            nonlocal shown
            shown = ACTIONS[form.pressed(of=ACTIONS)](pages.console(request), form, member_of(request).name)

        outcome = attempt(acted)
        if not outcome.done:
            return _page(pages, request, outcome=outcome, typed=form)
        return RedirectResponse(_view(request).address(group=str(shown), reply="", done=name), 303)

    @router.post(PREVIEW)
    def preview(request: Request, body: Body) -> Response:
        form = form_of(body)
        if not is_own(request, form):
            return JSONResponse({"error": STALE}, 403)
        console = pages.console(request)
        try:
            source = source_of(console, form)
            question = (form.text("questions").strip().splitlines() or [""])[0]
            shown = html.exchange(console.offers.preview(question, text_of(console, form, source), source))
        except EXPECTED as error:
            return JSONResponse({"error": str(error)}, 400)
        return HTMLResponse(shown)

    return router


def _act_on_selected(pages: Pages, request: Request, form: Form) -> Response:
    """Do the same with each selected group; the page tells of each."""
    console, act = pages.console(request), SELECTED[form.text("do")]
    told: list[Outcome] = []

    def acted() -> None:
        nonlocal told
        told = each(chosen(form), lambda version, group: act(console, group, version, form))

    outcome = attempt(acted)
    return _page(pages, request, outcome=outcome, typed=form, told=told)


def _page(
    pages: Pages, request: Request, *, outcome: Outcome, typed: Form | None = None, told: Sequence[Outcome] = ()
) -> Response:
    """Return the whole page; what was typed into a form that was refused stays in it."""
    console, view = pages.console(request), _view(request)
    opened, trouble, status = None, "" if outcome.done else outcome.sentence, outcome.status
    try:
        left = behind.gather(console.todo)
    except EXPECTED as error:
        left, trouble = 0, trouble or str(error)
    try:
        opened = _opened(console, view, typed)
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    found, rows = listed(console, view)
    return pages.shown(
        request,
        "staff/questions/page.html",
        status=status,
        view=view,
        shelves=shelves(console, view),
        outcomes=OUTCOME_WORDS,
        verdicts=VERDICT_WORDS,
        found=found,
        rows=rows,
        left=left,
        panel=opened,
        told=told,
        typed=typed or Form({}),
        chosen=still_chosen(typed, told) if typed and typed.text("do") in SELECTED else frozenset(),
        own=member_of(request).name,
        people=console.todo.people(),
        said=outcome.sentence if outcome.done else "",
        trouble=trouble,
    )


def _opened(console: Console, view: View, typed: Form | None) -> Panel | None:
    writing = typed if typed is not None and typed.text("do") in ("write", "change", FIND) else None
    if view.group:
        whole_number(view.group)
        closing = typed if typed is not None and typed.text("do") == CLOSE_GOLDEN else Form({})
        return panel(console, view.group, typed=writing, marks=frozenset(closing.texts("mark")))
    return panel_of_reply(console, view.reply) if view.reply else None
