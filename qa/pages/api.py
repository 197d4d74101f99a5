"""The routes for programs: `POST /api/ask`, `/healthz` and `/readyz`."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from qa.pages.desk import BUSY, RETRY_SECONDS, Busy, Desk, MalformedHistory, read_turns, readable
from qa.pages.guard import SECURITY_HEADERS
from qa.reply import as_json

MALFORMED = '请求应为 JSON：{"question": "问题"}，需要时加上 "history": [["上一问", "上一答"]]。'

# FastAPI, unlike Starlette, does not add HEAD to GET by itself, and some health probes send it.
PROBE = ["GET", "HEAD"]

FAULT = "服务出了问题，没有回答成功，请稍后再试。"


def routes(desk: Desk) -> APIRouter:
    """The routes for programs, answered by `desk`."""
    router = APIRouter()

    @router.post("/api/ask")
    async def ask(request: Request) -> JSONResponse:
        try:
            # A body of nothing but brackets ends in a RecursionError.
            body = json.loads(await request.body())
            history = read_turns(body.get("history", [])) if isinstance(body, dict) else ()
        except (ValueError, RecursionError, MalformedHistory):
            return _error(400, MALFORMED)
        if not isinstance(body, dict) or not isinstance(body.get("question"), str):
            return _error(400, MALFORMED)
        try:
            return JSONResponse(as_json(await desk.ask(readable(body["question"]), history)))
        except Busy:
            return _error(503, BUSY, {"Retry-After": str(RETRY_SECONDS)})

    @router.api_route("/healthz", methods=PROBE)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.api_route("/readyz", methods=PROBE)
    async def readyz() -> JSONResponse:
        status = desk.assistant.status
        age = datetime.now(UTC) - status.built_at
        content: dict[str, Any] = {
            "status": "degraded" if status.degraded else "ready",
            "snapshot": status.snapshot,
            "age_seconds": round(age.total_seconds()),
            "passages": status.passages,
        }
        if status.degraded:
            content["reason"] = status.degraded
        return JSONResponse(content, 503 if status.degraded else 200)

    return router


async def apologise(_: Request, __: Exception) -> JSONResponse:
    """The reply to a request that met a fault of ours; the fault itself goes to the log only."""
    # Starlette sends this one from outside of the guard.
    return _error(500, FAULT, {**SECURITY_HEADERS, "Cache-Control": "no-store"})


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text}, status, headers)
