"""Files for staff: an original document, the audit log as CSV."""

from fastapi import APIRouter, Request

from qa.console import Console
from qa.settings import Settings


def routes(settings: Settings) -> APIRouter:
    """The routes; the guard lets members of staff to them, the console says what each may have."""
    router = APIRouter(include_in_schema=False)

    def console(request: Request) -> Console:
        member = request.scope["member"]
        return Console(settings, who=member.name, role=member.role)

    return router
