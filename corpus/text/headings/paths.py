"""The heading path of any place in a document: the headings above it, the highest first."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from corpus.document import Document, Heading
from corpus.text.letterhead import closed_up

LONGEST_SHOWN = 300  # characters of a heading above a passage; each passage keeps them
_WRAPPED = re.compile(r"(?<=[\u2e80-\uffee])\s*\n\s*(?=[\u2e80-\uffee])")


class HeadingPaths:
    """Finds the headings above any position of a document without scanning all headings before it."""

    def __init__(self, headings: Sequence[Heading], text: str) -> None:
        self._headings = headings
        self._text = text
        self._above: list[int] = []  # for each heading the index of the one above it, -1 for none
        open_ones: list[int] = []
        for number, heading in enumerate(headings):
            while open_ones and headings[open_ones[-1]].level >= heading.level:
                open_ones.pop()
            self._above.append(open_ones[-1] if open_ones else -1)
            open_ones.append(number)

    def at(self, position: int) -> tuple[str, ...]:
        """Return the headings above `position`, the highest first, each on one line and cut to `LONGEST_SHOWN`."""
        number = bisect_right(self._headings, position, key=lambda heading: heading.span.start) - 1
        path = []
        while number >= 0:
            path.append(on_one_line(self._headings[number].span.of(self._text)[:LONGEST_SHOWN]))
            number = self._above[number]
        return tuple(reversed(path))


def headings_at(document: Document, position: int) -> tuple[str, ...]:
    """Return the headings above a position of a document; see `HeadingPaths.at`."""
    return HeadingPaths(document.headings, document.text).at(position)


def on_one_line(words: str) -> str:
    """Return a heading on one line; what it is about (关于……) is written together, and follows who issues it."""
    issuers, about, subject = words.partition("\n关于")
    if about:
        return closed_up(" ".join(issuers.split())) + "关于" + _WRAPPED.sub("", subject)
    return closed_up(" ".join(words.split()))
