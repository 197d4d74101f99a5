"""Two rows, or two columns of one row, beside each other: which is more, how much more, how much together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import Comparison, compared, unit_fits, units
from qa.answering.forms.computing.differing import Operation, calculated, computation
from qa.answering.forms.computing.statements import Statement
from qa.answering.forms.tables.naming.columns import column_named
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.naming.rows import row_of, rows_named
from qa.answering.forms.tables.reading import Cell, Row, bare, tables
from qa.answering.reader.base import Finding

MOST_COLUMNS = 4
_SAME = "一样"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of two names; `operation` is None where it asks which is more.

    `more` says which is taken for the greater, None where nothing is.
    """

    of: Comparison
    operation: Operation | None = None
    more: bool | None = None


@dataclass(frozen=True, slots=True)
class Two:
    """Two cells that are compared, what tells them apart, and the name of what both are."""

    first: Cell
    other: Cell
    names: tuple[str, str]
    heading: str


def asked_of_two(question: Normal) -> Asked | None:
    """Return what a question asks of two things that it names; None for other questions."""
    computing = computation(question)
    if computing:
        known = computing.operation in (Operation.DIFFERENCE, Operation.SUM)
        return Asked(computing.of, computing.operation, computing.more) if known else None
    comparison = compared(question)
    return Asked(comparison) if comparison else None


def beside(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question that compares two rows or columns of one table.

    None where no table has both, or where more than one has.
    """
    asked = asked_of_two(question)
    if not asked or not all(len(name) > 1 or name in "男女" for name in asked.of.names):
        return None
    found = []
    for document in documents:
        for rows in tables(document):
            if twos := list(_of_two_rows(question, asked, rows)) or list(_of_two_columns(question, asked, rows)):
                found.append((document, rows, twos))
    if len(found) != 1:
        return None
    document, rows, twos = found[0]
    return _formed(asked, document, rows, twos[:MOST_COLUMNS])


def _of_two_rows(question: Normal, asked: Asked, rows: Sequence[Row]) -> Iterator[Two]:
    a, b = asked.of.names
    first, other = row_of(a, rows, apart_from=b), row_of(b, rows, apart_from=a)
    if not first or not other or first is other:
        return
    wanted = _wanted(question, asked)
    column = column_named(_without(question, other.name), first, rows)
    for number, (one, two) in enumerate(zip(first.cells, other.cells, strict=False)):
        fits = number == column if column is not None else bool(wanted) and _fits(wanted, one)
        if number > first.key and fits and _alike(one, two):
            yield Two(one, two, (first.named_by.text, other.named_by.text), one.heading)


def _of_two_columns(question: Normal, asked: Asked, rows: Sequence[Row]) -> Iterator[Two]:
    named = rows_named(question, rows)
    if len(named) != 1:
        return
    row, wanted = named[0], _wanted(question, asked)
    places = [_column_of(name.replace(row.name, ""), row) for name in asked.of.names]
    if None in places or places[0] == places[1]:
        return
    one, two = (row.cells[place] for place in places if place is not None)
    if _alike(one, two) and (not wanted or _fits(wanted, one)):
        yield Two(one, two, (one.heading, two.heading), row.named_by.text)


def _column_of(name: str, row: Row) -> int | None:
    """Return the column that a name is of; None unless one fits better than all others."""
    ranked = []
    for number, cell in enumerate(row.cells[row.key + 1 :], start=row.key + 1):
        column = bare(cell.column)
        start, end = shared(column, name)
        if column and (end - start >= LEAST or column in name):
            ranked.append((column in name, end - start, number))
    ranked.sort(reverse=True)
    return ranked[0][2] if ranked and (len(ranked) == 1 or ranked[0][:2] != ranked[1][:2]) else None


def _without(question: str, name: str) -> str:
    start, end = shared(name, question)
    return question[:start] + " " * (end - start) + question[end:]


def _wanted(question: str, asked: Asked) -> frozenset[str]:
    """Return the units that fit what is asked; the names tell of none: a 成人票 is no number of people."""
    for name in asked.of.names:
        question = question.replace(name, " ")
    return units(asked.of.word + asked.of.about) or units(question)


def _fits(wanted: frozenset[str], cell: Cell) -> bool:
    figure = cell.figure
    return bool(figure) and unit_fits(wanted, (figure.unit or cell.unit.split("/")[0]) if figure else "") > 0


def _alike(one: Cell, other: Cell) -> bool:
    """Return whether two cells hold exact figures of one kind."""
    figures = one.figure, other.figure
    return all(figure and not figure.bound for figure in figures) and one.kind == other.kind


def _formed(
    asked: Asked, document: Document, rows: Sequence[Row], twos: Sequence[Two]
) -> tuple[AnswerForm, tuple[Finding, ...]]:
    lines, operands, verdicts = [], [], []
    kind = Form.COMPUTE if asked.operation else Form.COMPARE
    findings = _findings(document, rows, twos)
    for two in twos:
        line, verdict = _line(asked, two)
        lines.append(f"{two.heading}：{line}" if len(twos) > 1 and line else line)
        verdicts.append(verdict)
        for cell, name in zip((two.first, two.other), two.names, strict=True):
            place = next(n for n, one in enumerate(findings) if cell.span.lies_in(one.quote))
            operands.append(Operand(cell.text, name, place))
    concluded = verdicts[0] if len(twos) == 1 and verdicts[0] else None
    return AnswerForm(kind, "；".join(filter(None, lines)), concluded, tuple(operands), "rows of one table"), tuple(
        findings
    )


def _findings(document: Document, rows: Sequence[Row], twos: Sequence[Two]) -> list[Finding]:
    """Return each row that is compared once, with its cells marked."""
    of_row: dict[Span, list[Span]] = {}
    for cell in [two.first for two in twos] + [two.other for two in twos]:
        row = next(row for row in rows if cell.span.lies_in(row.span))
        of_row.setdefault(row.span, []).append(cell.span)
    headings = headings_at(document, rows[0].span.start)
    return [
        Finding(document, headings, row, Span(min(one.start for one in cells), max(one.end for one in cells)))
        for row, cells in of_row.items()
    ]


def _line(asked: Asked, two: Two) -> tuple[str, str]:
    """Return what is computed of two cells, and the conclusion; both empty where the question has it the other way."""
    first, other = _statement(two.first), _statement(two.other)
    if asked.operation is Operation.SUM:
        verdict = calculated(first, other, 1)
        return f"{first.words} + {other.words} = {verdict}", verdict
    if first.value == other.value:
        return f"{first.words} = {other.words}：{_SAME}", _SAME
    if asked.operation is None:
        name = two.names[0] if (first.value > other.value) == asked.of.more else two.names[1]
        return f"{first.words} {'>' if first.value > other.value else '<'} {other.words}：{name}", name
    if asked.more is not None and (first.value > other.value) != asked.more:
        return "", ""
    great, small = (first, other) if first.value > other.value else (other, first)
    verdict = calculated(great, small, -1)
    return f"{great.words} − {small.words} = {verdict}", verdict


def _statement(cell: Cell) -> Statement:
    figure = cell.figure
    if figure is None:
        raise ValueError(f"{cell.text} holds no figure")
    words = cell.text[figure.start : figure.end] + cell.unit
    return Statement("", "", figure.value, figure.unit or cell.unit, "", 0, 0, 0, normalise(words))
