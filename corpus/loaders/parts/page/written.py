"""Lines of a PDF page from its characters as they come."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium

from corpus.loaders.parts.layout.lines import HYPHEN, Line
from corpus.loaders.parts.layout.pieces import GAP, LEVEL, Piece
from corpus.loaders.parts.office.symbols import shown
from corpus.loaders.parts.page.visible.objects import Box
from corpus.loaders.parts.text_writer import cleaned
from corpus.text.letterhead import closed_up

GAP_MARK = "\x1f"
_WIDE = 1.5  # type sizes between the cells of a row
_NEXT_LINE = 0.8  # type sizes
_LONGEST_NAME = 8  # characters, of a column so narrow that each has a line
# Of the type's height: how high the mark of a footnote is at most, and how much higher its foot stands.
_MARK_HEIGHT, _MARK_RISE, _MEASURES = 0.8, 0.1, "米里"
_SAMPLED = 5  # the type size is read for every fifth character


class Written:
    """The characters of a line as they come, with the place of each, until the line ends."""

    def __init__(self, text: Any, *, filled_in: bool = False) -> None:
        self._text, self._filled_in = text, filled_in
        self._matrix = pdfium.FS_MATRIX()
        self._characters: list[str] = []
        self._edges: list[Box] = []
        self._starts = [0]  # for each cell, the index of its first edge
        self._sizes: list[float] = []
        self._pieces: list[tuple[int, int]] = []  # for each piece, the indices of its first edge and first character
        self._broken: set[int] = set()  # the numbers of pieces that end in a hyphen
        self._digits: list[tuple[int, int]] = []  # for each digit, the indices of its edge and its character
        self._lying = 0  # characters, of those whose size is read, that lie on their side
        self.hyphen = False

    def space(self, character: str) -> None:
        self._characters.append(character)

    def add(self, index: int, character: str, place: Box) -> None:
        """Add the character of a number on the page; a wide gap before it begins a cell."""
        if len(self._edges) % _SAMPLED == 0:
            self._sizes.append(self._size(index))
        size, begins = self._sizes[-1], True
        if self.hyphen and not character.islower():  # after a hyphen, PDFium continues with the next line
            self._characters.append("-")
        if self._edges:
            _, right, top, bottom = self._edges[-1]
            gap, shift = place[0] - right, place[2] + place[3] - top - bottom
            begins = not -size < gap <= GAP * size or abs(shift) > 2 * LEVEL * size
            if begins and self.hyphen:
                self._broken.add(len(self._pieces) - 1)
            if gap > _WIDE * size:
                self._characters.append(GAP_MARK)
                self._starts.append(len(self._edges))
        if begins:
            self._pieces.append((len(self._edges), len(self._characters) if self._edges else 0))
        self.hyphen = False
        if character.isdecimal():
            self._digits.append((len(self._edges), len(self._characters)))
        self._characters.append(character)
        self._edges.append(place)

    def ends_before(self, place: Box) -> bool:
        """Return whether a character begins another line, though the file does not say so: further left and below.

        The fields of a form follow in any order: of what is filled in, each that lies wholly below or above begins one.
        """
        if not self._edges or self.hyphen:
            return False
        last = self._edges[-1]
        if self._filled_in and (place[2] >= last[3] or place[3] <= last[2]):
            return True
        size = self._sizes[-1]
        return place[0] < last[0] - size and place[2] + place[3] > last[2] + last[3] + 2 * _NEXT_LINE * size

    def _size(self, index: int) -> float:
        known = pdfium.FPDFText_GetMatrix(self._text, index, ctypes.byref(self._matrix))
        scale = known and hypot(self._matrix.c, self._matrix.d)
        self._lying += bool(known) and abs(self._matrix.b) > abs(self._matrix.a)
        return float(pdfium.FPDFText_GetFontSize(self._text, index) * (scale or 1.0))

    def ended(self) -> Iterator[Line]:
        """Yield the present line, if it is not empty, and begin another."""
        if self._edges:
            yield self._line()
        self._characters.clear()
        self._edges.clear()
        self._sizes.clear()
        self._pieces.clear()
        self._broken.clear()
        self._digits.clear()
        self._lying = 0
        self._starts[:] = [0]

    def _is_turned(self) -> bool:
        """Return whether most characters stand above or below those before them, as labels of charts do.

        Upright ones, no more than a name has, are the lines of a narrow cell.
        """
        pairs = list(pairwise(self._edges))
        steps = ((after[0] - before[0], after[2] - before[2]) for before, after in pairs)
        down = 2 * sum(abs(right) < abs(down) for right, down in steps) > len(pairs)
        return down and (2 * self._lying >= len(self._sizes) or len(self._edges) > _LONGEST_NAME)

    def _without_marks(self) -> None:
        """Leave out the marks of footnotes: small digits that stand higher than the Chinese word before them.

        Behind a measure they are its exponent: 米².
        """
        heights = sorted(bottom - top for _, _, top, bottom in self._edges)
        feet = sorted(edge[3] for edge in self._edges)
        height, foot = heights[len(heights) // 2], feet[len(feet) // 2]
        before = -1
        for edge, index in self._digits:
            _, _, top, bottom = self._edges[edge]
            word = self._characters[index - 1] if index and index - 1 != before else ""
            raised = bottom - top < _MARK_HEIGHT * height and bottom < foot - _MARK_RISE * height
            if raised and (index - 1 == before or (word >= "\u2e80" and word not in _MEASURES)):
                self._characters[index] = ""
                before = index

    def _line(self) -> Line:
        self._without_marks()
        edges, starts = self._edges, self._starts
        left, right = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
        top, bottom = min(edge[2] for edge in edges), max(edge[3] for edge in edges)
        ends = [*starts[1:], len(edges)]
        parts = [cleaned(shown(part)) for part in "".join(self._characters).split(GAP_MARK)]
        found = [(part, edges[a][0], edges[b - 1][1]) for part, a, b in zip(parts, starts, ends, strict=True) if part]
        cells, sides = tuple(part for part, _, _ in found), tuple((a, b) for _, a, b in found)
        words = closed_up(" ".join(cells))
        if words != " ".join(cells):
            cells, sides = (words,), ((left, right),)
        words += HYPHEN if self.hyphen else ""
        size = sorted(self._sizes)[len(self._sizes) // 2]
        return Line(words, left, right, top, bottom, size, cells, sides, pieces=tuple(self._in_pieces()))

    def _in_pieces(self) -> Iterator[Piece]:
        if self._is_turned():
            return
        ends = [*self._pieces[1:], (len(self._edges), len(self._characters))]
        for number, ((first, begin), (stop, end)) in enumerate(zip(self._pieces, ends, strict=True)):
            written = "".join(self._characters[begin:end]).replace(GAP_MARK, "")
            broken = number in self._broken
            if text := cleaned(shown(written.removesuffix("-") if broken else written)):
                left, right, top, bottom = self._edges[first]
                right = max(right, self._edges[stop - 1][1])
                yield Piece(text + HYPHEN * broken, left, right, top, bottom, self._sizes[first // _SAMPLED])
