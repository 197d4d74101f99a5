"""The bodies of requests: read whole within limits, checked for the form of our page's calls, and handed on."""

import asyncio
import json
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive

MAX_BODY = 64 * 1024
# Characters in a question and its conversation; chat.py keeps them to about 6,000.
MAX_TEXT = 20_000
BODY_SECONDS = 20.0
# The page has one function.
FUNCTIONS = range(1)
ELEMENTS = range(1_000_000)
SESSION = re.compile(r"[0-9a-z]{1,32}")

TOO_LARGE = "内容太长，请把问题写得短一些。"
TOO_SLOW = "网络太慢，没有收到完整的问题，请再试一次。"
MALFORMED = "没有读懂这个请求。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused request: the HTTP status and the sentence that says why."""

    status: int
    text: str

    def response(self) -> Response:
        return JSONResponse({"error": self.text}, self.status)


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


def is_page_call(headers: Headers, body: bytes) -> bool:
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


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that delivers a body already read, then whatever follows."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
