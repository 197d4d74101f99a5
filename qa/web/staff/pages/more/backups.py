"""The page 备份: makes one file with everything, and offers it for download; how it is restored is told beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.staff.backups.archive import told as contents
from qa.staff.permissions import Role
from qa.web.http.policy import STAFF
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted
from qa.web.staff.values import megabytes, when

ADDRESS = f"{STAFF}/backups"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the words of the page."""

    name: str
    address: str
    made: str
    size: str


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def backups(request: Request) -> Response:
        return _page(pages, request, Outcome(True))

    @router.post(ADDRESS)
    def make(request: Request, body: Body) -> Response:
        def make(form: Form) -> str:
            form.pressed(of=["make"])
            path, made = pages.console(request).backup_here()
            return f"已备份到{path.name}：{contents(made)}"

        # Told in this response: nobody else is shown what was just backed up.
        _, outcome, told = acted(request, body, make)
        return _page(pages, request, Outcome(True, told) if outcome.done else outcome)

    return router


def _page(pages: Pages, request: Request, outcome: Outcome) -> Response:
    console = pages.console(request)
    admin = console.may(Role.ADMIN)
    return pages.shown(
        request,
        "staff/more/backups.html",
        status=outcome.status,
        admin=admin,
        kept=[_kept(path) for path in console.backups()] if admin else [],
        keep_days=pages.settings.log_days,
        said=outcome.sentence if outcome.done else "",
        trouble="" if outcome.done else outcome.sentence,
    )


def _kept(path: Path) -> Kept:
    found = path.stat()
    made = when(datetime.fromtimestamp(found.st_mtime, UTC))
    return Kept(path.name, f"{STAFF}/backup?{urlencode({'name': path.name})}", made, megabytes(found.st_size))
