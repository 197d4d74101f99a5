"""Changes the page's head: our title and text replace Gradio's, and browsers without scripts go to the form."""

import re

from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CARD = re.compile(rb'<meta\s+(?:property="og|name="twitter):[^>]*>\s*', re.DOTALL)
_HEAD = re.compile(rb"<head>")
# Gradio's page shows nothing without a script, and Gradio adds our own head only by script.
_PLAIN = b'<noscript><meta http-equiv="refresh" content="0; url=/ask"></noscript>'
_LANGUAGE = re.compile(rb'(<html\s+lang=)"en"')


class ShareCard:
    """Puts our card into the page at `/`; everything else passes unchanged."""

    def __init__(self, app: ASGIApp, *, title: str, text: str) -> None:
        self.app = app
        named = (("title", title), ("description", text), ("type", "website"), ("site_name", title))
        tag = Markup('<meta property="og:{}" content="{}">')
        self._tags = "".join(tag.format(name, content) for name, content in named).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def sender(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for ready in self._with_card(held):
                    await send(ready)

        await self.app(scope, receive, sender)

    def _with_card(self, held: list[Message]) -> list[Message]:
        # A test client gets a message about the template before it.
        start = next(message for message in held if message["type"] == "http.response.start")
        body = b"".join(message.get("body", b"") for message in held if message["type"] == "http.response.body")
        headers = MutableHeaders(scope=start)
        if "text/html" not in headers.get("content-type", "") or "content-encoding" in headers:
            return held
        body = _LANGUAGE.sub(rb'\1"zh-CN"', _HEAD.sub(b"<head>" + self._tags + _PLAIN, _CARD.sub(b"", body), count=1))
        headers["content-length"] = str(len(body))
        return [start, {"type": "http.response.body", "body": body, "more_body": False}]
