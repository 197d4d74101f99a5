"""Lines on pages, and what is read from them one by one."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.loaders.parts.layout.pieces import Piece
from corpus.loaders.parts.tables.grid import Grid

HYPHEN = "\u00ad"  # at the end of a line whose last word continues in the next
MARGIN = 0.12  # of the page's height: the zone of headers, footers and page numbers
# A figure that the end of a line cuts within Chinese words: 〔20, 19〕3号.
_LONGEST_CUT = 13
_CUT, _CUT_OFF = re.compile(r"[\u2e80-\uffef]\d{1,12}$"), re.compile(r"\d{1,12}[\u2e80-\uffef]")


class Drawn(Protocol):
    """A table that takes the place of a line."""

    def goes_on(self, below: "Drawn") -> bool:
        """Return whether a table that begins the next page has the same columns."""

    def grid(self, page: int) -> Grid:
        """Return its cells."""

    def words(self) -> str:
        """Return all its words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and its place in points, from the left and from the top; `size` is its type size.

    `cells` are its parts between wide gaps, as in a table row; `edges` holds left and right of each.
    `pieces` are its parts between narrower gaps, in the order of the file. `drawn` is a table that takes its place.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    cells: tuple[str, ...] = ()
    edges: tuple[tuple[float, float], ...] = ()
    drawn: Drawn | None = field(default=None, compare=False)  # a table has no hash
    pieces: tuple[Piece, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its height and its lines in reading order."""

    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the number of its sheet, from 0."""

    line: Line
    sheet: int


def body_size(sheets: Sequence[Sheet]) -> float:
    """Return the type size of most characters."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            if line.drawn:
                continue  # often set smaller than the text around it
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def joined(lines: Sequence[str]) -> str:
    """Return lines as one; Latin letters or digits are separated by a space, but not the halves of a figure."""
    text = ""
    for line in lines:
        if text.endswith(HYPHEN):  # the hyphen of the line break, or one that a name or number has itself
            text = text[:-1] + ("" if line[:1].islower() else "-") + line
            continue
        spaced = text and text[-1] < "\u2e80" and line[:1] < "\u2e80" and text[-1].isalnum() and line[:1].isalnum()
        cut = spaced and _CUT.search(text[-_LONGEST_CUT:]) and _CUT_OFF.match(line)
        text += f" {line}" if spaced and not cut else line
    return text


def pitch_of(lines: Sequence[Line]) -> float:
    """Return the distance of lines within a paragraph: one of the smaller steps, for paragraphs may stand apart."""
    steps = sorted(b.top - a.top for a, b in zip(lines, lines[1:], strict=False) if b.top > a.top)
    return steps[len(steps) // 5] if steps else 1.0


def in_margin(line: Line, height: float) -> bool:
    """Return whether a line stands where headers, footers and page numbers do."""
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height
