"""The page 审计: what staff did, whether the record is whole, and the record as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from corpus.text.normalise import normalise
from qa.service.questions import readable
from qa.staff import labels
from qa.staff.settings import label_of
from qa.storage.audit import Row
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import query_of
from qa.web.staff.pages.frame import Pages, attempt, page_number
from qa.web.staff.values import day_of, when

ADDRESS = f"{STAFF}/audit"
SIZE = 100
MOST_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which rows are listed, on which page; `since` and `until` as they were typed."""

    text: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    def address(self, **to: str) -> str:
        """Return the address of this view with other values."""
        values = {name: getattr(self, name) for name in ("text", "action", "since", "until")}
        return f"{ADDRESS}?{query_of(values, page=self.page, to=to)}"


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


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the log, the newest row first; `total` counts the rows of all `pages`."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


def routes(pages: Pages) -> APIRouter:
    """Return the route. The guard admits only staff."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def audit(request: Request) -> Response:
        return _page(pages, request)

    return router


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    names = ("text", "action", "since", "until")
    given = {name: readable(query.get(name, "")).strip()[:MOST_TEXT] for name in names}
    return View(**given, page=page_number(query.get("page", "")))


def found(rows: Sequence[Row], view: View) -> Found:
    """Return the page of the log that a view names. Raises `Unfit` for dates that are none."""
    wanted = [row for row in reversed(rows) if view.action in ("", row.action)]
    wanted = list(_between(wanted, view.since, view.until))
    if words := normalise(view.text):
        wanted = [row for row in wanted if words in normalise(f"{row.who} {row.target} {target_of(row)} {row.why}")]
    pages = max(1, -(-len(wanted) // SIZE))
    number = min(view.page, pages)
    shown = wanted[(number - 1) * SIZE : number * SIZE]
    return Found(tuple(map(_line, shown)), len(wanted), number, pages)


def target_of(row: Row) -> str:
    """Return what something was done to, in words for staff."""
    return label_of(row.target) if row.action == "setting" else labels.target(row)


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
        who=row.who,
        did=labels.action(row),
        target=target_of(row),
        ended=labels.outcome(row),
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
        actions=sorted({(row.action, labels.action(row)) for row in rows}, key=lambda one: one[1]),
        findings=console.findings(),
        said="",
        trouble=outcome.sentence,
    )
