"""Rows that head those below them: alone on their row, or with the sum of what they head."""

import re
from decimal import Decimal, InvalidOperation

from corpus.loaders.parts.tables.grid import EMPTY, Grid, Row, distinct
from corpus.loaders.parts.tables.sheets.pivots import names_rows_of_a_pivot

_TOTALS = frozenset(("合计", "总计", "共计", "总合计", "合计数", "总计数", "全部合计"))
_OF_GROUPS_TOO = frozenset(("合计", "共计", "合计数"))
SUBTOTALS = frozenset(("小计", "合计", "共计"))
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]?|[（(][一二三四五六七八九十]{1,3}[）)]")
_NUMBER = re.compile(r"\d+")
_MOST_CHILDREN = 200


def group_rows(grid: Grid, header: int) -> frozenset[int]:
    """Return the rows that only head those below: one cell over all columns, or a single cell at the left."""
    single = [row for row in range(header, len(grid.rows)) if len(list(distinct(grid.rows[row]))) == 1]
    wide = {row for row in single if len(grid.rows[row]) >= grid.width and len(set(map(id, grid.rows[row]))) == 1}
    left = [row for row in single if len(grid.rows[row]) == 1] if grid.width > 2 else []
    return frozenset(wide | set(left if len(left) > 1 or header in left else ()))


def summed_rows(grid: Grid, header: int) -> dict[int, str]:
    """Return the rows that head those below and say their sum, each with the name of its group.

    Their names are numbered in Chinese above rows numbered in figures (一、县道, 小计, 46.8), or they are the rows of a
    pivot table that add up those below them.
    """
    if header and names_rows_of_a_pivot(grid.text(header - 1, 0)):
        return _adding_up(grid, header)
    numbers = grid.column(0, since=header)
    if sum(bool(_NUMBER.fullmatch(text)) for text in numbers) < 2:
        return {}
    found: dict[int, str] = {}
    for row in range(header, len(grid.rows)):
        numbered = _NUMBERED.match(grid.text(row, 0))
        if not numbered or len(list(distinct(grid.rows[row]))) < 2:
            continue
        name = grid.text(row, 0)
        if numbered.end() == len(name):  # the number has a column of its own
            name = "" if grid.text(row, 1) in SUBTOTALS else f"{name} {grid.text(row, 1)}".rstrip()
            name = "" if name == grid.text(row, 0) else name
        if name:
            found[row] = name
    return found


def with_its_sum_first(row: Row) -> Row:
    """Return the row of a group with the word that tells its sum in place of the name: 小计, for 一、县道."""
    at = next((column for column, cell in enumerate(row) if cell.text in SUBTOTALS), None)
    if not at:
        return row
    first, told = row[0], row[at]
    rest = tuple(EMPTY if cell in (first, told) or column <= 1 else cell for column, cell in enumerate(row))
    kept = row[1] if len(row) > 1 and row[1] not in (first, told) and _NUMBERED.fullmatch(first.text) is None else EMPTY
    return (told, kept, *rest[2:])


def total_of_all(grid: Grid, header: int, groups: frozenset[int]) -> int | None:
    """Return the last row where it adds up all groups: 总计, or a 合计 that the groups before have not."""
    last = max((row for row in range(header, len(grid.rows)) if any(cell.text for cell in grid.rows[row])), default=-1)
    if last < 0:
        return None
    name = "".join(grid.text(last, 0).split())
    starts = sorted(groups)
    if name not in _TOTALS or not starts or (len(starts) == 1 and starts[0] == header):
        return None
    named = [row for row in range(header, last) if "".join(grid.text(row, 0).split()) == name]
    if name in _OF_GROUPS_TOO and named and named[-1] < starts[-1]:
        return None  # each group ends with its own
    return last


def _adding_up(grid: Grid, header: int) -> dict[int, str]:
    """Return the rows of which each adds up those down to the next one; empty if some row is in no group.

    At least two groups, one of which has several rows, make sure that the figures do not only happen to be alike.
    """
    last = len(grid.rows)
    if grid.text(last - 1, 0) in _TOTALS:
        last -= 1
    found: dict[int, str] = {}
    row, several = header, False
    while row < last:
        height = _height(grid, row, last)
        if not height:
            return {}
        found[row] = grid.text(row, 0)
        several |= height > 1
        row += height + 1
    return found if several and len(found) > 1 else {}


def _height(grid: Grid, row: int, last: int) -> int:
    """Return how many rows below a row it adds up in every column; 0 if it does not."""
    wanted = [_figure(grid.text(row, column)) for column in range(1, grid.width)]
    sums = [Decimal(0)] * len(wanted)
    for below in range(row + 1, min(last, row + 1 + _MOST_CHILDREN)):
        figures = [_figure(grid.text(below, column)) for column in range(1, grid.width)]
        if None in figures or None in wanted:
            return 0
        sums = [one + (figure or 0) for one, figure in zip(sums, figures, strict=True)]
        if sums == wanted:
            return below - row
    return 0


def _figure(text: str) -> Decimal | None:
    """Return the figure of a cell, nought for a blank one; None for words."""
    try:
        return Decimal(text.replace(",", "") or 0)
    except InvalidOperation:
        return None
