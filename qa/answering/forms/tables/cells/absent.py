"""Tells where a question asks for what the table of a finding does not have: another row, column, year or day."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.answer_checks.times import names_other_feasts
from qa.answering.forms.asking import asks_amount, asks_yes_or_no
from qa.answering.forms.computing.changes import without_time
from qa.answering.forms.tables.cells.moving import place_in
from qa.answering.forms.tables.naming.columns import names_a_deputy
from qa.answering.forms.tables.naming.rows import named_in_another_word, named_like, rows_named, told_more
from qa.answering.forms.tables.naming.unfilled import empty_column
from qa.answering.forms.tables.naming.whole_cells import (
    holds_named_cells,
    is_no_row,
    of_another_column,
    of_another_day,
    of_another_part,
)
from qa.answering.forms.tables.ranges.days import row_of_the_day
from qa.answering.forms.tables.ranges.lunar import of_another_lunar_day, row_of_the_lunar_day
from qa.answering.forms.tables.ranges.months import of_another_month
from qa.answering.forms.tables.ranges.weekdays import of_another_weekday
from qa.answering.forms.tables.reading import Row, bare
from qa.answering.reader import editions
from qa.answering.reader.base import Finding

_THERE_IS = re.compile("有|是|可|可以|提供|√|✓|☑")
# What stands before the kind of thing that a question names, and does not ask for: 焊工 of 焊工专业.
_CALLS = re.compile(r"[\u4e00-\u9fff](?<![那各每所些按是的个种项类家])$")
_ASKS_WHICH = re.compile(r"[哪什几][^，,。？?]{0,8}$")
_WHICH = re.compile("(?:里面?|当?中)?是?(?:哪(?![里儿天])|谁)")
_LEAST_NAME = 2
_REFERS = re.compile("(?:详|参)?见(?:《|附件|后|上|下|[^，,。]{0,8}(?:办法|规定|通知|说明|公告)$)")


def is_called_otherwise(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question calls the row otherwise: 年卡 in 半年卡, 无痛肠镜 for 无痛胃镜.

    Named by whole cells, it is the row.
    """
    others = [other for other in rows_named(question, rows) if other is not row]
    if named_in_another_word(question, row) and not holds_named_cells(question, row, rows):
        return len(others) != 1
    if not named_like(question, row) or others or asks_yes_or_no(question):
        return False
    if row_of_the_lunar_day(question, row, rows) or row_of_the_day(question, row, rows):
        return False
    return told_more(question, row, rows, above=above(finding)) is None


def is_absent(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question asks for a row, a column, a year or a day that the table of a finding does not have.

    A cell that only refers elsewhere, or that is empty, does not have what is asked, either. Of yes or no nothing is
    absent.
    """
    return not asks_yes_or_no(question) and (
        _is_of_another(question, finding, row)
        or is_no_row(question, row, rows, above=above(finding))
        or (row in rows_named(question, rows) and empty_column(question, row, rows) != "")
        or of_another_column(question, row)
        or of_another_day(question, row, rows)
        or of_another_lunar_day(question, row, rows)
        or of_another_weekday(question, row, rows)
        or of_another_month(question, rows, above=above(finding))
        or names_a_deputy(question, row)
        or _is_only_its_name(question, finding, row)
        or _of_another_feast(question, finding, row)
    )


def only_tells_that_there_is(question: Normal, finding: Finding) -> bool:
    """Return whether a question asks how much or how many, and the cell says no more than 有: 校车：有."""
    said = finding.short.of(finding.document.text) if finding.short else ""
    return bool(asks_amount(question) and _THERE_IS.fullmatch(said)) and not asks_yes_or_no(question)


def above(finding: Finding) -> str:
    """Return what stands above a table: the title of its document and the headings."""
    return "\n".join([finding.document.title, *finding.headings])


def _is_of_another(question: Normal, finding: Finding, row: Row) -> bool:
    """Return whether the answer is of a column of another year or part than is asked for, or only refers elsewhere."""
    place = place_in(row, finding.short)
    if place is None or place <= row.key:
        return False
    cell = row.cells[place]
    if of_another_part(question, cell.column, row) or (asks_amount(question) and _REFERS.match(cell.text)):
        return True
    return _of_another_year(question, row, place)


def _is_only_its_name(question: str, finding: Finding, row: Row) -> bool:
    """Return whether the answer is no more than what a row is called, and the question calls one itself: 焊工专业.

    What it calls so is no row then: the row found is another one. 三个山区片区哪个最大 calls them all, and asks which.
    """
    name = bare(row.named_by.column)
    if place_in(row, finding.short) != 0 or row.key or len(name) < _LEAST_NAME or row.name in question:
        return False
    if any(map(str.isdigit, name)):
        return False  # a column of values calls no row: 2022年
    before, named, behind = question.partition(name)
    return bool(named and _CALLS.search(before)) and not (_ASKS_WHICH.search(before) or _WHICH.match(behind))


def _of_another_feast(question: str, finding: Finding, row: Row) -> bool:
    """Return whether a question asks for a holiday, and the table of a finding is for others by its title: 五一安排."""
    table = finding.document.table(row.span.start)
    said = finding.quote.of(finding.document.text)
    return bool(table) and names_other_feasts(question, [normalise(f"{table.title if table else ''} {said}")])


def _of_another_year(question: str, row: Row, place: int) -> bool:
    """Return whether a column is of another year than a question names, and the same of that year has none."""
    asked, column = editions.years(question), row.cells[place].column
    same = [editions.years(cell.column) for cell in row.cells if without_time(cell.column) == without_time(column)]
    return bool(asked and editions.years(column)) and not any(asked & years for years in same)
