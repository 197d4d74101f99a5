"""Plain text files; tables in them, whose cells are parted by tabs or upright strokes, as one statement per row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import Document, Span
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts.tables.grid import grid_of
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode
from corpus.text.headings.titles import title_of_plain, title_or_name

_LINE = re.compile(r"[^\n]+")
_LEAST_ROWS, _LEAST_CELLS = 3, 3
# What draws a line below the header: |---|:--:|
_RULE = re.compile(r"[|+\-:=\s]+")


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a plain text; its title is its first heading, else the file's name. Raises `UnknownEncoding`."""
    text = decode(content)
    writer, end = Writer(), 0
    for span, rows in _tables(text):
        writer.text(text[end : span.start])
        writer.table(grid_of(rows))
        end = span.end
    writer.text(text[end:])
    document = writer.document(name)
    # The first line is the title of a plain text even where it announces a table.
    return replace(document, title=title_or_name(title_of_plain(document.headings, document.text), name))


def _tables(text: str) -> Iterator[tuple[Span, list[list[str]]]]:
    """Yield where a table stands, and its cells: lines one below the other with equally many cells."""
    rows: list[list[str]] = []
    span = Span(0, 0)
    for match in _LINE.finditer(text):
        cells = _cells(match.group())
        follows = rows and text[span.end : match.start()] == "\n"
        if rows and not (follows and cells and len(cells) == len(rows[0])):
            if _is_table(rows):
                yield span, _filled(rows)
            rows = []
        if cells:
            span = Span(span.start if rows else match.start(), match.end())
            rows.append(cells)
    if _is_table(rows):
        yield span, _filled(rows)


def _cells(line: str) -> list[str]:
    """Return the cells of a line; empty for a line that is parted by nothing."""
    mark = "\t" if "\t" in line.strip() else "|" if line.strip().startswith("|") else ""
    return [cell.strip() for cell in line.strip(" |" if mark == "|" else " ").split(mark)] if mark else []


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    return len(rows) >= _LEAST_ROWS and len(rows[0]) >= _LEAST_CELLS


def _filled(rows: Sequence[list[str]]) -> list[list[str]]:
    """Return the rows without lines that only draw."""
    return [row for row in rows if not _RULE.fullmatch("|".join(row))]
