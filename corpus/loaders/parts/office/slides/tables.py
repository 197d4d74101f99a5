"""Tables that go on over slides: the names of their columns stand on the first one, or on each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from corpus.loaders.parts.tables.grid import Grid, Row, distinct
from corpus.loaders.parts.tables.header import body_of, header_rows
from corpus.loaders.parts.tables.kinds import Kind, kind
from corpus.loaders.parts.tables.regions import regions

_NEAR = 0.03  # of a table's width: how far its columns on two slides may differ
_MOST_NAMES = 2  # rows that two slides may have in common as names
_PART = re.compile(r"[（(]?\s*(?:续\s*表?\s*\d*|[一二三四五六七八九十\d]+(?:\s*/\s*\d+)?)\s*[）)]?$|^续\s*|\s+")


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table, the number and the title of its slide, and the places between its columns, in EMU."""

    slide: int
    title: str
    places: tuple[int, ...]
    grid: Grid


def continued(tables: Sequence[SlideTable]) -> list[tuple[Grid, bool]]:
    """Return the tables of consecutive slides, and whether each goes on from the slide before; then with its names."""
    found = [(table.grid, False) for table in tables]
    for number, (above, below) in enumerate(pairwise(tables), start=1):
        if below.slide != above.slide + 1 or not _may_go_on(above, below):
            continue
        first = found[number - 1][0]
        names = _names(first) or _in_common(first, below.grid)
        repeated = bool(names) and _texts(below.grid.rows[: len(names)]) == _texts(names)
        rows = below.grid.rows[len(names) :] if repeated else below.grid.rows
        if repeated:
            found[number - 1] = replace(first, header=len(names)), found[number - 1][1]
        elif header_rows(below.grid) or not _are_alike(first, below.grid, len(names)):
            continue
        if names and rows:
            found[number] = Grid((*names, *rows), header=len(names)), True
    return found


def _may_go_on(above: SlideTable, below: SlideTable) -> bool:
    """Return whether two tables have the same columns, and the slide of the second no title of its own."""
    one, other = above.places, below.places
    if len(one) != len(other) or any(abs(a - b) > _NEAR * (one[-1] - one[0]) for a, b in zip(one, other, strict=True)):
        return False
    return not below.title or _PART.sub("", below.title) in ("", _PART.sub("", above.title))


def _names(grid: Grid) -> tuple[Row, ...]:
    """Return the rows that name the columns of the last table of a grid, as they stand in it."""
    last = list(regions(grid))[-1:]
    names = last[0].grid.rows[: last[0].header] if last else ()
    return names if last and last[0].grid.width == grid.width and all(row in grid.rows for row in names) else ()


def _in_common(one: Grid, other: Grid) -> tuple[Row, ...]:
    """Return the first rows of words that two tables have in common: they are names, whatever they say."""
    pairs = takewhile(lambda pair: _texts(pair[:1]) == _texts(pair[1:]), zip(one.rows, other.rows, strict=False))
    rows = tuple(row for row, _ in pairs)
    worded = all(kind(cell.text) in (Kind.WORDS, Kind.PERIOD) for row in rows for cell in distinct(row))
    return rows if worded and len(rows) <= _MOST_NAMES and len(rows) < len(one.rows) else ()


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def _are_alike(one: Grid, other: Grid, names: int) -> bool:
    """Return whether the columns of two tables, the first below its names, hold the same kinds of cells."""
    pairs = zip(body_of(one, names).kinds, body_of(other, 0).kinds, strict=False)
    return all(a is b or Kind.NOTHING in (a, b) or {a, b} == {Kind.WORDS, Kind.PROSE} for (a, _), (b, _) in pairs)
