"""Documents and their parts; every part is a span of the document's fixed text."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from corpus.validity import ABOUT, About

# Later fields are ignored while empty, so that citations of older snapshots still match.
_ADDED = ("standing", "read", "reasons")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `[start, end)` of a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"[{self.start}, {self.end}) is no span")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def lies_in(self, other: "Span") -> bool:
        """Return whether all of it lies within another span."""
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: "Span") -> bool:
        """Return whether it has characters in common with another span."""
        return self.start < other.end and other.start < self.end

    def trimmed(self, text: str) -> "Span":
        """Return the span without the white space at both of its ends; empty at its end where there is nothing else."""
        start, end = self.start, self.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: its level (1 is the highest) and the span of its words."""

    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """A page, slide or sheet: its label, and the offset where it begins. It ends where the next one begins."""

    label: str
    start: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the text: its span with title and notes, and the spans of the values in each row.

    `columns` are the names over the values; an empty place is None. A row with a single value reaches over all columns.
    """

    span: Span
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Span | None, ...], ...]


@dataclass(frozen=True)  # without slots, for the hash is computed once
class Document:
    """A text as it was read; it never changes.

    `name` is the path below the documents' folder. Staff and citations use it. `file_sha256` and `loader` name the
    bytes and the loader it was read with, `remark` what staff should know about the reading. The next reading reuses
    the document while these are the same.
    """

    name: str
    title: str
    text: str
    headings: tuple[Heading, ...] = ()
    topic: str = ""
    source: str = ""
    file_sha256: str = ""
    loader: str = ""
    pages: tuple[Page, ...] = ()
    about: About = About()
    remark: str = ""
    tables: tuple[Table, ...] = ()

    def __post_init__(self) -> None:
        if any(heading.span.end > len(self.text) for heading in self.headings):
            raise ValueError(f"A heading of {self.name} lies outside of its text")
        starts = [page.start for page in self.pages]
        if starts != sorted(starts) or (starts and not 0 <= starts[0] <= starts[-1] <= len(self.text)):
            raise ValueError(f"The pages of {self.name} are not in order, or outside of its text")
        if any(table.span.end > len(self.text) for table in self.tables):
            raise ValueError(f"A table of {self.name} lies outside of its text")

    def place(self, position: int) -> str:
        """Return the label of the page, slide or sheet that holds a character; empty if the document has none."""
        number = bisect_right(self.pages, position, key=lambda page: page.start)
        return self.pages[number - 1].label if number else ""

    def table(self, position: int) -> Table | None:
        """Return the table that holds a character; None if there is none."""
        number = bisect_right(self.tables, position, key=lambda table: table.span.start)
        found = self.tables[number - 1] if number else None
        return found if found and position < found.span.end else None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything that a passage or a citation of this document depends on."""
        parts = [self.name, self.title, self.topic, self.source, self.text]
        parts += [f"{heading.level}:{heading.span.start}-{heading.span.end}" for heading in self.headings]
        parts += [f"{page.start}:{page.label}" for page in self.pages]
        parts += [f"{table.span.start}-{table.span.end}:{table.title}:{table.columns}" for table in self.tables]
        # Only what staff wrote about it counts: what other documents say about this one leaves it unchanged.
        parts += _written(self.about.written)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def named(documents: Iterable[Document], name: str) -> Document | None:
    """Return the document of that name; None if there is none."""
    return next((document for document in documents if document.name == name), None)


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """A question that a document asks itself, and its answer."""

    question: Span
    answer: Span

    def __post_init__(self) -> None:
        if self.answer.start < self.question.end:
            raise ValueError("An answer begins where its question ends, or later")


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one document under one heading: the unit that is embedded, found and read.

    `pair` is the FAQ question whose answer, or part of it, the passage holds.
    """

    document: Document = field(repr=False)
    span: Span
    headings: tuple[str, ...]
    sentences: tuple[Span, ...] = field(repr=False)
    pair: QuestionAnswer | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.span.end > len(self.document.text):
            raise ValueError(f"A passage lies outside of {self.document.name}")

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


@lru_cache(maxsize=1024)  # most documents have none, or the same
def _written(about: About) -> list[str]:
    known = [(name, getattr(about, name)) for name in ABOUT]
    return [f"{name}={value}" for name, value in known if value or name not in _ADDED]
