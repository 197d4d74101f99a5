"""The list of snapshots in the words of staff, as an address of the page names it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.datastructures import QueryParams

from qa.service.questions import readable
from qa.staff.snapshots import Listed
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import PageView
from qa.web.staff.values import person, when

ADDRESS = f"{STAFF}/publish"
_PREFIX = "snapshot-"
_NAME = re.compile(r"(?<![A-Za-z0-9._/-])snapshot-[0-9]{6}(?![A-Za-z0-9._/-])")
# What the rooms below say of their commands and files, and where the same is done on the pages.
_COMMANDS = (
    (re.compile("CURRENT(?=已损坏|缺失)"), "现行版本的记录"),
    (re.compile("请用 python -m qa publish 重新发布一个版本"), "请在“发布”里重新发布一个版本"),
    (re.compile("请运行 python -m qa refresh(?: --anew 重建)?"), "请在“发布”的“不常用”里全部重新读取"),
)


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


def title_of(name: str) -> str:
    """Return what staff call a snapshot."""
    number = name.removeprefix(_PREFIX)
    return f"第{int(number)}版" if number.isascii() and number.isdigit() and len(number) < 20 else name[:100]


def in_words(text: str) -> str:
    """Return a sentence with the snapshots in it called what staff call them; names of files stay as they are.

    What it says of commands is said of the pages.
    """
    for command, words in _COMMANDS:
        text = command.sub(words, text)
    return _NAME.sub(lambda found: title_of(found[0]), text)


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
