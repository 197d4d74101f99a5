"""Rows of a table with rules in which rules between columns, or between rows, are left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from corpus.loaders.parts.layout.pieces import GAP, LEVEL, Column, Piece, by_line, met, narrowed
from corpus.loaders.parts.page.open_tables.cell_lines import CellLine, are_wrapped
from corpus.loaders.parts.page.open_tables.rows import Part, Row, by_lines, cell_of_part, parted, rows_of
from corpus.loaders.parts.tables.grid import EMPTY, Cell
from corpus.loaders.parts.tables.kinds import Kind, kind

GAP_MARK = "\x1f"  # a blank that nobody wrote: to Python, it is a space
_LEAST_FIGURES = 3
_ENDS = "，。、；：！？）》”"
_NEXT = 0.6  # of the type's size: how far below a line the next one stands
_OVER = 0.25  # of the type's size
_CLOSE = 0.15  # of the type's size: the widest gap within a word


class Mark(NamedTuple):
    """A character and its place in points, from the left and from the top; `size` is the height of its line."""

    character: str
    left: float
    right: float
    middle: float
    size: float


def pieces_of(marks: Iterable[Mark]) -> list[Piece]:
    """Return the pieces that characters form, in their order."""
    found: list[Piece] = []
    text, first, last = "", None, None
    for mark in marks:
        if mark.character.isspace():
            text += " "
            continue
        goes_on = last is not None and abs(mark.middle - last.middle) <= LEVEL * mark.size
        if first and last and not (goes_on and last.right - mark.size < mark.left <= last.right + GAP * mark.size):
            found.append(_piece(text, first, last))
            text, first = "", None
        text, first, last = text + mark.character, first or mark, mark
    if first and last:
        found.append(_piece(text, first, last))
    return found


def _piece(text: str, first: Mark, last: Mark) -> Piece:
    half = first.size / 2
    return Piece(text.strip(), first.left, last.right, first.middle - half, first.middle + half, first.size)


def lines_of(marks: Iterable[Mark]) -> list[CellLine]:
    """Return the lines that the characters of a cell form, in their order."""
    lines: list[list[Mark]] = []
    for mark in marks:
        # The box of a comma is low, that of an ideograph high.
        if not lines or abs(mark.middle - lines[-1][0].middle) > _NEXT * max(mark.size, lines[-1][0].size):
            lines.append([])
        lines[-1].append(mark)
    return [line for own in lines if (line := _line(own)).text]


def _line(marks: Sequence[Mark]) -> CellLine:
    text = ""
    for before, mark, after in zip((None, *marks), marks, (*marks[1:], None), strict=False):
        if mark.character != GAP_MARK:
            text += mark.character
        elif before and after and not _is_stretched(before, after):
            text += " "
    written = [mark for mark in marks if not mark.character.isspace()]
    ends = (min(mark.left for mark in written), max(mark.right for mark in written)) if written else (0.0, 0.0)
    return CellLine(text.strip(), *ends, max(mark.size for mark in marks), spaced=text.endswith(" "))


def _is_stretched(before: Mark, after: Mark) -> bool:
    """Return whether a gap that nobody wrote between Chinese characters comes from a line set to both sides."""
    narrow = after.left - before.right < before.size or after.character in _ENDS
    return narrow and min(before.character, after.character) >= "\u2e80"


def is_turned(marks: Sequence[Mark]) -> bool:
    """Return whether most characters stand above or below those before them."""
    written = [mark for mark in marks if not mark.character.isspace()]
    steps = [(after.left - before.left, after.middle - before.middle) for before, after in pairwise(written)]
    return 2 * sum(abs(right) < abs(down) for right, down in steps) > len(steps)


def reach_over(marks: Sequence[Mark], x: float) -> bool:
    """Return whether words stand on both sides of a place: a character across it, or two close to one another."""
    near = [mark for mark in marks if mark.left - 2 * mark.size < x < mark.right + 2 * mark.size]
    if any(mark.left < x - _OVER * mark.size and mark.right > x + _OVER * mark.size for mark in near):
        return True
    before: Mark | None = None
    for mark in sorted(near, key=lambda mark: (round(mark.middle / mark.size), mark.left)):
        if before and abs(before.middle - mark.middle) <= LEVEL * mark.size and before.left < x < mark.right:
            ends = x - _CLOSE * mark.size < before.right <= x + _OVER * mark.size
            if ends and mark.left - before.right < _CLOSE * mark.size:
                return True
        before = mark
    return False


Fields = Sequence[Sequence[int]]
Placed = tuple[range, Cell]


def opened(
    xs: Sequence[float], cell_of: Fields, marks: Mapping[int, Sequence[Mark]], *, free: float = 0.0
) -> dict[int, list[list[Placed]]] | None:
    """Return the rows that stand in a row of fields where rules are left out: columns and their words, in order.

    Cells stand where words lie on both sides of a missing rule and none across its place. None if one row may be
    several, and nobody can tell which. Words stand `free` points from the sides.
    """
    found: dict[int, list[list[Placed]]] = {}
    known = [frozenset(fields) for fields in cell_of]
    for number, fields in enumerate(cell_of):
        beside = frozenset[int]().union(*known[max(number - 1, 0) : number], *known[number + 1 : number + 2])
        alone = {cell: count for cell, count in Counter(fields).items() if cell not in beside}
        if len(alone) == len(fields) and not any(_has_lines(marks.get(cell, ())) for cell in alone):
            continue
        starts = {cell: start for start, cell in reversed(list(enumerate(fields)))}
        cells = [_Field(starts[cell], count, pieces_of(marks.get(cell, ()))) for cell, count in alone.items()]
        rows = _rows(xs, cells, free)
        if rows is None or (len(rows) > 1 and len(alone) < len(known[number])):
            return None
        if rows:
            sides = [(left + free, right - free) for left, right in pairwise(xs)]
            found[number] = [
                [*_cleared(cells, rows), *((part.at, cell_of_part(part, sides)) for part in row)] for row in rows
            ]
    return found


@dataclass(frozen=True, slots=True)
class _Field:
    start: int
    width: int
    pieces: list[Piece]


def _cleared(cells: Sequence[_Field], rows: Sequence[Row]) -> list[Placed]:
    """Return the merged cells in which cells of rows stand, without words."""
    own = [range(cell.start, cell.start + cell.width) for cell in cells]
    return [(at, EMPTY) for at in own if any(part.at.start in at for row in rows for part in row)]


def _has_lines(marks: Sequence[Mark]) -> bool:
    return bool(marks) and abs(marks[-1].middle - marks[0].middle) > LEVEL * marks[0].size


def _rows(xs: Sequence[float], cells: Sequence[_Field], free: float) -> list[Row] | None:
    """Return the rows of merged cells that are none; empty if all cells are as drawn."""
    whole: Row = []
    for cell in cells:
        columns = list(pairwise(xs[cell.start : cell.start + cell.width + 1]))
        pieces = narrowed(cell.pieces)
        if cell.width == 1 or not _parted_by(pieces, columns):
            continue
        rows = rows_of(pieces, columns)
        if rows is None:
            return None
        if len(rows) > 1:
            return parted(rows, columns) if cell.width == len(xs) - 1 else None
        whole += [Part(range(part.at.start + cell.start, part.at.stop + cell.start), part.lines) for part in rows[0]]
    if not whole and are_wrapped([_in_lines(cell, xs, free) for cell in cells]):
        return []
    return [whole] if whole else _by_figures(cells)


def _in_lines(cell: _Field, xs: Sequence[float], free: float) -> tuple[list[CellLine], Column]:
    """Return the lines of a field, and the sides that words in it have."""
    lines = Part(range(1), by_line(cell.pieces)).cell_lines
    return lines, (xs[cell.start] + free, xs[cell.start + cell.width] - free)


def _by_figures(cells: Sequence[_Field]) -> list[Row]:
    """Return the rows of one between rules whose cells hold a figure on each line; empty if it is one row."""
    row = [Part(range(cell.start, cell.start + cell.width), by_line(cell.pieces)) for cell in cells if cell.pieces]
    lines = [part.lines for part in row if len(part.lines) > 1]
    figures = sum(kind(line[0].text) is Kind.NUMBER for own in lines for line in own)
    rows = by_lines(row) if figures >= _LEAST_FIGURES else None
    return rows if rows and len(rows) > 1 else []


def _parted_by(pieces: Sequence[Piece], columns: Sequence[Column]) -> bool:
    """Return whether pieces on one line stand in columns of their own."""
    for line in by_line(pieces):
        places = [met(piece, columns) for piece in line]
        if len(line) > 1 and all(places) and all(one.stop <= other.start for one, other in pairwise(places)):
            return sum(len(place) == 1 for place in places) * 2 >= len(places)
    return False
