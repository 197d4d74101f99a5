"""The routes of the page 设置: settings and accounts, what their buttons do, and what is asked before."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Unfit
from qa.staff.accounts.accounts import Account, AccountRefused
from qa.staff.accounts.passwords import PasswordWeak, check, suggestion
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, attempt, done_before, form_of, is_own, member_of
from qa.web.staff.pages.settings.asking import Asking, removal
from qa.web.staff.pages.settings.saving import SAVED, save, typed_in
from qa.web.staff.pages.settings.view import ACCOUNTS, ADDRESS, ROLES, SHELVES, Typed, View, groups, rows, view_of

# It saves; after a question it leaves all as it was typed.
SET, KEEP = "set", "keep"

SAID: Mapping[str, str] = {
    "set": SAVED,
    "add": "已新建账号，请把用户名和密码当面交给本人；第一次登录要换密码",
    "role": "角色已改，须重新登录",
    "password": "密码已重设，请当面交给本人；下次登录要换密码",
    "out": "已在所有设备上退出",
    "identity": "统一登录名已保存，须重新登录",
    "second": "两步登录已重置，下次登录只要密码",
    "remove": "账号已删除",
}


def _role(console: Console, form: Form, action: str) -> Role:
    console.require(Role.ADMIN, action)
    if form.text("role") not in [*Role]:
        raise Unfit("请选一个角色")
    return Role(form.text("role"))


def _seen(form: Form) -> str | None:
    """Return the version of the account that the page showed."""
    return form.text("seen") if "seen" in form.values else None


def _add(console: Console, form: Form) -> str:
    name = form.text("account").strip()
    console.accounts.add(name, _role(console, form, "account add"), form.text("password"), first=True)
    return name


def _change_role(console: Console, form: Form) -> str:
    role = _role(console, form, "account role")
    console.accounts.set_role(form.text("account"), role, seen=_seen(form))
    return form.text("account")


def _password(console: Console, form: Form) -> str:
    console.accounts.set_password(form.text("account"), form.text("password"), first=True, seen=_seen(form))
    return form.text("account")


def _out(console: Console, form: Form) -> str:
    console.accounts.sign_out_everywhere(form.text("account"))
    return form.text("account")


def _second(console: Console, form: Form) -> str:
    console.accounts.reset_second_step(form.text("account"))
    return form.text("account")


def _identity(console: Console, form: Form) -> str:
    console.accounts.set_identity(form.text("account"), form.text("identity"), seen=_seen(form))
    return form.text("account")


def _remove(console: Console, form: Form) -> str:
    console.accounts.remove(form.text("account"), seen=_seen(form))
    return ""


# Each does its work and returns the account to show next.
ACTIONS: Mapping[str, Callable[[Console, Form], str]] = {
    "add": _add,
    "role": _change_role,
    "password": _password,
    "out": _out,
    "second": _second,
    "identity": _identity,
    "remove": _remove,
}


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def settings(request: Request) -> Response:
        return _page(pages, request, outcome=done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        sent = form_of(body)
        if is_own(request, sent) and sent.text("do") in (SET, KEEP):
            return _saved(pages, request, sent)
        if asked := _asked(pages, request, sent):
            return asked

        def act(form: Form) -> str:
            name = form.pressed(of=ACTIONS)
            account = ACTIONS[name](pages.console(request), form)
            return view_of(request.query_params).address(account=account, new="", done=name)

        form, outcome, to = acted(request, body, act)
        return RedirectResponse(to, 303) if outcome.done else _page(pages, request, outcome=outcome, sent=form)

    return router


def _saved(pages: Pages, request: Request, form: Form) -> Response:
    """Save settings; what is typed and not saved stays on the page, also while something is asked."""
    console = pages.console(request)
    if form.text("do") == KEEP:
        left = typed_in(form, console.runtime_settings.list())
        return _page(pages, request, outcome=Outcome(True), left=left)
    saving = save(console, form)
    if saving.outcome.sentence == SAVED:
        return RedirectResponse(view_of(request.query_params).address(done=SET), 303)
    return _page(pages, request, outcome=saving.outcome, sent=form, asking=saving.asking, left=saving.left)


def _asked(pages: Pages, request: Request, form: Form) -> Response | None:
    """Return the page that asks before an account is removed; None where nothing has to be asked."""
    found: Asking | None = None

    def looked() -> None:
        nonlocal found
        found = removal(pages.console(request), form)

    if not is_own(request, form) or form.text("do") != "remove":
        return None
    outcome = attempt(looked)
    if outcome.done and found is None:
        return None
    return _page(pages, request, outcome=outcome, sent=form, asking=found)


def _page(
    pages: Pages,
    request: Request,
    *,
    outcome: Outcome,
    sent: Form | None = None,
    asking: Asking | None = None,
    left: Mapping[str, Typed] | None = None,
) -> Response:
    """Return the whole page; what was typed into a form that was refused stays in it, a weak password apart."""
    console, view = pages.console(request), view_of(request.query_params)
    trouble, status, admin = "" if outcome.done else outcome.sentence, outcome.status, console.may(Role.ADMIN)
    accounts: list[Account] = []
    opened: Account | None = None
    try:
        accounts = console.accounts.list() if admin and view.shelf == ACCOUNTS else []
        # On phones the panel would lie over what is asked.
        wanted = admin and view.account and view.shelf == ACCOUNTS and asking is None
        opened = _account(accounts, view.account) if wanted else None
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    settings = console.runtime_settings.list()
    if left is None:
        left = typed_in(sent, settings) if sent else {}
    return pages.shown(
        request,
        "staff/settings/page.html",
        status=status,
        view=view,
        shelves=[(name, View(shelf=key).address(), key == view.shelf) for key, name in SHELVES.items()],
        groups=groups(settings, left),
        admin=admin,
        roles=ROLES,
        accounts=rows(accounts, view),
        opened=opened,
        own=member_of(request).name,
        suggested=_suggested(sent) if admin else "",
        sign_on=pages.settings.sso_label if pages.settings.sso_issuer else "",
        typed=sent or Form({}),
        asking=asking,
        said=outcome.sentence if outcome.done else "",
        trouble=trouble,
    )


def _suggested(sent: Form | None) -> str:
    """Return a password to hand over: a good one in a form that was refused may be noted down already."""
    try:
        check(sent.text("password") if sent else "")
    except PasswordWeak:
        return suggestion()
    return sent.text("password") if sent else ""


def _account(accounts: list[Account], name: str) -> Account:
    found = next((one for one in accounts if one.name == name), None)
    if found is None:
        raise AccountRefused(f"没有账号“{name}”，可能已被删除；请刷新页面")
    return found
