"""Answers from an article that a later decision has amended: with the decision first, and the article beside it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from corpus.document import Document, Span
from corpus.metadata.amendments import Change, amends, changes
from corpus.metadata.own_words import day_of
from corpus.metadata.repeals import base_title
from corpus.text.articles import LABEL, Number, labelled
from corpus.text.headings.paths import headings_at
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.editions import asks_for_older

_BEGINS = re.compile(rf"^[ \t\u3000]*(?:{LABEL.pattern})", re.MULTILINE)
_ITEM = re.compile(r"[ \t\u3000]*[（(][一二三四五六七八九十\d]{1,4}[）)]")


class Amendments:
    """The changes that documents in force make in others, by the titles of these."""

    def __init__(self, documents: Sequence[Document], today: date) -> None:
        self._changes: dict[str, list[Change]] = {}
        for document in documents:
            if amends(document) and not document.about.out_of_force(today):
                for title, change in changes(document):
                    self._changes.setdefault(title, []).append(change)

    def __bool__(self) -> bool:
        return bool(self._changes)

    def of(self, document: Document) -> Iterator[Change]:
        """Yield the changes in a document by later ones, the oldest first."""
        made = self._changes.get(base_title(document.title), ())
        for change in sorted(made, key=lambda change: day_of(change.by) or date.min):
            own, later = day_of(document), day_of(change.by)
            if change.by.name != document.name and not (own and later and own >= later):
                yield change


def as_amended(question: str, reading: Reading, amendments: Amendments) -> Reading:
    """Return a reading whose first finding is from an amended article as one that quotes the amendment first.

    What the amendment leaves as it was is answered from the article alone, and a question for the older text as it is.
    """
    if not (amendments and reading.findings) or asks_for_older(question):
        return reading
    first = reading.findings[0]
    if put_right := _of_the_new_words(first):
        return replace(reading, findings=(put_right, *reading.findings[1:]))
    last: tuple[Change, Finding] | None = None
    for change in amendments.of(first.document):
        touched = _changed_again(last[0], change, first) if last else _touched(first, change)
        last = (change, touched) if touched else last
    if last is None:
        return reading
    change, newest = last
    others = [one for one in reading.findings[1:] if one.document.name != change.by.name]
    # Both are quoted; what the older words say is none of the answer.
    old = replace(first, short=None, verdict=None, amended=change.by.title)
    return replace(reading, findings=(newest, old, *others), contradictory=reading.contradictory and bool(others))


def _of_the_new_words(found: Finding) -> Finding | None:
    """Return a finding within an amendment with the new words as its answer, where the old ones were taken for it."""
    if not found.short or not amends(found.document):
        return None
    for _, change in changes(found.document):
        if change.old and change.new and found.short.lies_in(change.old) and change.new.lies_in(found.quote):
            return replace(found, short=change.new, verdict=None)
    return None


def _touched(found: Finding, change: Change) -> Finding | None:
    """Return the finding of a change that an answer is touched by; None if the answer stands as it was."""
    text = found.document.text
    number, article = _article(text, found.quote)
    if change.numbers and number not in change.numbers:
        return None
    if change.paragraph and _paragraph_of(text, article, found.quote) != change.paragraph:
        return None
    short = None
    if change.old and change.new:
        words = change.old.of(change.by.text)
        if not any(_meets(found, at.start(), at.end()) for at in re.finditer(re.escape(words), text)):
            return None
        short = change.new if found.short else None
    elif change.new:
        short = _said_anew(found, change.new.of(change.by.text), change.new.start)
    return _finding(change, short)


def _finding(change: Change, short: Span | None) -> Finding:
    headings = headings_at(change.by, change.sentence.start)
    return Finding(change.by, headings, change.sentence, short)


def _changed_again(before: Change, change: Change, first: Finding) -> Finding | None:
    """Return the finding of a change in what an earlier change has put into an article; None if it is of others."""
    if not set(before.numbers) & set(change.numbers):
        return None
    words = before.new.of(before.by.text) if before.new else ""
    if change.old and change.old.of(change.by.text) not in words:
        return None
    return _finding(change, change.new if change.old and first.short else None)


def _meets(found: Finding, start: int, end: int) -> bool:
    """Return whether words stand in what answers: the short answer, else the quotation."""
    asked = found.short or found.quote
    return start < asked.end and asked.start < end


def _said_anew(found: Finding, words: str, start: int) -> Span | None:
    """Return the short answer in the new words, where they hold it unchanged."""
    short = found.short.of(found.document.text) if found.short else ""
    at = words.find(short) if short else -1
    return Span(start + at, start + at + len(short)) if at >= 0 else None


def _article(text: str, quote: Span) -> tuple[Number, int]:
    """Return the number of the article that a quotation stands in, and where it begins; (-1, 0) and 0 for none."""
    number, start = (-1, 0), 0
    for match in _BEGINS.finditer(text, 0, quote.end):
        if match.start() > quote.start:
            break
        number, start = labelled(match), match.start()
    return number, start


def _paragraph_of(text: str, article: int, quote: Span) -> int:
    """Return which paragraph (款) of an article a quotation begins in, from 1; items belong to the one above."""
    lines = text[article : quote.start].split("\n")[:-1]
    return 1 + sum(bool(line.strip()) and not _ITEM.match(line) for line in lines)
