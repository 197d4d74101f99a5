"""What a call that cannot be answered gets: people a page with a way back, programs JSON."""

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response

from qa.web.html import render
from qa.web.http.policy import STAFF


def reads_pages(method: str, headers: Headers) -> bool:
    """Return whether a person opens an address in a browser, rather than a program or a script of ours."""
    return method in ("GET", "HEAD") and "text/html" in headers.get("accept", "")


def refused(method: str, headers: Headers, why: str, *, status: int) -> Response:
    """Return the reason why a call gets nothing, as a page where a person reads it."""
    if reads_pages(method, headers):
        return HTMLResponse(render("staff/home/refused.html", staff=STAFF, why=why, missing=status == 404), status)
    return JSONResponse({"error": why}, status)
