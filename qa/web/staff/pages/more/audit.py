"""The page 审计: what staff did, whether the record is whole, and the record as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from corpus.text.normalise import normalise
from qa.staff import labels
from qa.staff.settings import label_of
from qa.storage.audit import Row
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import Found, PageView, page_of, view_at
from qa.web.staff.pages.frame import Pages, attempt
from qa.web.staff.values import day_of, person, when
from qa.web.staff.versions import in_words

ADDRESS = f"{STAFF}/audit"
SIZE = 100
# The buttons of the pages, where the command line has other words.
BUTTONS = {"refresh": "发布", "cancel": "停下发布", "publish": "换版"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which rows are listed, on which page; `since` and `until` as they were typed."""

    PLACE: ClassVar[str] = ADDRESS
    text: str = ""
    action: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the log in the words of the page."""

    number: int
    at: str
    who: str
    did: str
    target: str
    ended: str
    why: str


def routes(pages: Pages) -> APIRouter:
    """Return the route. The guard admits only staff."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def audit(request: Request) -> Response:
        return _page(pages, request)

    return router


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    return view_at(View, query)


def found(rows: Sequence[Row], view: View) -> Found[Line]:
    """Return the page of the log that a view names, the newest row first. Raises `Unfit` for dates that are none."""
    wanted = [row for row in reversed(rows) if view.action in ("", row.action)]
    wanted = list(_between(wanted, view.since, view.until))
    if words := normalise(view.text):
        wanted = [row for row in wanted if words in normalise(" ".join(_searched(row)))]
    return page_of(wanted, view.page, _line, size=SIZE)


def target_of(row: Row) -> str:
    """Return what something was done to, in words for staff."""
    return label_of(row.target) if row.action == "setting" else in_words(labels.target(row))


def did(row: Row) -> str:
    """Return what was done, in the words of the pages."""
    return BUTTONS.get(row.action) or labels.action(row)


def _searched(row: Row) -> tuple[str, ...]:
    return row.who, person(row.who), row.target, target_of(row), row.why


def _between(rows: Sequence[Row], since: str, until: str) -> Iterator[Row]:
    first, last = (day_of(text) if text else None for text in (since, until))
    for row in rows:
        at = _day(row.at) if first or last else None
        if at is None or ((first is None or first <= at) and (last is None or at <= last)):
            yield row


def _day(at: str) -> date | None:
    """Return the local day of a row; None if a damaged row has none, so that no filter hides it."""
    try:
        return datetime.fromisoformat(at).astimezone().date()
    except (ValueError, OverflowError):
        return None


def _line(row: Row) -> Line:
    return Line(
        number=row.number,
        at=when(row.at),
        who=person(row.who),
        did=did(row),
        target=target_of(row),
        ended=in_words(labels.outcome(row)),
        why=row.why,
    )


def _page(pages: Pages, request: Request) -> Response:
    console, view = pages.console(request), view_of(request.query_params)
    rows = console.audit()
    listed = found(rows, View())

    def looked() -> None:
        nonlocal listed
        listed = found(rows, view)

    outcome = attempt(looked)
    return pages.shown(
        request,
        "staff/more/audit.html",
        status=outcome.status,
        view=view,
        found=listed,
        actions=sorted({(row.action, did(row)) for row in rows}, key=lambda one: one[1]),
        findings=console.findings(),
        said="",
        trouble=outcome.sentence,
    )
