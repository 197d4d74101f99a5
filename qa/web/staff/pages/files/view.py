"""The list of files, as an address of the page names it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from starlette.datastructures import QueryParams

from corpus.text.normalise import normalise
from qa.runtime.errors import Unfit
from qa.service.questions import readable
from qa.staff.documents.listing import DocumentRow, DocumentStatus
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import Found, PageView, page_number, page_of
from qa.web.staff.pages.files.words import WITHDRAWN, validity_of, why_of
from qa.web.staff.values import when

ADDRESS = f"{STAFF}/files"
SIZE = 50
MOST_TEXT = 100
WAITING = (DocumentStatus.NEW, DocumentStatus.CHANGED, DocumentStatus.REMOVED)
TROUBLED = (DocumentStatus.QUARANTINED, DocumentStatus.FAILED)
_STATES = {
    DocumentStatus.NEW: "等发布（新增）",
    DocumentStatus.CHANGED: "等发布（改过）",
    DocumentStatus.REMOVED: "等发布（已删去）",
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

# The parts of the list: name, and which rows belong to it.
SHELVES: Mapping[str, tuple[str, Callable[[DocumentRow], bool]]] = {
    "all": ("全部", lambda row: True),
    "served": ("已收录的", lambda row: row.status is DocumentStatus.INDEXED and row.withdrawn is None),
    "waiting": ("等发布的", lambda row: row.status in WAITING),
    "left": ("先不发布的", lambda row: row.status is DocumentStatus.LEFT_OUT),
    "troubled": ("读不出的", lambda row: row.status in TROUBLED),
    "outdated": ("不在有效期的", lambda row: row.status is DocumentStatus.OUT_OF_FORCE),
    "withdrawn": (WITHDRAWN, lambda row: row.withdrawn is not None),
}
# The orders of the list: name, key, and whether the largest comes first.
ORDERS: Mapping[str, tuple[str, Callable[[DocumentRow], Any], bool]] = {
    "changed": ("最近改动", lambda row: (row.changed_at or _LONG_AGO, row.name), True),
    "name": ("文件名", lambda row: row.name, False),
    "title": ("标题", lambda row: row.title or row.name, False),
    "issuer": ("发文机关", lambda row: (row.issuer == "", row.issuer, row.name), False),
    "passages": ("段落数", lambda row: (row.passages, row.name), True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which files are listed, in which order, on which page, and the one that is open, with a passage to mark."""

    PLACE: ClassVar[str] = ADDRESS
    shelf: str = "all"
    text: str = ""
    order: str = "changed"
    name: str = ""
    passage: str = ""

    def __post_init__(self) -> None:
        if self.shelf not in SHELVES or self.order not in ORDERS:
            raise Unfit("没有这一栏，请重新选择")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list in the words of the page; `chosen` names its file, at a version, where it is selected."""

    address: str
    title: str
    name: str
    state: str
    troubled: bool
    why: str
    issuer: str
    in_force: str
    passages: int
    changed: str
    here: bool
    chosen: str


def view_of(query: QueryParams) -> View:
    """Return the view that an address names. Raises `Unfit` for choices that the page does not offer."""
    given = {name: readable(query.get(name, "")) for name in ("shelf", "text", "order", "name", "passage")}
    return View(
        shelf=given["shelf"] or "all",
        text=given["text"].strip()[:MOST_TEXT],
        order=given["order"] or "changed",
        page=page_number(query.get("page", "")),
        name=given["name"],
        passage=given["passage"],
    )


def found(documents: Sequence[DocumentRow], view: View) -> tuple[Found[Row], Mapping[str, int]]:
    """Return the page of the list that a view names, and how many files each shelf holds."""
    counts = {shelf: sum(map(belongs, documents)) for shelf, (_, belongs) in SHELVES.items()}
    belongs, wanted = SHELVES[view.shelf][1], normalise(view.text)
    searched = ((row, f"{row.name}\n{row.title}\n{row.issuer}") for row in documents if belongs(row))
    chosen = [row for row, words in searched if not wanted or wanted in _searched(words)]
    _, key, downwards = ORDERS[view.order]
    chosen.sort(key=key, reverse=downwards)
    return page_of(chosen, view.page, lambda row: _row(row, view), size=SIZE), counts


def words(row: DocumentRow) -> str:
    """Return the state of a file in the words of the page."""
    return WITHDRAWN if row.withdrawn else _STATES.get(row.status, row.status.label)


@lru_cache(maxsize=20_000)
def _searched(words: str) -> str:
    """Return words as they are searched; the same few thousand are searched again and again."""
    return normalise(words)


def shelves(view: View, counts: Mapping[str, int]) -> list[tuple[str, str, int, bool]]:
    """Return the parts of the list: name, address, how many files, and whether it is this one."""
    return [(name, View(shelf=key).address(), counts[key], key == view.shelf) for key, (name, _) in SHELVES.items()]


def _row(row: DocumentRow, view: View) -> Row:
    return Row(
        address=view.address(name=row.name, passage=""),
        title=row.title or row.name,
        name=row.name if row.title and row.title != row.name else "",
        state=words(row),
        troubled=row.status in TROUBLED,
        why=why_of(row) if row.status in (*TROUBLED, DocumentStatus.LEFT_OUT) or row.withdrawn else "",
        issuer=row.issuer,
        in_force=validity_of(row),
        passages=row.passages,
        changed=when(row.changed_at),
        here=row.name == view.name,
        chosen=f"{row.version}.{row.seen}:{row.name}",
    )
