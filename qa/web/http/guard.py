"""The guard in front of the whole web app: whatever it does not know is refused."""

import re
import secrets
from collections.abc import Callable, Collection, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.runtime.logs import REQUEST
from qa.service.network_address import address_of
from qa.web.http.bodies import BODY_SECONDS, MALFORMED, MAX_BODY, Refusal, is_page_call, read_body, replay
from qa.web.http.connections import MOST_HEAD
from qa.web.http.inline_scripts import HEADER as INLINE_SCRIPTS
from qa.web.http.policy import (
    CONTENT_POLICY,
    FOREVER,
    LASTING,
    METRICS,
    PAGE_CALL,
    STAFF_HEADERS,
    WIDGET,
    allowing,
    below_staff,
    is_public,
    safe_headers,
)

# Bytes. Staff carry two cookies of under 100 each.
MAX_COOKIES = 4 * 1024
# Bytes. A link to 40 marked places of a document takes a sixth of it.
MAX_QUERY = 8 * 1024
# Characters of the longest IPv6 address with a zone.
LONGEST_ADDRESS = 64
# How a proxy names a request, which it may send a second time.
REQUEST_NAME = re.compile(r"[A-Za-z0-9-]{16,64}")

# Only a proxy may say how the site looks from outside, not a visitor: Gradio builds the page's addresses from it.
UNTRUSTED_PREFIXES = (b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-gradio-")
UNTRUSTED = frozenset({b"forwarded", b"x-host", b"x-http-method-override"})
_OURS = re.compile(rb"(?:^|;) *(staff_[a-z0-9_]{1,32}=[\w.~+/=-]{1,512}) *(?=;|$)")

NOT_FOUND = "没有这个页面。"
WRONG_HOST = "本站不接受这个地址，请使用正式公布的网址。"
FOREIGN = "请在本站页面上提问。"
LONG_HEADERS = "浏览器随请求送来的内容太长，请清除本站的 Cookie 后再试。"
LONG_ADDRESS = "网址太长，请从本站的页面重新打开。"


class Guard:
    """ASGI middleware: passes known routes and hosts, calls from our own pages and small bodies; adds safe headers.

    `sites` may embed the chat in a frame. `proxies` are trusted on whom they call for and on HTTPS. With `staff`, calls
    below `/staff` go on to the guard behind, with their bodies unread. With `docs_site`, the documentation is public.
    `missing` makes the page for a reader who opens an address that does not exist, of the `Accept-Language`.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        *,
        sites: Sequence[str] = (),
        proxies: Collection[str] = (),
        staff: bool = False,
        metrics_from: Collection[str] = (),
        docs_site: bool = False,
        missing: Callable[[str], Response] | None = None,
        max_body: int = MAX_BODY,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.proxies = frozenset(map(address_of, proxies))
        self.staff = staff
        self.metrics_from = frozenset(map(address_of, metrics_from))
        self.docs_site = docs_site
        self.missing = missing
        self.safe_headers = safe_headers(sites)
        self.max_body = max_body
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        request = self._request(scope, headers)
        REQUEST.set(request)
        sender = self._with_safe_headers(scope["path"], request, send)
        refusal = _too_long(scope) or self._refuse(scope, headers)
        if refusal is None and scope["method"] not in ("GET", "HEAD") and not self._is_staff(scope["path"]):
            body = await read_body(headers, receive, most=self.max_body, seconds=self.body_seconds)
            if isinstance(body, Refusal):
                refusal = body
            elif scope["path"] == PAGE_CALL and not is_page_call(headers, body):
                refusal = Refusal(400, MALFORMED)
            else:
                receive = replay(body, receive)
        if refusal is not None:
            await self._told(refusal, scope, headers)(scope, receive, sender)
            return
        # Public pages use no cookie, and staff pages only ours: some parsers take quadratic time for other cookies.
        headers_on = _trusted(scope["headers"], cookies=self._is_staff(scope["path"]))
        inner = {**scope, "headers": headers_on, "client": self._client(scope, headers)}
        inner["scheme"] = self._scheme(scope, headers)
        await self.app(inner, receive, sender)

    def _client(self, scope: Scope, headers: Headers) -> tuple[str, int]:
        """Return the caller's address as the last of our own proxies saw it, never as a visitor claims it."""
        host, port = scope.get("client") or ("", 0)
        chain = [part.strip() for value in headers.getlist("x-forwarded-for") for part in value.split(",")]
        while address_of(host) in self.proxies and chain:
            host, port = chain.pop(), 0
        return host[:LONGEST_ADDRESS], port

    def _request(self, scope: Scope, headers: Headers) -> str:
        """Return the name that our own proxy gave the request, or else a new one."""
        named = headers.get("x-request-id", "") if self._is_proxied(scope) else ""
        return named if REQUEST_NAME.fullmatch(named) else secrets.token_hex(16)

    def _is_proxied(self, scope: Scope) -> bool:
        return address_of((scope.get("client") or ("", 0))[0]) in self.proxies

    def _scheme(self, scope: Scope, headers: Headers) -> str:
        """Return the browser's scheme as our own proxy reports it, else that of the connection."""
        secure = (
            self._is_proxied(scope)
            and headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower() == "https"
        )
        return "https" if secure else str(scope.get("scheme", "http"))

    def _is_staff(self, path: str) -> bool:
        return self.staff and below_staff(path)

    def _refuse(self, scope: Scope, headers: Headers) -> Refusal | None:
        method, path = scope["method"], scope["path"]
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _hostname(hosts[0]) not in self.hosts:
            return Refusal(400, WRONG_HOST)
        if path == METRICS and self.metrics_from and method in ("GET", "HEAD"):
            known = address_of(self._client(scope, headers)[0]) in self.metrics_from
            return None if known else Refusal(404, NOT_FOUND)
        read = "GET" if method == "HEAD" else method
        if not self._is_staff(path) and not is_public(read, path, docs_site=self.docs_site):
            return Refusal(404, NOT_FOUND)
        if method not in ("GET", "HEAD") and not _comes_from_here(headers, hosts[0], self._scheme(scope, headers)):
            return Refusal(403, FOREIGN)
        return None

    def _told(self, refusal: Refusal, scope: Scope, headers: Headers) -> Response:
        """Return a page where a reader opens an address that does not exist, and JSON to programs."""
        reads = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
        if self.missing and reads and refusal.status == 404:
            return self.missing(headers.get("accept-language", ""))
        return refusal.response()

    def _with_safe_headers(self, path: str, request: str, send: Send) -> Send:
        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (STAFF_HEADERS if self._is_staff(path) else self.safe_headers).items():
                    headers[name] = value
                if (inline := headers.get(INLINE_SCRIPTS)) is not None:
                    del headers[INLINE_SCRIPTS]
                    headers[CONTENT_POLICY] = allowing(headers[CONTENT_POLICY], inline)
                headers["X-Request-ID"] = request
                if path == WIDGET:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                lasting = message["status"] == 200 and path.startswith(LASTING)
                headers["Cache-Control"] = FOREVER if lasting else "no-store"
            await send(message)

        return sender


def _hostname(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if name and port.isascii() and port.isdigit() else host).lower()


def _comes_from_here(headers: Headers, host: str, scheme: str) -> bool:
    """Return whether the call comes from a page of ours, or from a program without a page."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    # Behind a proxy that ends TLS, the page's scheme is https and ours http, never the reverse.
    return origin is None or origin.lower() in {f"{own}://{host.lower()}" for own in (scheme, "https")}


def _too_long(scope: Scope) -> Refusal | None:
    """Refuse a head that is too long to examine further: some parsers take far longer for long ones."""
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    cookies = sum(len(value) for name, value in scope["headers"] if name == b"cookie")
    if size > MOST_HEAD or cookies > MAX_COOKIES:
        return Refusal(431, LONG_HEADERS)
    return Refusal(414, LONG_ADDRESS) if len(scope.get("query_string", b"")) > MAX_QUERY else None


def _trusted(headers: list[tuple[bytes, bytes]], *, cookies: bool) -> list[tuple[bytes, bytes]]:
    kept = [
        (name, value)
        for name, value in headers
        if name not in UNTRUSTED and name != b"cookie" and not name.startswith(UNTRUSTED_PREFIXES)
    ]
    ours = [match[1] for name, value in headers if cookies and name == b"cookie" for match in _OURS.finditer(value)]
    return [*kept, (b"cookie", b"; ".join(ours))] if ours else kept
