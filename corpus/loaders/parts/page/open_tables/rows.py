"""Rows of pieces in columns: the order in which a program wrote them tells a wrapped cell from a row below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.loaders.parts.layout.lines import joined
from corpus.loaders.parts.layout.pieces import Column, Piece, by_line, met, spaces
from corpus.loaders.parts.page.open_tables.cell_lines import CellLine, breaks_a_figure, cell_on_page, ended_lines
from corpus.loaders.parts.tables.grid import Cell, one_line
from corpus.loaders.parts.tables.kinds import FIGURES, Kind, kind

_APART = 0.9  # of the type's size: a wider gap does not lie within a cell
_FULL = 0.3  # of the type's size: how much a full line may lack
_FIGURES = (*FIGURES, Kind.PERIOD)
_LEAST_FIGURES = 0.6  # share of a column's cells
_TALL = 4  # lines
_MOST_LINES = 200  # of a cell that may be several rows: each line is compared with each
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]")
_SHORT_HEAD = 0.6  # of the table's width


@dataclass(slots=True)
class Part:
    """The lines of a cell, and the columns that it covers."""

    at: range
    lines: list[list[Piece]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return one_line(joined([" ".join(piece.text for piece in line) for line in self.lines]))

    @property
    def cell_lines(self) -> list[CellLine]:
        """Its lines as those of a cell."""
        return [
            CellLine(" ".join(piece.text for piece in line), line[0].left, line[-1].right, line[0].size)
            for line in self.lines
        ]

    @property
    def top(self) -> float:
        return min(piece.middle for line in self.lines for piece in line)

    @property
    def bottom(self) -> float:
        return max(piece.middle for line in self.lines for piece in line)


Row = list[Part]


def cell_of_part(part: Part, sides: Sequence[Column]) -> Cell:
    """Return a part of a row as a cell on the first page, read between the sides of its columns."""
    return cell_on_page(part.cell_lines, _space(part, sides), page=0)


def _space(part: Part, sides: Sequence[Column]) -> Column:
    return sides[part.at.start][0], sides[part.at.stop - 1][1]


def rows_of(pieces: Sequence[Piece], columns: Sequence[Column]) -> list[Row] | None:
    """Return the rows that pieces form in the order in which they were written; None if they form none.

    What follows to the right belongs to the row, what follows below in the same column to the cell.
    """
    rows: list[Row] = []
    for piece in pieces:
        at = met(piece, columns)
        if not at:
            return None
        cell = rows[-1][-1] if rows else None
        if cell and at == cell.at:
            if not _added(cell, piece):
                return None
        elif cell and at.start >= cell.at.stop and not _below(rows[-1], piece):
            rows[-1].append(Part(at, [[piece]]))
        else:
            rows.append([Part(at, [[piece]])])
    return rows if all(_above(one, other) for one, other in pairwise(rows)) else None


def merged(pieces: Sequence[Piece], columns: Sequence[Column]) -> Row | None:
    """Return the pieces as one row, whatever order they were written in; None if a cell has gaps."""
    row: dict[int, Part] = {}
    for line in by_line(pieces):
        for piece in line:
            at = met(piece, columns)
            if len(at) != 1:
                return None
            cell = row.setdefault(at.start, Part(at))
            if not cell.lines or not piece.beside(cell.lines[-1][-1]):
                cell.lines.append([piece])
            elif not _added(cell, piece):
                return None
    return [row[column] for column in sorted(row)]


def by_lines(row: Row, sides: Sequence[Column] = (), *, one: bool = False) -> list[Row] | None:
    """Return the rows of one whose cells hold a line for each of several rows, as columns written one by one do.

    None if a figure stands on each line, and the name at the left or another cell has lines elsewhere. Between the
    `sides` of a column, a figure may stand on several lines; `one` says that it has to be one row.
    """
    tall = [part for part in row if len(part.lines) > 1 and all(_is_figure(Part(part.at, [x])) for x in part.lines)]
    figures = [part for part in tall if not (sides and _is_broken(part, sides, one=one))]
    if not figures:
        return [row]
    places = [line[0] for line in figures[0].lines]
    if len(places) > _MOST_LINES:
        return None
    rows: list[Row] = [[] for _ in places]
    for part in row:
        for line in part.lines:
            level = [number for number, place in enumerate(places) if place.beside(line[0])]
            if len(level) != 1:
                return None
            rows[level[0]].append(Part(part.at, [line]))
    named = all(own and own[0].at == row[0].at for own in rows) and len(row) > 1
    return rows if named and all(len(own) == len({part.at for part in own}) for own in rows) else None


def _is_broken(part: Part, sides: Sequence[Column], *, one: bool) -> bool:
    """Return whether one figure stands on the lines of a cell."""
    whole = ended_lines(part.cell_lines, _space(part, sides)) if one else []
    return (len(whole) == 1 and " " not in whole[0]) or breaks_a_figure(part.cell_lines)


def unmistakable(rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    """Return whether rows that no rule separates are rows, and not the lines of wrapped cells."""
    width = len(columns)
    figures = figure_columns(rows, width)
    widest = [_width_of(rows, column) for column in range(width)]
    for number, row in enumerate(rows):
        filled = [part.at.start for part in row]
        if len(row) == 1 and row[0].at.start == 0:
            if not _heads(rows, number, widest[0], columns):
                return False
        elif 0 not in filled and not any(part.at.start in figures and _is_figure(part) for part in row):
            return False
        if not _level(row) or not all(_wraps(part, widest[0]) for part in row if part.at.start == 0):
            return False
    single = all(len(part.lines) == 1 for row in rows for part in row)
    complete = all(len(row) == width for row in rows)
    return bool(figures) or complete or not single


def parted(rows: Sequence[Row], columns: Sequence[Column]) -> list[Row] | None:
    """Return the rows that no rule separates; None if they may be read in two ways."""
    sides = spaces(columns)
    found = [one for row in without_heads(rows, columns) for one in by_lines(row, sides) or [[]]]
    return found if all(found) and unmistakable(found, columns) else None


def _heads(rows: Sequence[Row], number: int, widest: float, columns: Sequence[Column]) -> bool:
    """Return whether a line alone heads the rows below, and continues neither the row above nor running text."""
    part = rows[number][0]
    if len(part.at) > 1:
        short = _width(part.lines[0]) < _SHORT_HEAD * (columns[-1][1] - columns[0][0])
        return short and len(part.lines) == 1 and number + 1 < len(rows)
    return not number or bool(_NUMBERED.match(part.text)) or not _may_go_on(rows[number - 1][0], widest)


def figure_columns(rows: Sequence[Row], width: int) -> set[int]:
    """Return the columns most of whose cells are figures."""
    found: set[int] = set()
    for column in range(width):
        cells = [part for row in rows for part in row if part.at == range(column, column + 1)]
        told = [part for part in cells if kind(part.text) is not Kind.NOTHING]
        if told and sum(map(_is_figure, told)) >= _LEAST_FIGURES * len(told):
            found.add(column)
    return found


def is_prose(rows: Sequence[Row]) -> bool:
    """Return whether most rows are tall in all columns, as columns of running text are."""
    tall = sum(len(row) > 1 and all(len(part.lines) >= _TALL for part in row) for row in rows)
    return 2 * tall > len(rows)


def without_heads(rows: Sequence[Row], columns: Sequence[Column]) -> list[Row]:
    """Return the rows; a line alone in the first column that heads the row below is a row of its own."""
    parted: list[Row] = []
    for row in rows:
        key, rest = row[0], row[1:]
        begins = min((part.top for part in rest), default=key.top)
        above = [line for line in key.lines if line[0].middle < begins - line[0].size / 2]
        head = Part(key.at, above)
        widest = columns[0][1] - columns[0][0]
        if above and rest and not _centred(row) and (_NUMBERED.match(head.text) or not _may_go_on(head, widest)):
            parted.append([head])
            row = [Part(key.at, key.lines[len(above) :]), *rest]
        parted.append(row)
    return parted


def _added(cell: Part, piece: Piece) -> bool:
    last = cell.lines[-1][-1]
    if piece.beside(last):
        cell.lines[-1].append(piece)
        return piece.left - last.right + last.size / 4 >= 0 and piece.left - last.right <= _APART * piece.size
    cell.lines.append([piece])
    return piece.middle > last.middle


def _below(row: Row, piece: Piece) -> bool:
    return all(piece.middle > part.bottom and not piece.beside(part.lines[-1][-1]) for part in row)


def _above(row: Row, below: Row) -> bool:
    lowest, highest = max(part.bottom for part in row), min(part.top for part in below)
    return highest - lowest > below[0].lines[0][0].size / 2


def _is_figure(part: Part) -> bool:
    return kind(part.text) in _FIGURES


def _level(row: Row) -> bool:
    """Return whether the cells of a row begin at one height, or have their middles at one."""
    size = row[0].lines[0][0].size
    return max(part.top for part in row) - min(part.top for part in row) < size / 2 or _centred(row)


def _centred(row: Row) -> bool:
    middles = [(part.top + part.bottom) / 2 for part in row]
    return max(middles) - min(middles) < row[0].lines[0][0].size / 2


def _width(line: Sequence[Piece]) -> float:
    return line[-1].right - line[0].left


def _width_of(rows: Sequence[Row], column: int) -> float:
    own = (part for row in rows for part in row if part.at == range(column, column + 1))
    return max((_width(line) for part in own for line in part.lines), default=0.0)


def _wraps(part: Part, widest: float) -> bool:
    """Return whether each line but the last of a cell is full: the next word would not fit into it."""
    return all(
        _width(line) + _first_word(after) > widest - _FULL * line[0].size for line, after in pairwise(part.lines)
    )


def _may_go_on(part: Part, widest: float) -> bool:
    """Return whether the last line of a cell is so full that a line below it may continue it."""
    line = part.lines[-1]
    return _width(line) > widest - 1.5 * line[0].size


def _first_word(line: Sequence[Piece]) -> float:
    piece = line[0]
    word = piece.text.split(" ", 1)[0]
    letters = 1 if word[:1] >= "\u2e80" else len(word)
    return (piece.right - piece.left) * letters / max(1, len(piece.text))
