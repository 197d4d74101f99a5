"""`POST /api/write`: a written answer for the page, one JSON line per checked sentence, then the whole."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qa.answering.reply import WRITTEN, Answer
from qa.service.admission import Admission, Growing, Received, TurnedAway
from qa.service.questions import MalformedHistory, read_turns, readable
from qa.service.rate_limit import Visitor
from qa.web import html
from qa.web.citizen.chat import facts, ways
from qa.web.http.visitor import visitor_of


def routes(admission: Admission, *, contact: str = "") -> APIRouter:
    """Return the route, answered by `admission`; it sends 404 if citizens get no written answers."""
    router = APIRouter(include_in_schema=False)

    @router.post("/api/write")
    async def write(request: Request) -> Response:
        if admission.writing is None:
            return JSONResponse({}, 404)
        try:
            body = json.loads(await request.body())
            question, history = str(body["question"]), read_turns(body.get("history", []))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MalformedHistory):
            return JSONResponse({}, 400)
        visitor = visitor_of(request.client)
        lines = _lines(admission, readable(question), history, visitor, contact)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    return router


async def _lines(
    admission: Admission, question: str, history: tuple[Any, ...], visitor: Visitor, contact: str
) -> AsyncGenerator[str]:
    """Yield the lines. When the visitor leaves, the request to the model ends too."""
    shown = 0
    async with aclosing(admission.write(question, history, visitor, channel="page")) as growing:
        async for event in growing:
            match event:
                case TurnedAway():
                    yield _line({"kept": "ai_busy"})
                case Growing(reply) if len(reply.sentences) > shown:
                    shown = len(reply.sentences)
                    yield _line({"piece": html.sentence(reply, reply.sentences[-1])})
                case Received():
                    yield _line(_end(event, ways(admission, contact)))


def _end(received: Received, shown_with: html.Ways) -> dict[str, Any]:
    reply = received.reply
    completed = reply.standalone_question != reply.question
    if isinstance(reply, Answer) and (reply.made_by == WRITTEN or completed):
        why = f"ai_{reply.unwritten}" if reply.unwritten else ""
        markup = html.exchange(reply, reply_id=received.reply_id, ways=shown_with)
        return {"reply": markup, "facts": facts(received), "kept": why}
    return {"kept": f"ai_{reply.unwritten or 'nothing'}" if isinstance(reply, Answer) else "ai_nothing"}


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
