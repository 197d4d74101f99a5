"""Which of two rows was first: the dates that one column tells of them."""

from collections.abc import Sequence

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import content
from qa.answering.forms.computing.order import Order, compared_in_time, order_asked
from qa.answering.forms.figures import Date, facts
from qa.answering.forms.tables.reading import Cell, Row, tables
from qa.answering.forms.tables.rowwise.about import is_told
from qa.answering.forms.tables.rowwise.called import row_called
from qa.answering.reader.base import Finding

_LEAST = 2  # characters that tell which date is meant: 开工, 完工


def first_of_rows(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the two rows of a question for the first, or the last, of two that one table dates.

    None where a date of one of them is of something else (开工, not 完工), and where it cannot be told which is first.
    """
    asked = order_asked(question)
    found = []
    for document in documents if asked else ():
        for rows in tables(document):
            a, b = asked.names if asked else ("", "")
            one, other = row_called(a, rows, apart_from=b), row_called(b, rows, apart_from=a)
            if not asked or not one or not other or one is other:
                continue
            places = _dated(asked, one, other)
            if len(places) == 1 and is_told(question, (one, other), document, rows, "日"):
                found.append((document, rows, (one, other), places[0]))
    if not asked or len(found) != 1:
        return None
    document, rows, two, place = found[0]
    return _formed(asked, document, rows, two, place)


def _dated(asked: Order, one: Row, other: Row) -> list[int]:
    """Return the columns that tell one date of each row, of what the question asks."""
    wanted = content(asked.what)
    least = min(_LEAST, len(wanted))
    found = []
    for place in range(one.key + 1, min(len(one.cells), len(other.cells))):
        cells = one.cells[place], other.cells[place]
        told = [sum(char in normalise(cell.column + cell.text) for char in wanted) for cell in cells]
        if all(map(_date, cells)) and cells[0].column == cells[1].column and min(told) >= least:
            found.append(place)
    return found


def _date(cell: Cell) -> Date | None:
    """Return the one date of a cell; None where it has none or several, or also a figure."""
    found = facts(cell.text)
    return found.dates[0] if len(found.dates) == 1 and not found.figures else None


def _formed(
    asked: Order, document: Document, rows: Sequence[Row], two: tuple[Row, Row], place: int
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    cells = two[0].cells[place], two[1].cells[place]
    dates = _date(cells[0]), _date(cells[1])
    order = compared_in_time(dates[0], dates[1]) if dates[0] and dates[1] else 0
    if not order:
        return None
    early, late = (0, 1) if order < 0 else (1, 0)
    name = two[early if asked.first else late].name
    said = [
        "".join(facts(cell.text).copy[date.start : date.end].split())
        for cell, date in zip(cells, dates, strict=True)
        if date
    ]
    line = f"{said[early]}早于{said[late]}：{name}"
    headings = headings_at(document, rows[0].span.start)
    findings = tuple(Finding(document, headings, row.span, row.cells[place].span) for row in two)
    operands = tuple(Operand(row.cells[place].text, row.name, number) for number, row in enumerate(two))
    return AnswerForm(Form.COMPARE, line, name, operands, "rows of one table"), findings
