"""Sends the page and its files compressed; files that never change are sent from memory."""

import gzip
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Bytes. All files that a page may ask for are 5 MB, but many spellings of a path can name the same file.
MOST_BYTES = 16_000_000
WORTH_IT = 500
TEXTS = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
# With one of these headers the response may differ from the whole file.
SPECIAL = ("range", "if-range", "if-none-match", "if-modified-since", "origin")


class Lasting:
    """ASGI middleware: compresses `page`, and sends files below `folders` from memory after the first time.

    A file below `folders` never changes under its name. A first visit asks for some sixty files; finding each on the
    disk and compressing it again would be most of its cost.
    """

    def __init__(self, app: ASGIApp, folders: Sequence[str], *, page: str = "/") -> None:
        self.app = app
        self.folders = tuple(folders)
        self.page = page
        self._kept: dict[tuple[str, frozenset[str]], Response] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lasting = scope["type"] == "http" and scope["path"].startswith(self.folders)
        if scope["type"] != "http" or scope["method"] != "GET" or not (lasting or scope["path"] == self.page):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Module scripts of our own page are asked for with its origin.
        ours = headers.get("sec-fetch-site") == "same-origin"
        if any(name in headers for name in SPECIAL if not (ours and name == "origin")):
            await self.app(scope, receive, send)
            return
        accepted = {part.partition(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")}
        key = (scope["path"], frozenset(accepted & {"gzip", "br"}))
        response = self._kept.get(key)
        if response is None:
            response = await _whole(self.app, scope, receive)
            if "gzip" in accepted:
                response = smaller(response)
            if lasting and response.status_code == 200 and self._bytes + len(response.body) <= MOST_BYTES:
                self._kept[key] = response
                self._bytes += len(response.body)
        await response(scope, receive, send)


def smaller(response: Response) -> Response:
    """Return the response in gzip if it is text, long, and not compressed yet."""
    kind, body = response.headers.get("content-type", ""), bytes(response.body)
    if "content-encoding" in response.headers or len(body) < WORTH_IT or not kind.startswith(TEXTS):
        return response
    headers = MutableHeaders(raw=[pair for pair in response.raw_headers if pair[0] != b"accept-ranges"])
    headers["content-encoding"] = "gzip"
    headers.add_vary_header("Accept-Encoding")
    return _response(gzip.compress(body, mtime=0), response.status_code, headers)


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """Return the app's whole response in one piece."""
    start: Message = {"status": 500, "headers": []}
    body = bytearray()

    async def take(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, take)
    return _response(bytes(body), start["status"], MutableHeaders(raw=list(start["headers"])))


def _response(body: bytes, status: int, headers: MutableHeaders) -> Response:
    headers["content-length"] = str(len(body))
    response = Response(body, status)
    response.raw_headers = headers.raw
    return response
