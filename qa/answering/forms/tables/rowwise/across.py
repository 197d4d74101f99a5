"""Which of several columns of one row is more: 哪年游客多, where a row has a column for each year."""

import re
from collections.abc import Sequence

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import direction
from qa.answering.forms.tables.most.column import years_in
from qa.answering.forms.tables.reading import Cell, Row, bare, tables
from qa.answering.forms.tables.rowwise.about import is_told
from qa.answering.forms.tables.rowwise.called import row_called
from qa.answering.forms.tables.rowwise.figures import statement_of, unit_of
from qa.answering.reader.base import Finding

_ASKED = re.compile(
    r"哪一?个?(?P<kind>年|月|季度|区|县|市|镇|乡|村|街道|站|馆|校|院|店|厂|档|批)(?:的|份|度)?(?P<what>[^，,？?哪]{0,8}?)最?"
    r"(?P<dir>便宜|(?<!多)[多高大贵长](?![少大久长高])|[少低小短])[些点呢啊?？]*$"
)
_YEAR = re.compile(r"(?:19|20)\d\d年$")


def most_across(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the row of a question for the one of several columns that has more in one row.

    None where another column is of the kind that is asked for and holds no figure of the same unit, where two have the
    most, and where more than one table could tell.
    """
    asked = _ASKED.search(question)
    if not asked or (asked["kind"] == "年" and years_in(question)):
        return None  # of years that are named, two are compared, and no others
    found = []
    rest = question[: asked.start()] + asked["what"]
    for document in documents:
        for rows in tables(document):
            row = row_called(rest, rows, apart_from="")
            cells = _of_the_kind(asked["kind"], row) if row else []
            if row and cells and is_told(rest, (row,), document, rows, unit_of(cells[0])):
                found.append((document, rows, row, cells))
    if len(found) != 1:
        return None
    document, rows, row, cells = found[0]
    return _formed(document, rows, row, cells, more=direction(asked["dir"], question))


def _of_the_kind(kind: str, row: Row) -> list[Cell]:
    """Return the cells of the columns that are of a kind, two or more with exact figures of one unit; else none."""
    behind = row.cells[row.key + 1 :]
    cells = [cell for cell in behind if _is_of(kind, normalise(bare(cell.column)))]
    exact = all((figure := cell.figure) and not figure.bound for cell in cells)
    alike = exact and len({cell.kind for cell in cells}) == 1
    return cells if alike and len(cells) > 1 else []


def _is_of(kind: str, column: str) -> bool:
    return bool(_YEAR.fullmatch(column)) if kind == "年" else len(column) > len(kind) and column.endswith(kind)


def _formed(
    document: Document, rows: Sequence[Row], row: Row, cells: Sequence[Cell], *, more: bool
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    ranked = sorted(cells, key=lambda cell: statement_of(cell).value, reverse=more)
    best, second = ranked[0], ranked[1]
    one, other = statement_of(best), statement_of(second)
    if one.value == other.value:
        return None
    headings = headings_at(document, rows[0].span.start)
    short = Span(min(best.span.start, second.span.start), max(best.span.end, second.span.end))
    operands = (Operand(best.text, best.heading, 0), Operand(second.text, second.heading, 0))
    line = f"{one.words} {'>' if more else '<'} {other.words}：{best.heading}"
    return AnswerForm(Form.COMPARE, line, best.heading, operands, "columns of one row"), (
        Finding(document, headings, row.span, short),
    )
