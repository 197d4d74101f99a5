"""The panel of the page 文件: one file with its text, its fields, and what may be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.metadata.side_file import FIELDS
from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Missing
from qa.staff.console import Console
from qa.staff.documents.listing import DocumentRow, DocumentStatus, and_what_holds
from qa.staff.permissions import Role
from qa.web.html import Html
from qa.web.staff.pages.files.texts import ShownPassage, published_text, with_passages
from qa.web.staff.pages.files.view import WAITING, words
from qa.web.staff.pages.files.words import HINTS, validity_of, why_of
from qa.web.staff.pages.frame import Form
from qa.web.staff.values import megabytes, when


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the side file: its name, its label, its value, and an example where the form is not obvious."""

    name: str
    label: str
    value: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows. `text` is what citizens are answered from, `unread` tells that the file is another now.

    `passages` are listed where they are asked for. `seen` says what whoever reinstates it has looked at. `holder` is
    the archive with which it was withdrawn, `within` counts the files in an archive, `apart` are those of them that
    were withdrawn each by itself.
    """

    name: str
    title: str
    version: str
    facts: tuple[tuple[str, str], ...]
    troubled: bool
    fields: tuple[Field, ...]
    text: Html
    passages: tuple[ShownPassage, ...]
    unread: bool
    is_file: bool
    withdrawn: bool
    left_out: bool
    seen: str
    holder: str
    within: int
    apart: tuple[str, ...]
    may_publish: bool


def panel(
    console: Console, documents: Sequence[DocumentRow], name: str, *, passage: str = "", typed: Form | None = None
) -> Panel:
    """Return the panel of a file, with the passage of a number marked (0: none, but all are listed).

    What was `typed` into its fields stays. Raises `Missing`, `Unfit`.
    """
    row = next((one for one in documents if one.name == name), None)
    if row is None:
        raise Missing(f"没有文件“{name}”，可能已被删除；请刷新页面")
    facts = [
        ("状态", words(row)),
        ("原因和办法", why_of(row)),
        ("有效期", validity_of(row)),
        ("发文机关", row.issuer),
        ("大小", megabytes(row.size) if row.size else ""),
        ("段落", str(row.passages) if row.passages else ""),
        ("最近改动", when(row.changed_at)),
    ]
    inside = [one for one in documents if one.name.startswith(f"{name}/")]
    archives = {archive for one in inside for archive in and_what_holds(one.name)[1:]}
    stands = row.withdrawn.document if row.withdrawn else ""
    waits = bool(row.version) and row.status in (*WAITING, DocumentStatus.LEFT_OUT)
    text, passages = with_passages(console, name, passage) if passage else (published_text(console, name), ())
    return Panel(
        name=name,
        title=row.title or name,
        version=row.version,
        facts=tuple((label, value) for label, value in facts if value),
        troubled=row.status not in WAITING and bool(row.reason),
        fields=_fields(console, name, typed),
        text=text,
        passages=passages,
        unread=waits,
        is_file=bool(row.version),
        withdrawn=row.withdrawn is not None,
        left_out=row.status is DocumentStatus.LEFT_OUT,
        seen=row.seen,
        holder=stands if stands != name else "",
        within=sum(bool(one.passages) or one.name not in archives for one in inside),
        apart=() if row.withdrawn else tuple(one.name for one in inside if _withdrawn_itself(one)),
        may_publish=console.may(Role.PUBLISHER),
    )


def _withdrawn_itself(row: DocumentRow) -> bool:
    return row.withdrawn is not None and row.withdrawn.document == row.name


def _fields(console: Console, name: str, typed: Form | None) -> tuple[Field, ...]:
    try:
        values = console.documents.metadata(name).values
    except EXPECTED:
        return ()
    return tuple(
        Field(field, words[1], typed.text(field) if typed else values.get(field, ""), HINTS.get(field, ""))
        for field, words in FIELDS.items()
    )
