"""Articles of laws and rules by number: 第一千一百九十八条 is 1198, 第一百二十条之一 is 120 and 1."""

import re
from collections.abc import Iterator

from corpus.document import Document, Span
from corpus.text.numerals import ORDINAL_SIGN, SIGN, whole_number

_NUMERAL = rf"{ORDINAL_SIGN}{{1,12}}"
LABEL = re.compile(rf"第\s*({_NUMERAL})\s*条(?:之({_NUMERAL}))?")
# As it is said behind the name of a law: 民法典1198条.
SAID = re.compile(rf"(?<!{SIGN})({SIGN}{{1,12}})\s*条(?:之({_NUMERAL}))?")

Number = tuple[int, int]


def labelled(match: re.Match[str]) -> Number:
    """Return the number of an article and of one inserted after it; 0 for the article itself."""
    try:
        return whole_number(match[1]), whole_number(match[2]) if match[2] else 0
    except ValueError:
        return -1, 0


def article_of(heading: str) -> Number | None:
    """Return the article that a heading begins with; None if it begins otherwise."""
    match = LABEL.match(heading)
    return labelled(match) if match else None


def articles(document: Document, wanted: Number) -> Iterator[Span]:
    """Yield the spans of the articles of that number, each up to the next heading that is not below it."""
    headings = document.headings
    for place, heading in enumerate(headings):
        if article_of(heading.span.of(document.text)) == wanted:
            after = (other.span.start for other in headings[place + 1 :] if other.level <= heading.level)
            words = document.text[heading.span.start : next(after, len(document.text))].rstrip()
            yield Span(heading.span.start, heading.span.start + len(words))
