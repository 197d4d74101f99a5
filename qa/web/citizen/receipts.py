"""What the holder of a receipt, page or program, may do with a reply: judge it, share it, have it deleted."""

import json
import re
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from qa.service.admission import Admission
from qa.service.questions import readable
from qa.storage.question_log import HELPFUL, MAX_COMMENT, REASONS, UNHELPFUL
from qa.web.http.visitor import visitor_of

# A receipt and the name of a shared link look alike.
ID = re.compile(r"[A-Za-z0-9_-]{22}")
_RECEIPT = {"type": "string", "pattern": f"^{ID.pattern}$", "description": "回执：POST /api/ask 回答里的 id"}
_NOTHING: dict[str, Any] = {"type": "object"}
_ADDRESS = {"address": {"type": "string", "description": "分享的地址，/a/ 开头"}}


def _described(done: str, answer: dict[str, Any] = _NOTHING, **further: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI is told of a call with a receipt and `further` fields, all of them needed."""

    def said(description: str, schema: dict[str, Any] = _NOTHING) -> dict[str, Any]:
        return {"description": description, "content": {"application/json": {"schema": schema}}}

    fields = {"id": _RECEIPT, **further}
    body = {"type": "object", "required": list(fields), "properties": fields}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": said(done, answer),
            "400": said("请求不合格式"),
            "404": said("问答记录里没有这一问：回执不对，或已删除、到期"),
            "429": said("太频繁，见 Retry-After"),
        },
    }


_FORGET = _described("已从问答记录里删除")
_SHARE = _described("分享的地址", {"type": "object", "properties": _ADDRESS})
_FEEDBACK = _described(
    "已记下",
    verdict={"enum": [HELPFUL, UNHELPFUL], "description": "有帮助、没帮助"},
    reasons={"type": "array", "items": {"type": "string"}, "description": f"原因，可以没有：{'、'.join(REASONS)}"},
    comment={"type": "string", "maxLength": MAX_COMMENT, "description": "补充的话，可以为空"},
)


def routes(admission: Admission) -> APIRouter:
    """Return the routes for receipts."""
    router = APIRouter()

    @router.post("/api/forget", summary="从问答记录里删除一问", openapi_extra=_FORGET)
    async def forget(request: Request) -> JSONResponse:
        match await _body(request):
            case {"id": str(reply_id)}:
                refused = await _refused(admission, reply_id, request)
                return refused or JSONResponse({}, 200 if await admission.log.forget(reply_id) else 404)
        return JSONResponse({}, 400)

    @router.post("/api/share", summary="分享一个回答", openapi_extra=_SHARE)
    async def share(request: Request) -> JSONResponse:
        match await _body(request):
            case {"id": str(reply_id)}:
                if refused := await _refused(admission, reply_id, request):
                    return refused
                link = await admission.log.share(reply_id)
                return JSONResponse({"address": f"/a/{link}"}) if link else JSONResponse({}, 404)
        return JSONResponse({}, 400)

    @router.post("/api/feedback", summary="评价一个回答", openapi_extra=_FEEDBACK)
    async def feedback(request: Request) -> JSONResponse:
        match await _body(request):
            case {"id": str(reply_id), "verdict": str(verdict), "reasons": list(reasons), "comment": str(comment)}:
                valid = verdict in (HELPFUL, UNHELPFUL) and len(comment) <= MAX_COMMENT
                if valid and all(isinstance(reason, str) for reason in reasons):
                    if refused := await _refused(admission, reply_id, request):
                        return refused
                    kept = await admission.log.judge(reply_id, verdict, reasons=reasons, comment=readable(comment))
                    return JSONResponse({}, 200 if kept else 404)
        return JSONResponse({}, 400)

    return router


async def _body(request: Request) -> object:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        return None


async def _refused(admission: Admission, reply_id: str, request: Request) -> JSONResponse | None:
    """Return why a visitor may not act on the reply of that id: it is not well formed, or they ask too fast."""
    if not ID.fullmatch(reply_id):
        return JSONResponse({}, 400)
    if seconds := await admission.too_fast(visitor_of(request.client)):
        return JSONResponse({}, 429, {"Retry-After": str(seconds)})
    return None
