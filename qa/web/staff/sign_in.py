"""Signing in and out: the form, the session cookie, one's own account. Plain pages without a script."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa.runtime.errors import StaffRefused
from qa.staff.accounts.attempts import SignInTooOften
from qa.staff.accounts.members import CodeLate, SignedIn, SignInWrong
from qa.staff.accounts.second_step import RECOVERY, CodeWrong
from qa.staff.accounts.sessions import FOR_CODE, LONGEST, Sessions
from qa.web.html import render
from qa.web.http.policy import STAFF
from qa.web.staff.session_cookie import SESSION, tokens_of
from qa.web.staff.sign_in_line import Crowded, SignInLine
from qa.web.staff.sign_in_log import CODE_WRONG, DoorLog

SIGN_IN, CODE, HOME = f"{STAFF}/sign-in", f"{STAFF}/sign-in/code", f"{STAFF}/home"
FORM, KNOWN, WAITING = "staff_form", "staff_known", "staff_waiting"
# Seconds. Browsers keep a cookie for 400 days at most.
KNOWN_SECONDS = 400 * 24 * 3600
MAX_FIELD = 500

STALE = "这个页面打开得太久了，或者在别的窗口登录过；请再登录一次。"
CROWDED = "现在登录的人太多，请过一会儿再试。"
EMPTY = "请填写用户名和密码。"
SIGNED_OUT = "已退出。"
UNEQUAL = "两次输入的新密码不一样，请再输入一次。"
FAILURES = "此前10分钟内用这个账号登录失败{count}次"
WAITS = "密码对，等验证码"
RECOVERY_USED = "用了一个恢复码，还剩{left}个"
CHANGED = "密码已修改，所有设备上的登录都已失效，请用新密码登录。"


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Makes the sign-in page; `sign_on` names the provider that one may also sign in with, empty for none."""

    sign_on: str = ""

    def __call__(
        self,
        request: Request,
        note: str = "",
        *,
        name: str = "",
        status: int = 200,
        retry_after: int = 0,
        way_out: str = "",
    ) -> Response:
        """Return the form with a sentence above it. A token in form and cookie proves that the form is ours.

        `way_out` is the address where one signs out at the provider, too.
        """
        token = _token(request)
        shown = {"note": note, "name": name, "sign_on": self.sign_on, "way_out": way_out}
        response = HTMLResponse(render("staff/sign_in/page.html", staff=STAFF, token=token, **shown), status)
        _set(response, request, FORM, token)
        if retry_after:
            response.headers["Retry-After"] = str(retry_after)
        return response


@dataclass(frozen=True, slots=True)
class Door:
    """What the routes of signing in and out share. `way_out` returns where one signs out at the provider, too."""

    sessions: Sessions
    page: SignInPage
    log: DoorLog
    way_out: Callable[[str], str] | None = None


def routes(door: Door, change_password: Callable[[Any, str, str], None]) -> APIRouter:
    """Return the routes for signing in and out; `change_password` takes member, old password and new password."""
    router = APIRouter(include_in_schema=False)
    line = SignInLine()

    @router.get(STAFF)
    async def area() -> Response:
        return RedirectResponse(HOME, 307)

    _sign_in(router, door, line)
    _second_step(router, door)
    _account(router, door, line, change_password)
    _sign_out(router, door)
    return router


def _sign_in(router: APIRouter, door: Door, line: SignInLine) -> None:
    """Add the form for name and password, and what it leads to."""
    sessions, log, sign_in_page = door.sessions, door.log, door.page

    @router.get(SIGN_IN)
    async def form(request: Request) -> Response:
        return sign_in_page(request)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        fields = await _fields(request)
        name, password = fields.get("name", "").strip(), fields.get("password", "")
        if not _is_own_form(request, fields):
            return sign_in_page(request, STALE, name=name, status=403)
        if not name or not password:
            return sign_in_page(request, EMPTY, name=name, status=400)
        address = request.client.host if request.client else ""
        now, known = datetime.now(UTC), request.cookies.get(_known_cookie(name), "")
        # Signing in ends every earlier session of this browser, including one that somebody planted.
        left = tokens_of(request.headers)

        def begun() -> SignedIn:
            return sessions.sign_in(name, password, address=address, now=now, known=known, left=left)

        try:
            # Only a browser with such a cookie is looked up, so that strangers reach the line without any work.
            is_known = bool(known) and await asyncio.to_thread(sessions.knows, name, known)
            signed_in = await (line.known(begun) if is_known else line.stranger(begun, address=address))
        except SignInTooOften as error:
            log.failed(name)
            return sign_in_page(request, str(error), name=name, status=429, retry_after=error.seconds)
        except SignInWrong as error:
            log.failed(name)
            return sign_in_page(request, str(error), name=name, status=403)
        except Crowded:
            return sign_in_page(request, CROWDED, name=name, status=503, retry_after=5)
        told = FAILURES.format(count=signed_in.failures) if signed_in.failures else ""
        if signed_in.waits:
            await log(name, "sign in", "；".join(filter(None, [told, WAITS])))
            return code_page(request, token=signed_in.token)
        await log(name, "sign in", told)
        return _in(request, signed_in)


def _second_step(router: APIRouter, door: Door) -> None:
    """Add the form for the code of the second step."""
    sessions, log, sign_in_page = door.sessions, door.log, door.page

    @router.post(CODE)
    async def code(request: Request) -> Response:
        fields, token = await _fields(request), request.cookies.get(WAITING, "")
        if not _is_own_form(request, fields):
            return sign_in_page(request, STALE, status=403)
        now, name = datetime.now(UTC), await asyncio.to_thread(sessions.waits, token)
        try:
            signed_in = await asyncio.to_thread(sessions.second_step, token, fields.get("code", ""), now=now)
        except SignInTooOften as error:
            log.failed(name, CODE_WRONG)
            return code_page(request, str(error), status=429, retry_after=error.seconds)
        except CodeWrong as error:
            log.failed(name, CODE_WRONG)
            return code_page(request, str(error), status=403)
        except CodeLate as error:
            return sign_in_page(request, str(error), status=403)
        told = RECOVERY_USED.format(left=signed_in.left) if signed_in.by == RECOVERY else ""
        await log(signed_in.member.name, "sign in", told)
        response = _in(request, signed_in)
        response.delete_cookie(WAITING, path=STAFF)
        return response


def _account(router: APIRouter, door: Door, line: SignInLine, change_password: Callable[[Any, str, str], None]) -> None:
    """Add the page of one's own account, and the change of its password."""

    @router.get(f"{STAFF}/account")
    async def account(request: Request) -> Response:
        return _account_page(request)

    @router.post(f"{STAFF}/password")
    async def password(request: Request) -> Response:
        fields = await _fields(request)
        if not _is_own_form(request, fields):
            return _account_page(request, STALE, status=403)
        new = fields.get("new", "")
        if new != fields.get("again", ""):
            return _account_page(request, UNEQUAL, status=400)
        member = request.scope["member"]
        try:
            await line.known(lambda: change_password(member, fields.get("old", ""), new))
        except StaffRefused as error:
            return _account_page(request, str(error), status=400)
        except Crowded:
            return _account_page(request, CROWDED, status=503)
        response = _out(request, door, CHANGED)
        # The new password made this browser unknown, too.
        known = await asyncio.to_thread(door.sessions.know, member.name)
        _set(response, request, _known_cookie(member.name), known, seconds=KNOWN_SECONDS)
        return response


def _sign_out(router: APIRouter, door: Door) -> None:
    """Add the two ways out, here and on all devices."""

    @router.post(f"{STAFF}/sign-out")
    async def sign_out(request: Request) -> Response:
        if not _is_own_form(request, await _fields(request)):
            return _account_page(request, STALE, status=403)
        way_out = await asyncio.to_thread(_way_out, request, door)
        await asyncio.to_thread(door.sessions.sign_out, request.scope["session"])
        await door.log(request.scope["member"].name, "sign out", "")
        return _out(request, door, SIGNED_OUT, way_out=way_out)

    @router.post(f"{STAFF}/sign-out-everywhere")
    async def sign_out_everywhere(request: Request) -> Response:
        if not _is_own_form(request, await _fields(request)):
            return _account_page(request, STALE, status=403)
        way_out = await asyncio.to_thread(_way_out, request, door)
        await asyncio.to_thread(door.sessions.sign_out_everywhere, request.scope["member"].name)
        await door.log(request.scope["member"].name, "account sign out", "")
        return _out(request, door, SIGNED_OUT, way_out=way_out)


def _way_out(request: Request, door: Door) -> str:
    """Return where to sign out at the provider, too; empty for a session that began with a password."""
    if door.way_out is None or not door.sessions.signed_on(request.scope["session"]):
        return ""
    return door.way_out(str(request.url.replace(path=SIGN_IN, query="", fragment="")))


def _in(request: Request, signed_in: SignedIn) -> Response:
    """Return the way to the first page, with the session, and with the mark of a known browser."""
    response = RedirectResponse(HOME, 303)
    keep_session(response, request, signed_in)
    _set(response, request, _known_cookie(signed_in.member.name), signed_in.known, seconds=KNOWN_SECONDS)
    return response


def keep_session(response: Response, request: Request, signed_in: SignedIn) -> None:
    """Give the browser its session."""
    _set(response, request, SESSION, signed_in.token, seconds=int(LONGEST.total_seconds()))
    # What was left open before is of whoever was here then.
    response.delete_cookie(FORM, path=STAFF)


def code_page(
    request: Request, note: str = "", *, token: str = "", status: int = 200, retry_after: int = 0
) -> Response:
    """Return the form for the code of the second step; `token` is that of a password shown just now."""
    form = _token(request)
    response = HTMLResponse(render("staff/two_step/code.html", staff=STAFF, token=form, note=note), status)
    _set(response, request, FORM, form)
    if token:
        _set(response, request, WAITING, token, seconds=int(FOR_CODE.total_seconds()))
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _account_page(request: Request, note: str = "", *, status: int = 200) -> Response:
    token = _token(request)
    content = render("staff/account.html", staff=STAFF, token=token, note=note, member=request.scope["member"])
    response = HTMLResponse(content, status)
    _set(response, request, FORM, token)
    return response


def _out(request: Request, door: Door, note: str, *, way_out: str = "") -> Response:
    response = door.page(request, note, way_out=way_out)
    response.delete_cookie(SESSION, path=STAFF)
    return response


def _known_cookie(name: str) -> str:
    """Return the name of the cookie that marks a browser as known for an account; each account has its own."""
    return f"{KNOWN}_{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _token(request: Request) -> str:
    """Return the token of the forms in this browser: one for all its windows, so that none makes another stale."""
    return request.cookies.get(FORM) or secrets.token_urlsafe(16)


def _is_own_form(request: Request, fields: dict[str, str]) -> bool:
    kept = request.cookies.get(FORM, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), fields.get("form", "").encode())


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, each cut to `MAX_FIELD` characters; empty if the body is not a form."""
    try:
        parsed = parse_qs((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0][:MAX_FIELD] for name, values in parsed.items()}


def _set(response: Response, request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path=STAFF, secure=secure, httponly=True, samesite="strict")
