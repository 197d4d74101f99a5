"""Which year or month has the most in one row of a table whose columns are years or months: 哪年采的蜜最多."""

import re
from collections.abc import Sequence

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import superlative
from qa.answering.forms.tables.most.column import years_in
from qa.answering.forms.tables.most.growth import change_asked
from qa.answering.forms.tables.most.places import FIGURES, Place, are_of_one_unit
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.reader.base import Finding

_WHICH = re.compile(r"哪一?(?:个)?(年|月|季度)")
_COLUMNS = {
    "年": re.compile(r"(?:19|20)\d\d年?"),
    "月": re.compile(r"(?:(?:19|20)\d\d年)?\d{1,2}月份?"),
    "季度": re.compile(r"(?:(?:19|20)\d\d年)?第?[一二三四1-4]季度"),
}


def most_of_a_row(
    question: Normal, document: Document, rows: Sequence[Row]
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the row that tell when something was most; None for other questions.

    Of the rows one alone has to share most with the question, and every year asked for has to be a column of it.
    """
    when, asked = _WHICH.search(question), superlative(question)
    row = _row_named(question, rows) if when and asked and not change_asked(question) else None
    if not when or not asked or not row:
        return None
    cells = [cell for cell in row.cells if _COLUMNS[when[1]].fullmatch(bare(cell.column))]
    named = "".join(cell.column for cell in cells)
    compared = [place for cell in cells if (place := _place(row, cell))]
    if any(year not in named for year in years_in(question)) or len(compared) < LEAST or len(compared) < len(cells):
        return None
    if not are_of_one_unit([one.cell for one in compared], [row]):
        return None
    ranked = sorted(compared, key=lambda one: one.value, reverse=asked.more)
    winners = [one for one in ranked if one.value == ranked[0].value]
    if len(winners) == len(ranked):
        return None
    return _formed(document, row, winners, ranked[len(winners)], more=asked.more)


def _row_named(question: str, rows: Sequence[Row]) -> Row | None:
    """Return the one row that shares more of its name with a question than every other."""
    shares = [(end - start, row) for row in rows for start, end in [shared(row.name, question)] if end - start >= LEAST]
    most = max((length for length, _ in shares), default=0)
    best = [row for length, row in shares if length == most]
    return best[0] if len(best) == 1 else None


def _place(row: Row, cell: Cell) -> Place | None:
    """Return the cell of a year as it is compared; None where it says no figure alone."""
    figure = cell.figure
    alone = figure and not figure.bound and FIGURES.fullmatch(cell.text)
    return Place(row, cell, (figure.value, figure.value)) if figure and alone else None


def _formed(
    document: Document, row: Row, winners: Sequence[Place], next_best: Place, *, more: bool
) -> tuple[AnswerForm, tuple[Finding, ...]]:
    verdict = "、".join(one.cell.column for one in winners)
    line = f"{winners[0].cell.said} {'>' if more else '<'} {next_best.cell.said}：{verdict}"
    operands = tuple(Operand(one.cell.text, one.cell.column, 0) for one in (*winners, next_best))
    finding = Finding(document, headings_at(document, row.span.start), row.span, winners[0].cell.span)
    return AnswerForm(Form.SUPERLATIVE, line, verdict, operands, "the columns of one row"), (finding,)
