"""Articles of laws and rules by number: 第一千一百九十八条 is 1198, 第一百二十条之一 is 120 and 1."""

import re
from collections.abc import Iterator

from corpus.document import Document, Span

_DIGITS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"[一二三四五六七八九十百千万零〇○两\d]{1,12}"
LABEL = re.compile(rf"第\s*({_NUMERAL})\s*条(?:之({_NUMERAL}))?")

Number = tuple[int, int]


def number(numeral: str) -> int:
    """Return the value of a Chinese or Arabic numeral: 一千零四十七 → 1047, 一〇四七 → 1047. Raises `ValueError`."""
    if not numeral:
        raise ValueError("Nothing is no numeral")
    if numeral.isdecimal():
        return int(numeral)
    if all(sign in _DIGITS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, below, digit = 0, 0, 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            below += (digit or 1) * _UNITS[sign]
            digit = 0
        elif sign == "万":
            total, below, digit = (total + below + digit) * 10_000, 0, 0
        else:
            raise ValueError(f"{numeral} is no numeral")
    return total + below + digit


def labelled(match: re.Match[str]) -> Number:
    """Return the number of an article and of one inserted after it; 0 for the article itself."""
    try:
        return number(match[1]), number(match[2]) if match[2] else 0
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
