"""Answers since when a document holds by the sentence that states it, not by the date below its signature."""

import re
from dataclasses import replace

from corpus.document import Document, Span
from corpus.metadata.dates import DAY, read_day, with_digits
from corpus.metadata.force import read_force
from corpus.metadata.own_words import statements
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal
from qa.answering.reader.base import Finding, Reading

_HOLDS = r"(?:施行|实施|生效|执行|实行|试行)"
_WHEN = r"(?:哪一?[天日年]|何时|什么时[候间]|几时|几号|几月几[号日]|何日|多久)"
_ASKS = re.compile(rf"{_WHEN}[^，。？?]{{0,6}}{_HOLDS}|{_HOLDS}(?:的?(?:日期|时间|日)|[^，。？?]{{0,3}}{_WHEN})")
_ALONE = re.compile(rf"\s*[（(]?\s*{DAY}\s*[）)]?\s*")
# 自　　年　月　日起施行: a draft leaves it open.
_BLANK = re.compile(r"[自从于][\s＿_×Xx○〇]*年[\s＿_×Xx○〇]*月[\s＿_×Xx○〇]*日")

_LONGEST_BLANK = 60  # characters of a passage that leaves a day open and says no more


def leaves_a_day_open(text: str) -> bool:
    """Return whether a passage says nothing but that its document begins to hold on a day left blank."""
    return len(text.strip()) <= _LONGEST_BLANK and bool(_BLANK.search(text))


def by_its_own_sentence(question: Normal, reading: Reading) -> Reading:
    """Return a reading for the day on which a document begins to hold, with a bare date in it put right.

    It is left as it is where the document states no such day, or several; nothing is found where it is left blank.
    """
    if not reading.findings or not _ASKS.search(question):
        return reading
    first = reading.findings[0]
    if _BLANK.search(first.quote.of(first.document.text)):
        return Reading((), 0.0)
    if not _ALONE.fullmatch(with_digits(first.quote.of(first.document.text))):
        return reading
    stated = _stated(first.document)
    return replace(reading, findings=(stated, *reading.findings[1:])) if stated else reading


def _stated(document: Document) -> Finding | None:
    """Return the sentence by which a document begins to hold on the one day that it states as a date."""
    since = read_force(statements(document), read_day(document.about.date)).since
    sentence = next(iter(since.values())) if len(since) == 1 else ""
    start = document.text.find(sentence) if sentence else -1
    day = re.search(DAY, sentence)
    if start < 0 or day is None:
        return None
    headings = headings_at(document, start)
    return Finding(document, headings, Span(start, start + len(sentence)), Span(start + day.start(), start + day.end()))
