"""Tables of shaded rows: the rows at their ends that are not shaded, and whether their names are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.loaders.parts.layout.lines import Line
from corpus.loaders.parts.layout.pieces import Piece, by_line, met, narrowed
from corpus.loaders.parts.page.drawing import NEAR, Area, Drawing
from corpus.loaders.parts.page.open_tables.tables import announces
from corpus.loaders.parts.page.ruled_tables import RuledTable
from corpus.loaders.parts.tables.grid import distinct
from corpus.loaders.parts.tables.header import stands_over_figures
from corpus.loaders.parts.tables.names import are_usual

_HIGHEST = 1.1  # times the highest row: a row that is not shaded


def settled_tables(tables: Sequence[RuledTable], lines: Sequence[Line], drawn: Drawing) -> list[RuledTable] | None:
    """Return the tables that a page has to be read with instead, without words; None if they stay.

    Tables whose rows or names nobody can tell are left out. One that begins a page may continue another.
    """
    found: list[RuledTable] = []
    changed = False
    for table in tables:
        wider = extended(table, lines, drawn.areas)
        if table.shaded and len(wider.ys) == len(table.ys):
            wider = table.joined_by_words()
        grown = (wider.ys, wider.cell_of) != (table.ys, table.cell_of)
        first = not any(line.drawn is not table and line.bottom < table.ys[0] for line in lines)
        told = not table.shaded or (table.holds_words() and (grown or first or _is_named(table, drawn.areas)))
        if table.is_readable() and told:
            found.append(wider if grown else table.with_rows([], []))
        changed |= grown or not (table.is_readable() and told)
    return found if changed else None


def _is_named(table: RuledTable, areas: Sequence[Area]) -> bool:
    """Return whether the first row names the columns: dark, in usual words, or in words over columns of figures."""
    if any(area.dark and table.holds(area.left + 1, area.top + 1) and area.top < table.ys[1] for area in areas):
        return True
    grid = table.grid(0)
    top = next((number for number, row in enumerate(grid.rows) if len(list(distinct(row))) > 1), 0)
    return stands_over_figures(grid, top) or are_usual([cell.text for cell in grid.rows[top] if cell.text])


def extended(table: RuledTable, lines: Sequence[Line], areas: Sequence[Area]) -> RuledTable:
    """Return a table with the rows above and below that are not shaded, where words show them.

    Names that stand in every column above a table belong to it in any case.
    """
    over = _rows([line for line in lines if line.bottom <= table.ys[0] + NEAR], table, up=True)
    under = _rows([line for line in lines if line.top >= table.ys[-1] - NEAR], table, up=False)
    dark = any(area.dark and abs(area.top - table.ys[0]) <= NEAR and area.left < table.xs[-1] for area in areas)
    names = len(over) == 1 and over[0].pieces == len(table.xs) - 1 > 2
    over = over if names or (table.shaded and not dark) else []
    ends = any(abs(area.bottom - table.ys[-1]) <= NEAR and area.left < table.xs[-1] for area in areas)
    under = under[:1] if table.shaded and ends else []
    return table.with_rows([row.top - 1 for row in over], [row.bottom + 1 for row in under])


@dataclass(frozen=True, slots=True)
class _Row:
    top: float
    bottom: float
    pieces: int


def _rows(lines: Iterable[Line], table: RuledTable, *, up: bool) -> list[_Row]:
    """Return the one or two rows close above or below a table, from the nearest one."""
    edge = table.ys[0] if up else table.ys[-1]
    start, taken = edge, list[Piece]()
    highest = max(below - above for above, below in pairwise(table.ys))
    columns = list(pairwise(table.xs))
    for line in sorted(lines, key=lambda line: -line.bottom if up else line.top):
        far = edge - line.bottom if up else line.top - edge
        places = [met(piece, columns) for piece in narrowed(line.pieces)]
        end = line.top if up else line.bottom
        if line.drawn or far > line.size or any(len(at) != 1 for at in places) or _is_no_row(line):
            break
        if abs(end - start) > 2 * highest:
            break
        edge = min(edge, end) if up else max(edge, end)
        taken += line.pieces
    written = by_line(taken)[:: -1 if up else 1]
    while written and len(written[-1]) < 2:
        written.pop()
    most = max(map(len, written), default=0)
    if most < max(2, len(columns) / 2):
        return []
    if abs(edge - start) <= _HIGHEST * highest:
        return [_row([piece for line in written for piece in line])]
    return [_row(line) for line in written] if len(written) == 2 and 2 * len(written[0]) > len(columns) else []


def _row(pieces: Sequence[Piece]) -> _Row:
    return _Row(min(piece.top for piece in pieces), max(piece.bottom for piece in pieces), len(pieces))


def _is_no_row(line: Line) -> bool:
    labelled = sum(any(mark in piece.text for mark in "：:") for piece in line.pieces)
    return announces(line) or 2 * labelled >= len(line.pieces)
