"""Joins lines in sequence that are the rows of a table, also over pages."""

from collections.abc import Iterator, Sequence

from corpus.loaders.parts.layout.aligned import are_rows, line_up
from corpus.loaders.parts.layout.lines import Placed

_LEAST_CELLS = 6
_ROWS_COMPARED = 20


def is_table(group: Sequence[Placed]) -> bool:
    """Return whether `tables` joined these lines as rows."""
    return bool(group[0].line.drawn) or (len(group) > 1 and len(group[0].line.cells) > 1)


def tables(groups: Sequence[list[Placed]]) -> Iterator[list[Placed]]:
    """Yield the paragraphs again; lines in sequence with equally many cells are joined as the rows of a table."""
    rows: list[Placed] = []
    for group in [*_over_pages(groups), []]:
        count = len(group[0].line.cells) if len(group) == 1 else 0
        if rows and not (count > 1 and _goes_below(rows, group[0])):
            if sum(len(row.line.cells) for row in rows) >= _LEAST_CELLS and are_rows([row.line.cells for row in rows]):
                yield rows
            else:
                yield from ([row] for row in rows)
            rows = []
        if count > 1:
            rows.append(group[0])
        elif group:
            yield group


def _goes_below(rows: Sequence[Placed], below: Placed) -> bool:
    """Return whether a line is one more row: as many cells as the one above, or the same columns with some empty."""
    if len(below.line.cells) == len(rows[-1].line.cells):
        return True
    edges = [placed.line.edges for placed in (*rows[-_ROWS_COMPARED:], below)]
    return all(edges) and line_up(edges)


def _over_pages(groups: Sequence[list[Placed]]) -> Iterator[list[Placed]]:
    """Yield the groups; a drawn table is joined with one between the same columns that begins the next page."""
    before: list[Placed] = []
    for group in groups:
        if before and _same_columns(before[-1], group[0]):
            before += group
            continue
        if before:
            yield before
        before = list(group)
    if before:
        yield before


def _same_columns(above: Placed, below: Placed) -> bool:
    one, other = above.line.drawn, below.line.drawn
    return bool(one and other and below.sheet == above.sheet + 1 and one.goes_on(other))
