"""Chooses which cell of a table answers: of the row and the column that the question names, not of a neighbour."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.text.normalise import Normal
from qa.answering.forms.asking import asks_amount, asks_yes_or_no
from qa.answering.forms.clauses.cases import in_the_right_case
from qa.answering.forms.clauses.choosing import in_the_right_clause
from qa.answering.forms.tables.cells.absent import (
    above,
    is_absent,
    is_called_otherwise,
    only_tells_that_there_is,
)
from qa.answering.forms.tables.cells.columns import at_the_hours, in_column, off_the_unit, with_like
from qa.answering.forms.tables.cells.corrected import as_corrected
from qa.answering.forms.tables.cells.exceptions import exception_to
from qa.answering.forms.tables.cells.moving import in_row, moved, place_in, whole
from qa.answering.forms.tables.cells.notes import notes_to
from qa.answering.forms.tables.cells.repeated import rows_of_a_repeated_value, rows_that_do
from qa.answering.forms.tables.cells.replaced import replaced
from qa.answering.forms.tables.cells.sections import in_the_section_named
from qa.answering.forms.tables.cells.several import rows_of_a_value
from qa.answering.forms.tables.most.winner import asks_which_is_most, most_of_a_column
from qa.answering.forms.tables.naming.columns import column_named, column_of_the_group, column_of_the_unit
from qa.answering.forms.tables.naming.kinds import column_of_the_kind, column_of_the_money, column_of_the_thing
from qa.answering.forms.tables.naming.meant import OF_ALL, left_open, row_meant
from qa.answering.forms.tables.naming.rows import holds_own, rows_named
from qa.answering.forms.tables.ranges.months import column_of_the_month
from qa.answering.forms.tables.ranges.weekdays import column_of_the_weekday
from qa.answering.forms.tables.reading import Row, row_holding, table_at
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding, Reading


def in_the_right_cell(question: Question, reading: Reading) -> Reading:
    """Return a reading whose findings in tables are of the row and the column that a question names.

    A reading whose row is called otherwise by the question (年卡 for 半年卡) is dropped. So is a single row for a
    question that asks which has the most, where that is not computed.
    """
    asked = question.search
    if not has_han(asked):
        return reading
    if reading.contradictory:
        return Reading((), 0.0) if any(_is_one_of_many(asked, one) for one in reading.findings) else reading
    chosen: list[Finding] = []
    notes: list[Finding] = []
    for finding in reading.findings:
        rows = table_at(finding.document, finding.quote.start)
        finding = in_the_section_named(asked, _of_the_row_named(asked, finding, rows), rows)
        rows = table_at(finding.document, finding.quote.start)
        row = _row_of(finding, rows)
        if not row:
            chosen.append(_in_the_right_words(question, finding))
        elif is_called_otherwise(asked, finding, row, rows):
            return Reading((), 0.0)
        elif asks_which_is_most(asked) and not most_of_a_column(asked, finding):
            table = whole(finding, rows)
            if len(rows) > 1 and table.quote == finding.quote:
                return Reading((), 0.0)
            chosen.append(table)
        elif is_absent(asked, finding, row, rows):
            return Reading((), 0.0)
        elif every := rows_that_do(asked, finding, row, rows):
            return replace(reading, findings=every)
        elif several := _several(asked, finding, row, rows):
            chosen.extend(one for one in several if one not in chosen)
        else:
            there = _in_its_cell(asked, finding, row, rows)
            there = as_corrected(asked, there, row_holding(there.quote, rows) or row)
            if only_tells_that_there_is(asked, there):
                return Reading((), 0.0)
            chosen.extend(_replaced(asked, there, rows) or [_excepted(asked, there, rows) or there])
            notes.extend(_notes(there))
    return replace(reading, findings=(*chosen, *(note for note in notes if note not in chosen)))


def _is_one_of_many(question: Normal, finding: Finding) -> bool:
    """Return whether a question asks for the most of a table, and a finding is one row that nobody compared."""
    rows = table_at(finding.document, finding.quote.start)
    alone = len(rows) > 1 and _row_of(finding, rows) is not None
    return alone and asks_which_is_most(question) and not most_of_a_column(question, finding)


def _several(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return all rows that a question asks for in place of the one found; empty where it asks for one."""
    return rows_of_a_value(question, finding, row, rows) or rows_of_a_repeated_value(question, finding, rows)


def in_the_same_row(question: Normal, finding: Finding, before: Finding) -> Finding:
    """Return the finding of a later part of a question in the row of the part before it, where it names no other."""
    rows = table_at(finding.document, finding.quote.start)
    own = row_holding(finding.quote, rows)
    other = row_holding(before.quote, rows) if before.document is finding.document else None
    if not own or not other or own is other or rows_named(question, rows):
        return finding
    if holds_own(question, own, other, range(len(own.cells))):
        return finding
    return in_row(finding, other, place_in(own, finding.short))


def _row_of(finding: Finding, rows: Sequence[Row]) -> Row | None:
    """Return the row of a quotation, or that of the shortest answer of a longer one."""
    return row_holding(finding.quote, rows) or (row_holding(finding.short, rows) if finding.short else None)


def _of_the_row_named(question: Normal, finding: Finding, rows: Sequence[Row]) -> Finding:
    """Return a finding of several rows in the one that a question names: 丙类, where 甲类 and 乙类 were read."""
    quoted = [row for row in rows if finding.quote.overlaps(row.span)]
    named = rows_named(question, rows) if len(quoted) > 1 and not finding.short else []
    if len(named) != 1 or named[0] in quoted or OF_ALL.search(question):
        return finding
    return in_row(finding, named[0], column_named(question, named[0], rows))


def _in_the_right_words(question: Question, finding: Finding) -> Finding:
    """Return a finding outside tables in the case and the clause asked for; as it is where yes or no is asked."""
    if asks_yes_or_no(question.search):
        return finding
    return in_the_right_clause(question.search, in_the_right_case(question.search, finding))


def _excepted(question: Normal, finding: Finding, rows: Sequence[Row]) -> Finding | None:
    """Return the note that takes the case which a question names from the answer found; None without one."""
    row = row_holding(finding.quote, rows)
    return exception_to(question, finding, row, rows) if row else None


def _replaced(question: Normal, finding: Finding, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return what a note puts in place of the answer found, and the row; empty without one."""
    row = row_holding(finding.quote, rows)
    return replaced(question, finding, row, rows) if row else ()


def _notes(finding: Finding) -> Iterator[Finding]:
    """Yield the notes to the answer and to the row in which it stands."""
    rows = table_at(finding.document, finding.quote.start)
    if row := row_holding(finding.quote, rows):
        yield from notes_to(finding, row, rows)


def _in_its_cell(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> Finding:
    """Return a finding in the row and the cell asked for, or without a short answer where that is not sure."""
    if row.header:
        return whole(finding, rows)
    named = rows_named(question, rows)
    if other := row_meant(question, row, rows, named, above=above(finding)):
        finding, row = moved(finding, row, other), other
    finding = at_the_hours(question, off_the_unit(question, finding, row), row)
    place = place_in(row, finding.short)
    of_its_time = column_of_the_month(question, row, place)
    of_its_time = column_of_the_weekday(question, row, place) if of_its_time is None else of_its_time
    if of_its_time is not None:
        finding, place = replace(finding, short=row.cells[of_its_time].span), of_its_time
    if place is None:
        column = column_named(question, row, rows) if other else None
        return finding if column is None else replace(finding, short=row.cells[column].span)
    own_kind = column_of_the_kind(question, row, place) if row in named else None
    if own_kind is not None:
        return replace(finding, short=row.cells[own_kind].span)
    if place > row.key and (open_rows := left_open(question, row, rows, named, place)):
        return whole(finding, open_rows)
    column = column_of_the_thing(question, row)
    column = column_of_the_money(question, row, place) if column is None else column
    column = column_named(question, row, rows) if column is None else column
    column = column_of_the_unit(question, row, place) if column is None else column
    column = column_of_the_group(question, row, place) if column is None else column
    if column is not None and place > row.key:
        return in_column(question, finding, row, (place, column))
    return with_like(question, finding, row, place) if asks_amount(question) else finding
