"""Passages: whole sentences under one heading, sized in the model's tokens."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Document, Passage, QuestionAnswer, Span
from corpus.text.faq import question_answers
from corpus.text.headings.paths import LONGEST_SHOWN, HeadingPaths
from corpus.text.sentences import sentences

# Raise this whenever the same document would be split otherwise: a snapshot's recipe records it.
VERSION = 8
# The best of the sizes measured (docs/decisions/passage-size.md), and what the reader was trained to read.
PASSAGE_TOKENS = 160
_CLAUSE_END = re.compile(r"[；;，,、：:]\s*|\s+")

_LONGEST_TOKEN = 8

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Splitter:
    """Splits documents into passages of at most `max_tokens`, counted by the model's tokenizer."""

    count_tokens: CountTokens
    max_tokens: int = PASSAGE_TOKENS

    def split(self, document: Document) -> list[Passage]:
        """Return the passages of a document in order; together they hold every character except outer white space.

        A passage crosses neither a heading, nor the end of an FAQ's answer, nor the edge of a table with a title. The
        FAQ's question or the table's title is its lowest heading. A sentence that is too long alone is cut between
        clauses.
        """
        passages = []
        pairs, number = question_answers(document), 0
        paths = HeadingPaths(document.headings, document.text)
        for section in _sections(document, pairs):
            while number < len(pairs) and pairs[number].question.start < section.start:
                number += 1
            pair = pairs[number] if number < len(pairs) and pairs[number].question.start < section.end else None
            for sentence_group in self._groups(document, section, whole_rows=pair is None):
                span = Span(sentence_group[0].start, sentence_group[-1].end).trimmed(document.text)
                headings = _above(document, paths, span)
                asked = (" ".join(pair.question.of(document.text)[:LONGEST_SHOWN].split()),) if pair else ()
                headings = headings if headings[-1:] == asked else (*headings, *asked)
                passages.append(Passage(document, span, headings, tuple(sentence_group), pair))
        return passages

    def _groups(self, document: Document, section: Span, *, whole_rows: bool) -> Iterator[list[Span]]:
        text = document.text
        group: list[Span] = []
        size = 0
        for span in self._sentence_spans(document, section, whole_rows=whole_rows):
            tokens = self.count_tokens(span.of(text))
            if group and size + tokens > self.max_tokens:
                yield group
                group, size = [], 0
            group.append(span)
            size += tokens
        if group:
            yield group

    def _sentence_spans(self, document: Document, section: Span, *, whole_rows: bool) -> Iterator[Span]:
        text, read = document.text, section.start
        for start, end in sentences(section.of(text)):
            # A row that was taken whole may end within a sentence, which goes on below it.
            span = Span(max(read, section.start + start), max(read, section.start + end)).trimmed(text)
            if not len(span):
                continue
            row = _row(document, span) if whole_rows else span
            if len(row) > len(span) and self._fits(text, row):
                span, read = row, row.end
            if self._fits(text, span):
                yield span
            else:
                yield from self._clauses(text, span)

    def _fits(self, text: str, span: Span) -> bool:
        few = len(span) <= self.max_tokens * _LONGEST_TOKEN
        return few and self.count_tokens(span.of(text)) <= self.max_tokens

    def _clauses(self, text: str, span: Span) -> Iterator[Span]:
        """Yield a sentence cut between clauses, each part as long as fits; an endless clause is cut anywhere."""
        start = span.start
        while start < span.end:
            end = self._longest_fit(text, start, span.end)
            yield Span(start, end).trimmed(text)
            start = end

    def _longest_fit(self, text: str, start: int, limit: int) -> int:
        # No token of the models in use spans more characters, so text beyond this cannot fit and is not counted.
        limit = min(limit, start + self.max_tokens * _LONGEST_TOKEN)
        if self.count_tokens(text[start:limit]) <= self.max_tokens:
            return limit
        low, high = start + 1, limit  # text[start:low] fits
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.count_tokens(text[start:middle]) <= self.max_tokens else (low, middle)
        ends = [match.end() for match in _CLAUSE_END.finditer(text, start, low)]
        return ends[-1] if ends and ends[-1] > start else low


def _sections(document: Document, pairs: Sequence[QuestionAnswer]) -> Sequence[Span]:
    """Return the stretches between headings and FAQ questions; headings without text between open one section.

    A table with a title is a section of its own, including the headings just above it.
    """
    text = document.text
    opened = [(heading.span.start, heading.span.end) for heading in document.headings]
    opened += [(_line_start(text, pair.question.start), pair.question.end) for pair in pairs]
    opened += [(edge, edge) for table in document.tables if table.title for edge in (table.span.start, table.span.end)]
    starts = [0]
    last_end = 0
    closed = {_line_end(text, pair.answer.end) for pair in pairs}  # what stands in further columns goes with the row
    for start, end in sorted([*opened, *((place, place) for place in closed)]):
        if start > starts[-1] and (text[last_end:start].strip() or start in closed):
            starts.append(start)
        last_end = max(last_end, end)
    ends = [*starts[1:], len(text)]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _row(document: Document, span: Span) -> Span:
    """Return the whole table row that a sentence begins, because its later sentences name nothing."""
    if document.table(span.start) is None:
        return span
    end = document.text.find("\n", span.start)
    return Span(span.start, end if end >= 0 else len(document.text)).trimmed(document.text)


def _above(document: Document, paths: HeadingPaths, span: Span) -> tuple[str, ...]:
    """Return the headings over a passage, and the title of the table that it stands in."""
    path = paths.at(span.end - 1)
    table = document.table(span.end - 1)
    titled = table is not None and table.title and table.title not in path
    return (*path, table.title) if table is not None and titled else path


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)
