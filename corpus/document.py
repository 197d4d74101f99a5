"""Documents and their parts: every part is a span of the document's fixed text."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field, fields

from corpus.validity import About

# Fields that came later do not count while they are empty: citations of earlier snapshots go on to fit.
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: its level, 1 the highest, and where its words stand."""

    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """A page, slide or sheet: how it is called, and where in the text it begins. It ends where the next one begins."""

    label: str
    start: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read, never changed afterwards.

    `name` is the path below the documents folder; it names the document to staff and in citations. `file_sha256`
    and `loader` say which bytes it was read from and by what, `remark` what staff should know about the reading:
    the next reading reuses the document while these are the same.
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

    def __post_init__(self) -> None:
        if any(heading.span.end > len(self.text) for heading in self.headings):
            raise ValueError(f"A heading of {self.name} lies outside of its text")
        starts = [page.start for page in self.pages]
        if starts != sorted(starts) or (starts and not 0 <= starts[0] <= starts[-1] <= len(self.text)):
            raise ValueError(f"The pages of {self.name} are not in order, or outside of its text")

    def place(self, position: int) -> str:
        """The page, slide or sheet that a character stands on; empty where the document has none."""
        number = bisect_right(self.pages, position, key=lambda page: page.start)
        return self.pages[number - 1].label if number else ""

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that a passage or a citation of this document depends on."""
        parts = [self.name, self.title, self.topic, self.source, self.text]
        parts += [f"{heading.level}:{heading.span.start}-{heading.span.end}" for heading in self.headings]
        parts += [f"{page.start}:{page.label}" for page in self.pages]
        # Of what is known about it what staff wrote: what other documents say of this one leaves it as it is.
        written = self.about.written
        known = [(part.name, getattr(written, part.name)) for part in fields(About)]
        parts += [f"{name}={value}" for name, value in known if value or name not in _ADDED]
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


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

    `pair` is the question of an FAQ whose answer the passage holds, or a part of it.
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
