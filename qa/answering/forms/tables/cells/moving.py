"""Moves a finding in a table to another row or another cell, or to the table as a whole."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Span
from corpus.text.headings.paths import headings_at
from qa.answering.forms.tables.reading import Cell, Row
from qa.answering.reader.base import Finding
from qa.answering.reply import MAX_QUOTE

_CLAUSE = re.compile("[^，,]+")


def place_in(row: Row, short: Span | None) -> int | None:
    """Return the number of the cell that the shortest answer is in; None where it is in none."""
    if not short:
        return None
    touched = [n for n, cell in enumerate(row.cells) if short.overlaps(cell.span)]
    # What runs over several cells is of the first that does not name the row.
    return next((n for n in touched if n > row.key), touched[0] if touched else None)


def in_row(finding: Finding, row: Row, place: int | None) -> Finding:
    """Return a finding in another row, its short answer the cell of that place; none where the row has no such cell."""
    short = row.cells[place].span if place is not None and place < len(row.cells) else None
    headings = headings_at(finding.document, row.span.start)
    return replace(finding, headings=headings, quote=row.span, short=short, verdict=None)


def moved(finding: Finding, row: Row, other: Row) -> Finding:
    """Return a finding of one row in another one, its short answer the cell of the same place, or the part of it."""
    place, short = place_in(row, finding.short), finding.short
    there = in_row(finding, other, place)
    if place is None or short is None or there.short is None:
        return there
    return replace(there, short=_same_part(row.cells[place], other.cells[place], short))


def whole(finding: Finding, rows: Sequence[Row]) -> Finding:
    """Return a finding that quotes the whole table and says nothing first; as it is where the table is too long."""
    table = Span(rows[0].span.start, rows[-1].span.end)
    quote = table if len(table) <= MAX_QUOTE else finding.quote
    return replace(finding, quote=quote, short=None)


def _same_part(cell: Cell, other: Cell, short: Span) -> Span:
    """Return the part of another cell that stands there as the shortest answer in its own: 每季1000元."""
    parts, others = ([match.span() for match in _CLAUSE.finditer(one.text)] for one in (cell, other))
    alike = len(parts) == len(others) > 1 and len(cell.span) == len(cell.text) and len(other.span) == len(other.text)
    for (start, end), (begin, stop) in zip(parts, others, strict=True) if alike else ():
        if (cell.span.start + start, cell.span.start + end) == (short.start, short.end):
            return Span(other.span.start + begin, other.span.start + stop)
    return other.span
