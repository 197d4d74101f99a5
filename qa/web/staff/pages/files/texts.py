"""The text of a file on the panel of the page 文件: as citizens are answered from it, and as it is read now."""

from dataclasses import dataclass

from corpus.document import Document, Span
from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.web.document_html import document_html
from qa.web.html import NOTHING, Html
from qa.web.staff.values import whole_number

# Characters of a document that the panel shows; the rest is in the original.
MOST_SHOWN = 60_000
# Characters before and after a passage of a longer one.
AROUND = 2_000
SHORT = 60


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage of a published document: its number, its beginning, and whether it is marked in the text."""

    number: int
    start: str
    here: bool


def text_now(console: Console, name: str) -> Html:
    """Return the text of a file as the next refresh will read it. Raises `Unreadable`, `DocumentMissing`."""
    document = console.documents.read_now(name)
    note = Html('<p class="hint">程序读到的文字如下，发布以后市民能问到。{}</p>').format(document.remark)
    return note + shown(document)


def published_text(console: Console, name: str) -> Html:
    """Return the text that citizens are answered from; nothing if the file is not published."""
    try:
        return shown(console.documents.published(name))
    except EXPECTED:
        return NOTHING


def with_passages(console: Console, name: str, passage: str) -> tuple[Html, tuple[ShownPassage, ...]]:
    """Return the published text with the passage of a number marked, and all passages; nothing if it is not published.

    Raises `Unfit` if `passage` is no number; 0 marks none.
    """
    chosen = whole_number(passage)
    try:
        found = console.documents.preview(name)
    except EXPECTED:
        return NOTHING, ()
    marked = [one.span for one in found.passages[chosen - 1 : chosen]] if chosen else []
    listed = tuple(
        ShownPassage(number, _start(one.text), number == chosen) for number, one in enumerate(found.passages, start=1)
    )
    return shown(found.document, *marked), listed


def shown(document: Document, *marks: Span) -> Html:
    """Return a document as markup; of a long one the beginning, or what stands around the mark."""
    if len(document.text) <= MOST_SHOWN:
        return document_html(document, marks)
    if marks:
        return _around(document.text, marks[0])
    told = Html('<p class="text">{}</p><p class="hint">……全文共{}个字，只显示开头；可以下载原件。</p>')
    return told.format(document.text[:MOST_SHOWN], len(document.text))


def _around(text: str, mark: Span) -> Html:
    before, after = text[max(0, mark.start - AROUND) : mark.start], text[mark.end : mark.end + AROUND]
    told = Html('<div class="document"><p class="text">……{}<mark>{}</mark>{}……</p></div>')
    return told.format(before, text[mark.start : mark.end], after)


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text[:SHORT] + ("……" if len(text) > SHORT else "")
