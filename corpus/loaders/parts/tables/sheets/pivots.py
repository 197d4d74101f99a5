"""Pivot tables as sheets store them: 求和项:件数 and 列标签 stand above 行标签 and the names of the columns."""

from corpus.loaders.parts.tables.grid import Grid, distinct

_ROWS = frozenset(("行标签", "Row Labels"))
_COLUMNS = frozenset(("列标签", "Column Labels"))
_MOST_ABOVE = 2


def names_rows_of_a_pivot(text: str) -> bool:
    """Return whether words stand above the names of rows in a pivot table."""
    return text in _ROWS


def parted_pivot(grid: Grid) -> tuple[str, Grid] | None:
    """Return what a pivot table says above the names of its columns, and the table below; None for other tables.

    列标签 names no column: it stands above the first one of figures, and only says that these are columns.
    """
    for row in range(1, min(_MOST_ABOVE + 1, len(grid.rows) - 1)):
        if names_rows_of_a_pivot(grid.text(row, 0)):
            above = [cell.text for over in grid.rows[:row] for cell in distinct(over)]
            if any(text in _COLUMNS for text in above):
                return "　".join(above), Grid(grid.rows[row:], grid.caption)
    return None
