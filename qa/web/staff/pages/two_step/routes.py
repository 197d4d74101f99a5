"""The routes of the page 两步登录. The recovery codes are shown once, in the response that makes them."""

from collections.abc import Callable, Mapping

import segno
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from qa.staff.accounts.management import StaffAccounts
from qa.web.html import NOTHING, Html
from qa.web.staff.guard import TWO_STEP
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, done_before, member_of

SAID: Mapping[str, str] = {"begin": "请用手机扫二维码", "end": "已关闭，登录只要密码"}


def _begin(accounts: StaffAccounts, form: Form, session: str) -> tuple[str, ...]:
    accounts.begin_second_step(form.text("password"), session=session)
    return ()


def _confirm(accounts: StaffAccounts, form: Form, session: str) -> tuple[str, ...]:
    return accounts.confirm_second_step(form.text("code"))


def _renew(accounts: StaffAccounts, form: Form, session: str) -> tuple[str, ...]:
    return accounts.renew_recovery_codes(form.text("password"), session=session)


def _end(accounts: StaffAccounts, form: Form, session: str) -> tuple[str, ...]:
    accounts.end_second_step(form.text("password"), session=session)
    return ()


# Each returns the recovery codes that it made; the session may stand for the password.
ACTIONS: Mapping[str, Callable[[StaffAccounts, Form, str], tuple[str, ...]]] = {
    "begin": _begin,
    "confirm": _confirm,
    "renew": _renew,
    "end": _end,
}


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; each acts on one's own account."""
    router = APIRouter(include_in_schema=False)

    @router.get(TWO_STEP)
    def second_step(request: Request) -> Response:
        return _page(pages, request, done_before(request, SAID))

    @router.post(TWO_STEP)
    def act(request: Request, body: Body) -> Response:
        codes: tuple[str, ...] = ()

        def act(form: Form) -> str:
            nonlocal codes
            name = form.pressed(of=ACTIONS)
            codes = ACTIONS[name](_accounts(pages, request), form, request.scope["session"])
            return f"{TWO_STEP}?done={name}"

        _, outcome, to = acted(request, body, act)
        if outcome.done and not codes:
            return RedirectResponse(to, 303)
        return _page(pages, request, outcome, codes=codes)

    return router


def _accounts(pages: Pages, request: Request) -> StaffAccounts:
    member = member_of(request)
    return StaffAccounts(pages.settings, who=member.name, role=member.role)


def _page(pages: Pages, request: Request, outcome: Outcome, *, codes: tuple[str, ...] = ()) -> Response:
    # The guard forbids browsers to store any page of the area: neither secret nor codes stay there.
    accounts = _accounts(pages, request)
    own = accounts.second_step()
    return pages.shown(
        request,
        "staff/two_step/page.html",
        status=outcome.status,
        own=own,
        code=picture(own.address) if own.address else NOTHING,
        codes=codes,
        just=accounts.just_signed_on(request.scope["session"]),
        sign_on=pages.settings.sso_label if pages.settings.sso_issuer else "",
        required=member_of(request).unready and not codes,
        said="已开通两步登录" if codes and outcome.done else outcome.sentence if outcome.done else "",
        trouble="" if outcome.done else outcome.sentence,
    )


def picture(text: str) -> Html:
    """Return a QR code as a drawing within the page."""
    drawn = segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000", svgclass="qr")
    return Html(drawn)  # noqa: S704  drawn from the text; no part of the text is in it
