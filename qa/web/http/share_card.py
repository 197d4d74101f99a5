"""Changes the page that Gradio makes: our head replaces its card, and it shows something before any script has run."""

import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD, _BODY = re.compile(rb"<head>"), re.compile(rb"<body[^>]*>")
# Gradio's card, and its manifest, which would precede ours.
_THEIRS = re.compile(rb'<(?:meta\s+(?:property="og|name="twitter):|link\s+rel="manifest"\s)[^>]*>\s*', re.DOTALL)
# Gradio's style would keep the body from being drawn. One for print does not, and becomes one for all once it is there.
_STYLE = re.compile(rb'<link rel="stylesheet" crossorigin (href="[^"]*")>')
_LATER = rb"""<link rel="stylesheet" crossorigin \1 media="print" onload="this.media='all'">"""
_LANGUAGE = re.compile(rb'(<html\s+lang=)"en"')


class ShareCard:
    """Puts `head` and, first in the body, `shell` into the page at `/`; everything else passes unchanged.

    Both are markup. `shell` gets the visitor's `Accept-Language`.
    """

    def __init__(self, app: ASGIApp, *, head: str, shell: Callable[[str], str]) -> None:
        self.app = app
        self._head = head.encode()
        self._shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []
        shell = self._shell(Headers(scope=scope).get("accept-language", "")).encode()

        async def sender(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for ready in self._changed(held, shell):
                    await send(ready)

        await self.app(scope, receive, sender)

    def _changed(self, held: list[Message], shell: bytes) -> list[Message]:
        # A test client gets a message about the template before it.
        start = next(message for message in held if message["type"] == "http.response.start")
        body = b"".join(message.get("body", b"") for message in held if message["type"] == "http.response.body")
        headers = MutableHeaders(scope=start)
        if "text/html" not in headers.get("content-type", "") or "content-encoding" in headers:
            return held
        body = _LANGUAGE.sub(rb'\1"zh-CN"', _STYLE.sub(_LATER, _THEIRS.sub(b"", body)))
        for place, put in ((_HEAD, self._head), (_BODY, shell)):
            if found := place.search(body):
                body = body[: found.end()] + put + body[found.end() :]
        headers["content-length"] = str(len(body))
        return [start, {"type": "http.response.body", "body": body, "more_body": False}]
