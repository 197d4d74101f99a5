"""The guard in front of the whole web app: whatever it does not know is refused."""

import asyncio
import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.runtime.logs import REQUEST
from qa.service.network_address import address_of

MAX_BODY = 64 * 1024
# Characters in a question and its conversation; chat.py keeps them to about 6,000.
MAX_TEXT = 20_000
# Bytes: file systems refuse names over 255, and Gradio fails on such a path.
MAX_PATH = 200
BODY_SECONDS = 20.0
# Bytes. Staff carry two cookies of under 100 each; a proxy adds a few hundred.
MAX_HEADERS = 16 * 1024
MAX_COOKIES = 4 * 1024
# Bytes. A link to 40 marked places of a document takes a sixth of it.
MAX_QUERY = 8 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
WILDCARDS = frozenset({"", "0.0.0.0", "::", "[::]"})

# Gradio's page calls this address for a question; `_is_page_call` checks what it carries.
PAGE_CALL = "/gradio_api/run/predict"
# The page has one function.
FUNCTIONS = range(1)
ELEMENTS = range(1_000_000)
SESSION = re.compile(r"[0-9a-z]{1,32}")
PATHS: Mapping[str, frozenset[str]] = {
    "GET": frozenset(
        {
            *("/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/pwa_icon"),
            *("/healthz", "/readyz", "/docs", "/openapi.json"),
            *("/api/page", "/source", "/file", "/widget.js", "/ask", "/topics", "/about"),
        }
    ),
    "POST": frozenset({"/ask", "/api/ask", "/api/feedback", "/api/share", "/api/write", "/mcp", PAGE_CALL}),
}
LASTING = ("/assets/", "/static/", "/pages/")
FOLDERS: Mapping[str, tuple[str, ...]] = {"GET": (*LASTING, "/a/")}
# The one file that other sites' pages may load.
WIDGET = "/widget.js"
# Paths below it have a second guard behind this one (qa/web/staff/guard.py).
STAFF = "/staff"
STAFF_LASTING = (f"{STAFF}/assets/", f"{STAFF}/static/")

# Figures for Prometheus; only the addresses that the settings name may read them.
METRICS = "/metrics"
# How a proxy names a request, which it may send a second time.
REQUEST_NAME = re.compile(r"[A-Za-z0-9-]{16,64}")

# Only a proxy may say how the site looks from outside, not a visitor: Gradio builds the page's addresses from it.
UNTRUSTED_PREFIXES = (b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-gradio-")
UNTRUSTED = frozenset({b"forwarded", b"x-host", b"x-http-method-override"})

# Gradio's page contains inline scripts and styles, hence 'unsafe-inline': escaping stays the first defence.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# With "no-referrer", browsers would send the forms of staff with the origin "null".
STAFF_HEADERS = {**SECURITY_HEADERS, "Referrer-Policy": "same-origin"}
# Gradio's file names contain a hash of the content, and `/pages/` addresses contain a version.
_OURS = re.compile(rb"(?:^|;) *(staff_[a-z0-9_]{1,32}=[\w.~+/=-]{1,512}) *(?=;|$)")
FOREVER = "public, max-age=31536000, immutable"

NOT_FOUND = "没有这个页面。"
WRONG_HOST = "本站不接受这个地址，请使用正式公布的网址。"
FOREIGN = "请在本站页面上提问。"
TOO_LARGE = "内容太长，请把问题写得短一些。"
TOO_SLOW = "网络太慢，没有收到完整的问题，请再试一次。"
MALFORMED = "没有读懂这个请求。"
LONG_HEADERS = "浏览器随请求送来的内容太长，请清除本站的 Cookie 后再试。"
LONG_ADDRESS = "网址太长，请从本站的页面重新打开。"


# Characters of the longest IPv6 address with a zone.
LONGEST_ADDRESS = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused request: the HTTP status and the sentence that says why."""

    status: int
    text: str

    def response(self) -> Response:
        return JSONResponse({"error": self.text}, self.status)


def allowed_hosts(host: str, further: Collection[str] = ()) -> frozenset[str]:
    """Return the host names that visitors may use: loopback, the served address if not a wildcard, and `further`."""
    own = set() if host in WILDCARDS else {f"[{host}]" if ":" in host and host[0] != "[" else host.lower()}
    return LOOPBACK | own | frozenset(further)


def safe_headers(sites: Sequence[str] = ()) -> dict[str, str]:
    """Return security headers for every response.

    Pages of `sites` may embed the chat in a frame; without `sites`, no page may.
    """
    if not sites:
        return SECURITY_HEADERS
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    framed = policy.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {' '.join(sites)}")
    headers = {**SECURITY_HEADERS, "Content-Security-Policy": framed}
    # This header knows no list of sites, and old browsers would let it override the policy.
    del headers["X-Frame-Options"]
    return headers


class Guard:
    """ASGI middleware: passes known routes and hosts, calls from our own pages and small bodies; adds safe headers.

    `sites` may embed the chat in a frame. `proxies` are trusted on whom they call for and on HTTPS. With `staff`, calls
    below `/staff` go on to the guard behind, with their bodies unread.
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
        max_body: int = MAX_BODY,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.proxies = frozenset(map(address_of, proxies))
        self.staff = staff
        self.metrics_from = frozenset(map(address_of, metrics_from))
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
            elif scope["path"] == PAGE_CALL and not _is_page_call(headers, body):
                refusal = Refusal(400, MALFORMED)
            else:
                receive = replay(body, receive)
        if refusal is not None:
            await refusal.response()(scope, receive, sender)
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
        if not self._is_staff(path) and not _is_public("GET" if method == "HEAD" else method, path):
            return Refusal(404, NOT_FOUND)
        if method not in ("GET", "HEAD") and not _comes_from_here(headers, hosts[0], self._scheme(scope, headers)):
            return Refusal(403, FOREIGN)
        return None

    def _with_safe_headers(self, path: str, request: str, send: Send) -> Send:
        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (STAFF_HEADERS if self._is_staff(path) else self.safe_headers).items():
                    headers[name] = value
                headers["X-Request-ID"] = request
                if path == WIDGET:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                lasting = message["status"] == 200 and path.startswith((*LASTING, *STAFF_LASTING))
                headers["Cache-Control"] = FOREVER if lasting else "no-store"
            await send(message)

        return sender


async def read_body(headers: Headers, receive: Receive, *, most: int, seconds: float) -> bytes | Refusal:
    """Read the whole body, at most `most` bytes, so that limits hold before any code of the app runs."""
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > most:
        return Refusal(413, TOO_LARGE)
    body = b""
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                body += bytes(message.get("body", b""))
                if len(body) > most:
                    return Refusal(413, TOO_LARGE)
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        return Refusal(408, TOO_SLOW)


def below_staff(path: str) -> bool:
    """Return whether a path belongs to the staff area."""
    return path == STAFF or path.startswith(f"{STAFF}/")


def _is_public(method: str, path: str) -> bool:
    if len(path.encode("utf-8", "surrogatepass")) > MAX_PATH:
        return False
    return path in PATHS.get(method, ()) or (path.startswith(FOLDERS.get(method, ())) and ".." not in path)


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


def _is_page_call(headers: Headers, body: bytes) -> bool:
    """Return whether the call has exactly the form that our page sends.

    On other forms Gradio fails and logs the question. For a file object among the texts it would fetch any address.
    """
    kinds = [kind.partition(";")[0].strip().lower() for kind in headers.getlist("content-type")]
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return False
    match call:
        case {
            "data": [str(question), str(conversation)],
            "fn_index": int(function),
            "trigger_id": int(element),
            "session_hash": str(session),
            **others,
        }:
            numbered = function in FUNCTIONS and element in ELEMENTS and bool not in (type(function), type(element))
            short = len(question) + len(conversation) <= MAX_TEXT
            named = SESSION.fullmatch(session) is not None
            return kinds == ["application/json"] and numbered and short and named and not others
    return False


def _too_long(scope: Scope) -> Refusal | None:
    """Refuse a head that is too long to examine further: some parsers take far longer for long ones."""
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    cookies = sum(len(value) for name, value in scope["headers"] if name == b"cookie")
    if size > MAX_HEADERS or cookies > MAX_COOKIES:
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


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that delivers a body already read, then whatever follows."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
