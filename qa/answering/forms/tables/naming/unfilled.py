"""Which cell of a table a question names that holds nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal
from index.retrieve import Hit
from qa.answering.forms.tables.naming.columns import column_named
from qa.answering.forms.tables.naming.names import LEAST, joined
from qa.answering.forms.tables.naming.rows import rows_named
from qa.answering.forms.tables.reading import Cell, Row, bare, tables

_COUNT = re.compile("[数量额]$")  # 床位数 of 多少张床位


def empty_column(question: str, row: Row, rows: Sequence[Row]) -> str:
    """Return the name of the column that a question names and in which the row has nothing; empty for any other.

    The question has to say what the column holds: of 养护类型 the type, not only that it is of 养护.
    """
    if not row.empty:
        return ""
    nowhere = Span(row.span.end, row.span.end)
    cells = (*row.cells, *(Cell(name, "", nowhere) for name in row.empty))
    number = column_named(question, replace(row, cells=cells), rows)
    if number is None or number < len(row.cells):
        return ""
    column = cells[number].column
    return column if _COUNT.sub("", bare(column))[-LEAST:] in joined(question) else ""


def empty_cell(question: Normal, hits: Sequence[Hit]) -> tuple[str, str]:
    """Return the names of the row and the column of an empty cell that a question asks for; two empty ones for none."""
    for hit in hits:
        document, span = hit.passage.document, hit.passage.span
        for rows in tables(document):
            if not span.overlaps(Span(rows[0].span.start, rows[-1].span.end)):
                continue
            named = rows_named(question, rows)
            if len(named) == 1 and (column := empty_column(question, named[0], rows)):
                return named[0].named_by.text, column
    return "", ""
