"""The text of a file on the panel of the page 文件: as citizens are answered from it, and as it is read now."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.conversion.container import Converted, is_container
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
# Files within an archive that are listed, those that cannot be read first.
MOST_WITHIN = 200


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage of a published document: its number, its beginning, and whether it is marked in the text."""

    number: int
    start: str
    here: bool


def text_now(console: Console, name: str) -> Html:
    """Return the text of a file as the next refresh will read it; of an archive, how each file in it is read.

    Raises `Unreadable`, `DocumentMissing`.
    """
    if is_container(name):
        return _files_within(name, console.documents.read_within(name))
    document = console.documents.read_now(name)
    note = Html('<p class="hint">程序读到的文字如下，发布以后市民能问到。{}</p>').format(document.remark)
    return note + shown(document)


def _files_within(name: str, read: Sequence[Converted]) -> Html:
    again = [one for one in read if _again(one)]
    bad = [one for one in read if one.problem and not _again(one)]
    good = len(read) - len(bad) - len(again)
    told = Html('<p class="{}">{}</p>').format(
        "refused" if bad else "hint",
        f"里面有{len(read)}个文件："
        + (f"{len(bad)}个读不出，发布以后市民问不到（改好以后重新打包，再上传一次）；" if bad else "")
        + (f"{len(again)}个这次没有读完，发布时会再读；" if again else "")
        + (f"{good}个读得出，发布以后市民能问到。" if good else "" if again else "没有读得出的。"),
    )
    shown = sorted(read, key=lambda one: (not one.problem or _again(one), one.problem is None))
    lines = Html("").join(_file_within(name, one) for one in shown[:MOST_WITHIN])
    more = len(shown) - MOST_WITHIN
    rest = Html('<p class="hint">还有{}个没有列出。</p>').format(more) if more > 0 else NOTHING
    return told + Html("<ul>{}</ul>").format(lines) + rest


def _file_within(name: str, one: Converted) -> Html:
    within = one.name.removeprefix(f"{name}/") if one.name != name else "邮件正文"
    if one.document:
        return Html('<li class="text">✓ {}：{}</li>').format(within, _start(one.document.text))
    if _again(one):
        return Html('<li class="text">… {}：{}</li>').format(within, str(one.problem))
    return Html('<li class="refused text">✗ {}：{}</li>').format(within, str(one.problem))


def _again(one: Converted) -> bool:
    return one.problem is not None and one.problem.again


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
