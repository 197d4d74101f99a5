"""The row that has the most or the least of a column, in the table that was read."""

import re
from collections.abc import Sequence

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import Comparison, superlative
from qa.answering.forms.tables.most.across import most_of_a_row
from qa.answering.forms.tables.most.column import WHICH, column_asked, rows_asked_for, years_in
from qa.answering.forms.tables.most.growth import Change, change_asked, changes
from qa.answering.forms.tables.most.naming import ASKED_FOR, name_of
from qa.answering.forms.tables.most.places import Place, of_a_unit_named, places, sums
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.naming.sections import section_named, sections_beside
from qa.answering.forms.tables.reading import MOST_LINES, Row, bare, tables
from qa.answering.reader.base import Finding

TOTAL = re.compile(r"^(?:[全本]?[县市区省镇乡村校园]?(?:合计|总计|小计|共计|平均)|全[县市区省镇乡村校园]$)")
_ANY_KIND = ("", "个", "家", "种", "样", "项")
_ITSELF = re.compile(r"最[^，,]{0,6}(?:多少|几|多[久长大高])")
_OF_ONE = re.compile(r"最(?:便宜|实惠|[贵高低大小长短重轻])的(?!一)[^，,]{0,3}(?:多少|几)")
_NUMBER_OF_A_GROUP = re.compile(r"^(?:[一二三四五六七八九十]+[、.]?|\([一二三四五六七八九十]+\))\s*")
_IN_TIME = re.compile("最[早晚先迟]")
_AMONG = re.compile(
    r"((?![这那哪些几们两三四五六七八九十]|.[些个们县市区镇])[\u4e00-\u9fff]{2})(?:里头?|里面|之中|当中|中[，,])[，,]?[^，,]{0,12}[哪谁]"
)


def asks_which_is_most(question: Normal) -> bool:
    """Return whether a question asks which has the most or is the first, and not for the most itself: 最多等多久.

    Of 最便宜的多少钱, too, one row says nothing.
    """
    most = superlative(question) or _IN_TIME.search(question)
    which = most and WHICH.search(question) and not _ITSELF.search(question)
    return bool(which or _OF_ONE.search(question))


def most_of_a_column(question: Normal, finding: Finding) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question for the most or least in the table that a finding stands in.

    Where that table cannot say, the one other table of its document is taken that can. None for other questions, and
    where it is not sure which column or which rows are meant, or where a cell of the column cannot be compared.
    """
    document, place = finding.document, finding.quote.start
    own = rows_of(document, place) if asks_which_is_most(question) else []
    if not own:
        return None
    if found := most_of_a_row(question, document, own):
        return found
    own = _with_those_beside(question, document, own)
    if found := most_among(question, document, own, finding.headings):
        return found
    starts = {rows[0].span.start for rows in tables(document)}
    others = {rows[0].span.start: rows for start in starts if (rows := rows_of(document, start)) and rows != own}
    above = {start: headings_at(document, start) for start in others}
    able = [
        found
        for start, rows in others.items()
        if (found := most_among(question, document, rows, above[start])) and _are_asked_for(question, rows, found[0])
    ]
    return able[0] if len(able) == 1 else None


def _with_those_beside(question: Normal, document: Document, rows: list[Row]) -> list[Row]:
    """Return the rows with those of the tables that have the same columns, or those of the one that a question names.

    Tables that tell of the same things, as those of two years do, stay apart.
    """
    sections = sections_beside(document, rows)
    if named := section_named(question, sections):
        return rows_of(document, named.rows[0].span.start)
    every = {row.span: row for one in sections for row in rows_of(document, one.rows[0].span.start)}
    names = [row.name for row in every.values()]
    whole = sorted(every.values(), key=lambda row: row.span)
    return whole if len(set(names)) == len(names) and rows[0].span in every else rows


def _of_the_group(question: str, document: Document, rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows of the groups that a question names, which stand before their cells: 一、支渠；序号：1."""
    named = [bool(group) and group in question for group in (_group(document, row) for row in rows)]
    return [row for row, told in zip(rows, named, strict=True) if told] if any(named) else rows


def _group(document: Document, row: Row) -> str:
    """Return the name of a row's group, without its number; empty for a row in none."""
    before = document.text[row.span.start : row.cells[0].span.start].rpartition("；")[0]
    return _NUMBER_OF_A_GROUP.sub("", normalise(before)).strip()


def _are_asked_for(question: str, rows: Sequence[Row], form: AnswerForm) -> bool:
    """Return whether 哪 asks for what the rows of another table are: 哪场, 哪个乡镇. What is compared names none."""
    compared = {operand.text for operand in form.operands}
    columns = [bare(cell.column) for row in rows[:1] for cell in row.cells if cell.text not in compared]
    asked = ASKED_FOR.search(question)
    if not asked:
        return False
    kind, noun = asked["kind"] or "", asked["noun"]
    return any(noun[:LEAST] in column or (kind not in _ANY_KIND and kind in column) for column in columns)


def most_among(
    question: Normal, document: Document, rows: Sequence[Row], above: Sequence[str], *, column: str = ""
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows that tell which has the most, in a column that is given or that is asked for."""
    asked = superlative(_without_names_of_most(question, rows))
    if not asked or len(rows) < 2 or not _is_about(question, document, rows, above):
        return None
    rows = of_a_unit_named(question, rows_asked_for(question, _of_the_group(question, document, rows)))
    if change := change_asked(question):
        found = changes(question, change, rows, around="\n".join((document.title, *above)))
        return _formed_of_changes(question, document, rows, found)
    column = column or column_asked(question, asked, rows)
    compared = places(rows, column) if column else sums(question, rows)
    if len(compared) < 2:
        return None
    best = max if asked.more else min
    wanted = best(one.value[0] for one in compared), best(one.value[1] for one in compared)
    winners = [one for one in compared if one.value == wanted]
    beaten = sorted((one for one in compared if one.value != wanted), key=lambda one: one.value, reverse=asked.more)
    if not winners or not beaten:
        return None
    return _formed(question, asked, document, rows, winners=winners, next_best=beaten[0])


def _without_names_of_most(question: Normal, rows: Sequence[Row]) -> Normal:
    """Return a question in which the name of a column asks for no most: 最低水压最大的是哪条路."""
    for column in {bare(cell.column) for cell in rows[0].cells}:
        if len(column) > LEAST and "最" in column:
            question = Normal(question.replace(column, column.replace("最", " ")))
    return question


def rows_of(document: Document, place: int) -> list[Row]:
    """Return all rows of the table that holds an offset, also beyond rows that head a group, but for totals."""
    whole = document.table(place)
    if whole and document.text.count("\n", 0, whole.span.end) >= MOST_LINES:
        return []  # rows may lie beyond
    found = [
        rows
        for rows in tables(document)
        if (whole and rows[0].span.lies_in(whole.span)) or rows[0].span.start <= place < rows[-1].span.end
    ]
    every = [row for rows in found for row in rows if not row.header]
    return [row for row in every if not any(TOTAL.match(cell.text) for cell in row.cells[:2])]


def _is_about(question: str, document: Document, rows: Sequence[Row], above: Sequence[str]) -> bool:
    """Return whether the table or what stands above it names all years of a question, and what it asks the most among.

    文旅投诉里哪一类最多 asks of no table of visitors.
    """
    start = rows[0].span.start
    text, table = document.text[start : rows[-1].span.end], document.table(start)
    around = "\n".join((document.name, document.title, table.title if table else "", *above))
    among = _AMONG.search(question)
    named = [*years_in(question), *([among[1]] if among else [])]
    return all(one in text or one in around for one in named)


def _formed(
    question: Normal,
    asked: Comparison,
    document: Document,
    rows: Sequence[Row],
    *,
    winners: Sequence[Place],
    next_best: Place,
) -> tuple[AnswerForm, tuple[Finding, ...]]:
    names = [name_of(question, one.row, one.cell, rows) for one in winners]
    verdict = "、".join(dict.fromkeys(names))
    line = f"{winners[0].cell.said} {'>' if asked.more else '<'} {next_best.cell.said}：{verdict}"
    told = [*winners[:2], next_best]
    findings = tuple(
        Finding(document, headings_at(document, one.row.span.start), one.row.span, one.cell.span) for one in told
    )
    operands = tuple(
        Operand(one.cell.text, name_of(question, one.row, one.cell, rows), place) for place, one in enumerate(told)
    )
    return AnswerForm(Form.SUPERLATIVE, line, verdict, operands, "a column of one table"), findings


def _formed_of_changes(
    question: Normal, document: Document, rows: Sequence[Row], found: Sequence[Change]
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form of the greatest change, with the next one where that goes the same way; None where none is."""
    if not found or found[0].value <= 0 or found[0].value == found[-1].value:
        return None
    winners = [one for one in found if one.value == found[0].value]
    beaten = [one for one in found[len(winners) :] if one.value > 0][:1]
    told = [*winners[:2], *beaten]
    verdict = "、".join(dict.fromkeys(name_of(question, one.row, one.cells[0], rows) for one in winners))
    headings = headings_at(document, rows[0].span.start)
    findings = tuple(Finding(document, headings, one.row.span, one.cells[0].span) for one in told)
    operands = tuple(
        Operand(cell.text, name_of(question, one.row, one.cells[0], rows), place)
        for place, one in enumerate(told)
        for cell in one.cells
    )
    next_best = f" {'<' if beaten[0].said[0] in '-−' else '>'} {beaten[0].said}" if beaten else ""
    line = f"{told[0].line}{next_best}：{verdict}"
    return AnswerForm(Form.SUPERLATIVE, line, verdict, operands, "the change between two columns"), findings
