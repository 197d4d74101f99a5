"""The protocol of readers, and the reading they return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.document import Document, Passage, Span
from index.retrieve import Hit
from qa.answering.question.analysis import Question
from qa.answering.reader.verifier.judging import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A quotation from a document that answers, and the shortest answer `short` within it, where one was found.

    `verdict` is the verifier's, None if no network has read the quotation. `amended` is the title of the document that
    has changed the words quoted, empty if none has.
    """

    document: Document
    headings: tuple[str, ...]
    quote: Span
    short: Span | None = None
    verdict: Verdict | None = None
    amended: str = ""

    def __post_init__(self) -> None:
        if self.quote.end > len(self.document.text) or not len(self.quote):
            raise ValueError(f"[{self.quote.start}, {self.quote.end}) is nothing to quote from {self.document.name}")

    @property
    def short_in_quote(self) -> Span | None:
        """The shortest answer as offsets into the quotation; None without one, or where it lies outside."""
        short, quote = self.short, self.quote
        return Span(short.start - quote.start, short.end - quote.start) if short and short.lies_in(quote) else None

    def holds(self, other: "Finding") -> bool:
        """Return whether the other finding's quotation lies within this one's."""
        same = self.document.name == other.document.name
        return same and other.quote.lies_in(self.quote)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading the hits: findings, the best first, and its confidence (0–1) that they answer.

    `contradictory` marks findings of different documents that state different values for what was asked. `rivals` are
    findings of other documents that answer about as surely in other words.
    """

    findings: tuple[Finding, ...]
    confidence: float
    contradictory: bool = False
    rivals: tuple[Finding, ...] = ()


class Reader(Protocol):
    """Reads a question, or the form of one to search with, against the passages found for it."""

    @property
    def threshold(self) -> float:
        """The confidence (0–1) below which the reader's findings are not shown."""

    def at(self, threshold: float) -> "Reader":
        """Return the same reader with another threshold (0–1)."""

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading: ...


class AtThreshold:
    """A reader whose threshold is looked up for every question; None stands for the reader's own."""

    def __init__(self, reader: Reader, look_up: Callable[[], float | None]) -> None:
        self._reader = reader
        self._look_up = look_up

    @property
    def threshold(self) -> float:
        return self._now().threshold

    def at(self, threshold: float) -> Reader:
        return self._reader.at(threshold)

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        return self._now().read(question, hits)

    def _now(self) -> Reader:
        threshold = self._look_up()
        return self._reader if threshold is None else self._reader.at(threshold)


def finding(passage: Passage, quote: Span, short: Span | None = None) -> Finding:
    """Return a finding in a passage."""
    return Finding(passage.document, passage.headings, quote, short)


def apart(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings without those whose quotation lies within an earlier one's."""
    kept: list[Finding] = []
    for new in findings:
        if not any(old.holds(new) for old in kept):
            kept.append(new)
    return tuple(kept)
