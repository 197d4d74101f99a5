"""The panel of the page 文件: one file with its text, its fields, and what may be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.metadata.side_file import FIELDS
from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Missing
from qa.staff.console import Console
from qa.staff.documents.listing import DocumentRow, DocumentStatus
from qa.staff.permissions import Role
from qa.web.document_html import document_html
from qa.web.html import NOTHING, Html
from qa.web.staff.components import megabytes, when
from qa.web.staff.pages.files.view import WAITING, words
from qa.web.staff.pages.frame import Form
from qa.web.staff.tabs.documents.detail import HINTS, validity_of, why_of

# Characters of a document that the panel shows; the rest is in the original.
MOST_SHOWN = 60_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the side file: its name, its label, its value, and an example where the form is not obvious."""

    name: str
    label: str
    value: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows. `text` is empty where the file is not published as it is now."""

    name: str
    title: str
    version: str
    facts: tuple[tuple[str, str], ...]
    troubled: bool
    fields: tuple[Field, ...]
    text: Html
    unread: bool
    is_file: bool
    withdrawn: bool
    may_publish: bool


def panel(console: Console, documents: Sequence[DocumentRow], name: str, *, typed: Form | None = None) -> Panel:
    """Return the panel of a file. What was `typed` into its fields stays. Raises `Missing`."""
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
    waits = row.status in (DocumentStatus.NEW, DocumentStatus.CHANGED)
    return Panel(
        name=name,
        title=row.title or name,
        version=row.version,
        facts=tuple((label, value) for label, value in facts if value),
        troubled=row.status not in WAITING and bool(row.reason),
        fields=_fields(console, name, typed),
        text=NOTHING if waits else _published_text(console, name),
        unread=waits,
        is_file=bool(row.version),
        withdrawn=row.withdrawn is not None,
        may_publish=console.may(Role.PUBLISHER),
    )


def text_now(console: Console, name: str) -> Html:
    """Return the text of a file as the next refresh will read it. Raises `Unreadable`, `DocumentMissing`."""
    document = console.documents.read_now(name)
    note = Html('<p class="hint">程序读到的文字如下，发布以后市民能问到。{}</p>').format(document.remark)
    return note + document_html(document, ()) if len(document.text) <= MOST_SHOWN else note + _long(document.text)


def _published_text(console: Console, name: str) -> Html:
    try:
        document = console.documents.published(name)
    except EXPECTED:
        return NOTHING
    return document_html(document, ()) if len(document.text) <= MOST_SHOWN else _long(document.text)


def _long(text: str) -> Html:
    shown = Html('<p class="text">{}</p><p class="hint">……全文共{}个字，只显示开头；可以下载原件。</p>')
    return shown.format(text[:MOST_SHOWN], len(text))


def _fields(console: Console, name: str, typed: Form | None) -> tuple[Field, ...]:
    try:
        values = console.documents.metadata(name).values
    except EXPECTED:
        return ()
    return tuple(
        Field(field, words[1], typed.text(field) if typed else values.get(field, ""), HINTS.get(field, ""))
        for field, words in FIELDS.items()
    )
