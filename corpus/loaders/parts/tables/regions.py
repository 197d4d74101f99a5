"""Splits a sheet, or a table in a file, into tables with one header each; titles and notes are separated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.loaders.parts.tables.forms import is_form
from corpus.loaders.parts.tables.frame import is_lead, is_note, is_signed, is_title, stands_alone
from corpus.loaders.parts.tables.grid import EMPTY, Grid, Row, distinct, with_dittos
from corpus.loaders.parts.tables.header import body_of, header_rows
from corpus.loaders.parts.tables.kinds import Kind, common, kind
from corpus.loaders.parts.tables.rows.again import names_again, typed_once
from corpus.loaders.parts.tables.sheets.pivots import parted_pivot
from corpus.loaders.parts.tables.sheets.rosters import by_day
from corpus.loaders.parts.tables.spacers import are_tables, with_names_above, without_blank_columns
from corpus.text.measures import unit_of, units_of_columns

_LEAST_ROWS = 2
_SAMPLE = 40
MOST_LEAD = 6
_BELONGING = ("附", "其中", "续")
LONG_NOTE = 25


@dataclass(frozen=True, slots=True)
class Region:
    """One table: the lines above it, its grid with the number of header rows, and the notes below.

    `goes_on` says that its header stands in the region before. `units` are those of columns with a word in their names.
    """

    grid: Grid
    header: int = 0
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""
    unit: str = ""
    goes_on: bool = False
    units: tuple[tuple[str, str], ...] = ()


def regions(grid: Grid) -> Iterator[Region]:
    """Yield the tables of a grid in order: from the top, and side by side from the left."""
    before: Region | None = None
    waiting: list[str] = []  # lines above a blank row, which may belong to the next table
    for band in with_names_above(_bands(grid.without_margin())):
        if (lines := _lines(band)) and grid.width > 1:
            waiting += lines
            continue
        shared = _over_all(band)
        for number, block in enumerate(_side_by_side(band)):
            for part in _stacked(block):
                region = _region(part.compact(), waiting)
                region = _with_shared(region, shared) if number else region
                waiting = []
                if before is not None:
                    region = _after(before, region)
                before = region
                yield region
    if waiting:
        yield Region(Grid(()), lead=tuple(waiting))


def _lines(band: Grid) -> list[str]:
    """Return the words of rows with one cell each; empty if a row holds more."""
    lines = [stands_alone(band, row) for row in range(len(band.rows))]
    return lines if all(lines) else []


def _after(before: Region, region: Region) -> Region:
    """Return a region completed by the one before it on the sheet, which it may continue or belong to."""
    if _continues(before, region):
        return replace(region, goes_on=True, unit=before.unit, title=before.title)
    if before.title and region.title.startswith(_BELONGING):
        return replace(region, unit=region.unit or before.unit, title=f"{before.title} {region.title}")
    return region


def _bands(grid: Grid) -> Iterator[Grid]:
    """Yield the rows between blank rows; all rows, where a blank one follows each below the title."""
    filled = [any(cell.text for cell in row) for row in grid.rows]
    top = next((row for row in range(len(filled)) if filled[row] and not stands_alone(grid, row)), 0)
    if sum(filled[top:]) > _LEAST_ROWS and not any(one and other for one, other in pairwise(filled[top:])):
        yield Grid(tuple(row for row, full in zip(grid.rows, filled, strict=True) if full), grid.caption)
        return
    rows: list[Row] = []
    for row in [*grid.rows, ()]:
        if any(cell.text for cell in row):
            rows.append(row)
        elif rows:
            yield Grid(tuple(rows), grid.caption, grid.header if len(rows) == len(grid.rows) else 0)
            rows = []


def _side_by_side(band: Grid) -> Iterator[Grid]:
    """Yield the columns between blank columns if both sides hold tables; rows over both stay with the first."""
    top = 0
    while top < len(band.rows) and stands_alone(band, top):
        top += 1
    filled = [False] * band.width
    for row in band.rows[top:]:
        for column, cell in enumerate(row):
            filled[column] |= bool(cell.text)
    parts = _runs(filled)
    apart = len(band.rows) - top >= _LEAST_ROWS and len(parts) > 1 and all(stop - start > 1 for start, stop in parts)
    if not apart or not are_tables([_part(band.rows[top:], start, stop) for start, stop in parts]):
        yield band
        return
    for number, (start, stop) in enumerate(parts):
        rows = tuple(row[start:stop] for row in band.rows[top:] if any(cell.text for cell in row[start:stop]))
        yield Grid((*(band.rows[:top] if number == 0 else ()), *rows), band.caption)


def _part(rows: Sequence[Row], start: int, stop: int) -> Grid:
    return Grid(tuple(row[start:stop] for row in rows))


def _over_all(band: Grid) -> list[str]:
    """Return the lines above all tables side by side: words over all columns, and a unit anywhere above them."""
    lines: list[str] = []
    for number, row in enumerate(band.rows):
        if not (words := stands_alone(band, number)):
            break
        over_all = len(row) == band.width and bool(row[-1].text)
        lines += [words] if over_all or unit_of(words) else []
    return lines


def _with_shared(region: Region, lines: Sequence[str]) -> Region:
    """Return a region with title and unit from the lines that it shares with tables at its left."""
    title = " ".join(line for line in lines if is_title(line) and not _only_states_unit(line))
    unit = next((unit for line in lines if (unit := unit_of(line))), "")
    return replace(region, title=region.title or title, unit=region.unit or unit)


def _runs(filled: Sequence[bool]) -> list[tuple[int, int]]:
    runs, start = [], None
    for column, full in enumerate([*filled, False]):
        if full and start is None:
            start = column
        elif not full and start is not None:
            runs.append((start, column))
            start = None
    return runs


def _stacked(block: Grid) -> Iterator[Grid]:
    """Yield the block in parts, cut where another title or header begins; what is typed again goes on: 某某表（续）."""
    rows = typed_once(block)
    alone = [bool(stands_alone(block, row)) for row in range(len(rows))]
    last = max((row + 1 for row in range(len(rows)) if not alone[row]), default=0)  # behind it stand only notes
    cuts = [0]
    started = False
    names: list[str] | None = None
    for row in range(len(rows)):
        if not alone[row]:
            if started and names_again(rows, cuts[-1], row):
                cuts.append(row)
                names = None
            started = True
        elif started and not alone[row - 1]:
            below = next((at for at in range(row, min(row + MOST_LEAD, len(rows))) if not alone[at]), len(rows))
            if names is None:
                names = _names(Grid(rows[cuts[-1] : min(row, cuts[-1] + _SAMPLE)]))
            if _begins_a_table(rows[below : min(last, below + _SAMPLE)], names):
                cuts.append(row)
                started, names = False, None
    for start, stop in zip(cuts, [*cuts[1:], len(rows)], strict=True):
        yield Grid(rows[start:stop], block.caption, block.header if stop - start == len(rows) else 0)


def _names(grid: Grid) -> list[str]:
    """Return the words of a block's first header row; empty if it has none."""
    bare = _without_lead(grid)
    return [cell.text for cell in distinct(bare.rows[0])] if header_rows(bare) else []


def _begins_a_table(rows: Sequence[Row], names: Sequence[str]) -> bool:
    """Return whether the first row names columns: the same names again, or words over columns of figures."""
    if len(rows) < _LEAST_ROWS:
        return False
    words = [cell.text for cell in distinct(rows[0])]
    if len(words) < 2 or any(kind(text) not in (Kind.WORDS, Kind.PERIOD) for text in words):
        return False
    below = Grid(tuple(rows))
    return words == list(names) or any(kind(below.text(0, at)) is Kind.WORDS for at in body_of(below, 1).figures)


def _without_lead(grid: Grid) -> Grid:
    top = 0
    while top < min(len(grid.rows) - 1, MOST_LEAD) and is_lead(grid, top):
        top += 1
    return Grid(grid.rows[top:])


def _region(block: Grid, above: Sequence[str] = ()) -> Region:
    """Return the table of a block, with the lines `above` it."""
    rows = block.rows
    top, bottom = 0, len(rows)
    while top < bottom and is_lead(block, top) and block.width > 1:
        top += 1
    if top == bottom:
        top = 0  # only single cells
    while bottom > top and (_is_note(block, bottom - 1) or (bottom - 1 > top and is_signed(block, bottom - 1))):
        bottom -= 1
    lead = [*above, *(cell.text for row in rows[:top] for cell in distinct(row))]
    notes = [cell.text for row in rows[bottom:] for cell in distinct(row)]
    body = Grid(rows[top:bottom], header=max(0, block.header - top))
    pivot = parted_pivot(body)
    if pivot:
        lead, body = [*lead, pivot[0]], pivot[1]
    body = _folded(body if is_form(body) else without_blank_columns(body))
    captions = [block.caption] if block.caption else []
    near = [*captions, *lead[-MOST_LEAD:]]
    titles = [text for text in near if is_title(text) and not is_note(text)]
    unit = next((unit for text in [*near, *notes] if (unit := unit_of(text))), "")
    titled = [text for text in titles if not _only_states_unit(text)]
    turned = (not pivot and by_day(body, near)) or _turned(body)
    header = 1 if turned is not body or pivot else header_rows(turned)
    turned = with_dittos(turned, header)
    units = tuple(pair for text in near for pair in units_of_columns(text).items())
    return Region(turned, header, tuple([*captions, *lead]), tuple(notes), " ".join(titled), unit, units=units)


def _only_states_unit(text: str) -> bool:
    return bool(unit_of(text)) and text.lstrip("（(").startswith(("单位", "计量单位", "金额单位"))


def _is_note(block: Grid, row: int) -> bool:
    words = stands_alone(block, row)
    spread = len(block.rows[row]) > 1
    return bool(words) and block.width > 1 and (is_note(words) or spread or len(words) > LONG_NOTE)


def _continues(before: Region, region: Region) -> bool:
    """Return whether rows after a blank row continue the table above: no title, no header, the same columns."""
    if not before.header or region.header or region.lead or before.grid.width != region.grid.width:
        return False
    ours, theirs = body_of(region.grid, 0), body_of(before.grid, before.header)
    return all(a is b or Kind.NOTHING in (a, b) for (a, _), (b, _) in zip(ours.kinds, theirs.kinds, strict=True))


def _folded(grid: Grid) -> Grid:
    """Put the parts of a table below one another whose names are repeated across: 姓名, 岗位, 姓名, 岗位."""
    names = [cell.text for cell in grid.rows[0]] if len(grid.rows) >= _LEAST_ROWS else []
    for width in range(2, len(names) // 2 + 1):
        if len(names) % width:  # before anything is copied
            continue
        own = names[:width]
        if not all(own) or len(set(own)) < width or own * (len(names) // width) != names:
            continue
        if any(kind(name) is not Kind.WORDS for name in own):
            return grid
        parts = (row[at : at + width] for at in range(0, len(names), width) for row in grid.rows[1:])
        return Grid((grid.rows[0][:width], *(part for part in parts if any(cell.text for cell in part))), header=1)
    return grid


def _turned(grid: Grid) -> Grid:
    """Exchange rows and columns if the names run down the first column: then rows are alike, columns are not."""
    height, width = len(grid.rows), grid.width
    if is_form(grid):
        return grid
    if height < 3 or not 3 <= width <= 12 or height > 60 or grid.header > 1:
        return grid
    first = [grid.text(row, 0) for row in range(1, height)]
    top = [grid.text(0, column) for column in range(1, width)]
    if not all(first) or not all(top) or len(set(first)) < len(first) or len(set(top)) < len(top):
        return grid
    if any(kind(text) is not Kind.WORDS for text in [*first, *top]):
        return grid
    beside = (pair for row in grid.rows for pair in zip(row, row[1:], strict=False))
    below = (pair for rows in zip(grid.rows, grid.rows[1:], strict=False) for pair in zip(*rows, strict=False))
    if any(cell is not EMPTY and cell is other for cell, other in (*beside, *below)):
        return grid
    across = [common([kind(grid.text(row, column)) for column in range(1, width)]) for row in range(1, height)]
    down = [common([kind(text) for text in grid.column(column, since=1)]) for column in range(1, width)]
    kinds = {most for most, _ in across if most not in (Kind.NOTHING, Kind.PROSE)}
    alike = sum(share for _, share in across) / len(across)
    mixed = sum(share for _, share in down) / len(down)
    return grid.transposed() if len(kinds) > 1 and alike >= 0.9 and mixed <= 0.75 else grid
