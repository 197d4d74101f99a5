"""Tables typed into plain texts: lines whose cells are parted by tabs, upright strokes, or runs of blanks."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from corpus.document import Span
from corpus.loaders.parts.tables.grid import Grid, distinct, grid_of
from corpus.loaders.parts.tables.header import header_rows, stands_over_figures
from corpus.loaders.parts.tables.kinds import Kind, kind
from corpus.loaders.parts.tables.names import are_usual, ends_with_a_name
from corpus.loaders.parts.tables.typed.columns import aligned, alike, pieces_of

_LINE = re.compile(r"[^\n]+")
_LEAST_ROWS, _LEAST_CELLS = 3, 3
# What draws a line above, between or below rows: |---|:--:|, ├──┼──┤, ─────.
_RULE = re.compile(r"[|+\-:=\s\u2500-\u257f—_]+")
_TOGETHER = (("spaced", "indented"), ("drawn", "spaced"), ("drawn", "marked"))
_STROKES = str.maketrans("│┃｜", "|||")
# Two blanks or more, or one as wide as a character, part cells.
_BLANKS = re.compile(r"\S(?:[ \xa0]{2}|[ \xa0]?[\u3000\t])")
_MOST_AROUND = 2  # lines such as 单位：元　2024年 and 审核人：王某　填表人：李某
_FILLED = 0.6  # share of the places of a table that hold words
_LABELLED = 1 / 3  # share of cells such as 电话：0570-1234567, beyond which lines are addresses or signatures
_PROSE = 1 / 4  # share of cells that are sentences


def typed(text: str) -> Iterator[str | Grid]:
    """Yield a text in parts, tables as grids; together with the lines of these, the parts are the text."""
    end = 0
    for span, grid in _tables(text):
        yield text[end : span.start]
        yield grid
        end = span.end
    yield text[end:]


def _tables(text: str) -> Iterator[tuple[Span, Grid]]:
    for kind_of_line, span in _blocks(text):
        lines = [(match.start(), match.group()) for match in _LINE.finditer(text, span.start, span.end)]
        yield from _marked(lines) if kind_of_line == "marked" else _spaced(lines)


def _blocks(text: str) -> Iterator[tuple[str, Span]]:
    """Yield lines one below the other that marks or blanks part. Lines that only draw go with both."""
    last, span = "", Span(0, 0)
    for match in _LINE.finditer(text):
        line = match.group()
        own = _sort(line)
        follows = bool(last) and text[span.end : match.start()] == "\n"
        if follows and (own in (last, "drawn") or (last, own) in _TOGETHER):
            last, span = own if last == "drawn" else last, Span(span.start, match.end())
            continue
        if last:
            yield last, span
        last, span = (own, Span(*match.span())) if own in ("marked", "spaced", "drawn") else ("", span)
    if last:
        yield last, span


def _sort(line: str) -> str:
    """Return how a line is parted: by marks, or by blanks; or that it only draws, or stands below a cell."""
    if _RULE.fullmatch(line):
        return "drawn"
    bare = line.strip()
    if "\t" in bare or bare.translate(_STROKES).startswith("|"):
        return "marked"
    if _BLANKS.search(line.rstrip()):
        return "spaced"
    return "indented" if line[:1] in " \u3000" else ""


def _marked(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[Span, Grid]]:
    """Yield the tables of lines with equally many cells, with the lines drawn around them."""
    rows: list[list[str]] = []
    drawn: list[int] = []  # rows that a line is drawn above
    start, end = -1, 0
    for place, line in [*lines, (-1, "")]:
        rule = bool(line) and bool(_RULE.fullmatch(line))
        cells = _cells(line) if line and not rule else []
        if rows and not rule and len(cells) != len(rows[0]):
            if len(rows) >= _LEAST_ROWS and len(rows[0]) >= _LEAST_CELLS:
                yield Span(start, end), grid_of(_ruled(rows, drawn))
            rows, drawn, start = [], [], -1
        if line:
            start, end = place if start < 0 else start, place + len(line)
        if rule:
            drawn.append(len(rows))
        elif line:
            rows.append(cells)


def _ruled(rows: Sequence[list[str]], drawn: Sequence[int]) -> list[list[str]]:
    """Return rows; those between two lines that are drawn are one, if the cells of the first go on in the others."""
    edges = sorted({0, *drawn, len(rows)})
    groups = [rows[start:stop] for start, stop in pairwise(edges)]
    goes_on = all(2 * sum(map(bool, row)) <= len(row) for group in groups for row in group[1:])
    if len(groups) < _LEAST_ROWS or not goes_on:
        return list(rows)
    return [["\n".join(filter(None, cells)) for cells in zip(*group, strict=True)] for group in groups]


def _cells(line: str) -> list[str]:
    """Return the cells between tabs or upright strokes."""
    bare = line.strip()
    if "\t" in bare:
        return [cell.strip() for cell in bare.split("\t")]
    return [cell.strip() for cell in bare.translate(_STROKES).removeprefix("|").removesuffix("|").split("|")]


def _spaced(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[Span, Grid]]:
    """Yield the table of lines whose cells blanks part, without a few lines above it and below, if they hold one."""
    rows = [(place, line, [] if _RULE.fullmatch(line) else pieces_of(line)) for place, line in lines]
    edges = [number for number, (_, _, pieces) in enumerate(rows) if pieces]  # beyond which lines only draw
    start, stop = lines[0][0], lines[-1][0] + len(lines[-1][1])
    rows = rows[edges[0] : edges[-1] + 1] if edges else []
    for first, last in sorted(product(range(_MOST_AROUND + 1), repeat=2), key=sum):
        own = rows[first : len(rows) - last]
        parted = [pieces for _, _, pieces in own if pieces]
        if len(parted) < _LEAST_ROWS or min(len(own[0][2]), len(own[-1][2])) < 2:
            continue
        grid = alike(parted) or aligned(parted)
        if grid and _is_table(grid):
            yield Span(own[0][0] if first else start, own[-1][0] + len(own[-1][1]) if last else stop), grid
            return


def _is_table(grid: Grid) -> bool:
    """Return whether lines in columns are a table: names over figures, or names that are usual for columns.

    Addresses, signatures, lists of names and prose stand in columns, too.
    """
    header = header_rows(grid)
    cells = [cell.text for row in grid.rows for cell in distinct(row)]
    labelled = sum("：" in text or ":" in text.rstrip("0123456789") for text in cells)
    prose = sum(kind(text) is Kind.PROSE for text in cells)
    if not header or len(grid.rows) - header < _LEAST_ROWS - 1 or len(cells) < _FILLED * grid.width * len(grid.rows):
        return False
    if labelled > _LABELLED * len(cells) or prose > _PROSE * len(cells):
        return False
    names = [grid.text(header - 1, column) for column in range(grid.width)]
    if any(kind(name) is Kind.PERIOD is kind(grid.text(header, column)) for column, name in enumerate(names)):
        return False  # the first of several days or months names nothing
    usual = are_usual(names) if grid.width > 2 else all(map(ends_with_a_name, names))
    if stands_over_figures(grid, header - 1):
        return usual or grid.width > 2
    return usual and (grid.width > 2 or len(grid.rows) - header >= _LEAST_ROWS)
