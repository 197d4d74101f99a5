"""Forms laid out in cells: names and values side by side, such as 姓名, 李一, 性别, 男."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid, Row
from corpus.loaders.parts.tables.kinds import FIGURES, Kind, kind
from corpus.loaders.parts.tables.names import NAMES, ends_with_a_name, is_label
from corpus.text.measures import MEASURE

_MOST_ROWS, _MOST_COLUMNS = 40, 16
_LABELLED = 0.5  # share of the rows that begin with a label
_UNLIKE = 0.8  # share of the labels that stand on a form once
_LEAST_LABELS, _KNOWN = 3, 1 / 3  # cells of a column that holds labels, and the share of usual ones among them
_LONGEST_LABEL = 10
# What a form prints beside the place for a figure or a date: 元, 共　人, 年　月　日至　年　月　日.
_SPACE = re.compile(r"[\s_＿﹍﹏]+")
_DATE = r"(?:年月日?|月日)(?:时分?)?"
_DATE_TO_FILL_IN = re.compile(rf"[自从]?{_DATE}(?:起?[-—–~～至到]+{_DATE}止?)?")
_FIGURE_TO_FILL_IN = re.compile(rf"[共约第]?(?:[（(][）)])?(?:{MEASURE}|页|号)|[（(](?:{MEASURE})[）)]")
_UNITS = re.compile(r"(?:单位|币种)(?:[（(].*[）)])?[：:]?$")

Field = tuple[int, Cell]
Pair = tuple[Field | None, Field | None]


def is_form(grid: Grid) -> bool:
    """Return whether names and values stand side by side in each row."""
    return in_columns(grid) or _is_laid_out(grid)


def in_columns(grid: Grid) -> bool:
    """Return whether the names of a form stand in every second column."""
    if grid.width % 2 or not 4 <= grid.width <= 8 or len(grid.rows) > _MOST_ROWS:
        return False
    names = [
        row[column].text
        for row in grid.rows
        for column in range(0, len(row), 2)
        if row[column].text and not (column and row[column] is row[column - 1])
    ]
    if any(kind(text) is not Kind.WORDS for text in names):
        return False
    known = sum(map(ends_with_a_name, names))
    values = [cell.text for cell in grid.rows[0][1::2] if cell.text]
    no_header = not all(NAMES.fullmatch(text) for text in values)
    return 2 < len(names) == len(set(names)) and 2 * known >= len(names) and no_header


def filled_in(grid: Grid) -> Grid:
    """Return a form with blank cells in place of those that only print the unit of what is to be filled in."""
    units = [any(map(_UNITS.search, grid.column(column))) for column in range(grid.width)]
    rows = [
        tuple(
            EMPTY
            if is_to_fill_in(cell.text)
            or (_FIGURE_TO_FILL_IN.fullmatch(_SPACE.sub("", cell.text)) and not _states_unit(row, column, units))
            else cell
            for column, cell in enumerate(row)
        )
        for row in grid.rows
    ]
    return Grid(tuple(rows), grid.caption, grid.header)


def is_to_fill_in(text: str) -> bool:
    """Return whether a cell holds only the place for a date, or a line to write on."""
    words = _SPACE.sub("", text)
    return bool(text) and (not words or bool(_DATE_TO_FILL_IN.fullmatch(words)))


def _states_unit(row: Row, column: int, units: Sequence[bool]) -> bool:
    """Return whether a unit is the value itself: 计量单位, 吨."""
    return units[column] or (column > 0 and bool(_UNITS.search(row[column - 1].text)))


def label_columns(grid: Grid) -> frozenset[int]:
    """Return the columns of a form that hold labels beside values: short words that differ, several of them usual."""
    columns: list[list[str]] = [[] for _ in range(grid.width)]
    for row, above in zip(grid.rows, ((), *grid.rows), strict=False):
        for field in _fields(row):
            if field[1].text and not _reaches_down(field, above):
                columns[field[0]].append(field[1].text)
    return frozenset(
        at
        for at, (own, beside) in enumerate(pairwise([*columns, []]))
        if len(own) >= _LEAST_LABELS
        and len(set(own)) == len(own)
        and all(kind(text) is Kind.WORDS and len(text) <= _LONGEST_LABEL and text.isalpha() for text in own)
        and sum(map(is_label, own)) >= _KNOWN * len(own)
        and 2 * sum(map(is_label, own)) > sum(map(is_label, beside)) * 3
    )


def pairs(row: Row, above: Row = (), labelled: frozenset[int] = frozenset()) -> Iterator[Pair]:
    """Yield what a row of a form names and says: name and value, a name that nothing is filled in for, or words alone.

    Labels stand in the columns `labelled`, and wherever words are usual ones. Where names and values do not follow in
    turn, only what stands behind a name belongs to it. What reaches down from the row `above` at the right was said
    there.
    """
    fields = [field for field in _fields(row) if not (field[0] and _reaches_down(field, above))]
    labels = [is_label(cell.text) or (bool(cell.text) and column in labelled) for column, cell in fields]
    in_turn = len(fields) % 2 == 0 and all(labels[::2]) and 2 * sum(labels[1::2]) < len(fields) / 2
    at = 0
    while at < len(fields):
        field, after = fields[at], fields[at + 1] if at + 1 < len(fields) else (0, EMPTY)
        named = in_turn or (labels[at] and not (at + 1 < len(fields) and labels[at + 1]))
        if named and after[1].text:
            yield field, after
        elif field[1].text and not _reaches_down(field, above):
            yield (field, None) if named else (None, field)
        at += 2 if named else 1


def _reaches_down(field: Field, above: Row) -> bool:
    column, cell = field
    return bool(cell.text) and column < len(above) and above[column] is cell


def _is_laid_out(grid: Grid) -> bool:
    """Return whether labels stand at the left, in most rows or a column of them, and in several again behind a value.

    One row is enough if it is the first and the place of the value is blank: names of columns leave no gap.
    """
    if not 3 <= grid.width <= _MOST_COLUMNS or not 2 <= len(grid.rows) <= _MOST_ROWS or _has_figures(grid):
        return False
    above = zip(grid.rows, ((), *grid.rows), strict=False)
    new = [[field for field in _fields(row) if not _reaches_down(field, before)] for row, before in above]
    rows = [[cell.text for _, cell in row] for row in new if any(cell.text for _, cell in row)]
    further = [[text for before, text in pairwise(row[1:]) if is_label(text) and not is_label(before)] for row in rows]
    labels = [row[0] for row in rows if is_label(row[0])]
    every = [*labels, *(text for own in further for text in own)]
    gap = any(not before and is_label(text) for before, text in pairwise(rows[0][1:]))
    again = gap or (not all(map(is_label, rows[0])) and sum(map(bool, further)) > 1)
    named = len(labels) >= _LABELLED * len(rows) or {0, 2} <= label_columns(grid)
    return again and named and len(set(every)) >= _UNLIKE * len(every)


def _has_figures(grid: Grid) -> bool:
    """Return whether a column holds nothing but figures below words, as no form does."""
    below = [[kind(text) for text in grid.column(at, since=1)] for at in range(1, grid.width)]
    return any(len(own) > 1 and all(one in FIGURES for one in own) for own in below)


def _fields(row: Row) -> list[Field]:
    """Return the cells of a row with their columns, each once; empty ones beside each other are one."""
    found: list[Field] = []
    for column, cell in enumerate(row):
        own = cell if cell.text else EMPTY
        if not found or own is not found[-1][1]:
            found.append((column, own))
    return found
