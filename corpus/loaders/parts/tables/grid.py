"""Cells in rows and columns, each covering one or several places: the first form of every format's tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise

from corpus.text.cleaning import cleaned

# Limits of the columns that a cell may cover, and of the places that all cells of a table may: anybody can write large
# spans into a file, and each place takes memory.
MAX_SPAN = 200
MAX_SPREAD = 500_000

_MOST_NAMED = 4  # rows at the top of which all but the last may repeat a name over others
_LONGEST_ITEM = 20  # characters of a line that may be an item of a list
_DITTO = re.compile(r"[（(]?(?:同上|同前|〃|″|(?P<left>同左))[）)]?。?")
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_NO_GAP = re.compile(r"(?<=[，。；：、！？]) | (?=[（(])")
_BREAK_WITHIN_CHINESE = re.compile(r"(?<=[\u2e80-\uffee])[^\S\n]*\n\s*(?=[\u2e80-\uffee])")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell's words on one line; `heads` if the file calls it a header; `page` counts from 0.

    `items` are the words with a space between lines that may be items of a list; empty if that makes no difference.
    A cell over several places is the same object at all of them.
    """

    text: str
    heads: bool = False
    page: int = 0
    items: str = ""


EMPTY = Cell("")

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in a file: rows of unequal length, with the cell that covers each place.

    `header` counts the rows at the top that the file declares as column names; `width` is the number of columns.
    """

    rows: tuple[Row, ...]
    caption: str = ""
    header: int = 0
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", max(map(len, self.rows), default=0))

    def at(self, row: int, column: int) -> Cell:
        """Return the cell at a place; an empty one beyond the end of a row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else EMPTY

    def text(self, row: int, column: int) -> str:
        return self.at(row, column).text

    def column(self, number: int, *, since: int = 0, until: int | None = None) -> list[str]:
        """Return the words of a column in the rows `[since, until)`."""
        return [row[number].text if number < len(row) else "" for row in self.rows[since:until]]

    def without_margin(self) -> "Grid":
        """Return the grid without blank columns at its left."""
        starts = (next((at for at, cell in enumerate(row) if cell.text), self.width) for row in self.rows)
        return self.of_columns(range(min(starts, default=0), self.width))

    def compact(self) -> "Grid":
        """Return the grid without the columns that cells only reach into, as sheets have that were made for a form."""
        rows = [row for row in self.rows if len(list(islice(distinct(row), 2))) > 1]
        kept = [at for at in range(self.width) if _begins(rows, at) or not _is_reached(rows, at)]
        smaller = self.of_columns(kept)
        whole = all(_ids(row) == _ids(own) for row, own in zip(self.rows, smaller.rows, strict=True))
        return smaller if whole else self

    def of_columns(self, columns: Sequence[int]) -> "Grid":
        """Return the grid of some columns, in their order."""
        if len(columns) == self.width:
            return self
        rows = tuple(tuple(row[at] for at in columns if at < len(row)) for row in self.rows)
        return Grid(rows, self.caption, self.header)

    def transposed(self) -> "Grid":
        """Return the grid with rows and columns exchanged."""
        rows = tuple(tuple(self.at(row, column) for row in range(len(self.rows))) for column in range(self.width))
        return Grid(rows, self.caption)


class GridBuilder:
    """Puts cells into their places and keeps places free for cells that reach down from above."""

    def __init__(self, caption: str = "") -> None:
        self._caption = one_line(caption)
        self._rows: list[list[Cell]] = []
        self._reaching: dict[int, tuple[Cell, int]] = {}  # by column: a cell from above, and the further rows it covers
        self._spread = 0
        self._header = 0

    def row(self, *, heads: bool = False) -> None:
        """Begin a row; `heads` says that the file calls it a header row."""
        self._finish()
        self._rows.append([])
        if heads and self._header == len(self._rows) - 1:
            self._header += 1

    def cell(self, text: str, *, width: int = 1, height: int = 1, heads: bool = False) -> None:
        """Add a cell to the current row, `width` columns wide and `height` rows high."""
        self._put(cell_of(text, heads=heads), width, height)

    def gap(self, width: int) -> None:
        """Leave `width` columns empty."""
        for _ in range(min(width, MAX_SPAN)):
            self._put(EMPTY, 1, 1)

    def above(self, width: int = 1) -> None:
        """Continue the cell above, if there is one."""
        column = self._next_column()
        over = self._rows[-2] if len(self._rows) > 1 else []
        self._put(over[column] if column < len(over) else EMPTY, width, 1)

    def grid(self) -> Grid:
        """Return the table without empty rows."""
        self._finish()
        rows = list(_trimmed(self._rows))
        header = sum(1 for row in rows[: self._header] if row)
        return Grid(tuple(row for row in rows if row), self._caption, header)

    def _next_column(self) -> int:
        row = self._rows[-1]
        if self._spread > MAX_SPREAD:
            self._reaching.clear()
        while len(row) in self._reaching:
            self._reach(row, len(row))
        return len(row)

    def _put(self, cell: Cell, width: int, height: int) -> None:
        column = self._next_column()
        row = self._rows[-1]
        for place in range(column, column + max(1, min(width, MAX_SPAN))):
            if place > column and (place in self._reaching or not self._allowed()):
                break
            row.append(cell)
            if height > 1:
                self._reaching[place] = cell, height - 1

    def _finish(self) -> None:
        if self._rows and self._spread <= MAX_SPREAD:
            row = self._rows[-1]
            for column in sorted(self._reaching):
                if column >= len(row):
                    row += [EMPTY] * (column - len(row))
                    self._reach(row, column)

    def _reach(self, row: list[Cell], column: int) -> None:
        cell, left = self._reaching.pop(column)
        if left > 1:
            self._reaching[column] = cell, left - 1
        row.append(cell if self._allowed() else EMPTY)

    def _allowed(self) -> bool:
        self._spread += 1
        return self._spread <= MAX_SPREAD


def grid_of(
    rows: Sequence[Sequence[str]],
    *,
    merged: Mapping[tuple[int, int], tuple[int, int]] | None = None,
    header: int = 0,
) -> Grid:
    """Return the grid of plain rows; the first `header` rows name the columns.

    `merged` maps the place of a merged cell to the (rows, columns) that it covers. Without any, names that the
    first rows repeat over the names below them are one cell.
    """
    spans = merged or _written_out(rows[:_MOST_NAMED])
    cells = [[cell_of(text) if text else EMPTY for text in row] for row in rows]
    spread = 0
    for (top, left), (height, width) in spans.items():
        if top >= len(cells) or left >= len(cells[top]):
            continue
        cell = cells[top][left]
        for row in cells[top : top + height]:
            row += [EMPTY] * (min(left + width, left + MAX_SPAN) - len(row))
            for column in range(left, min(left + width, left + MAX_SPAN)):
                spread += 1
                if spread > MAX_SPREAD:
                    return Grid(tuple(_trimmed(cells)), header=header)
                row[column] = cell
    return Grid(tuple(_trimmed(cells)), header=header)


def _written_out(rows: Sequence[Sequence[str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the merged cells that the first rows write out: a name repeated side by side, over names that differ.

    Besides these, the row below must be blank or repeat the name above it: 项目, 旺季, 旺季 over 项目, 成人, 优惠.
    """
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for number, (row, below) in enumerate(pairwise(rows)):
        places: list[tuple[int, int]] = []
        for text, run in groupby(range(len(row)), key=row.__getitem__):
            columns = list(run)
            under = [below[column] if column < len(below) else "" for column in columns]
            if len(columns) > 1 and text and not text[0].isdigit() and all(under) and len(set(under)) == len(under):
                places.append((columns[0], len(columns)))
            elif not set(under) <= {"", text}:
                return found
        if not places:
            return found
        found.update({(number, column): (1, width) for column, width in places})
    return found


def cell_of(text: str, *, heads: bool = False) -> Cell:
    """Return the cell of words that may stand on several lines."""
    lines = cleaned(text).split("\n") if "\n" in text else []
    broken = len(lines) == 2 and len(lines[1]) < len(lines[0])  # a word that somebody has broken to make it fit
    listed = not broken and all(len(line) <= _LONGEST_ITEM for line in lines)
    whole = one_line(text)
    return Cell(whole, heads, items=items_of(lines, whole) if listed else "")


def items_of(lines: Sequence[str], whole: str) -> str:
    """Return lines with a space between them, if all hold words; empty if that is the `whole` text."""
    listed = len(lines) > 1 and all(map(_WORD.search, lines))
    items = " ".join(_NO_GAP.sub("", " ".join(lines)).split()) if listed else ""
    return items if items != whole else ""


def one_line(text: str) -> str:
    """Return words on one line without invisible characters; a break between Chinese characters leaves no space."""
    return " ".join(_BREAK_WITHIN_CHINESE.sub("", cleaned(text)).split()) if text else ""


def distinct(row: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the cells of a row that hold words, each once, however many columns it covers."""
    before: Cell | None = None
    for cell in row:
        if cell.text and cell is not before:
            yield cell
        before = cell


def with_dittos(grid: Grid, header: int) -> Grid:
    """Return the grid in which the cell above, or at the left, reaches into those that say no more: 同上, 〃, 同左."""
    if not any(_DITTO.fullmatch(cell.text) for row in grid.rows[header:] for cell in row):
        return grid
    rows = [list(row) for row in grid.rows]
    for number in range(header, len(rows)):
        for column, cell in enumerate(rows[number]):
            if not (found := _DITTO.fullmatch(cell.text)):
                continue
            above = rows[number - 1] if number > header else []
            if found["left"]:
                rows[number][column] = rows[number][column - 1] if column else cell
            elif column < len(above) and above[column].text:
                rows[number][column] = above[column]
    return Grid(tuple(map(tuple, rows)), grid.caption, grid.header)


def _begins(rows: Sequence[Row], column: int) -> bool:
    """Return whether a cell with words begins in a column."""
    own = ((row[column - 1] if column else EMPTY, row[column]) for row in rows if column < len(row))
    return any(cell.text and cell is not left for left, cell in own)


def _is_reached(rows: Sequence[Row], column: int) -> bool:
    """Return whether a cell reaches into a column from the left."""
    own = ((row[column - 1], row[column]) for row in rows if 0 < column < len(row))
    return any(cell.text and cell is left for left, cell in own)


def _ids(row: Row) -> set[int]:
    return {id(cell) for cell in row if cell.text}


def _trimmed(rows: Sequence[Sequence[Cell]]) -> Iterator[Row]:
    last = max((number for number, row in enumerate(rows) if any(cell.text for cell in row)), default=-1)
    for row in rows[: last + 1]:
        end = len(row)
        while end and not row[end - 1].text:
            end -= 1
        yield tuple(row[:end])
