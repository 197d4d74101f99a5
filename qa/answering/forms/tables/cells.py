"""Puts right which cell of a table answers: the row and the column that the question names, not a neighbour."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import Span
from corpus.text.headings.paths import heading_path
from corpus.text.normalise import Normal
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.computing.changes import order_in_time, without_time
from qa.answering.forms.computing.comparing import compared, content, held, superlative
from qa.answering.forms.computing.differing import relates
from qa.answering.forms.conditions import asked_values
from qa.answering.forms.tables.clauses import in_the_right_clause
from qa.answering.forms.tables.most.winner import asks_which_is_most, most_of_a_column
from qa.answering.forms.tables.naming.columns import column_named, column_of_the_unit, names_a_deputy
from qa.answering.forms.tables.naming.names import LEAST, joined, shared
from qa.answering.forms.tables.naming.rows import (
    distinguishes,
    holds_own,
    named_in_another_word,
    named_like,
    rows_named,
    said_whole,
    tells_from_twins,
    told_more,
    twin_named,
    twin_of_the_column,
)
from qa.answering.forms.tables.naming.whole_cells import (
    holds_named_cells,
    is_no_row,
    of_another_column,
    of_another_day,
    of_another_part,
    row_of_cells,
)
from qa.answering.forms.tables.notes import notes_to
from qa.answering.forms.tables.ranges.cases import in_the_right_case, row_of_the_case
from qa.answering.forms.tables.ranges.days import row_of_the_day
from qa.answering.forms.tables.ranges.hours import is_of_the_hour, row_of_the_hour
from qa.answering.forms.tables.reading import Cell, Row, bare, table_at, without_marks
from qa.answering.forms.tables.several import rows_of_a_value
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader import editions
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import MAX_QUOTE

_OF_ALL = re.compile(r"最|哪|谁|分别|一共|总共|合计|平均|比")
_THERE_IS = re.compile("有|是|可|可以|提供|√|✓|☑")
_AMOUNT = re.compile(r"多少|几|多大|多长|多久|多远|多高")
# The share of the question's characters that the row with what stands above it has to hold.
_NEARLY_ALL = 0.9
_HOUR_ASKED = re.compile("几点|几时|什么时[候间]")
_CLOCK = re.compile(r"\d[:：]\d\d|\d[点时]")
_CLAUSE = re.compile("[^，,]+")
_REFERS = re.compile("(?:详|参)?见(?:《|附件|后|上|下|[^，,。]{0,8}(?:办法|规定|通知|说明|公告)$)")


def in_the_right_cell(question: Question, reading: Reading) -> Reading:
    """Return a reading whose findings in tables are of the row and the column that a question names.

    A reading whose row is called otherwise by the question (年卡 for 半年卡) is dropped. So is a single row for a
    question that asks which has the most, where that is not computed.
    """
    if not has_han(question.search) or reading.contradictory:
        return reading
    mended: list[Finding] = []
    notes: list[Finding] = []
    for finding in reading.findings:
        rows = table_at(finding.document, finding.quote.start)
        finding = _of_the_row_named(question.search, finding, rows)
        row = next((row for row in rows if finding.quote.lies_in(row.span)), None) or _row_of(finding.short, rows)
        if row and (_is_another_word(question.search, row, rows) or _is_only_like(question.search, finding, row, rows)):
            return Reading((), 0.0)
        if row and asks_which_is_most(question.search) and not most_of_a_column(question.search, finding):
            whole = _whole(finding, rows)
            if len(rows) > 1 and whole.quote == finding.quote:
                return Reading((), 0.0)
            mended.append(whole)
            continue
        if row and (_is_of_another(question.search, finding, row) or _is_nowhere(question.search, finding, row, rows)):
            return Reading((), 0.0)
        if row and (several := rows_of_a_value(question.search, finding, row, rows)):
            mended.extend(one for one in several if one not in mended)
        elif row:
            moved = _mended(question.search, finding, row, rows)
            if _only_tells_that_there_is(question.search, moved):
                return Reading((), 0.0)
            mended.append(moved)
            notes.extend(_notes(moved))
        elif asks_yes_or_no(question.search):
            mended.append(finding)
        else:
            mended.append(in_the_right_clause(question.search, in_the_right_case(question.search, finding)))
    return replace(reading, findings=(*mended, *(note for note in notes if note not in mended)))


def _notes(finding: Finding) -> Iterator[Finding]:
    """Yield the notes to the answer and to the row in which it stands."""
    rows = table_at(finding.document, finding.quote.start)
    row = next((row for row in rows if finding.quote.lies_in(row.span)), None)
    if row:
        yield from notes_to(finding, row, rows)


def in_the_same_row(question: Normal, finding: Finding, before: Finding) -> Finding:
    """Return the finding of a later part of a question in the row of the part before it, where it names no other."""
    rows = table_at(finding.document, finding.quote.start)
    own = next((row for row in rows if finding.quote.lies_in(row.span)), None)
    other = next((row for row in rows if before.document is finding.document and before.quote.lies_in(row.span)), None)
    if not own or not other or own is other or rows_named(question, rows):
        return finding
    if holds_own(question, own, other, range(len(own.cells))):
        return finding
    return _in_row(finding, other, _place_in(own, finding.short))


def _is_another_word(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question calls the row otherwise: 年卡 in 半年卡. Named by whole cells, it is the row."""
    return named_in_another_word(question, row) and not holds_named_cells(question, row, rows)


def _is_only_like(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> bool:
    others = [other for other in rows_named(question, rows) if other is not row]
    if not named_like(question, row) or others or asks_yes_or_no(question):
        return False
    return told_more(question, row, rows, above=_above(finding)) is None


def is_cell_named(question: Normal, reading: Reading) -> bool:
    """Return whether a question says a row and a column by their names and hardly anything else: 东门书房的座位数.

    The reading has to be that cell. Such a question needs no reader to be sure.
    """
    finding = reading.findings[0] if len(reading.findings) == 1 and not reading.contradictory else None
    rows = table_at(finding.document, finding.quote.start) if finding else ()
    row = next((row for row in rows if finding and finding.quote.lies_in(row.span)), None)
    concludes = asks_yes_or_no(question) or relates(question) or superlative(question) or compared(question)
    if not finding or not row or concludes or rows_named(question, rows) != [row]:
        return False
    column, place = column_named(question, row, rows), _place_in(row, finding.short)
    if column is None or column != place or joined(bare(row.cells[column].column))[-LEAST:] not in joined(question):
        return False
    table = finding.document.table(row.span.start)
    above = (finding.document.name, table.title if table else "", _above(finding))
    told = "\n".join((*above, *(cell.column + cell.text for cell in row.cells)))
    return editions.years(question) <= editions.years(told) and held(content(question), told) >= _NEARLY_ALL


def _of_the_row_named(question: Normal, finding: Finding, rows: Sequence[Row]) -> Finding:
    """Return a finding of several rows in the one that a question names: 丙类, where 甲类 and 乙类 were read."""
    quoted = [row for row in rows if finding.quote.start < row.span.end and row.span.start < finding.quote.end]
    named = rows_named(question, rows) if len(quoted) > 1 and not finding.short else []
    if len(named) != 1 or named[0] in quoted or _OF_ALL.search(question):
        return finding
    return _in_row(finding, named[0], column_named(question, named[0], rows))


def _is_nowhere(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question asks for a row, a column or a day that the table of the row found does not have."""
    if asks_yes_or_no(question):
        return False
    return (
        is_no_row(question, row, rows, above=_above(finding))
        or of_another_column(question, row)
        or of_another_day(question, row, rows)
        or names_a_deputy(question, row)
    )


def _only_tells_that_there_is(question: Normal, finding: Finding) -> bool:
    """Return whether a question asks how much or how many, and the cell says no more than 有: 校车：有."""
    said = finding.short.of(finding.document.text) if finding.short else ""
    return bool(_AMOUNT.search(question) and _THERE_IS.fullmatch(said)) and not asks_yes_or_no(question)


def _is_of_another(question: Normal, finding: Finding, row: Row) -> bool:
    """Return whether the answer is of a column of another year or part than is asked for, or only refers elsewhere."""
    place = _place_in(row, finding.short)
    if place is None or place <= row.key or asks_yes_or_no(question):
        return False
    cell = row.cells[place]
    if of_another_part(question, cell.column, row) or (_AMOUNT.search(question) and _REFERS.match(cell.text)):
        return True
    return _of_another_year(question, finding, row)


def _of_another_year(question: str, finding: Finding, row: Row) -> bool:
    """Return whether the answer is of a column of another year than a question names, which has none of that year."""
    asked, place = editions.years(question), _place_in(row, finding.short)
    if place is None or place <= row.key or asks_yes_or_no(Normal(question)):
        return False
    thing = without_time(row.cells[place].column)
    same = [editions.years(cell.column) for cell in row.cells if without_time(cell.column) == thing]
    return bool(asked and editions.years(row.cells[place].column)) and not any(asked & years for years in same)


def _above(finding: Finding) -> str:
    return "\n".join([finding.document.title, *finding.headings])


def said(finding: Finding) -> str:
    """Return the shortest answer in one line: a cell with the unit of its column, several with the columns' names."""
    if not finding.short:
        return ""
    row_name, cells = _cells_in(finding)
    if len(cells) > 1:
        return "，".join(f"{cell.heading}{cell.said}" for cell in cells if cell.text and cell is not row_name)
    words = " ".join(finding.short.of(finding.document.text).split())
    alone = cells[0] if cells and cells[0] is not row_name else None
    return alone.said if alone and alone.text == without_marks(words) else words


def _row_of(short: Span | None, rows: Sequence[Row]) -> Row | None:
    """Return the row that the shortest answer of a longer quotation stands in."""
    return next((row for row in rows if short and short.lies_in(row.span)), None)


def _cells_in(finding: Finding) -> tuple[Cell | None, list[Cell]]:
    """Return the cell that names the row of the shortest answer, and all that the answer covers wholly."""
    short = finding.short
    for row in table_at(finding.document, short.start) if short else ():
        if short and short.lies_in(row.span):
            covered = [c for c in row.cells if c.span.lies_in(short)]
            return row.named_by, covered
    return None, []


def _same_part(cell: Cell, other: Cell, short: Span) -> Span:
    """Return the part of another cell that stands there as the shortest answer in its own: 每季1000元."""
    parts, others = ([match.span() for match in _CLAUSE.finditer(one.text)] for one in (cell, other))
    alike = len(parts) == len(others) > 1 and len(cell.span) == len(cell.text) and len(other.span) == len(other.text)
    for (start, end), (begin, stop) in zip(parts, others, strict=True) if alike else ():
        if (cell.span.start + start, cell.span.start + end) == (short.start, short.end):
            return Span(other.span.start + begin, other.span.start + stop)
    return other.span


def _mended(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> Finding:
    """Return a finding in the row and the cell asked for, or without a short answer where that is not sure."""
    if row.header:
        return _whole(finding, rows)
    named = rows_named(question, rows)
    if other := _meant(question, finding, row, rows, named):
        finding, row = _moved(finding, row, other), other
    place = _place_in(row, finding.short)
    if place is None:
        column = column_named(question, row, rows) if other else None
        return finding if column is None else replace(finding, short=row.cells[column].span)
    of_one = not named and not asked_values(question) and not _OF_ALL.search(question)
    told = tells_from_twins(question, row, rows) and (not of_one or distinguishes(question, row, rows))
    told = told or is_of_the_hour(question, row, rows)
    if place > row.key and not told and not asked_values(question):
        return _whole(finding, rows)
    column = column_named(question, row, rows)
    column = column_of_the_unit(question, row, place) if column is None else column
    if column is not None and place > row.key:
        return _in_column(question, finding, row, (place, column))
    return _with_like(question, finding, row, place) if _AMOUNT.search(question) else finding


def _meant(question: Normal, finding: Finding, row: Row, rows: Sequence[Row], named: Sequence[Row]) -> Row | None:
    """Return the row that a question means in place of the one found; None where that one is meant.

    `named` are the rows whose whole name stands in the question.

    The clearest sign decides: a whole name; all whole cells, or another one; a case for a figure; a column of the same
    row; another cell of a row called alike; more of a name.
    """
    called = row.name in question or holds_named_cells(question, row, rows)
    if len(named) == 1 and row not in named and not called:
        return named[0]
    return (
        row_of_cells(question, row, rows)
        or said_whole(question, row, rows)
        or row_of_the_case(question, row, rows)
        or row_of_the_day(question, row, rows)
        or row_of_the_hour(question, row, rows)
        or twin_of_the_column(question, row, rows)
        or twin_named(question, row, rows)
        or told_more(question, row, rows, above=_above(finding))
    )


def _moved(finding: Finding, row: Row, other: Row) -> Finding:
    """Return a finding of one row in another one, its short answer the cell of the same place, or the part of it."""
    place, short = _place_in(row, finding.short), finding.short
    moved = _in_row(finding, other, place)
    if place is None or short is None or moved.short is None:
        return moved
    return replace(moved, short=_same_part(row.cells[place], other.cells[place], short))


def _in_row(finding: Finding, row: Row, place: int | None) -> Finding:
    """Return a finding in another row, its short answer the cell of the same place."""
    short = row.cells[place].span if place is not None and place < len(row.cells) else None
    headings = heading_path(finding.document.headings, finding.document.text, row.span.start)
    return replace(finding, headings=headings, quote=row.span, short=short, verdict=None)


def _place_in(row: Row, short: Span | None) -> int | None:
    """Return the number of the cell that the shortest answer is in; None where it is in none."""
    if not short:
        return None
    touched = [n for n, cell in enumerate(row.cells) if short.start < cell.span.end and cell.span.start < short.end]
    # What runs over several cells is of the first that does not name the row.
    return next((n for n in touched if n > row.key), touched[0] if touched else None)


def _in_column(question: str, finding: Finding, row: Row, places: tuple[int, int]) -> Finding:
    """Return a finding in the column that is named, where its cell can answer: an amount has a figure."""
    was, named = (row.cells[place] for place in places)
    start, end = shared(bare(was.text), question)
    begin, stop = shared(bare(named.text), question)
    if was is named or end - start >= max(LEAST, stop - begin + 1):
        return finding  # the question asks after words of the cell itself: 送不送储物柜
    if _HOUR_ASKED.search(question) and _CLOCK.search(was.text) and not _CLOCK.search(named.text):
        return finding  # 午餐几点 asks for no price
    amount = _AMOUNT.search(question) and was.figure
    fits = named.text and (not amount or named.figure or named.kind == was.kind or not re.search(r"\d", named.text))
    return replace(finding, short=named.span if fits else None)


def _with_like(question: str, finding: Finding, row: Row, place: int) -> Finding:
    """Return a finding whose short answer holds all cells of its kind, where the question names no column of them."""
    cell = row.cells[place]
    like = [other for other in row.cells[row.key + 1 :] if other is cell or _is_like(cell, other)]
    years = set(editions.years(question))
    like = [other for other in like if other is cell or not _is_of_other_years(other, years)]
    if (
        place <= row.key
        or not cell.figure
        or len(like) < 2
        or len({other.text for other in like}) == 1
        or _is_latest(cell, like)
    ):
        return finding
    return replace(finding, short=Span(like[0].span.start, like[-1].span.end))


def _is_of_other_years(cell: Cell, asked: set[str]) -> bool:
    named = editions.years(cell.column)
    return bool(asked and named) and not asked & named


def _is_like(cell: Cell, other: Cell) -> bool:
    """Return whether two cells may answer the same question: figures of one unit, or of one thing at two times."""
    if not cell.figure or not other.figure:
        return False
    same = without_time(cell.column) == without_time(other.column)
    return other.kind == cell.kind and (bool(cell.kind) or same)


def _is_latest(cell: Cell, like: Sequence[Cell]) -> bool:
    """Return whether cells are of one thing at several times, and this one of the last: 调整后, 2024年."""
    same = len({without_time(other.column) for other in like}) == 1
    return same and all(order_in_time(other.column, cell.column) < 0 for other in like if other is not cell)


def _whole(finding: Finding, rows: Sequence[Row]) -> Finding:
    """Return a finding that quotes the whole table and says nothing first; as it is where the table is too long."""
    whole = Span(rows[0].span.start, rows[-1].span.end)
    quote = whole if len(whole) <= MAX_QUOTE else finding.quote
    return replace(finding, quote=quote, short=None)
