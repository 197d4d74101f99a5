"""Blank columns and rows within a table, which only keep its cells apart, told from those between two tables."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from corpus.loaders.parts.tables.frame import is_lead, stands_alone, titles_a_table
from corpus.loaders.parts.tables.grid import Grid, Row, distinct
from corpus.loaders.parts.tables.header import MOST_ROWS, body_of, header_rows
from corpus.loaders.parts.tables.kinds import FIGURES, Kind, kind

_SAMPLE = 40  # rows that are examined
_HEAD = 2  # rows of a title and of names
_LEAST_COLUMNS = 2


def without_blank_columns(grid: Grid) -> Grid:
    """Return the grid without the columns that hold no words of their own; a cell over all columns counts for none."""
    rows = [row for row in grid.rows if _holds_several(row)]
    filled = [any(column < len(row) and row[column].text for row in rows) for column in range(grid.width)]
    return grid.of_columns([column for column, own in enumerate(filled) if own]) if any(filled) else grid


def without_narrow_columns(grid: Grid, narrow: Iterable[int]) -> Grid:
    """Return the grid without the blank ones of its `narrow` columns, but for those that part two tables.

    The names at their left stand at their right once more then, or each table has a title of its own above its names.
    """
    rows = [row for row in grid.rows if _holds_several(row)]
    names = [cell.text for cell in rows[0]] if rows else []
    blank = {
        column
        for column in narrow
        if not any(column < len(row) and row[column].text for row in rows)
        and not set(filter(None, names[:column])) & set(names[column:])
    }
    if not blank or _have_titles(_parts(rows, blank, grid.width)):
        return grid
    return grid.of_columns([column for column in range(grid.width) if column not in blank])


def _parts(rows: Sequence[Row], blank: Iterable[int], width: int) -> list[Grid]:
    """Return the columns between blank ones."""
    ends = [-1, *sorted(blank), width]
    cuts = [(start + 1, stop) for start, stop in pairwise(ends) if stop - start > 1]
    return [Grid(tuple(row[start:stop] for row in rows)) for start, stop in cuts]


def _have_titles(parts: Sequence[Grid]) -> bool:
    """Return whether one cell stands above the names of each part, and is a title, or the parts are not alike high.

    What is wide enough to name groups of columns only keeps these apart.
    """
    for part in parts:
        names = part.rows[1] if len(part.rows) > _HEAD else ()
        if part.width < _LEAST_COLUMNS or len(names) < part.width or len(set(map(id, names))) < part.width:
            return False
        if not all(cell.text for cell in names) or not stands_alone(part, 0):
            return False
    if all(titles_a_table(stands_alone(part, 0)) for part in parts):
        return len(parts) > 1
    return len(set(map(_ends, parts))) > 1 and all(_has_row_names(part, since=_HEAD) for part in parts)


def are_tables(parts: Sequence[Grid]) -> bool:
    """Return whether the columns between blank ones are tables of their own, and not one table kept apart.

    They have titles of their own, begin or end in different rows, have names in common, or each has its own column of
    row names before one of figures.
    """
    if any(stands_alone(part, 0) for part in parts) or len(set(map(_ends, parts))) > 1:
        return True
    names = [{cell.text for cell in distinct(part.rows[0])} for part in parts]
    if len(set().union(*names)) < sum(map(len, names)):
        return True
    return all(map(_is_whole, parts))


def with_names_above(bands: Iterable[Grid]) -> Iterator[Grid]:
    """Yield the bands between blank rows; one that holds nothing but names of columns is joined with the rows below."""
    names: Grid | None = None
    for band in bands:
        if names is not None:
            together = Grid((*names.rows, *band.rows), names.caption)
            if _name_the_columns(names, band):
                names = None
                yield together
                continue
            yield names
            names = None
        if 0 < len(band.rows) - _lead(band) <= MOST_ROWS and not header_rows(_bare(band)):
            names = band
        else:
            yield band
    if names is not None:
        yield names


def _holds_several(row: Row) -> bool:
    return len(list(islice(distinct(row), 2))) > 1


def _ends(part: Grid) -> tuple[int, int]:
    """Return the numbers of the first and the last row that hold words."""
    filled = [number for number, row in enumerate(part.rows) if any(cell.text for cell in row)]
    return (filled[0], filled[-1]) if filled else (-1, -1)


def _is_whole(part: Grid) -> bool:
    """Return whether a column of different names of rows stands at the left, and a column of figures behind it."""
    return _has_row_names(part, since=1) and any(column > 0 for column in body_of(part, 1).figures)


def _has_row_names(part: Grid, *, since: int) -> bool:
    """Return whether different words stand at the left of the rows that are filled."""
    names = [row[0].text for row in part.rows[since:] if any(cell.text for cell in row)]
    return all(kind(text) in (Kind.WORDS, Kind.PERIOD) for text in names) and len(set(names)) == len(names) > 0


def _lead(band: Grid) -> int:
    top = 0
    while top < len(band.rows) and is_lead(band, top):
        top += 1
    return top


def _bare(band: Grid) -> Grid:
    return Grid(band.rows[_lead(band) :])


def _name_the_columns(names: Grid, band: Grid) -> bool:
    """Return whether rows of words above a blank row are the names of all columns below it, which have no others."""
    bare = _bare(names)
    if is_lead(band, 0) or any(
        kind(cell.text) in (*FIGURES, Kind.PROSE) for row in bare.rows for cell in distinct(row)
    ):
        return False
    sample = band.rows[:_SAMPLE]
    named = {column for row in bare.rows for column, cell in enumerate(row) if cell.text}
    filled = {column for row in sample for column, cell in enumerate(row) if cell.text}
    return (
        filled <= named and not header_rows(Grid(sample)) and header_rows(Grid((*bare.rows, *sample))) == len(bare.rows)
    )
