"""Detects header rows: each possible number of rows is scored by the kinds of cells it separates, and by spans."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.loaders.parts.tables.forms import is_form
from corpus.loaders.parts.tables.grid import Grid, distinct
from corpus.loaders.parts.tables.kinds import FIGURES, Kind, common, kind
from corpus.loaders.parts.tables.names import NAMES, ends_with_a_name, is_no_name, kind_of_name, names_columns
from corpus.loaders.parts.tables.rows.measures import states_unit
from corpus.text.measures import MEASURE

MOST_ROWS = 5
_SAMPLE = 40  # rows of the body that are examined
_SAMPLED_COLUMNS = 60
_UNIT_ALONE = re.compile(rf"[（(]?\s*(?:单位[：:])?\s*(?:{MEASURE})\s*[）)]?")
_FAQ = re.compile(r"(?:常见)?(?:问题|提问|问)\|(?:答案|答复|回答|解答|回复|答)")
_LEAST = 0.55
_LONGEST_NAME = 120
_LEAST_DOUBLE = 4  # rows of a table whose first two may be a header by how they are merged


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a header: for each column, its most common kind and that kind's share (0–1)."""

    kinds: tuple[tuple[Kind, float], ...]

    @property
    def figures(self) -> list[int]:
        """Return the columns of numbers, dates and codes."""
        return [number for number, (most, share) in enumerate(self.kinds) if most in FIGURES and share >= 0.6]


def header_rows(grid: Grid) -> int:
    """Return how many rows at the top name the columns; 0 if none does."""
    width = min(grid.width, _SAMPLED_COLUMNS)
    if width < 2 or len(grid.rows) < 2:
        return 0
    if is_form(grid):
        return 0
    if _FAQ.fullmatch("|".join(grid.text(0, column) for column in range(width))):
        return 1
    declared = min(grid.header or _declared(grid), len(grid.rows) - 1)
    if declared:
        return _with_names_below(grid, _with_spans(grid, declared), width)
    if _is_double(grid):
        return 2
    scores = {rows: _score(grid, rows, width) for rows in range(1, min(MOST_ROWS, len(grid.rows) - 1) + 1)}
    best = max(scores, key=lambda rows: (scores[rows], -rows))
    return best if scores[best] >= _LEAST else 0


def _declared(grid: Grid) -> int:
    """Return how many rows at the top consist only of declared header cells."""
    rows = 0
    for row in grid.rows[:MOST_ROWS]:
        if not all(cell.heads for cell in distinct(row)) or not any(True for _ in distinct(row)):
            break
        rows += 1
    return rows


def _is_double(grid: Grid) -> bool:
    """Return whether the first two rows are a header by how they are merged, whatever the words: days over hours.

    The first cell reaches down over both, and no further; each other cell of the first row does so, too, or is wide and
    has several cells below it, and one at least is wide.
    """
    if len(grid.rows) < _LEAST_DOUBLE or not grid.text(0, 0) or grid.at(0, 1) is grid.at(0, 0):
        return False
    over, under, below = (tuple(grid.at(row, column) for column in range(grid.width)) for row in range(3))
    wide = Counter(map(id, over))
    if not all(cell.text for cell in (*over, *under)) or any(a is b for a, b in zip(under, below, strict=True)):
        return False
    if any(a is not b and wide[id(a)] == 1 for a, b in zip(over, under, strict=True)) or over[0] is not under[0]:
        return False
    parted = [tuple(b for a, b in zip(over, under, strict=True) if a is cell) for cell in distinct(over)]
    names = [cell.text for cell in (*distinct(over), *distinct(under))]
    return (
        all(len(own) == 1 or len(set(map(id, own))) == len(own) for own in parted)
        and any(len(own) > 1 for own in parted)
        and not any(kind(text) in (Kind.NUMBER, Kind.PROSE, Kind.NOTHING) for text in names)
    )


def _with_spans(grid: Grid, rows: int) -> int:
    """Extend the header by rows that its last row's cells reach into or are split in; return the number of rows."""
    while rows < min(MOST_ROWS, len(grid.rows) - 1) and (_crossing(grid, rows) or _parted(grid, rows)):
        rows += 1
    return rows


def _with_names_below(grid: Grid, rows: int, width: int) -> int:
    """Extend a declared header by a row of names below places that it leaves blank beside a name, a split cell."""
    if rows >= min(MOST_ROWS, len(grid.rows) - 1) or not _left_blank(grid, rows - 1, rows + 1):
        return rows
    return rows + 1 if _score(grid, rows + 1, width) > _score(grid, rows, width) else rows


def _score(grid: Grid, rows: int, width: int) -> float:
    leaf = [_leaf(grid, rows, column) for column in range(width)]
    body = body_of(grid, rows)
    score = _contrast(leaf, body, rows_below=len(grid.rows) - rows)
    names = {(name, id(grid.at(rows - 1, column))) for column, name in enumerate(names_of(grid, rows, width))}
    named_by = {id(grid.at(rows - 1, column)) for column in range(width)}
    score += _wording(leaf, width, width - len(named_by) + len({name for name, _ in names}))
    if width == 2:
        score -= _attributes(leaf[1], grid.column(0, since=rows, until=rows + _SAMPLE))
    score -= _unfit(grid, rows, width)
    above = range(rows - 1)
    score += sum(0.6 for row in above if _parted(grid, row + 1) or _left_blank(grid, row, rows)) + sum(
        0.2 for row in above if _crossing(grid, row + 1)
    )
    if _crossing(grid, rows):
        score -= 2.0
    if _parted(grid, rows):
        score -= 2.0
    score -= sum(1.5 for row in above if _is_complete(grid, row, width))
    if rows < len(grid.rows) - 1 and _like_names(grid, rows, body):
        score -= 1.0
    if _goes_below_units(grid, rows, width):
        score -= 1.0
    return score - 0.1 * rows


def _is_complete(grid: Grid, row: int, width: int) -> bool:
    """Return whether each column has a name of its own in a row already, so that no further names lie below it.

    A row of units below it names no columns.
    """
    cells, below = grid.rows[row], grid.rows[row + 1]
    own = len(cells) >= width and all(cell.text for cell in cells) and len(set(map(id, cells))) == len(cells)
    if not own or any(cell is under for cell, under in zip(cells, below, strict=False)):
        return False
    return not all(_UNIT_ALONE.fullmatch(cell.text) for cell in distinct(below))


def _goes_below_units(grid: Grid, rows: int, width: int) -> bool:
    """Return whether header rows go on below a name with a unit over one column, which ends a header."""
    return any(
        states_unit(grid.text(row, column))
        and grid.text(row + 1, column)
        and all(grid.at(row, column) is not grid.at(row, beside) for beside in (column - 1, column + 1) if beside >= 0)
        and not _spread_over(grid, row, column + 1, rows)
        for row in range(rows - 1)
        for column in range(width)
    )


def body_of(grid: Grid, header: int) -> Body:
    """Return the kinds of the columns below `header` rows."""
    width = min(grid.width, _SAMPLED_COLUMNS)
    columns = ([kind(text) for text in grid.column(c, since=header, until=header + _SAMPLE)] for c in range(width))
    return Body(tuple(common(column) for column in columns))


def stands_over_figures(grid: Grid, row: int) -> bool:
    """Return whether a row names the columns of figures below it in words."""
    figures = body_of(grid, row + 1).figures
    return bool(figures) and all(kind(grid.text(row, column)) in (Kind.WORDS, Kind.PERIOD) for column in figures)


def names_of(grid: Grid, header: int, width: int) -> list[str]:
    """Return the names of the columns. One that stands again belongs to the name at its left: 值班人员电话."""
    names = [name_of(grid, header, column) for column in range(width)]
    counts = Counter(names)
    before = ["", *names]
    again = {name for name, count in counts.items() if count > 1 and ends_with_a_name(name)}
    told = {
        name
        for name in again
        if all(counts[left] == 1 for left, own in zip(before, names, strict=False) if own == name)
    }
    return [left + name if name in told and left else name for left, name in zip(before, names, strict=False)]


def name_of(grid: Grid, header: int, column: int) -> str:
    """Return the name of a column: the words of its header rows, joined from the top."""
    parts: list[str] = []
    for row in range(header):
        text = grid.text(row, column) or _spread_over(grid, row, column, header)
        if text and text not in parts[-1:]:
            parts.append(text)
    name = ""
    for part in parts:
        name += f" {part}" if name and name[-1] < "\u2e80" and part[0] < "\u2e80" else part
    return name if len(name) <= _LONGEST_NAME else ""


def _spread_over(grid: Grid, row: int, column: int, header: int) -> str:
    """Return the name left of a blank place in an upper header row, where a file has split a merged cell."""
    if row == header - 1 or not grid.text(header - 1, column):
        return ""
    for left in range(column - 1, max(-1, column - 30), -1):
        text = grid.text(row, left)
        if not grid.text(header - 1, left) or (text and grid.at(row + 1, left) is grid.at(row, left)):
            return ""
        if text:
            return text
    return ""


def _leaf(grid: Grid, rows: int, column: int) -> str:
    """Return the lowest words over a column."""
    return next((text for row in range(rows - 1, -1, -1) if (text := grid.text(row, column))), "")


def _contrast(leaf: Sequence[str], body: Body, *, rows_below: int) -> float:
    """Return how clearly names stand over another kind of cells: 1 over every column that can show it, else less."""
    told, against = 0.0, 0.0
    for text, (most, share) in zip(leaf, body.kinds, strict=True):
        own = kind_of_name(text)
        if most in FIGURES and own is not Kind.NOTHING:
            if own is Kind.WORDS or (own is Kind.PERIOD and most is Kind.NUMBER):
                told += share
            elif own is most or own is Kind.NUMBER:
                against += share
        elif most is Kind.PROSE and own is Kind.WORDS:
            told += 0.6 * share
    if not told + against:
        return 0.0
    weight = min(1.0, rows_below / 2) if len(leaf) == 2 else 1.0
    return weight * (told - 1.5 * against) / (told + against)


def _wording(leaf: Sequence[str], width: int, different: int) -> float:
    """Return a score of the words themselves: complete, short, distinct, usual as column names in offices."""
    named = [text for text in leaf if text]
    if different < width or len(named) < width - 1:
        return -0.5
    kinds = [kind(text) for text in named]
    usual = names_columns(named)
    usual = usual if width > 2 or usual == 1.0 else 0.0
    periods = sum(one is Kind.PERIOD for one in kinds)
    series = 0.0 if periods < max(2, width - 2) else 0.7 if periods > 2 else 0.6
    plain = all(one is Kind.WORDS for one in kinds[1:]) and len(named) >= 3 and _first_names(leaf[0])
    return 0.7 * usual + series + (0.7 if plain else 0.0)


def _attributes(second: str, texts: Sequence[str]) -> float:
    """Return the share (0–1) of a first column's words that are column names; then each row names its own value.

    Where the `second` name is none that offices use, words that end with one count, too: 项目名称, 滨河公园.
    """
    known = names_columns([second]) or kind(second) is Kind.PERIOD
    return sum(bool(NAMES.fullmatch(text) if known else ends_with_a_name(text)) for text in texts) / max(1, len(texts))


def _first_names(text: str) -> bool:
    return not any(character.isdigit() for character in text) and len(text) <= 20


def _unfit(grid: Grid, rows: int, width: int) -> float:
    """Return a penalty for cells in the rows that cannot be names: numbers, dates, telephones, sentences."""
    cells = [cell for row in grid.rows[:rows] for cell in distinct(row[:width])]
    wrong = sum(is_no_name(cell.text) for cell in cells)
    return 2.0 * wrong / max(1, len(cells))


def _crossing(grid: Grid, row: int) -> bool:
    """Return whether a cell reaches from above a row into it."""
    over, under = grid.rows[row - 1], grid.rows[row]
    return any(a is b and a.text for a, b in zip(over, under, strict=False))


def _parted(grid: Grid, row: int) -> bool:
    """Return whether a cell above, narrower than the table, has several cells below it in this row.

    Where most other cells have one of their own below, the row holds values, and the wide cell names all columns.
    """
    over, under = grid.rows[row - 1], grid.rows[row]
    covers = Counter(map(id, over))  # a hostile row may have thousands of cells
    alone = [(a, b) for a, b in zip(over, under, strict=False) if a.text and covers[id(a)] == 1]
    if alone and 2 * sum(bool(b.text) and b is not a for a, b in alone) > len(alone):
        return False
    for column in range(len(over) - 1):
        one = over[column]
        if one.text and one is over[column + 1] and not all(cell is one for cell in over):
            below = under[column : column + 2]
            if len(below) == 2 and below[0] is not below[1] and all(cell.text for cell in below):
                return True
    return False


def _left_blank(grid: Grid, row: int, rows: int) -> bool:
    """Return whether an upper header row has blank places beside names, where merged cells were split."""
    return any(
        not grid.text(row, column) and name_of(grid, rows, column) != grid.text(rows - 1, column)
        for column in range(1, min(grid.width, _SAMPLED_COLUMNS))
    )


def _like_names(grid: Grid, row: int, body: Body) -> bool:
    """Return whether a row has words in most columns that otherwise hold figures, so that it names columns itself."""
    columns = body.figures
    worded = sum(kind(grid.text(row, column)) in (Kind.WORDS, Kind.PERIOD) for column in columns)
    return bool(columns) and worded >= max(1, 0.6 * len(columns))
