"""What all pages of the area share: the caller's console, forms that prove to be ours, the page around."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.bootstrap.models import Models
from qa.runtime.errors import NotAllowed, Overtaken, Unfit
from qa.runtime.settings import Settings
from qa.service.questions import readable
from qa.staff.accounts.members import Member
from qa.staff.console import Console
from qa.storage.database import DatabaseError
from qa.web.html import render
from qa.web.http.policy import STAFF
from qa.web.staff.sign_in import HOME
from qa.web.staff.values import whole_number
from qa.web.staff.versions import in_words

# The token of forms lasts as long as the browser is open, so that a form outlives its session: see `is_own`.
TOKEN = "staff_page"
MOST_FIELDS = 300
# Characters in a field. The longest text of staff, a reviewed answer, takes a tenth of it.
MAX_TEXT = 20_000
STALE = "这个页面打开得太久了，或者打开以后换了人登录，没有保存；请看过再提交一次。"
PLACES = (
    ("首页", HOME),
    ("问题", f"{STAFF}/questions"),
    ("文件", f"{STAFF}/files"),
    ("发布", f"{STAFF}/publish"),
    ("检验题", f"{STAFF}/golden"),
    ("设置", f"{STAFF}/settings"),
    ("更多", f"{STAFF}/more"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that a browser sent."""

    values: dict[str, list[str]]

    def text(self, name: str) -> str:
        """Return the value of a field, empty if it was not sent."""
        return readable(self.values.get(name, [""])[0][:MAX_TEXT])

    def texts(self, name: str) -> list[str]:
        """Return all values of a field that may be sent several times."""
        return [readable(value[:MAX_TEXT]) for value in self.values.get(name, [])]

    def number(self, name: str) -> int:
        """Return the number in a hidden field. Raises `Unfit`."""
        return whole_number(self.text(name))

    def pressed(self, *, of: Collection[str]) -> str:
        """Return the name of the button that was pressed, which is one of the page's. Raises `Unfit`."""
        name = self.text("do")
        if name not in of:
            raise Unfit("没有这个操作，请刷新页面")
        return name

    def kept(self, name: str, otherwise: str = "", *, of: str) -> str:
        """Return what a field holds, if this is the form with the button `of`; else `otherwise`."""
        return self.text(name) if self.text("do") == of else otherwise


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended: `done`, or the sentence for the page that says why not, with the status of the response.

    `file` names the file that was taken, so that the page can show how it is read.
    """

    done: bool
    sentence: str = ""
    status: int = 200
    file: str = ""


async def _body(request: Request) -> bytes:
    return await request.body()


# The guard has read it: whole, and of limited size.
Body = Annotated[bytes, Depends(_body)]


class Pages:
    """Makes pages for members of staff, each with the console of the member who calls."""

    def __init__(self, settings: Settings, models: Models | None) -> None:
        self.settings = settings
        self._models = models

    def console(self, request: Request) -> Console:
        member = member_of(request)
        return Console(self.settings, who=member.name, role=member.role, models=self._models)

    def shown(
        self, request: Request, template: str, *, status: int = 200, trouble: str = "", **values: object
    ) -> Response:
        """Return a page; its template continues `staff/frame.html`. `trouble` says what could not be done."""
        token = request.cookies.get(TOKEN) or secrets.token_urlsafe(16)
        member, here = member_of(request), request.url.path
        shown = stamped(token, member.name)
        given = {**values, "trouble": in_words(trouble), "token": shown, "member": member, "here": here}
        content = render(template, staff=STAFF, places=PLACES, **given)
        response = HTMLResponse(content, status)
        secure = request.url.scheme == "https"
        response.set_cookie(TOKEN, token, path=STAFF, secure=secure, httponly=True, samesite="strict")
        return response


def member_of(request: Request) -> Member:
    """Return the member whom the guard let in with this call."""
    member = request.scope["member"]
    assert isinstance(member, Member)
    return member


def form_of(body: bytes) -> Form:
    """Return the fields of a form; none if the body is not a form."""
    try:
        return Form(parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return Form({})


def stamped(token: str, name: str) -> str:
    """Return the token as the forms of a member carry it: nobody sends what another has left open in this browser."""
    return f"{token}.{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def is_own(request: Request, form: Form) -> bool:
    """Return whether a page of ours made the form for this member.

    The form carries the token that only this browser's cookie holds.
    """
    kept, sent = request.cookies.get(TOKEN, ""), form.text("form")
    return bool(kept) and hmac.compare_digest(stamped(kept, member_of(request).name).encode(), sent.encode())


def attempt(action: Callable[[], object]) -> Outcome:
    """Run an action; a refusal becomes a sentence."""
    try:
        action()
    except EXPECTED as error:
        status = 409 if isinstance(error, Overtaken) else 403 if isinstance(error, NotAllowed) else 400
        return Outcome(False, str(error), status)
    except (DatabaseError, OSError) as error:
        kind = error.__class__.__name__
        return Outcome(False, f"没有成功：{kind}。请稍后再试，仍不行请告诉管理人员", 503)
    return Outcome(True)


def done_before(request: Request, said: Mapping[str, str]) -> Outcome:
    """Return the outcome of the action that led to this page: its sentence, of those `said` by their name."""
    return Outcome(True, said.get(request.query_params.get("done", ""), ""))


def acted(request: Request, body: bytes, act: Callable[[Form], str]) -> tuple[Form, Outcome, str]:
    """Do what a form of ours asks for; return the form, how it ended, and the address that `act` leads to."""
    form, to = form_of(body), ""
    if not is_own(request, form):
        return form, Outcome(False, STALE, 403), ""

    def done() -> None:
        nonlocal to
        to = act(form)

    outcome = attempt(done)
    return form, outcome, to
