"""Tables in frames without rules between their columns; whatever may be read in two ways stays lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, repeat
from statistics import median

from corpus.loaders.parts.layout.lines import Drawn, Line, Sheet
from corpus.loaders.parts.layout.pieces import GAP, Column, Piece, by_line, met, spaces, strips
from corpus.loaders.parts.page.open_tables.frames import Frame
from corpus.loaders.parts.page.open_tables.header import header_of
from corpus.loaders.parts.page.open_tables.rows import (
    Row,
    by_lines,
    cell_of_part,
    figure_columns,
    is_prose,
    merged,
    parted,
    rows_of,
)
from corpus.loaders.parts.tables.frame import titles_a_table
from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid
from corpus.loaders.parts.tables.names import are_usual, is_no_name
from corpus.text.measures import unit_of

_LEAST_ROWS = 3
_ITEM = re.compile(
    r"[\W_]|[一二三四五六七八九十]{1,3}、?|第[一二三四五六七八九十百\d]+[条章节款项]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-z])[.)、．）]"
)
_REGULAR = 0.6  # share of the bands that hold one row each
MOST_COLUMNS = 40
_MOST_NAMES = 6  # lines above a frame


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table by its columns. Each row holds words and the columns that they cover; the first `header` rows are names.

    `lines` are those whose place it takes.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[range, Cell], ...], ...]
    header: int
    lines: tuple[Line, ...] = ()

    def grid(self, page: int) -> Grid:
        """Return the table as a grid; `page` counts from 0."""
        rows = []
        for row in self.rows:
            cells = [EMPTY] * len(self.columns)
            for at, cell in row:
                cells[at.start : at.stop] = [replace(cell, page=page)] * len(at)
            rows.append(tuple(cells))
        return Grid(tuple(rows), header=self.header)

    def words(self) -> str:
        """Return all words of the table."""
        return " ".join(cell.text for row in self.rows for _, cell in row)

    def goes_on(self, below: Drawn) -> bool:
        """Return whether a table that begins the next page has the same columns."""
        if not isinstance(below, OpenTable) or len(below.columns) != len(self.columns):
            return False
        pairs = list(zip(self.columns, below.columns, strict=True))
        together = all(one[0] < other[1] and one[1] > other[0] for one, other in pairs)
        return together and all(
            one[1] < below_next[0] and below_one[1] < following[0]
            for (one, below_one), (following, below_next) in pairwise(pairs)
        )


def with_open_tables(lines: Sequence[Line], found: Sequence[Frame]) -> list[Line]:
    """Return the lines of a page; a table in a frame takes the place of its lines, where it can be read in one way."""
    kept = list(lines)
    for frame in found:
        inside = [line for line in kept if line.pieces and not line.drawn and _inside(line, frame)]
        for bands in _runs(inside, frame):
            own = [line for line in inside if frame.band((line.top + line.bottom) / 2) in bands]
            above = _above(kept, frame) if bands.start == 0 else []
            tables = [_table(own, frame, bands)]
            if above and not (tables[0] and tables[0].header):
                top = min(line.top for line in above)
                higher = replace(frame, ys=(top, *frame.ys), named=True)
                tables.insert(0, _table([*above, *own], higher, range(bands.stop + 1)))
            tables += [
                _table(own, parted, range(bands.start, bands.stop + 1)) for parted in _below_names(own, frame, bands)
            ]
            if table := next((one for one in tables if one and one.header), next(filter(None, tables), None)):
                kept = _replaced(kept, table)
    return kept


def announces(line: Line) -> bool:
    """Return whether a line above a table is its title, or states its unit."""
    return bool(unit_of(line.text)) or (len(line.pieces) < 3 and titles_a_table(line.text))


def _below_names(lines: Sequence[Line], frame: Frame, bands: range) -> Iterator[Frame]:
    """Yield the frame with its only band parted below names in two rows: at a rule over most columns, or anywhere."""
    if len(bands) != 1 or bands.stop >= len(frame.ys):
        return
    top, bottom = frame.ys[bands.start], frame.ys[bands.stop]
    wide = [rule.at for rule in frame.partial if rule.end - rule.start > (frame.right - frame.left) / 2]
    places = sorted((at for at in wide if top < at < bottom), reverse=True)
    written = by_line(piece for line in lines for piece in line.pieces)
    if len(written) > _LEAST_ROWS:
        places.append((written[1][0].bottom + written[2][0].top) / 2)
    for at in places:
        yield replace(frame, ys=(*frame.ys[: bands.stop], at, *frame.ys[bands.stop :]))


def settled(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets; a table without names that continues none of the page before is lines again."""
    found: list[Sheet] = []
    for sheet in sheets:
        lines: list[Line] = []
        for line in sheet.lines:
            last = lines[-1] if lines else found[-1].lines[-1] if found and found[-1].lines else None
            table = line.drawn if isinstance(line.drawn, OpenTable) else None
            named = not table or table.header or (not lines and last and last.drawn and last.drawn.goes_on(table))
            lines += [line] if named or not table else table.lines
        found.append(Sheet(sheet.height, tuple(lines)))
    return found


def _replaced(lines: Sequence[Line], table: OpenTable) -> list[Line]:
    gone = set(map(id, table.lines))
    first = next(number for number, line in enumerate(lines) if id(line) in gone)
    return [*lines[:first], placed(table), *(line for line in lines[first:] if id(line) not in gone)]


def _above(lines: Sequence[Line], frame: Frame) -> list[Line]:
    """Return the lines close above the first rule that may name its columns: with a piece over several columns."""
    found: list[Line] = []
    edge = frame.ys[0]
    near = [line for line in lines if line.pieces and line.left >= frame.left - line.size and line.bottom <= edge + 2]
    for line in sorted(near, key=lambda line: -line.bottom):
        if (
            edge - line.bottom > (1.5 if len(line.pieces) > 1 else 1.0) * line.size
            or len(found) == _MOST_NAMES
            or line.right > frame.right + line.size
        ):
            break
        if announces(line):
            break
        found.insert(0, line)
        edge = min(edge, line.top)
    while found and sum(len(line.pieces) for line in found if line.pieces[0].beside(found[0].pieces[0])) < 2:
        found.pop(0)
    return found


def _inside(line: Line, frame: Frame) -> bool:
    middle = (line.top + line.bottom) / 2
    return frame.ys[0] <= middle <= frame.ys[-1] and line.left < frame.right and line.right > frame.left


def _holds(frame: Frame, piece: Piece) -> bool:
    return frame.left - piece.size <= piece.left and piece.right <= frame.right + piece.size


def placed(table: OpenTable) -> Line:
    """Return the line that takes the place of a table's lines."""
    own = table.lines
    left, right = min(line.left for line in own), max(line.right for line in own)
    top, bottom = min(line.top for line in own), max(line.bottom for line in own)
    return Line(table.words(), left, right, top, bottom, own[0].size, drawn=table)


def _runs(lines: Sequence[Line], frame: Frame) -> Iterator[range]:
    """Yield the sequences of bands whose lines are parted into cells; prose between two rules parts two tables."""
    bands: dict[int, list[Piece]] = {}
    for line in lines:
        for piece in line.pieces:
            bands.setdefault(frame.band(piece.middle), []).append(piece)
    start: int | None = None
    for band in range(len(frame.ys)):
        pieces = bands.get(band, [])
        fits = bool(pieces) and (any(len(line) > 1 for line in by_line(pieces)) or _heads(pieces, frame, band))
        empty = not pieces and band < len(frame.ys) - 1 and start is not None
        if (fits or empty) and start is None:
            start = band
        elif not fits and not empty and start is not None:
            yield range(start, band)
            start = None


def _heads(pieces: Sequence[Piece], frame: Frame, band: int) -> bool:
    """Return whether a band holds one short line that heads the rows below, and no title of another table."""
    text = " ".join(piece.text for piece in pieces)
    high = frame.ys[band + 1] - frame.ys[band] if band + 1 < len(frame.ys) else 1000.0
    usual = median(below - above for above, below in pairwise(frame.ys))
    single = len(by_line(pieces)) == 1
    return single and high < 1.3 * usual and not titles_a_table(text) and not unit_of(text)


def _table(lines: Sequence[Line], frame: Frame, bands: range) -> OpenTable | None:
    pieces = [piece for line in lines for piece in line.pieces]
    groups = [[piece for piece in pieces if frame.band(piece.middle) == band] for band in bands]
    groups = [group for group in groups if group]
    if not groups or not all(_holds(frame, piece) for piece in pieces):
        return None
    body = groups[1:] if len(groups) > 1 else [[piece for line in by_line(groups[0])[1:] for piece in line]]
    columns = columns_of(body, groups[0], GAP * median(piece.size for piece in pieces))
    if len(columns) < 2:
        return None
    named = _named(groups, columns, frame)
    found = table_of(groups, columns, named=named or [])
    return replace(found[0], lines=tuple(lines)) if found and named is not None else None


def table_of(
    groups: Sequence[Sequence[Piece]], columns: Sequence[Column], *, named: Sequence[Row] = ()
) -> tuple[OpenTable, list[Row]] | None:
    """Return the table of bands, and its rows; `named` are those of the first band if they name the columns."""
    rows = _body(groups[1:] if named else groups, columns)
    if rows is None or len(named) + len(rows) < _LEAST_ROWS or is_prose(rows):
        return None
    if sum(len(row) > 1 for row in rows) < 2:
        return None
    if not all(map(_has_words, range(len(columns)), repeat(rows))) or is_list(rows, len(columns)):
        return None
    header = len(named) or _told(rows, len(columns))
    cells = tuple(tuple((part.at, cell_of_part(part, spaces(columns))) for part in row) for row in [*named, *rows])
    return OpenTable(tuple(columns), cells, header), rows


def _has_words(column: int, rows: Sequence[Row]) -> bool:
    """Return whether a column holds more than signs, such as those that begin the items of a list."""
    return any(character.isalnum() for row in rows for part in row if column in part.at for character in part.text)


def is_list(rows: Sequence[Row], width: int) -> bool:
    """Return whether numbers of items stand beside their words."""
    numbers = [row[0].text for row in rows if row[0].at.start == 0]
    return width == 2 and 2 * sum(bool(_ITEM.fullmatch(text)) for text in numbers) > len(numbers)


def _told(rows: Sequence[Row], width: int) -> int:
    """Return 1 if the first row names the columns by what it says: usual names, or words over columns of figures."""
    top = rows[0]
    if any(is_no_name(part.text) for part in top):
        return 0
    if any(len(part.at) > 1 for part in top) or len(top) < width - 1:
        return 0
    if not _distinct(rows[:1], width):
        return 0
    figures = figure_columns(rows[1:], width)
    named = sum(part.at.start in figures for part in top)
    return int((bool(figures) and named == len(figures)) or are_usual([part.text for part in top]))


def columns_of(body: Sequence[Sequence[Piece]], first: Sequence[Piece], gap: float) -> list[Column]:
    """Return the columns of the lines with several cells, as wide as their names; empty if these fit in two ways.

    A name may stand beside its column where one is set to the left and the other to the right: as many names as
    columns follow one another in one order.
    """
    rows = [line for group in body for line in by_line(group) if len(line) > 1]
    columns = strips([piece for line in rows for piece in line], gap)
    if len(columns) > MOST_COLUMNS:
        return []
    names = strips(first, gap)
    if len(names) == len(columns):
        both = zip(names, columns, strict=True)
        columns = [(min(name[0], column[0]), max(name[1], column[1])) for name, column in both]
    else:
        for piece in first:
            at = met(piece, columns)
            if not at and len(by_line(first)) == 1:
                return []
            if len(at) == 1:
                left, right = columns[at.start]
                columns[at.start] = min(left, piece.left), max(right, piece.right)
    return columns if all(other[0] - one[1] > 0 for one, other in pairwise(columns)) else []


def _named(groups: Sequence[Sequence[Piece]], columns: Sequence[Column], frame: Frame) -> list[Row] | None:
    """Return the rows of the first band if they name the columns; empty if that has to be told by their words.

    None if the names may be read in two ways.
    """
    if len(groups) < 2:
        return []
    header = header_of(groups[0], columns, frame.partial)
    if not header or len(header[-1]) < 2:
        return None if not header and not rows_of(groups[0], columns) else []
    if not _distinct(header, len(columns)):
        return None
    parts = [part for row in header for part in row]
    figures = sum(is_no_name(part.text) for part in parts)
    more = any(len(rows_of(group, columns) or []) > 1 for group in groups[1:])
    set_apart = frame.named or len(header) > 1 or (len(groups) <= 3 and more)
    return header if set_apart and 2 * figures <= len(parts) else []


def _distinct(header: Sequence[Row], width: int) -> bool:
    """Return whether each column has a name of its own; equal ones lack the names above them."""
    names = [tuple(part.text for row in header for part in row if column in part.at) for column in range(width)]
    named = [name for name in names if name]
    return len(set(named)) == len(named)


def _body(groups: Sequence[Sequence[Piece]], columns: Sequence[Column]) -> list[Row] | None:
    """Return the rows of bands; None if one of them may be read in two ways."""
    read = [rows_of(group, columns) for group in groups]
    singles = sum(rows is not None and len(rows) == 1 for rows in read)
    regular = len(groups) >= _LEAST_ROWS and singles >= _REGULAR * len(groups)
    found: list[Row] = []
    for group, rows in zip(groups, read, strict=True):
        if rows is not None and len(rows) == 1:
            single = regular or len(by_line(group)) == 1
            rows = by_lines(rows[0], spaces(columns), one=True) if single else parted(rows, columns)
        elif rows is not None and _all_named(rows, columns):
            rows = parted(rows, columns)
        elif regular:
            row = merged(group, columns)
            rows = [row] if row else None
        else:
            rows = parted(rows, columns) if rows is not None else None
        if rows is None:
            return None
        found += rows
    return found


def _all_named(rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    """Return whether each row has its name at the left and a figure beside it."""
    figures = figure_columns(rows, len(columns))
    return all(row[0].at.start == 0 and any(part.at.start in figures for part in row[1:]) for row in rows)
