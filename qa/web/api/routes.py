"""The routes for programs: `POST /api/ask`, `/healthz` and `/readyz`."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from qa import __version__
from qa.answering.reply import Turn, as_json
from qa.service.admission import Admission, Growing, Received, TurnedAway, personal_data_in, within_reach
from qa.service.questions import MalformedHistory, read_turns, readable
from qa.service.rate_limit import Visitor
from qa.web import page
from qa.web.api import manual
from qa.web.http.draining import Draining
from qa.web.http.policy import SECURITY_HEADERS
from qa.web.http.visitor import visitor_of
from qa.web.translations import SIMPLIFIED, preferred, word

MALFORMED = '请求应为 JSON：{"question": "问题"}，需要时加上 "history": [["上一问", "上一答"]]。'

ENDING = "服务正在停止，不再接新的访问；已收到的问题会答完。"
FAULT = "服务出了问题，没有回答成功，请稍后再试。"


def routes(admission: Admission, draining: Draining | None = None) -> APIRouter:
    """Return the routes for programs, answered by `admission`; while `draining`, the site is not ready."""
    router = APIRouter()

    @router.post("/api/ask", summary="问一个问题", openapi_extra=manual.OPENAPI)
    async def ask(request: Request) -> JSONResponse:
        try:
            asked = _asked(await request.body())
        except (ValueError, RecursionError, MalformedHistory):
            return _error(400, MALFORMED)
        visitor = visitor_of(request.client)
        match await _reply(admission, asked, visitor):
            case Received(reply, reply_id):
                # A receipt: whoever has it may judge the reply, share it and have it deleted.
                return JSONResponse(as_json(reply, question_id=reply_id or None))
            case TurnedAway() as away:
                text = f"{word(away.why)}{away.detail if away.why == 'too_fast' else ''}"
                return _error(away.status, text, {"Retry-After": str(away.seconds)})

    @router.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return page.page("manual.html", language=SIMPLIFIED, **manual.manual())

    # FastAPI, unlike Starlette, does not add HEAD to GET by itself, and some health probes send it.
    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz", summary="进程正常，程序的版本")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz", summary="正在使用的索引", openapi_extra=manual.READY)
    async def readyz() -> JSONResponse:
        status = admission.queue.assistant.status
        age = datetime.now(UTC) - status.built_at
        ending = draining is not None and draining.begun
        reason = ENDING if ending else status.degraded
        content: dict[str, Any] = {
            "status": "draining" if ending else "degraded" if status.degraded else "ready",
            "snapshot": status.snapshot,
            "age_seconds": round(age.total_seconds()),
            "passages": status.passages,
        }
        if reason:
            content["reason"] = reason
        return JSONResponse(content, 503 if reason else 200)

    return router


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a program sent: `written` if the reply is to be written out, `document` if that one alone is asked."""

    question: str
    history: Sequence[Turn]
    written: bool
    document: str


def _asked(body: bytes) -> _Asked:
    """Read the body of a call. Raises `ValueError`, `MalformedHistory`, or `RecursionError` for nested brackets."""
    content = json.loads(body)
    if not isinstance(content, dict) or not isinstance(content.get("question"), str):
        raise ValueError("no question")
    history = read_turns(content.get("history", []))
    document = content.get("document", "")
    if not isinstance(document, str):
        raise ValueError("no name of a document")
    document = readable(document)
    # With a document, too, a model would write from the others.
    written = content.get("llm") is True and not document
    return _Asked(within_reach(readable(content["question"])), history, written, document)


async def _reply(admission: Admission, asked: _Asked, visitor: Visitor) -> Received | TurnedAway:
    """Return the reply; it is written out if the caller asks for that and the site allows it."""
    question, history = asked.question, asked.history
    if not asked.written or admission.writing is None or await personal_data_in(question):
        return await admission.ask(question, history, visitor, channel="api", document=asked.document)
    async with aclosing(admission.write(question, history, visitor, channel="api")) as growing:
        events = [event async for event in growing if not isinstance(event, Growing)]
    return events[-1]


async def apologise(request: Request, _: Exception) -> Response:
    """Answer a request that met an error of ours: a page to whoever opens one; the error itself is only logged."""
    # Starlette sends this response outside of the guard.
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
    if "text/html" not in request.headers.get("accept", ""):
        return _error(500, FAULT, headers)
    shown = page.come_back(preferred(request.headers.get("accept-language", "")), why="fault", status=500)
    shown.headers.update(headers)
    return shown


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text}, status, headers)
