"""The list of snapshots in the words of staff, as an address of the page names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.datastructures import QueryParams

from qa.service.questions import readable
from qa.staff.snapshots.listed import Listed
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import PageView
from qa.web.staff.values import person, when
from qa.web.staff.versions import in_words, title_of

ADDRESS = f"{STAFF}/publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which snapshot is open; empty for none."""

    PLACE: ClassVar[str] = ADDRESS
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the list in the words of the page."""

    address: str
    title: str
    name: str
    state: str
    troubled: bool
    built: str
    who: str
    documents: int
    golden: str
    note: str
    here: bool


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    return View(name=readable(query.get("name", "")))


def rows(found: Sequence[Listed], view: View) -> list[Row]:
    """Return the rows of the list, the newest first."""
    return [_row(one, view) for one in reversed(found)]


def state_of(one: Listed) -> str:
    """Return the state of a snapshot in the words of the page."""
    return "市民现在看到的" if one.published else "以前给市民看过" if one.was_published else "没有发布"


def note_of(one: Listed) -> str:
    """Return why a snapshot was held, or published in spite of the golden questions, or what was noted with it."""
    if one.wish:
        return f"{in_words(one.unjudged or one.why_not)}；{one.wish}"
    if one.unjudged:
        return in_words(one.unjudged)
    if one.forced:
        return f"强行发布：{f'{one.wanted_by}：{one.wanted_why}' if one.wanted_by else one.why}"
    return in_words(one.why_not or ("" if one.was_published else one.to_see)) or one.why


def _row(one: Listed, view: View) -> Row:
    return Row(
        address=view.address(name=one.name),
        title=title_of(one.name),
        name=one.name,
        state=state_of(one),
        troubled=bool(one.why_not or one.to_see) and not one.was_published,
        built=when(one.built_at),
        who=person(one.who) or "？",
        documents=one.documents,
        golden=f"{one.golden_right} / {one.golden_asked}" if one.golden_asked else "没有检验",
        note=note_of(one),
        here=one.name == view.name,
    )
