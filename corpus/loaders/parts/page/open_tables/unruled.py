"""Tables without any rules: lines whose pieces stand in the same columns, where nothing else can look so."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from statistics import median

from corpus.loaders.parts.layout.lines import Line, Sheet
from corpus.loaders.parts.layout.pieces import Column, Piece, by_line, met
from corpus.loaders.parts.page.open_tables.header import header_of
from corpus.loaders.parts.page.open_tables.rows import Part, Row, figure_columns
from corpus.loaders.parts.page.open_tables.tables import MOST_COLUMNS, OpenTable, columns_of, placed, table_of
from corpus.loaders.parts.tables.names import are_usual, is_no_name

_GUTTER = 0.8  # of the type's size: the narrowest white strip between columns
_STEP = 2.6  # of the type's size: the widest step from a line to the next
_LEAST_ROWS = 3
_MOST_NAME_LINES, _TALLER = 8, 4  # lines between two names; sizes of type that a name may reach above the first one
_LONG, _MOST_MISSES = 40, 3  # lines: a longer run is tried from three lines
_ALIGNED, _SHARE = 0.4, 0.8  # of the type's size; share of a column's cells
_LABEL = ("：", ":")


def with_unruled_tables(sheet: Sheet) -> Sheet:
    """Return a page on which a table takes the place of its lines where their alignment is unmistakable.

    One without names may begin a page: it continues the table before, or is lines again.
    """
    lines, kept = sheet.lines, list[Line]()
    start = tried = misses = 0
    while start < len(lines):
        run = _run(lines, start) if start >= tried else []
        table = _table(run) if len(run) >= _LEAST_ROWS else None
        table = table if table and (table.header or not kept) else None
        kept.append(placed(table) if table else lines[start])
        misses = 0 if table or len(run) <= _LONG else misses + 1
        if misses == _MOST_MISSES:  # whoever writes a file decides how long a run is, and each line might begin another
            tried, misses = start + len(run), 0
        start += len(run) if table else 1
    return Sheet(sheet.height, tuple(kept))


def _run(lines: Sequence[Line], start: int) -> list[Line]:
    """Return the lines from one on whose pieces stand in columns, without those at the end with one piece.

    The first line may hold names, which do not have to stand straight above the cells.
    """
    run: list[Line] = []
    columns: list[Column] = []
    lowest = 0.0
    for line in islice(lines, start, None):
        if line.drawn or not line.pieces or len(line.pieces) > MOST_COLUMNS:
            break
        if not run and len(line.pieces) < 2 and not _begins_names(lines, start):
            break
        if run:
            near = line.top - lowest < (_STEP - 1) * line.size and line.bottom > run[0].top - _TALLER * line.size
            wider = _widened(columns, line) if near else None
            if wider is None:
                break
            columns = wider
        lowest = max(lowest, line.bottom)
        run.append(line)
    while run and len(run[-1].pieces) < 2 and not _continues(run):
        run.pop()
    return run


def _begins_names(lines: Sequence[Line], start: int) -> bool:
    """Return whether a line alone is the first of several names on one height that were written one after the other.

    Between them stand the lines of a name that is taller than its neighbours: a character a line in a narrow column.
    """
    first = lines[start]
    for line in lines[start + 1 : start + 1 + _MOST_NAME_LINES]:
        if line.drawn or not line.pieces or line.left <= first.right:
            return False
        if line.pieces[0].beside(first.pieces[0]):
            return True
    return False


def _widened(columns: Sequence[Column], line: Line) -> list[Column] | None:
    """Return the columns with the pieces of one more line; None if a piece reaches over two, or two stand in one."""
    gap = _GUTTER * line.size
    wider = list(columns)
    for row in by_line(line.pieces):
        taken: set[int] = set()
        for piece in row:
            at = met(piece, wider)
            if len(at) > 1 or set(at) & taken:
                return None
            if at:
                left, right = wider[at.start]
                wider[at.start] = min(left, piece.left), max(right, piece.right)
                taken.add(at.start)
            else:
                wider = sorted([*wider, (piece.left, piece.right)])
                taken = {met(one, wider).start for one in row[: row.index(piece) + 1]}
    return (
        wider
        if len(wider) <= MOST_COLUMNS and all(other[0] - one[1] >= gap for one, other in pairwise(wider))
        else None
    )


def _continues(run: Sequence[Line]) -> bool:
    """Return whether the last line lies below a cell of the line before it, not in the first column."""
    return run[-1].left > run[0].pieces[0].right


def _table(run: Sequence[Line]) -> OpenTable | None:
    pieces = [piece for line in run for piece in line.pieces]
    lines = by_line(pieces)
    gap = _GUTTER * median(piece.size for piece in pieces)
    columns = columns_of([[piece for line in lines[1:] for piece in line]], lines[0], gap)
    if len(columns) < 2:
        return None
    table, rows = table_of([pieces], columns) or (None, [])
    body = rows[table.header :] if table else []
    if table is None or not table.header:
        table, body = _named_twice(lines, columns) or (table, body)
    elif not _is_data(rows, len(columns)):
        return None
    full = sum(len(row) > 1 for row in body)
    filled = [sum(column in part.at for row in body for part in row) for column in range(len(columns))]
    if table is None or full < _LEAST_ROWS - 1 or min(filled) < 1 or not _aligned(body, len(columns)):
        return None
    return replace(table, lines=tuple(run))


def _named_twice(lines: Sequence[list[Piece]], columns: Sequence[Column]) -> tuple[OpenTable, list[Row]] | None:
    """Return the table below two lines of names, of which those above cover several columns of figures."""
    names, below = ([piece for line in part for piece in line] for part in (lines[:2], lines[2:]))
    named = header_of(names, columns, ()) or []
    figures = figure_columns([[Part(met(piece, columns), [[piece]])] for piece in below], len(columns))
    covered = {column for row in named for part in row if len(part.at) > 1 for column in part.at}
    return table_of([names, below], columns, named=named) if len(named) > 1 and covered <= figures else None


def _aligned(rows: Sequence[Row], width: int) -> bool:
    """Return whether the cells of each column begin, end or have their middle at one place."""
    for column in range(width):
        ends = [(p.lines[0][0].left, p.lines[0][-1].right) for row in rows for p in row if p.at.start == column]
        size = rows[0][0].lines[0][0].size
        lists = [left for left, _ in ends], [right for _, right in ends], [(a + b) / 2 for a, b in ends]
        if not any(_share(values, _ALIGNED * size) >= _SHARE for values in lists):
            return False
    return True


def _share(values: Sequence[float], near: float) -> float:
    usual = median(values)
    return sum(abs(value - usual) <= near for value in values) / len(values)


def _is_data(rows: Sequence[Row], width: int) -> bool:
    """Return whether the rows are those of a table: figures below names, or names usual for columns at the top.

    Signatures, addresses and entries of a table of contents stand in columns, too.
    """
    top, body = rows[0], rows[1:]
    if len(top) < width or any(is_no_name(part.text) for part in top[1:]):
        return False
    labels = sum(any(mark in part.text for mark in _LABEL) for row in rows for part in row)
    if 3 * labels > sum(map(len, rows)):
        return False
    figures = figure_columns(body, width) - {0}
    known = are_usual([part.text for part in top])
    if not figures:
        return known and (len(body) >= _LEAST_ROWS or any(len(part.lines) > 1 for row in body for part in row))
    return known or width > 2
