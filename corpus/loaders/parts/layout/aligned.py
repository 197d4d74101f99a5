"""Finds the columns of rows without rules, by where cells begin and end."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.loaders.parts.tables.grid import Cell, Grid
from corpus.loaders.parts.tables.header import body_of, header_rows, stands_over_figures
from corpus.loaders.parts.tables.names import are_usual

_LEAST_ROWS = 3
_LONGEST_NUMBER = 5  # digits
_CHAPTER = re.compile(r"第\s*[一二三四五六七八九十百\d]+\s*[编章节条]|[一二三四五六七八九十]+、|\d+[.．、]|附[件录表]")

Edges = Sequence[tuple[float, float]]


def places(row: Edges, columns: Edges) -> list[int] | None:
    """Return the column of each cell, from 0, by overlap; None if a cell overlaps none or several."""
    found: list[int] = []
    for left, right in row:
        met = [number for number, (start, end) in enumerate(columns) if left < end and right > start]
        if len(met) != 1 or (found and met[0] <= found[-1]):
            return None
        found.append(met[0])
    return found


def widest(rows: Sequence[Edges]) -> Edges:
    """Return the row with the most cells; the other rows leave some of its columns empty."""
    return max(rows, key=len)


def line_up(rows: Sequence[Edges]) -> bool:
    """Return whether rows of different lengths fit the columns of the widest one."""
    columns = widest(rows)
    return all(places(row, columns) is not None for row in rows)


def are_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether lines with cells are the rows of a table: not signatures, entries of contents, or lists of names.

    Its first row names the columns in usual words or over columns of figures, or it names none. Of two columns without
    names, figures stand in the second, or usual names in the first.
    """
    cells = [text for row in rows for text in row]
    labelled = sum("：" in text or ":" in text.rstrip("0123456789") for text in cells)
    if len(rows) < _LEAST_ROWS or 2 * labelled > len(cells) or _is_contents(rows):
        return False
    grid = Grid(tuple(tuple(map(Cell, row)) for row in rows))
    if any(len(row) != grid.width for row in rows):
        return True
    if not header_rows(grid):
        return grid.width > 2 or body_of(grid, 0).figures == [1] or are_usual(grid.column(0))
    return stands_over_figures(grid, 0) or (len(rows) > _LEAST_ROWS and are_usual(rows[0]))


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether numbered words stand beside numbers of pages, which never fall."""
    pages = [int(row[-1]) for row in rows if row[-1].isdecimal() and len(row[-1]) < _LONGEST_NUMBER]
    chapters = sum(bool(_CHAPTER.match(row[0])) for row in rows)
    rising = all(above <= below for above, below in pairwise(pages))
    return len(pages) == len(rows) and rising and 2 * chapters >= len(rows)
