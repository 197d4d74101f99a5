"""Documents and their parts: every part is a span of the document's fixed text."""

import hashlib
from dataclasses import dataclass, field


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
class Document:
    """A text as it was read, never changed afterwards.

    `name` is the path below the documents folder; it names the document to staff and in citations.
    """

    name: str
    title: str
    text: str
    headings: tuple[Heading, ...] = ()
    topic: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if any(heading.span.end > len(self.text) for heading in self.headings):
            raise ValueError(f"A heading of {self.name} lies outside of its text")

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that a passage of this document depends on."""
        parts = [self.name, self.title, self.topic, self.source, self.text]
        parts += [f"{heading.level}:{heading.span.start}-{heading.span.end}" for heading in self.headings]
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one document under one heading: the unit that is embedded, found and read."""

    document: Document = field(repr=False)
    span: Span
    headings: tuple[str, ...]
    sentences: tuple[Span, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if self.span.end > len(self.document.text):
            raise ValueError(f"A passage lies outside of {self.document.name}")

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)
