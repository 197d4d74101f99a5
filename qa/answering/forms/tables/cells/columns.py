"""Puts the shortest answer into the column that a question names, or over all cells of one kind where it names none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Span
from qa.answering.forms.asking import asks_amount
from qa.answering.forms.computing.changes import order_in_time, without_time
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.ranges.months import of_other_months
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.reader import editions
from qa.answering.reader.base import Finding

_LEAST_CALLED = 3  # characters of the name of a column that several may be called by
_HOUR_ASKED = re.compile("几点|几时|什么时[候间]")
_OF_UNITS = re.compile("(?:计[量价费])?单位")
_UNIT_ASKED = re.compile("单位|还是|按|论|怎[么样]|如何|咋")
_PERSON_ASKED = re.compile("谁|哪[一几]?[位名]|姓名|名字")
_IS_A_TIME = re.compile(r"\d|(?:周|星期)[一二三四五六日天]")
_DAY_ASKED = re.compile("几号|哪[一几]?天|什么时[候间]|何时|几月|日期")
_DAY = re.compile(r"\d\s*[日号月]|(?:周|星期)[一二三四五六日天]|(?:19|20)\d\d|\d[:：]\d\d")
_CLOCK = re.compile(r"\d[:：]\d\d|\d[点时]")


def in_column(question: str, finding: Finding, row: Row, places: tuple[int, int]) -> Finding:
    """Return a finding in the column that is named, where its cell can answer: an amount has a figure.

    `places` are the number of the cell that was found, and that of the column named.
    """
    was, named = (row.cells[place] for place in places)
    start, end = shared(bare(was.text), question)
    begin, stop = shared(bare(named.text), question)
    if was is named or end - start >= max(LEAST, stop - begin + 1):
        return finding  # the question asks after words of the cell itself: 送不送储物柜
    if _HOUR_ASKED.search(question) and _CLOCK.search(was.text) and not _CLOCK.search(named.text):
        return finding  # 午餐几点 asks for no price
    if _DAY_ASKED.search(question) and _DAY.search(was.text) and not _DAY.search(named.text):
        return finding  # 几号安检 asks for no 安检员
    if _PERSON_ASKED.search(question) and _IS_A_TIME.search(named.text) and not _IS_A_TIME.search(was.text):
        return finding  # 周四下午谁坐诊 asks for no 出诊时间下午
    amount = asks_amount(question) and was.figure
    fits = named.text and (not amount or named.figure or named.kind == was.kind or not re.search(r"\d", named.text))
    return replace(finding, short=named.span if fits else None)


def off_the_unit(question: str, finding: Finding, row: Row) -> Finding:
    """Return a finding whose short answer is the unit of its row (单位：元) in the first cell that is in that unit.

    Who only names one of the unit (遮阳棚 一顶) asks for the one figure of the row. As it is for a question that
    asks for no amount otherwise, and where no cell is.
    """
    own = [cell for cell in row.cells if finding.short and finding.short.lies_in(cell.span)]
    if not own or not _OF_UNITS.fullmatch(bare(own[0].column)):
        return finding
    others = [cell for cell in row.cells[row.key + 1 :] if cell is not own[0]]
    if not _UNIT_ASKED.search(question) and re.search(f"[一每1]{re.escape(own[0].text)}", question):
        figures = [cell for cell in others if cell.figure]
        if len(figures) == 1:
            return replace(finding, short=figures[0].span)
    if not asks_amount(question):
        return finding
    figures = [cell for cell in others if cell.unit and cell.unit == own[0].text]
    return replace(finding, short=figures[0].span) if figures else finding


def at_the_hours(question: str, finding: Finding, row: Row) -> Finding:
    """Return a finding whose short answer is only what the row is called (除夕) in the hours asked for."""
    name, short = row.named_by, finding.short
    if not short or not _HOUR_ASKED.search(question) or not short.lies_in(name.span) or _CLOCK.search(name.text):
        return finding
    hours = [cell for cell in row.cells[row.key + 1 :] if re.search(r"\d[:：]\d\d", cell.text)]
    return replace(finding, short=Span(hours[0].span.start, hours[-1].span.end)) if hours else finding


def with_like(question: str, finding: Finding, row: Row, place: int) -> Finding:
    """Return a finding whose short answer holds all cells of its kind, where the question names no column of them."""
    cell = row.cells[place]
    like = [other for other in row.cells[row.key + 1 :] if other is cell or _is_like(cell, other)]
    years = set(editions.years(question))
    like = [other for other in like if other is cell or not _is_of_other_years(other, years)]
    like = [other for other in like if other is cell or not of_other_months(question, other.column)]
    like = _called_like(question, cell, like)
    if (
        place <= row.key
        or not cell.figure
        or len(like) < 2
        or len({other.text for other in like}) == 1
        or _is_latest(cell, like)
    ):
        return finding
    return replace(finding, short=Span(like[0].span.start, like[-1].span.end))


def _called_like(question: str, cell: Cell, like: Sequence[Cell]) -> list[Cell]:
    """Return the cells whose columns hold as much of a question as that of a cell: 到汐港就业, of 合计 and 其中."""
    start, end = shared(bare(cell.column), question)
    part = question[start:end]
    return [other for other in like if end - start < _LEAST_CALLED or part in bare(other.column)]


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
