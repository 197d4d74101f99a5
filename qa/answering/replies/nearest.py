"""Passages as citations: those that answer, and the nearest ones, with the question's words marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import Document, Passage, Span
from corpus.text.sentences import sentences
from index.retrieve import Hit
from index.search.terms import words
from qa.answering.reader.base import Finding
from qa.answering.reply import MAX_QUOTE, Citation

_NUMBERED = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百\d]+[、.．章节条编部分]*|[（(][一二三四五六七八九十\d]+[)）])\s*"
)
_SAYS = re.compile(r"[。；;：:？?！!]|\w\.(?:\s|$)")
CONTEXT = 90  # characters shown before and after a quotation


def cite(finding: Finding, note: str) -> Citation:
    """Make the citation of a finding; `note` warns that its document is not in force."""
    text, quote, short = finding.document.text, finding.quote, finding.short_in_quote
    return Citation(
        document=finding.document.name,
        title=finding.document.title,
        headings=finding.headings,
        start=quote.start,
        end=quote.end,
        text=quote.of(text),
        marks=((short.start, short.end),) if short else (),
        before=text[max(0, quote.start - CONTEXT) : quote.start],
        after=text[quote.end : quote.end + CONTEXT],
        place=finding.document.place(quote.start),
        note=note,
        date=finding.document.about.date,
        source=finding.document.source,
    )


def nearest(hits: Sequence[Hit], question: str) -> tuple[Citation, ...]:
    """Make citations of passages that came nearest: the part of each that holds most of the question's words.

    What says nothing, the lines of a title, comes last, whatever it has in common with the question.
    """
    terms = _terms(question)
    return tuple(_nearest(hit, terms) for hit in sorted(hits, key=lambda hit: not _SAYS.search(hit.passage.text)))


def _nearest(hit: Hit, terms: Sequence[str]) -> Citation:
    passage, document = hit.passage, hit.passage.document
    start, end = _window(passage, terms)
    shown = cite(Finding(document, passage.headings, Span(start, end)), hit.out_of_force)
    return replace(shown, marks=tuple(_places(shown.text, terms)))


def holding(hits: Sequence[Hit], word: str) -> list[Hit]:
    """Return the hits whose passages, or the headings above them, hold a word; they keep their order."""
    wanted = word.lower()
    return [hit for hit in hits if wanted in "\n".join([hit.passage.text, *hit.passage.headings]).lower()]


def headings(document: Document) -> frozenset[str]:
    """Return the headings of a document without their numbers."""
    return frozenset(_NUMBERED.sub("", heading.span.of(document.text)).strip() for heading in document.headings)


def _terms(question: str) -> list[str]:
    """Return the words of a question to mark, the longest first; a single letter or character marks nothing."""
    whole = question.strip().lower()
    found = {word.lower() for word in words(question) if len(word) > 1}
    return sorted(found | ({whole} if len(whole) > 1 and " " not in whole else set()), key=len, reverse=True)


def _places(text: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the terms stand in a text, in its order, without overlaps."""
    copy, free = text.lower(), 0
    if len(copy) != len(text):  # a letter whose lower case is longer: offsets would be wrong
        return
    found = sorted((at, -len(term)) for term in terms for at in _each(copy, term))
    for at, length in found:
        if at >= free:
            free = at - length
            yield at, free


def _each(text: str, term: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + len(term))


def _window(passage: Passage, terms: Sequence[str]) -> tuple[int, int]:
    """Return the span to show: the whole passage if it fits, else from the sentence that shows most terms."""
    text = passage.document.text
    first = passage.span.start + opening(passage)
    starts = [first, *(first + start for start, _ in sentences(text[first : passage.span.end]))]
    shown = max(starts, key=lambda start: (_held(text[start : start + MAX_QUOTE], terms), -start))
    if passage.span.end - first <= MAX_QUOTE:
        shown = first
    return shown, min(passage.span.end, shown + MAX_QUOTE)


def _held(text: str, terms: Sequence[str]) -> int:
    copy = text.lower()
    return sum(len(term) for term in terms if term in copy)


def opening(passage: Passage) -> int:
    """Return how many characters of headings a passage opens with; 0 if it consists of headings only."""
    length = 0
    for line in passage.text.splitlines(keepends=True):
        if line.strip() and line.strip() not in passage.headings:
            return length
        length += len(line)
    return 0
