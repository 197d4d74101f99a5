"""Two rows, or two columns of one row, beside each other: which is more, how much more, how much together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import unit_fits
from qa.answering.forms.computing.differing import Operation
from qa.answering.forms.computing.results import calculated, quotient
from qa.answering.forms.tables.most.parallel import parallel_rows
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.naming.rows import rows_named
from qa.answering.forms.tables.reading import Cell, Row, bare, tables
from qa.answering.forms.tables.rowwise.about import is_told
from qa.answering.forms.tables.rowwise.asked import Asked, asked_of_two
from qa.answering.forms.tables.rowwise.called import of_the_group, row_called
from qa.answering.forms.tables.rowwise.column import columns_asked, wanted_units
from qa.answering.forms.tables.rowwise.figures import statement_of, unit_of
from qa.answering.reader.base import Finding

MOST_COLUMNS = 4
_OF_TWO = re.compile("比|差|和|跟|与|同|、|还是|加|倍")
_GENERAL = re.compile("时间|时限|数量|金额|标准|费用|价格")
_SAME = "一样"


@dataclass(frozen=True, slots=True)
class Two:
    """Two cells that are compared, what tells them apart, and the name of what both are."""

    first: Cell
    other: Cell
    names: tuple[str, str]
    heading: str
    rows: tuple[Row, ...]


def beside(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question that compares two rows or columns of one table.

    None where no table has both, or where more than one has.
    """
    if not _OF_TWO.search(question):
        return None  # most questions, and the tables need not be looked through
    found = [one for document in documents for one in _comparisons(question, document)]
    if len(found) != 1:
        return None
    asked, document, rows, twos = found[0]
    return _formed(asked, document, rows, twos[:MOST_COLUMNS])


def _comparisons(question: Normal, document: Document) -> Iterator[tuple[Asked, Document, Sequence[Row], list[Two]]]:
    """Yield what the tables and the parallel clauses of a document tell of the two that a question names."""
    for rows in tables(document):
        if asked := asked_of_two(question, rows):
            twos = list(_of_two_rows(question, asked, rows)) or list(_of_two_columns(question, asked, rows))
            if twos and _is_told(question, document, rows, twos):
                yield asked, document, rows, twos
    for rows in parallel_rows(document):
        if asked := asked_of_two(question, rows):
            # A clause may begin with more than the name of its thing.
            twos = [_called_as_asked(two, asked) for two in _of_two_rows(question, asked, rows)]
            if twos and _is_told(question, document, rows, twos):
                yield asked, document, rows, twos


def _called_as_asked(two: Two, asked: Asked) -> Two:
    """Return two figures of clauses, each by the shorter of its names: 稻谷 of 储备里稻谷, 县道 of 县道每公里."""
    (a, b), (one, other) = asked.of.names, two.names
    return replace(two, names=(one if one in a else a, other if other in b else b))


def _is_told(question: Normal, document: Document, rows: Sequence[Row], twos: Sequence[Two]) -> bool:
    return is_told(question, twos[0].rows, document, rows, unit_of(twos[0].first))


def _of_two_rows(question: Normal, asked: Asked, rows: Sequence[Row]) -> Iterator[Two]:
    a, b = asked.of.names
    rest = _apart_from_names(question, asked)
    own = of_the_group(question, rows)
    first, other = row_called(a, own, apart_from=b), row_called(b, own, apart_from=a)
    if not first or not other or first is other:
        return
    wanted = wanted_units(rest, asked.of.word, asked.of.about)
    for number in columns_asked(
        Normal(_without(_without(question, first.name), other.name)), wanted, (first, other), rows
    ):
        one, two = first.cells[number], other.cells[number]
        if one.text == two.text and _GENERAL.fullmatch(bare(one.column)):
            continue  # 免费时间 is not the 时间 of both
        yield Two(one, two, _names(first, other), one.heading, (first, other))


def _apart_from_names(question: Normal, asked: Asked) -> Normal:
    """Return a question without the two names, which tell of no unit: a 成人票 is no number of people."""
    for name in asked.of.names:
        question = Normal(question.replace(name, " "))
    return question


def _names(first: Row, other: Row) -> tuple[str, str]:
    """Return what two rows are called: the first of their cells that tells them apart."""
    places = [first.key, *range(len(first.cells))]
    pairs = ((first.cells[place].text, other.cells[place].text) for place in places if place < len(other.cells))
    return next((pair for pair in pairs if pair[0] != pair[1]), (first.name, other.name))


def _of_two_columns(question: Normal, asked: Asked, rows: Sequence[Row]) -> Iterator[Two]:
    own = of_the_group(question, rows)
    named = rows_named(question, own) or (own if len(own) == 1 else [])
    if len(named) != 1:
        return
    row, wanted = named[0], wanted_units(_apart_from_names(question, asked), asked.of.word, asked.of.about)
    places = [_column_of(name.replace(row.name, ""), row) for name in asked.of.names]
    if None in places or places[0] == places[1]:
        return
    one, two = (row.cells[place] for place in places if place is not None)
    if _alike(one, two) and (not wanted or _fits(wanted, one)):
        a, b = asked.of.names
        names = (a if a in normalise(one.heading) else one.heading, b if b in normalise(two.heading) else two.heading)
        yield Two(one, two, names, row.named_by.text, (row,))


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


def _fits(wanted: frozenset[str], cell: Cell) -> bool:
    return bool(cell.figure) and unit_fits(wanted, unit_of(cell)) > 0


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
    first, other = statement_of(two.first), statement_of(two.other)
    if asked.operation is Operation.SUM:
        verdict = calculated(first, other, 1)
        return f"{first.words} + {other.words} = {verdict}", verdict
    if asked.operation is Operation.TIMES:
        conclusion = quotient(first, other, {}) if other.value else None
        return (conclusion.line, conclusion.verdict) if conclusion else ("", "")
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
