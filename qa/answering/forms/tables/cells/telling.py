"""Tells the shortest answer in one line: a cell with the unit of its column, several with the columns' names."""

from qa.answering.forms.tables.reading import row_holding, table_at, without_marks
from qa.answering.reader.base import Finding


def said(finding: Finding) -> str:
    """Return the shortest answer in one line: a cell with the unit of its column, several with the columns' names."""
    short, text = finding.short, finding.document.text
    if not short:
        return ""
    row = row_holding(short, table_at(finding.document, short.start))
    cells = [cell for cell in row.cells if cell.span.lies_in(short)] if row else []
    row_name = row.named_by if row else None
    if len(cells) > 1:
        return "，".join(f"{cell.heading}{cell.said}" for cell in cells if cell.text and cell is not row_name)
    words = " ".join(short.of(text).split())
    alone = cells[0] if cells and cells[0] is not row_name else None
    return alone.said if alone and alone.text == without_marks(words) else words
