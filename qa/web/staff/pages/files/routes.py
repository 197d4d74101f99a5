"""The routes of the page 文件: the list with its panel, what its buttons do, and the way to citizens."""

import time
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from corpus.conversion.container import is_container
from corpus.metadata.side_file import FIELDS
from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import ReasonMissing
from qa.service.questions import readable
from qa.staff.console import Console
from qa.staff.documents.uploads import rules
from qa.staff.permissions import Role
from qa.web.staff.guard import FILE_UPLOAD
from qa.web.staff.pages.addresses import viewed
from qa.web.staff.pages.files.panel import panel
from qa.web.staff.pages.files.texts import text_now
from qa.web.staff.pages.files.uploads import MOST_FILES, parts, taken, to_read
from qa.web.staff.pages.files.view import ADDRESS, ORDERS, View, found, shelves, view_of
from qa.web.staff.pages.frame import STALE, Body, Form, Outcome, Pages, attempt, done_before, form_of, is_own, member_of
from qa.web.staff.pages.selection import chosen, each, still_chosen
from qa.web.staff.pages.snapshots.publishing import BEGUN, STOPPING, begin, leave_out, publishing, still_true

_view = viewed(View, view_of)
READ_NOW = f"{ADDRESS}/text"
CHANGED = "有文件刚被别人改过，没有替换；其余的已办，见下面的清单"
SAID: Mapping[str, str] = {
    "describe": "已保存；发布以后生效",
    "withdraw": "已停止引用，几秒内在所有页面生效",
    "withdraw-within": "已停止引用，里面的文件也一起停止，几秒内在所有页面生效",
    "withdraw-instead": "已停止引用，几秒内在所有页面生效。您写的别的文件会替它答错检验题，也一起停止了引用；"
    "是哪几份、为什么，见“停止引用”一栏",
    "withdraw-withheld": "已停止引用，几秒内在所有页面生效。别的文件会把检验题答错，市民问到时先不回答；"
    "是哪几道、怎么办，首页会列出来",
    "reinstate": "已恢复引用，几秒内生效",
    "reinstate-within": "已恢复引用，里面一起停止的也恢复，几秒内生效",
    "delete": "已删除；发布以后市民看不到它，要立即停止请用“立即停止引用”",
    "publish": BEGUN,
    "leave-out": BEGUN,
    "put-back": "已放回，下次发布会带上它",
    "stop": STOPPING,
}


def _describe(console: Console, form: Form) -> str:
    name = form.text("name")
    console.documents.edit(name, {field: form.text(field) for field in FIELDS}, version=form.text("version"))
    return name


def _withdraw(console: Console, form: Form) -> tuple[str, str]:
    one, *instead = console.documents.withdraw(form.text("name"), why=form.text("why"))
    withheld = any(each.because == one.document for each in console.golden.withheld())
    return one.document, "withdraw-instead" if instead else "withdraw-withheld" if withheld else "withdraw"


def _reinstate(console: Console, form: Form) -> str:
    seen = form.text("looked") if "looked" in form.values else None
    console.documents.reinstate(form.text("name"), why=form.text("why"), seen=seen)
    return form.text("name")


def _delete(console: Console, form: Form) -> str:
    _delete_one(console, form.text("name"), form.text("version"), form.text("why"))
    return ""


def _put_back(console: Console, form: Form) -> str:
    console.documents.put_back(form.text("name"))
    return form.text("name")


def _stop(console: Console, form: Form) -> str:
    console.cancel(began=form.text("began"))
    return ""


def _withdraw_one(console: Console, name: str, version: str, why: str) -> str:
    console.documents.withdraw(name, why=why, look=False)
    return f"已停止引用：{name}{'和里面的文件' if is_container(name) else ''}"


def _behind(console: Console, names: list[str]) -> list[Outcome]:
    """Look once behind all that was withdrawn; return what is said of it."""
    told = []
    if instead := console.documents.look_behind(names):
        others = "、".join(one.document for one in instead)
        told.append(f"您写的{others}会替它们答错检验题，也停止了引用；为什么，见“停止引用”一栏")
    if held := [one.questions[0] for one in console.golden.withheld() if one.because in names]:
        told.append(f"别的文件会把检验题“{'”“'.join(held)}”答错，市民问到时先不回答；怎么办，首页会列出来")
    return [Outcome(True, one) for one in told]


def _reinstate_one(console: Console, name: str, version: str, why: str) -> str:
    left = console.documents.reinstate(name, why=why, seen=version.partition(".")[2])
    apart = f"；里面单独停止过的仍不引用：{'、'.join(left)}" if left else ""
    return f"已恢复引用：{name}{'和里面的文件' if is_container(name) else ''}{apart}"


def _delete_one(console: Console, name: str, version: str, why: str) -> str:
    console.require(Role.PUBLISHER, "delete")
    if not why.strip():
        raise ReasonMissing("删除文件要写明原因，会记入审计")
    console.documents.delete(name, version=version.partition(".")[0], why=why)
    return f"已删除：{name}；发布以后市民看不到它"


# What is done with each of several files, as it was seen (`version.seen`); returns what is said of it.
SELECTED: Mapping[str, Callable[[Console, str, str, str], str]] = {
    "withdraw-all": _withdraw_one,
    "reinstate-all": _reinstate_one,
    "delete-all": _delete_one,
}
# Each does its work and returns the name of the file to show next.
ACTIONS: Mapping[str, Callable[[Console, Form], str]] = {
    "describe": _describe,
    "reinstate": _reinstate,
    "delete": _delete,
    "put-back": _put_back,
    "stop": _stop,
}


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def files(request: Request) -> Response:
        return _page(pages, request, outcome=done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        form = form_of(body)
        if not is_own(request, form):
            return _page(pages, request, outcome=Outcome(False, STALE, 403), typed=form)
        name, shown, done = form.text("do"), "", ""
        if name in SELECTED:
            return _act_on_selected(pages, request, form)

        def acted() -> None:
            nonlocal shown, done
            shown, done = _do(pages, request, name, form)

        outcome = attempt(acted)
        if not outcome.done:
            return _page(pages, request, outcome=outcome, typed=form)
        within = f"{done}-within"
        done = within if within in SAID and is_container(shown) else done
        return RedirectResponse(_view(request).address(name=shown, done=done), 303)

    @router.post(FILE_UPLOAD)
    def upload(request: Request, sent: Annotated[FormData | Response, Depends(parts)]) -> Response:
        if isinstance(sent, Response):
            return sent
        token = sent.get("form")
        if not is_own(request, Form({"form": [token if isinstance(token, str) else ""]})):
            return _page(pages, request, outcome=Outcome(False, STALE, 403))
        told = taken(pages.console(request), sent)
        if not told:
            return _page(pages, request, outcome=Outcome(False, "请先选择要上传的文件", 400))
        late = any(one.status == 409 for one in told)
        return _page(pages, request, outcome=Outcome(False, CHANGED, 409) if late else Outcome(True), told=told)

    @router.get(READ_NOW)
    def read_now(request: Request) -> Response:
        try:
            return HTMLResponse(text_now(pages.console(request), readable(request.query_params.get("name", ""))))
        except EXPECTED as error:
            return JSONResponse({"error": str(error)}, 400)

    return router


def _do(pages: Pages, request: Request, name: str, form: Form) -> tuple[str, str]:
    """Do one thing; return the file to show next, and the key of what is said of it."""
    console = pages.console(request)
    if name == "leave-out":
        leave_out(console, form.text("built"))
    if name in ("publish", "leave-out"):
        begin(console, pages.settings, member_of(request))
        return "", name
    if name == "withdraw":
        return _withdraw(console, form)
    return ACTIONS[form.pressed(of=ACTIONS)](console, form), name


def _act_on_selected(pages: Pages, request: Request, form: Form) -> Response:
    """Do the same with each selected file; the page tells of each."""
    console, act = pages.console(request), SELECTED[form.text("do")]
    told: list[Outcome] = []

    def acted() -> None:
        nonlocal told
        rows = chosen(form)
        # What was selected by itself is withdrawn by itself, before the archive that it lies in; it returns after that.
        order = sorted(rows, key=lambda row: row[1].count("/"), reverse=form.text("do") == "withdraw-all")
        outcomes = each(order, lambda version, name: act(console, name, version, form.text("why")))
        done = dict(zip(order, outcomes, strict=True))
        told = [done[row] for row in rows]
        gone = [name for (_, name), one in zip(rows, told, strict=True) if one.done]
        told += _behind(console, gone) if form.text("do") == "withdraw-all" and gone else []

    outcome = attempt(acted)
    return _page(pages, request, outcome=outcome, told=told, typed=form)


def _page(
    pages: Pages, request: Request, *, outcome: Outcome, typed: Form | None = None, told: list[Outcome] | None = None
) -> Response:
    """Return the whole page; what was typed into a form that was refused stays in it."""
    console, view, typed = pages.console(request), _view(request), typed or Form({})
    seen_ns = time.time_ns()  # before the list is read, so that no later change counts as seen
    opened, trouble, status = None, "" if outcome.done else outcome.sentence, outcome.status
    try:
        documents = console.documents.list()
    except EXPECTED as error:
        documents, trouble = [], trouble or str(error)
    try:
        writing = typed if typed.text("do") == "describe" else None
        opened = panel(console, documents, view.name, passage=view.passage, typed=writing) if view.name else None
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    (listed, counts), now = found(documents, view), publishing(console, documents)
    return pages.shown(
        request,
        "staff/files/page.html",
        status=status,
        view=view,
        shelves=shelves(view, counts),
        orders={key: name for key, (name, _, _) in ORDERS.items()},
        found=listed,
        told=told or [],
        seen_ns=seen_ns,
        read_now=to_read([one.file for one in told or () if one.file]),
        publishing=now,
        rules=rules(pages.settings.max_file_mb),
        most=pages.settings.max_file_mb,
        most_files=MOST_FILES,
        panel=opened,
        may_publish=console.may(Role.PUBLISHER),
        typed=typed,
        chosen=still_chosen(typed, told or ()) if typed.text("do") in SELECTED else frozenset(),
        why=typed.text("why") if typed.text("do") in SELECTED else "",
        said=still_true(outcome.sentence, now) if outcome.done else "",
        trouble=trouble,
    )
