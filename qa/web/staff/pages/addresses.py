"""What an address shows: its query, so that a link and the way back lead to the same, and a page of a list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from qa.runtime.errors import Unfit
from qa.service.questions import readable
from qa.web.staff.values import whole_number

T = TypeVar("T")
R = TypeVar("R")
V = TypeVar("V", bound="PageView")
MOST_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What a page at the address `PLACE` shows; each page adds the texts by which it chooses."""

    PLACE: ClassVar[str]
    page: int = 1

    def values(self) -> dict[str, str]:
        """Return the texts by their names in the address."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "page"}

    def query(self, **to: str) -> str:
        """Return the query of an address of this view with other values."""
        return query_of(self.values(), page=self.page, to=to)

    def address(self, **to: str) -> str:
        """Return the address of this view with other values."""
        return f"{self.PLACE}?{self.query(**to)}"


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """A page of a list, at most as long as the page allows; `total` counts the rows of all `pages`."""

    rows: tuple[R, ...]
    total: int
    number: int
    pages: int


def page_of(wanted: Sequence[T], page: int, row: Callable[[T], R], *, size: int) -> Found[R]:
    """Return a page of a list, or its last one if there are fewer; only its rows are made."""
    pages = max(1, -(-len(wanted) // size))
    number = min(page, pages)
    return Found(tuple(map(row, wanted[(number - 1) * size : number * size])), len(wanted), number, pages)


def view_at(kind: type[V], query: QueryParams, *, most: int = MOST_TEXT, **instead: str) -> V:
    """Return the view that an address names, each text as long as `most`; those in `instead` in their place."""
    names = [field.name for field in fields(kind) if field.name != "page"]
    given = {name: readable(query.get(name, "")).strip()[:most] for name in names}
    return kind(**{**given, **instead}, page=page_number(query.get("page", "")))


def viewed(kind: type[V], view_of: Callable[[QueryParams], V]) -> Callable[[Request], V]:
    """Return what reads the view of a request: the first of its kind where the address names what is not offered."""

    def view(request: Request) -> V:
        try:
            return view_of(request.query_params)
        except Unfit:
            return kind()

    return view


def query_of(values: Mapping[str, str], *, page: int, to: Mapping[str, str]) -> str:
    """Return the query of a view's values with those in `to` in their place; empty values and page 1 are left out."""
    shown = {**values, "page": str(page) if page > 1 else "", **to}
    return urlencode({name: value for name, value in shown.items() if value})


def page_number(text: str) -> int:
    """Return the page that an address names; the first if it names none."""
    try:
        return max(1, whole_number(text))
    except Unfit:
        return 1
