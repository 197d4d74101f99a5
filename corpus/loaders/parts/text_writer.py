"""A document's text put together piece by piece, with the places of headings and pages."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from corpus.document import Document, Heading, Page, Span
from corpus.text.headings import UNNUMBERED, plain_headings, title_of
from corpus.text.letterhead import closed_up

# Line ends of Word (vertical tab) and Unicode are line ends; other control characters and lone surrogates show nothing.
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u00ad]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a]+")


class Writer:
    """Paragraphs are set apart by a blank line; `text` is what was written so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._pages: list[Page] = []
        self._title: Span | None = None

    def page(self, label: str) -> None:
        """Begin a page, slide or sheet here."""
        self._pages.append(Page(label, self._length))

    def heading(self, level: int, text: str) -> None:
        """Write a heading; an empty one is none."""
        words = closed_up(" ".join(cleaned(text).split()))
        if words:
            self._headings.append(Heading(level, Span(self._length, self._length + len(words))))
            self.write(words + "\n\n")

    def title(self, text: str) -> None:
        """Write a line of the title; those that follow one another are one."""
        words = closed_up(" ".join(cleaned(text).split()))
        start = self._title.start if self._title else self._length
        self._title = Span(start, self._length + len(words))
        self.write(words + "\n")

    def paragraph(self, text: str) -> None:
        """Write a paragraph; an empty one is none."""
        if words := cleaned(text):
            self.write(words + "\n\n")

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines that belong together, such as the rows of a table."""
        if words := "\n".join(filter(None, map(cleaned, lines))):
            self.write(words + "\n\n")

    def write(self, text: str) -> None:
        """Write text as it is."""
        self._parts.append(text)
        self._length += len(text)

    def document(self, name: str, *, title: str = "", remark: str = "", numbered: bool = False) -> Document:
        """The document. Where no heading was written, they are found as in a plain text; with `numbered` those with
        numbers are found in any case, and lie below the written ones. The title is the first heading, unless given.
        """
        text = "".join(self._parts)
        headings = list(self._headings)
        if not headings or numbered:
            headings = self._with_plain(headings, plain_headings(text))
        raised = 1 - min((heading.level for heading in headings), default=1)
        if raised > 0:
            headings = [Heading(heading.level + raised, heading.span) for heading in headings]
        title = " ".join(cleaned(title).split()) or title_of(headings, text) or PurePosixPath(name).stem
        return Document(name, title, text, tuple(headings), pages=tuple(self._pages), remark=remark)

    def _with_plain(self, written: list[Heading], plain: list[Heading]) -> list[Heading]:
        if self._title:
            below = [heading for heading in plain if heading.span.start >= self._title.end]
            return [Heading(0, self._title), *below]
        if not written:
            return plain
        deepest = max(heading.level for heading in written)
        taken = {heading.span.start for heading in written}
        below = [
            Heading(deepest + heading.level, heading.span)
            for heading in plain
            if heading.level < UNNUMBERED and heading.span.start not in taken
        ]
        return sorted(written + below, key=lambda heading: heading.span)


def cleaned(text: str) -> str:
    """The text without what does not show; lines trimmed, empty ones left out."""
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    return "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in text.split("\n"))))
