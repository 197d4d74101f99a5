"""Quotes an item that is asked for by its number below a heading: 须知里“票务”第2条, where each heading counts anew."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document, Heading, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from qa.answering.reader.base import Finding

_NUMBER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．])\s*"
)
_LEAST, _TITLED = 2, 4  # characters of a heading; those that a question shares with the title of a document


def item_below_a_heading(asked: str, number: int, documents: Sequence[Document]) -> Finding | None:
    """Return the item of a number below the heading that a question names right before it; None unless it is one.

    `asked` is the question up to the number. It also has to name the document.
    """
    before = normalise(asked).rstrip(' 的中里内"”」』》)）部分一章节')
    found = [
        Finding(document, headings_at(document, item.start), item)
        for document in documents
        if _is_named(document, before)
        for heading in _headings_said(document, before)
        if (item := _item(document, heading, number))
    ]
    return found[0] if len(found) == 1 else None


def _is_named(document: Document, asked: str) -> bool:
    title = normalise(document.title)
    return any(title[at : at + _TITLED] in asked for at in range(len(title) - _TITLED + 1))


def _headings_said(document: Document, before: str) -> Iterator[Heading]:
    """Yield the headings with whose words a question ends before the number."""
    for heading in document.headings:
        words = normalise(_NUMBER.sub("", heading.span.of(document.text)))
        if len(words) >= _LEAST and before.endswith(words):
            yield heading


def _item(document: Document, heading: Heading, number: int) -> Span | None:
    """Return the one line below a heading, before the next of its level, that begins with a number."""
    ends = [
        other.span.start
        for other in document.headings
        if other.span.start > heading.span.start and other.level <= heading.level
    ]
    end = min(ends, default=len(document.text))
    begins = re.compile(rf"^[ \t]*(?:{number}[.．、](?!\d)|[（(]{number}[）)])[^\n]*\S", re.MULTILINE)
    items = list(begins.finditer(document.text, heading.span.end, end))
    return Span(*items[0].span()).trimmed(document.text) if len(items) == 1 else None
