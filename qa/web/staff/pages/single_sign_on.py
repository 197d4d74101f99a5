"""Signing in at the provider of single sign-on: the way there and back (OpenID Connect, code flow with PKCE)."""

import asyncio
import logging
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.service.network_address import network_of
from qa.staff.accounts.members import SignedIn
from qa.staff.accounts.sessions import Sessions
from qa.staff.accounts.sign_on.arriving import Arriving
from qa.staff.accounts.sign_on.errors import NotKnown, ProviderDown, SignOnRefused, broken, declined
from qa.staff.accounts.sign_on.provider import Provider
from qa.staff.accounts.sign_on.ways import LONGEST, TooManyWays, Way, Ways
from qa.storage.database import database_of
from qa.web.html import render
from qa.web.http.policy import STAFF
from qa.web.staff.session_cookie import tokens_of
from qa.web.staff.sign_in import CROWDED, HOME, WAITS, SignInPage, code_page, keep_session
from qa.web.staff.sign_in_line import Crowded, SignInLine
from qa.web.staff.sign_in_log import SIGN_ON_FAILED, SIGN_ON_UNKNOWN, DoorLog

logger = logging.getLogger(__name__)

START, BACK = f"{STAFF}/sign-in/sso", f"{STAFF}/sign-in/sso/back"
WAY = "staff_way"
# Characters. Codes and states of providers take some hundreds.
MOST_CODE = 4096

SIGNED_ON = "用统一身份认证"


class SingleSignOn:
    """The two addresses that a browser passes through. Passwords go on to work beside it."""

    def __init__(self, settings: Settings, provider: Provider, sessions: Sessions, log: DoorLog) -> None:
        self._settings, self._sessions, self._log = settings, sessions, log
        self._provider, self._arriving = provider, Arriving(settings)
        self._ways = Ways(database_of(settings))
        # A line of its own: whoever waits for the provider keeps nobody with a password waiting.
        self._line = SignInLine()

    def routes(self, page: SignInPage) -> APIRouter:
        """Return the routes; without a session nothing else below `/staff` but the sign-in page opens."""
        router = APIRouter(include_in_schema=False)

        @router.get(START)
        async def start(request: Request) -> Response:
            try:
                token, address = await self._line.stranger(lambda: self._begun(request), address=_caller(request))
            except SignOnRefused as error:
                return self._refused(request, page, error)
            except Crowded:
                return page(request, CROWDED, status=503, retry_after=5)
            response = RedirectResponse(address, 303)
            # Not "strict": the provider's page leads back here, and such a cookie would not come along.
            response.set_cookie(
                WAY,
                token,
                max_age=int(LONGEST.total_seconds()),
                path=START,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
            return response

        @router.get(BACK)
        async def back(request: Request) -> Response:
            try:
                way, claims = await self._line.stranger(lambda: self._proved(request), address=_caller(request))
                signed_in = await self._signed_in(way, claims)
                response = await self._let_in(request, signed_in)
            except StaffRefused as error:
                response = self._refused(request, page, error)
            except Crowded:
                return page(request, CROWDED, status=503, retry_after=5)
            response.delete_cookie(WAY, path=START)
            return response

        return router

    def _begun(self, request: Request) -> tuple[str, str]:
        """Return a new token for the browser, and the address at the provider."""
        token, way = self._ways.begin(
            back=str(request.url.replace(path=BACK, query="", fragment="")),
            network=network_of(_caller(request)),
            sessions=tokens_of(request.headers),
            now=datetime.now(UTC),
        )
        return token, self._provider.address(way)

    def _proved(self, request: Request) -> tuple[Way, dict[str, object]]:
        """Return the way that ends here, and what the provider says of whoever came on it."""
        query = request.query_params
        code, state = query.get("code", ""), query.get("state", "")
        way = self._ways.end(request.cookies.get(WAY, ""), state, now=datetime.now(UTC))
        # RFC 9207: where the provider names itself here, it has to be ours.
        if query.get("iss", self._settings.sso_issuer) != self._settings.sso_issuer:
            raise broken("the browser comes from another provider")
        if "error" in query or not 0 < len(code) <= MOST_CODE:
            raise declined(query.get("error", "no code"))
        return way, self._provider.claims(code, way)

    async def _signed_in(self, way: Way, claims: dict[str, object]) -> SignedIn:
        def begun() -> SignedIn:
            account = self._arriving.account_of(claims)
            return self._sessions.sign_on(account, now=datetime.now(UTC), earlier=way.earlier)

        return await asyncio.to_thread(begun)

    async def _let_in(self, request: Request, signed_in: SignedIn) -> Response:
        if signed_in.waits:
            await self._log(signed_in.member.name, "sign in", f"{SIGNED_ON}；{WAITS}")
            return code_page(request, token=signed_in.token)
        await self._log(signed_in.member.name, "sign in", SIGNED_ON)
        # A page, and no redirect: the browser sends the session's cookie along only from a page of ours.
        response = HTMLResponse(render("staff/sign_in/arrived.html", staff=STAFF, to=HOME))
        keep_session(response, request, signed_in)
        return response

    def _refused(self, request: Request, page: SignInPage, error: StaffRefused) -> Response:
        logger.warning("Single sign-on: %s", error.why if isinstance(error, SignOnRefused) else type(error).__name__)
        if isinstance(error, ProviderDown | TooManyWays):
            return page(request, str(error), status=503, retry_after=30)
        self._log.failed("", SIGN_ON_UNKNOWN if isinstance(error, NotKnown) else SIGN_ON_FAILED)
        return page(request, str(error), status=403)


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""
