"""Downloads for staff: an original document, a backup; questions and audit log as tables for Excel."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.runtime.settings import Settings
from qa.service.questions import readable
from qa.staff.console import Console
from qa.staff.questions import spreadsheet
from qa.web.http.policy import STAFF
from qa.web.staff.pages.questions.log import FILTERS, read_wanted
from qa.web.staff.refusals import refused

_AUDIT = ("号", "时间（UTC）", "谁", "做了什么", "对象", "原因", "结果", "上一条的校验和")


def routes(settings: Settings) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may have."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{STAFF}/original")
    def original(request: Request, document: str = "") -> Response:
        try:
            path = _console(settings, request).documents.original(document)
        except EXPECTED as error:
            return _refusal(request, error)
        # Never shown in the browser: a web page among the documents could run there.
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    @router.get(f"{STAFF}/questions.csv")
    def questions(request: Request) -> Response:
        try:
            wanted = read_wanted({name: readable(request.query_params.get(name, "")) for name in FILTERS})
            return _table(_console(settings, request).questions.export(wanted), "问答记录.csv")
        except EXPECTED as error:
            return _refusal(request, error)

    @router.get(f"{STAFF}/audit.csv")
    def audit(request: Request) -> Response:
        try:
            rows = _console(settings, request).export_audit()
        except EXPECTED as error:
            return _refusal(request, error)
        lines = [
            (str(row.number), row.at, row.who, row.action, row.target, row.why, row.outcome, row.before) for row in rows
        ]
        return _table(spreadsheet.table(_AUDIT, lines), "审计.csv")

    @router.get(f"{STAFF}/backup")
    def backup(request: Request, name: str = "") -> Response:
        try:
            path = _console(settings, request).download_backup(name)
        except EXPECTED as error:
            return _refusal(request, error)
        return FileResponse(path, filename=f"浙涪问答-{name}", media_type="application/zip")

    return router


def _console(settings: Settings, request: Request) -> Console:
    member = request.scope["member"]
    return Console(settings, who=member.name, role=member.role)


def _table(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _refusal(request: Request, error: Exception) -> Response:
    return refused(request.method, request.headers, str(error), status=404)
