"""Cells in rows and columns, each over one or several of them: what every format's tables become first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.text.cleaning import cleaned

# A cell reaches over no more columns than this, and all cells of one table over no more places than that: spans are
# numbers that anybody can write, and each place takes memory.
MAX_SPAN = 200
MAX_SPREAD = 500_000

_BREAK_WITHIN_CHINESE = re.compile(r"(?<=[\u2e80-\uffee])[^\S\n]*\n\s*(?=[\u2e80-\uffee])")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell's words on one line; `heads` says that the file itself calls it a header, `page` where it stands, from 0.

    A cell over several places is one object at all of them.
    """

    text: str
    heads: bool = False
    page: int = 0


EMPTY = Cell("")

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in a file: rows of unequal length, a cell at each of the places that it covers.

    `header` is how many rows at the top the file says to name the columns, `width` the number of columns.
    """

    rows: tuple[Row, ...]
    caption: str = ""
    header: int = 0
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", max(map(len, self.rows), default=0))

    def at(self, row: int, column: int) -> Cell:
        """The cell of a place, an empty one beyond the end of a row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else EMPTY

    def text(self, row: int, column: int) -> str:
        return self.at(row, column).text

    def column(self, number: int, *, since: int = 0, until: int | None = None) -> list[str]:
        """The words of a column in the rows `[since, until)`."""
        return [row[number].text if number < len(row) else "" for row in self.rows[since:until]]

    def transposed(self) -> "Grid":
        """The rows as columns."""
        rows = tuple(tuple(self.at(row, column) for row in range(len(self.rows))) for column in range(self.width))
        return Grid(rows, self.caption)


class GridBuilder:
    """Puts cells where they belong, those that reach down from the rows above kept clear."""

    def __init__(self, caption: str = "") -> None:
        self._caption = one_line(caption)
        self._rows: list[list[Cell]] = []
        self._reaching: dict[int, tuple[Cell, int]] = {}  # by column: a cell from above, for so many more rows
        self._spread = 0
        self._header = 0

    def row(self, *, heads: bool = False) -> None:
        """Begin a row; `heads` says that the file calls it one of the header's."""
        self._finish()
        self._rows.append([])
        if heads and self._header == len(self._rows) - 1:
            self._header += 1

    def cell(self, text: str, *, width: int = 1, height: int = 1, heads: bool = False) -> None:
        """Add a cell to the row that was begun, `width` columns wide and `height` rows high."""
        self._put(Cell(one_line(text), heads), width, height)

    def gap(self, width: int) -> None:
        """Leave so many columns empty."""
        for _ in range(min(width, MAX_SPAN)):
            self._put(EMPTY, 1, 1)

    def above(self, width: int = 1) -> None:
        """Go on with the cell above, as far as there is one."""
        column = self._next_column()
        over = self._rows[-2] if len(self._rows) > 1 else []
        self._put(over[column] if column < len(over) else EMPTY, width, 1)

    def grid(self) -> Grid:
        """The table without rows that hold nothing."""
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
    """The grid of plain rows, of which `header` name the columns.

    `merged` gives (rows, columns) of the cells that reach over several, by their place.
    """
    spans = merged or {}
    cells = [[Cell(one_line(text)) if text else EMPTY for text in row] for row in rows]
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


def one_line(text: str) -> str:
    """Words on one line, without what does not show; a line break between Chinese characters leaves no space."""
    return " ".join(_BREAK_WITHIN_CHINESE.sub("", cleaned(text)).split()) if text else ""


def distinct(row: Sequence[Cell]) -> Iterator[Cell]:
    """The cells of a row that hold words, each once, however many columns it covers."""
    before: Cell | None = None
    for cell in row:
        if cell.text and cell is not before:
            yield cell
        before = cell


def _trimmed(rows: Sequence[Sequence[Cell]]) -> Iterator[Row]:
    last = max((number for number, row in enumerate(rows) if any(cell.text for cell in row)), default=-1)
    for row in rows[: last + 1]:
        end = len(row)
        while end and not row[end - 1].text:
            end -= 1
        yield tuple(row[:end])
