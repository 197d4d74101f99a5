"""Changes the page that Gradio makes: our head replaces its card, and its scripts wait until the first sight stands."""

import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD, _BODY = re.compile(rb"<head>"), re.compile(rb"<body[^>]*>")
# Gradio's card, and its manifest, which would precede ours.
_THEIRS = re.compile(rb'<(?:meta\s+(?:property="og|name="twitter):|link\s+rel="manifest"\s)[^>]*>\s*', re.DOTALL)
# It fits the height of a frame on Gradio's own site; nothing of ours needs it.
_RESIZER = re.compile(
    rb"<script>(?:(?!</script>).)*iframeResizer\.contentWindow(?:(?!</script>).)*</script>", re.DOTALL
)
# Gradio's style keeps the body from being drawn, and its script keeps a cheap phone busy for seconds: `first.js` puts
# both in when the chat is wanted.
_STYLE = re.compile(rb'<link rel="stylesheet" crossorigin href="([^"]*)">')
_SCRIPT = re.compile(rb'<script type="module" crossorigin src="([^"]*)"></script>')
_LATER = rb'<template class="later" data-address="\1"></template>'
_LANGUAGE = re.compile(rb'(<html\s+lang=)"en"')
_CHANGES = (
    *((_THEIRS, b""), (_RESIZER, b"")),
    *((_STYLE, _LATER), (_SCRIPT, _LATER)),
    (_LANGUAGE, rb'\1"zh-CN"'),
)


class ShareCard:
    """Puts `head` and, first in the body, `shell` into the page at `/`; everything else passes unchanged.

    Both make markup: `head` of the scheme and host that the visitor called, `shell` of the visitor's `Accept-Language`.
    """

    def __init__(self, app: ASGIApp, *, head: Callable[[str], str], shell: Callable[[str], str]) -> None:
        self.app = app
        self._head = head
        self._shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []
        headers = Headers(scope=scope)
        shell = self._shell(headers.get("accept-language", "")).encode()
        # The guard in front lets no foreign host pass.
        head = self._head(f"{scope['scheme']}://{headers.get('host', '')}").encode()

        async def sender(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for ready in _changed(held, head, shell):
                    await send(ready)

        await self.app(scope, receive, sender)


def _changed(held: list[Message], head: bytes, shell: bytes) -> list[Message]:
    # A test client gets a message about the template before it.
    start = next(message for message in held if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in held if message["type"] == "http.response.body")
    headers = MutableHeaders(scope=start)
    if "text/html" not in headers.get("content-type", "") or "content-encoding" in headers:
        return held
    for pattern, instead in _CHANGES:
        body = pattern.sub(instead, body)
    for place, put in ((_HEAD, head), (_BODY, shell)):
        if found := place.search(body):
            body = body[: found.end()] + put + body[found.end() :]
    headers["content-length"] = str(len(body))
    return [start, {"type": "http.response.body", "body": body, "more_body": False}]
