"""Tables on pages: drawn ones are joined across pages, others are lines with equally many cells."""

from collections.abc import Sequence

from corpus.loaders.parts.layout.aligned import Edges, places, widest
from corpus.loaders.parts.layout.lines import Placed, joined
from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid, Row, distinct, one_line

_ENDS = "。；！？"


def table_of(group: Sequence[Placed]) -> Grid | None:
    """Return the table that a group of lines forms; None for a paragraph."""
    drawn = [placed.line.drawn.grid(placed.sheet) for placed in group if placed.line.drawn]
    if drawn:
        return _together(drawn)
    if len(group) > 1 and len(group[0].line.cells) > 1:
        columns = widest([placed.line.edges for placed in group])
        return Grid(tuple(_row(placed, columns) for placed in group))
    return None


def _row(placed: Placed, columns: Edges) -> Row:
    """Return the cells of a line, each in its column; in order if it has as many cells as there are columns."""
    cells = [Cell(one_line(text), page=placed.sheet) for text in placed.line.cells]
    at = places(placed.line.edges, columns) if len(cells) < len(columns) else None
    if at is None:
        return tuple(cells)
    by_place = dict(zip(at, cells, strict=True))
    return tuple(by_place.get(number, EMPTY) for number in range(len(columns)))


def _together(grids: Sequence[Grid]) -> Grid:
    rows = list(grids[0].rows)
    for grid in grids[1:]:
        following = list(grid.rows)
        first = [_texts(row) for row in rows[:3]]
        while following and rows and _texts(following[0]) in first:
            following.pop(0)  # the header is repeated on the next page
        if following and rows and not following[0][0].text:
            following[0] = _went_on(rows, following[0])
            following = [row for row in following if row]
        rows += following
    return Grid(tuple(rows), header=grids[0].header)


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in distinct(row)]


def _went_on(rows: list[Row], row: Row) -> Row:
    """Return a page's first row with an empty first cell if it is a row of its own, under a merged cell.

    Otherwise it continues the last row: its words are added there, and an empty row is returned.
    """
    last = rows[-1]
    whole = all(cell.text for cell in row[1:]) and any(
        cell.text.endswith(tuple(_ENDS)) or cell.text.isdigit() for cell in last
    )
    if whole or len(row) != len(last):
        return (last[0], *row[1:])
    rows[-1] = tuple(
        Cell(joined([over.text, cell.text]), page=over.page)
        if cell.text and over.text
        else (over if over.text else cell)
        for over, cell in zip(last, row, strict=True)
    )
    return ()
