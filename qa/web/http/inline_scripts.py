"""Names the inline scripts of pages that others make, so that the content policy can allow them and no further ones."""

import base64
import hashlib
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# From here to the guard, which takes it off.
HEADER = "x-inline-scripts"
_SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(rb"\ssrc\s*=", re.IGNORECASE)


def script_hashes(page: bytes) -> list[str]:
    """Return the sources of a content policy that allow the inline scripts of a page, each once."""
    inline = [content for attributes, content in _SCRIPT.findall(page) if not _SOURCE.search(attributes)]
    return list(dict.fromkeys(_source(content) for content in inline))


class InlineScripts:
    """Adds `HEADER` to pages at `paths` and below `folders`; everything else passes unchanged.

    It stands directly before what makes these pages: what others put in later is not allowed.
    """

    def __init__(self, app: ASGIApp, *, paths: Sequence[str], folders: Sequence[str] = ()) -> None:
        self.app = app
        self._paths = frozenset(paths)
        self._folders = tuple(folders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (scope["path"] in self._paths or scope["path"].startswith(self._folders)):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def sender(message: Message) -> None:
            if not held and not _is_page(message):
                await send(message)
                return
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                body = b"".join(part.get("body", b"") for part in held[1:])
                MutableHeaders(scope=held[0])[HEADER] = " ".join(script_hashes(body))
                for ready in held:
                    await send(ready)

        await self.app(scope, receive, sender)


def _is_page(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "") if "headers" in message else ""
    return message["type"] == "http.response.start" and kind.startswith("text/html")


def _source(content: bytes) -> str:
    # As a browser reads it: line ends of any kind are one character.
    read = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(read).digest()).decode()}'"
