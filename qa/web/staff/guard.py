"""The guard in front of the staff area, behind the guard of the whole app: nothing works without a session."""

import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Protocol

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.service.fair_queue import TooMany, Turns
from qa.staff.permissions import Role
from qa.web.http.bodies import MALFORMED, Refusal, read_body, replay
from qa.web.http.guard import NOT_FOUND
from qa.web.http.policy import MAX_PATH, STAFF, below_staff
from qa.web.staff.pages.single_sign_on import BACK, START
from qa.web.staff.refusals import reads_pages, refused
from qa.web.staff.session_cookie import session_of
from qa.web.staff.sign_in import CODE, SIGN_IN, SignInPage

# The page 文件 takes its uploads itself.
FILE_UPLOAD = f"{STAFF}/files/upload"
# Bytes of a form: a golden question, a reviewed answer, the boxes of a list.
MAX_FORM = 1024 * 1024
BODY_SECONDS = 30.0
# Open pages call this by themselves, so it must not keep a session from becoming idle.
PROGRESS = f"{STAFF}/progress"
TWO_STEP = f"{STAFF}/two-step"
ACCOUNT = f"{STAFF}/account"
# What a member may do who still has to set up the second step of signing in.
UNREADY = frozenset({TWO_STEP, ACCOUNT, f"{STAFF}/sign-out", f"{STAFF}/sign-out-everywhere"})
# And who still has to choose a password that nobody else knows.
FIRST_PASSWORD = frozenset({ACCOUNT, f"{STAFF}/password", f"{STAFF}/sign-out", f"{STAFF}/sign-out-everywhere"})
_PAGES: tuple[str, ...] = ("home", "questions", "files", "publish", "golden", "settings", "two-step")
_PAGES += ("more", "log", "answers", "trial", "audit", "backups")
# Whoever opens one of these without a session is asked to sign in.
PAGES = frozenset({STAFF, f"{STAFF}/"} | {f"{STAFF}/{name}" for name in _PAGES})
PATHS: Mapping[str, frozenset[str]] = {
    "GET": frozenset(
        {
            *PAGES,
            ACCOUNT,
            PROGRESS,
            f"{STAFF}/files/text",
            f"{STAFF}/original",
            f"{STAFF}/questions.csv",
            f"{STAFF}/audit.csv",
            f"{STAFF}/backup",
        }
    ),
    "POST": frozenset(
        {
            *(f"{STAFF}/sign-out", f"{STAFF}/sign-out-everywhere", f"{STAFF}/password"),
            *(f"{STAFF}/questions", f"{STAFF}/questions/preview", f"{STAFF}/files", FILE_UPLOAD),
            *(f"{STAFF}/publish", f"{STAFF}/golden", f"{STAFF}/settings", TWO_STEP),
            *(f"{STAFF}/answers", f"{STAFF}/trial", f"{STAFF}/backups"),
        }
    ),
}

# An upload as browsers announce it. A `charset` beside it would choose how its fields and names are decoded: Python's
# "punycode" takes quadratic time, and "utf-7" makes halves of surrogate pairs.
_UPLOADED = re.compile(r'multipart/form-data; *boundary=("?)[\w\'()+,./:=?-]{1,70}\1', re.ASCII | re.IGNORECASE)

TOO_LARGE = "文件太大：一次上传的全部文件合起来也有上限，请分几次上传。"
NOT_READY = "本站要求您用两步登录；请先在账号页开通。"
CHANGE_FIRST = "您的密码是别人设的；请先在账号页换成只有您知道的。"
SIGNED_OUT = "请先登录；登录可能已经过期。"
TOO_MANY = "您同时打开的太多，请等前面的完成再试。"


class Member(Protocol):
    """The signed-in member of staff."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def unready(self) -> bool: ...
    @property
    def first_password(self) -> bool: ...


class Members(Protocol):
    """Finds the member of a session. A call that is not `active` does not reset the idle time."""

    def __call__(self, token: str, now: datetime, *, active: bool) -> Member | None: ...


class StaffGuard:
    """ASGI middleware: below `/staff`, passes only members of staff, known routes, and bodies of limited size.

    `member` finds the member of a session. The scope of a passed call holds it as `member`, and the token as `session`.
    `page` asks to sign in; where it names a provider of single sign-on, the way there and back is open, too. Uploads of
    at most `max_upload` bytes stream through; all other bodies are read first.
    """

    def __init__(self, app: ASGIApp, member: Members, *, max_upload: int, page: SignInPage) -> None:
        self.app = app
        self.member = member
        self.page = page
        self.max_upload = max_upload
        # Of forty threads, citizens keep those that these two leave. A browser has six connections, a member some tabs.
        self._working = Turns(16, of_member=8, present=60)
        self._uploading = Turns(8, of_member=3, present=20)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not below_staff(scope["path"]):
            await self.app(scope, receive, send)
            return
        method, path, headers = scope["method"], scope["path"], Headers(scope=scope)
        if self._is_open(method, path):
            await self._pass_on(scope, receive, send, headers)
            return
        token = session_of(headers)
        member = self.member(token, datetime.now(UTC), active=path != PROGRESS) if token else None
        if member is None:
            if method == "GET" and (path in PAGES or reads_pages(method, headers)):
                response = self.page(Request(scope), status=401)
            else:
                response = JSONResponse({"error": SIGNED_OUT}, 401)
            await response(scope, receive, send)
        elif not _is_known("GET" if method == "HEAD" else method, path):
            await refused(method, headers, NOT_FOUND, status=404)(scope, receive, send)
        elif member.first_password and path not in FIRST_PASSWORD:
            await _sent_to(ACCOUNT, CHANGE_FIRST, method, path)(scope, receive, send)
        elif member.unready and path not in UNREADY and not member.first_password:
            await _sent_to(TWO_STEP, NOT_READY, method, path)(scope, receive, send)
        elif path == FILE_UPLOAD:
            await self._pass_upload(_with(scope, member, token), receive, send, headers)
        else:
            await self._pass_on(_with(scope, member, token), receive, send, headers)

    def _is_open(self, method: str, path: str) -> bool:
        """Return whether a call needs no session: it belongs to signing in."""
        if self.page.sign_on and path in (START, BACK):
            return method == "GET"
        return (path == SIGN_IN and method in ("GET", "HEAD", "POST")) or (path == CODE and method == "POST")

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            body = await read_body(headers, receive, most=MAX_FORM, seconds=BODY_SECONDS)
            if isinstance(body, Refusal):
                await body.response()(scope, receive, send)
                return
            receive = replay(body, receive)
        if "member" not in scope:  # signing in has a line of its own
            await self.app(scope, receive, send)
        else:
            await self._in_turn(self._working, scope, receive, send)

    async def _in_turn(self, turns: Turns, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on in its turn, which ends when the response begins."""
        async with AsyncExitStack() as turn:
            try:
                await turn.enter_async_context(turns.turn(scope["member"].name))
            except TooMany:
                await Refusal(429, TOO_MANY).response()(scope, receive, send)
                return

            async def sending(message: Message) -> None:
                await turn.aclose()  # no thread works for it any more, however slow its reader is
                await send(message)

            await self.app(scope, receive, sending)

    async def _pass_upload(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > self.max_upload:
            await Refusal(413, TOO_LARGE).response()(scope, receive, send)
            return
        kinds = headers.getlist("content-type")
        if len(kinds) != 1 or not _UPLOADED.fullmatch(kinds[0]):
            await Refusal(400, MALFORMED).response()(scope, receive, send)
            return
        counted = 0

        async def counting() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            # Starlette ends its temporary files for this error only, and the page answers 413 for these words.
            if counted > self.max_upload:
                raise MultiPartException(TOO_LARGE)
            if message["type"] == "http.disconnect":
                raise MultiPartException("Gone before the end")
            return message

        await self._in_turn(self._uploading, scope, counting, send)


def _sent_to(place: str, why: str, method: str, path: str) -> Response:
    """Return the way to what a member has to do first; for other calls than pages the reason."""
    page = method in ("GET", "HEAD") and path in PAGES
    return RedirectResponse(place, 303) if page else JSONResponse({"error": why}, 403)


def _with(scope: Scope, member: Member, token: str) -> Scope:
    return {**scope, "member": member, "session": token}


def _is_known(method: str, path: str) -> bool:
    return len(path.encode("utf-8", "surrogatepass")) <= MAX_PATH and path in PATHS.get(method, ())
