"""The routes of the page 发布: the snapshots, what its buttons do, and how far a refresh is."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from corpus.files.scan import FileStatus
from qa.bootstrap.errors import EXPECTED
from qa.publishing.refresh.deciding import CONSENT
from qa.runtime.errors import Overtaken, ReasonMissing, Unfit
from qa.staff import labels
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.web.staff.guard import PROGRESS
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, done_before, member_of
from qa.web.staff.pages.snapshots import publishing
from qa.web.staff.pages.snapshots.panel import panel
from qa.web.staff.pages.snapshots.view import ADDRESS, rows, view_of
from qa.web.staff.versions import title_of

NOT_INDEXED = (FileStatus.QUARANTINED, FileStatus.FAILED, FileStatus.OUT_OF_FORCE)
SAID: Mapping[str, str] = {
    "publish": publishing.BEGUN,
    "anyway": publishing.BEGUN,
    "stop": publishing.STOPPING,
    "serve": "已换成这一版，市民几秒内就能看到",
    "wish": f"已记下您的要求；这一版没有通过检验，{CONSENT}",
}


def _publish(pages: Pages, request: Request, form: Form) -> tuple[str, str]:
    publishing.begin(pages.console(request), pages.settings, member_of(request))
    return "publish", ""


def _anyway(pages: Pages, request: Request, form: Form) -> tuple[str, str]:
    """Begin a refresh that reads everything anew, or that publishes in spite of the golden questions."""
    console, why = pages.console(request), form.text("why").strip()
    console.require(Role.PUBLISHER, "refresh")
    force, anew = form.text("force") == "yes", form.text("anew") == "yes"
    if not force and not anew:
        raise Unfit("请勾选要怎样发布；不勾就用上面的“发布”")
    if force and not why:
        raise ReasonMissing("检验不合格也发布，要写明原因，会记入审计")
    publishing.begin(console, pages.settings, member_of(request), why=why, force=force, anew=anew)
    return "anyway", ""


def _stop(pages: Pages, request: Request, form: Form) -> tuple[str, str]:
    pages.console(request).cancel(began=form.text("began"))
    return "stop", ""


def _serve(pages: Pages, request: Request, form: Form) -> tuple[str, str]:
    console, name = pages.console(request), form.text("name")
    console.require(Role.PUBLISHER, "publish")
    one = next((one for one in console.snapshots() if one.name == name), None)
    if one and one.only_looked_at and (changed := console.documents.changed_again(name)):
        raise Overtaken(f"{'、'.join(changed)}在这次检查以后又改过，没有发布；请再点“发布”，按现在的文件再检查一遍")
    wish = form.text("wish") if "wish" in form.values else None
    done = console.publish(name, why=form.text("why"), seen=form.text("seen") or None, wish=wish)
    return "serve" if done else "wish", name


# Each returns what to say, and the snapshot to show next.
ACTIONS: Mapping[str, Callable[[Pages, Request, Form], tuple[str, str]]] = {
    "publish": _publish,
    "anyway": _anyway,
    "stop": _stop,
    "serve": _serve,
}


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def snapshots(request: Request) -> Response:
        return _page(pages, request, outcome=done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        def act(form: Form) -> str:
            said, name = ACTIONS[form.pressed(of=ACTIONS)](pages, request, form)
            return view_of(request.query_params).address(name=name, done=said)

        form, outcome, to = acted(request, body, act)
        return RedirectResponse(to, 303) if outcome.done else _page(pages, request, outcome=outcome, typed=form)

    @router.get(PROGRESS)
    def progress(request: Request) -> dict[str, Any]:
        """Tell pages that are open already how far a refresh is, whoever began it."""
        state = pages.console(request).progress()
        if not (state and state["running"]):
            return {"running": False}
        return {"running": True, "share": publishing.share(state), "told": publishing.words(state)}

    return router


def _page(pages: Pages, request: Request, *, outcome: Outcome, typed: Form | None = None) -> Response:
    """Return the whole page; the reason typed into a form that was refused stays in it."""
    console, view = pages.console(request), view_of(request.query_params)
    opened, trouble, status = None, "" if outcome.done else outcome.sentence, outcome.status
    found = console.snapshots()
    try:
        documents = console.documents.list()
    except EXPECTED as error:
        documents, trouble = [], trouble or str(error)
    try:
        opened = panel(console, found, view.name, who=member_of(request).name) if view.name else None
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    now = publishing.publishing(console, documents)
    return pages.shown(
        request,
        "staff/snapshots/page.html",
        status=status,
        view=view,
        rows=rows(found, view),
        publishing=now,
        built=_built(console),
        left_out=_left_out(console),
        panel=opened,
        typed=typed or Form({}),
        said=publishing.still_true(outcome.sentence, now) if outcome.done else "",
        trouble=trouble,
    )


def _built(console: Console) -> tuple[str, str]:
    """Return the snapshot that the last refresh built, with its title; empty if it built none."""
    report = console.report()
    name = str(report["built"] or "") if report else ""
    return name, title_of(name) if name else ""


def _left_out(console: Console) -> list[tuple[str, str, str]]:
    """Return the files that the last refresh left out: name, what is wrong, reason and what to do."""
    report = console.report()
    return [
        (file["name"], labels.FILES[file["status"]], file["reason"])
        for file in (report["files"] if report else ())
        if file["status"] in NOT_INDEXED
    ]
