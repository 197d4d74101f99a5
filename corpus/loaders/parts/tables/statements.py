"""Rows as quotable statements: 项目：华峰；投资：30万元。 Each value follows the names of its column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.loaders.parts.tables.forms import filled_in, in_columns, is_form, is_to_fill_in, label_columns, pairs
from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid, Row, distinct
from corpus.loaders.parts.tables.header import body_of, names_of
from corpus.loaders.parts.tables.kinds import Kind, kind
from corpus.loaders.parts.tables.regions import Region, regions
from corpus.loaders.parts.tables.rows.groups import group_rows, summed_rows, total_of_all, with_its_sum_first
from corpus.loaders.parts.tables.rows.measures import (
    Named,
    are_years,
    measured,
    with_own_unit,
    with_units,
    with_year,
    with_years,
)
from corpus.text.measures import units_by_name

# Characters. A longer statement is split, and each part names its row again: an encoder reads one passage at a time.
LONGEST = 160
_MOST_KEYS = 3
# Within a name it would end the name: 其中：女.
_COLON = re.compile(r"(?<=[\u4e00-\u9fff）)])[：:](?=[\u4e00-\u9fff])")
_LONGEST_KEY = 40
_CORNER = re.compile(r"[\s/／\\＼]+")
_TIMES = re.compile(r"年份|年度|月份|季度|时间|日期|星期")
# Characters. A longer cell that covers several rows is written only in the first of them.
_LONGEST_REPEATED = 400


@dataclass(frozen=True, slots=True)
class Statement:
    """A line, and its values as (column, start, end); no values if the line is a row's heading.

    `goes_on` says that it continues the row of the line before; `page` counts from 0.
    """

    text: str
    values: tuple[tuple[int, int, int], ...] = ()
    goes_on: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns, and how many columns at the left name the row."""

    names: tuple[str, ...]
    keys: int = 1


def columns_of(region: Region) -> Columns:
    """Return the column names of a region; several header rows are joined from the top."""
    grid, header = region.grid, region.header
    if not header:
        return Columns(("",) * grid.width)
    keys = _keys(grid, header)
    names = names_of(grid, header, grid.width)
    names[:keys] = [_of_the_rows(grid, header, column, names) for column in range(keys)]
    return Columns(tuple(names), keys)


def _of_the_rows(grid: Grid, header: int, column: int, names: Sequence[str]) -> str:
    """Return the name of a column that names the rows.

    Of the two in a corner (项目\\年份) one may name the columns behind, which say it themselves: 2024年.
    """
    corner = grid.at(0, column)
    parts = _CORNER.split(corner.items or corner.text)
    rest = [part for part in parts if not _TIMES.fullmatch(part)]
    periods = [kind(name) is Kind.PERIOD for name in names if name and name != names[column]]
    return rest[0] if names[column] == corner.text and len(parts) > len(rest) == 1 and all(periods) else names[column]


def statements(region: Region, columns: Columns) -> Iterator[Statement]:
    """Yield the rows below the header as statements."""
    grid = region.grid
    if grid.width == 1:
        yield from (Statement(row[0].text, page=row[0].page) for row in grid.rows if row)
    elif not any(columns.names) and (grid.width == 2 or is_form(grid)):
        rows = filled_in(grid).rows
        if grid.width == 2 or in_columns(grid):
            yield from (replace(_paired(row), page=_page(row)) for row in rows)
        else:
            above = zip(rows, ((), *rows), strict=False)
            labelled = label_columns(grid)
            yield from (replace(_filled_in(row, before, labelled), page=_page(row)) for row, before in above)
    else:
        for page, statement in _named_rows(region, columns):
            yield replace(statement, page=page)


def _page(row: Sequence[Cell]) -> int:
    return max((cell.page for cell in row), default=0)


def lines_of(grid: Grid) -> list[str]:
    """Return the lines of a table that stands alone."""
    lines: list[str] = []
    for region in regions(grid):
        rows = (statement.text for statement in statements(region, columns_of(region)))
        lines += [*region.lead, *rows, *region.notes]
    return lines


def _named_rows(region: Region, columns: Columns) -> Iterator[tuple[int, Statement]]:
    grid, group = region.grid, ""
    before: Sequence[Cell] = ()
    figures = frozenset(body_of(grid, region.header).figures)
    groups, summed = group_rows(grid, region.header), summed_rows(grid, region.header)
    total = total_of_all(grid, region.header, groups | summed.keys())
    together = units_by_name(region.unit, columns.names).items()
    units = region.units or tuple(sorted(together, key=lambda pair: len(pair[0]), reverse=True))
    names = with_units(with_years(columns.names), units)
    in_years = are_years(grid.column(0, since=region.header))
    for number in range(region.header, len(grid.rows)):
        row = grid.rows[number]
        page = _page(row)  # once: a row may be said in as many statements as it has cells
        cells = list(distinct(row))
        if number == region.header and _counts_columns(cells):
            yield page, Statement(" ".join(cell.text for cell in cells))
            continue
        if number in groups:
            group = cells[0].text
            yield page, Statement(group)
            before = ()
            continue
        group = "" if number == total else group
        said = row
        if number in summed:
            said = with_its_sum_first(row)
            group = summed[number] if said is not row else ""
        told = _columns(said, names, columns.keys)
        named = [(name, _value(cell, column, before)) for column, (name, cell) in enumerate(told)]
        if named and not names[0] and in_years:
            named[0] = "", with_year(named[0][1])
        if columns.keys > 1 and named and not named[0][1] and len(cells) > 1 and row[1].text:
            named[0] = named[0][0], _text_above(grid, number, region.header)
        for statement in _parted(named, columns, group=group, unit=region.unit, figures=figures):
            yield page, statement
        before, group = said, summed.get(number, group)


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Return whether a row only numbers the columns, as official forms do: 栏次, 1, 2, 3."""
    numbers = [cell.text for cell in cells[1:]]
    return bool(numbers) and cells[0].text in ("栏次", "行次") and all(text.isdecimal() for text in numbers)


def _columns(row: Sequence[Cell], names: Sequence[str], keys: int) -> Iterator[tuple[str, Cell]]:
    for column, cell in enumerate(row):
        name = names[column] if column < len(names) else ""
        if column > 0 and cell is row[column - 1] and cell is not EMPTY:
            yield name, EMPTY  # a cell over several columns is said once
        elif column >= keys:
            yield _name_over(row, column, names), cell
        else:
            alone = not name and column + 1 < min(keys, len(names)) and _ends_at(row, column)
            yield names[column + 1] if alone else name, cell


def _ends_at(row: Sequence[Cell], column: int) -> bool:
    """Return whether nothing else stands in the next column."""
    return column + 1 >= len(row) or row[column + 1] is EMPTY or row[column + 1] is row[column]


def _name_over(row: Sequence[Cell], column: int, names: Sequence[str]) -> str:
    """Return the name of a column, or those of all columns that its cell in the row covers: 公交、地铁：免费."""
    cell, until = row[column], column + 1
    while cell is not EMPTY and until < len(row) and row[until] is cell:
        until += 1
    covered = list(dict.fromkeys(filter(None, names[column:until])))
    together = "、".join(covered)
    return together if len(together) <= _LONGEST_KEY else covered[0]


def _value(cell: Cell, column: int, before: Sequence[Cell]) -> str:
    repeats = column < len(before) and before[column] is cell
    return "" if is_to_fill_in(cell.text) or (repeats and len(cell.text) > _LONGEST_REPEATED) else _said(cell)


def _said(cell: Cell) -> str:
    return (cell.items or cell.text).rstrip("；;。")


def _text_above(grid: Grid, row: int, header: int) -> str:
    """Return the name that a blank first cell stands for: that of the filled rows above."""
    for above in range(row - 1, max(header, row - 30) - 1, -1):
        if text := grid.text(above, 0):
            return text if kind(text) in (Kind.WORDS, Kind.PERIOD) else ""
        if not grid.text(above, 1):
            return ""
    return ""


def _parted(
    named: Sequence[tuple[str, str]], columns: Columns, *, group: str, unit: str, figures: frozenset[int]
) -> Iterator[Statement]:
    """Yield one statement, or several for a long row; each begins with the row's names."""
    group = group if len(group) <= _LONGEST_KEY else ""
    keys = [Named(at, *named[at]) for at in range(min(columns.keys, len(named))) if len(named[at][1]) <= _LONGEST_KEY]
    rest = [Named(at, name, value) for at, (name, value) in enumerate(named) if value and at >= len(keys)]
    lead, rest = measured([Named(-1, "", group)] * bool(group) + [key for key in keys if key.value], rest)
    own = sum(cell.size for cell in lead)
    parts: list[list[Named]] = [[]]
    length = own
    for cell in rest:
        if parts[-1] and length + cell.size > LONGEST:
            parts.append([])
            length = own
        parts[-1].append(cell)
        length += cell.size
    for number, part in enumerate(parts):
        open_ones = any(cell.column in figures and not cell.unit and kind(cell.value) is Kind.NUMBER for cell in part)
        written = _written([*lead, *part], "单位：" + unit if unit and open_ones else "")
        yield replace(written, goes_on=number > 0)


def _written(cells: Sequence[Named], unit: str) -> Statement:
    text = ""
    values: list[tuple[int, int, int]] = []
    for cell in cells:
        text += "；" if text else ""
        named = _COLON.sub("", cell.name.rstrip("：:"))
        text += f"{named}：" if named and named != cell.value else ""
        if cell.column >= 0:
            values.append((cell.column, len(text), len(text) + len(cell.value + cell.unit)))
        text += cell.value + cell.unit
    if unit:
        text += f"；{unit}"
    return Statement(f"{text}。" if text else "", tuple(values))


def _keys(grid: Grid, header: int) -> int:
    """Return how many columns of words at the left precede the first one of figures: they name the row."""
    body = body_of(grid, header)
    count = 0
    for most, _ in body.kinds[:_MOST_KEYS]:
        if most not in (Kind.WORDS, Kind.NOTHING):
            break
        count += 1
    figures = body.figures
    if not figures or count == 0:
        first_is_number = bool(figures) and figures[0] == 0 and len(body.kinds) > 2
        return 2 if first_is_number and body.kinds[1][0] is Kind.WORDS else 1
    return count


def _paired(row: Sequence[Cell]) -> Statement:
    cells: list[Named] = []
    for column in range(0, len(row), 2):
        name, value = row[column], row[column + 1] if column + 1 < len(row) else EMPTY
        if column and name is row[column - 1] and name is not EMPTY:
            continue  # a value over several columns
        if value is EMPTY or value is name or not value.text:
            cells += [Named(column, "", name.text)] if name.text else []
        else:
            cells.append(with_own_unit(Named(column + 1, name.text, _said(value))))
    if len(cells) == 1 and not cells[0].name:
        return Statement(cells[0].value)
    return _written(cells, "")


def _filled_in(row: Row, above: Row, labelled: frozenset[int]) -> Statement:
    cells: list[Named] = []
    for name, value in pairs(row, above, labelled):
        if name and value:
            cells.append(with_own_unit(Named(value[0], name[1].text, _said(value[1]))))
        elif field := name or value:
            cells.append(Named(field[0], "", field[1].text))
    return Statement(cells[0].value) if len(cells) == 1 and not cells[0].name else _written(cells, "")
