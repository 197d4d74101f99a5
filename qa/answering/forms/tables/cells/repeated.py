"""Rows told by what their cells have in common: the value that stands so often, those of which a column says yes."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.cells.moving import in_row, whole
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.question.words import has_han, holds_in_order
from qa.answering.reader.base import Finding

_HOW_OFTEN = re.compile(
    r"(?:哪[一个家位名所]{0,2}(?P<noun>[\u4e00-\u9fff]{2,4}?)|谁)(?:一共|总共|共|都)?[\u4e00-\u9fff]{0,3}?[\u4e00-\u9fff]了?"
    r"(?P<count>[两二三四五六七八九]|\d)(?:个|家|处|份|门|条|座|所|次)?(?P<thing>[\u4e00-\u9fff]{1,2})"
)
_WHICH = re.compile(r"哪(?:[几些]?[个家位种样项条类处所座趟间款台门场]?|[一两三四五]个?)(?P<noun>[\u4e00-\u9fff]{0,4})")
_NO = re.compile(r"(?:不(?!限)|无|没有?|否|未|免)[\u4e00-\u9fff]{0,4}|[×✗✘☒]|[-—–/]+")
_DENIES = re.compile("[不没无未非免]")
_WHETHER = re.compile(r"(\w)[不没]\1|能不|可不")
_MOST = 8  # rows that are told one by one


def rows_of_a_repeated_value(question: Normal, finding: Finding, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return the rows of the one value that stands in so many of them: 哪家律所中了两个片.

    Empty where the question does not call the values and what the rows are, or where another value is as frequent.
    """
    asked = _HOW_OFTEN.search(question)
    own = [one for one in rows if not one.header]
    if not asked or not asked["noun"] or len({len(one.cells) for one in own}) != 1:
        return ()
    count, called = whole_number(asked["count"].replace("两", "二")), own[0].named_by.column + own[0].name
    if asked["thing"][0] not in called or count < len("两个"):
        return ()
    for place in range(len(own[0].cells)):
        values = [normalise(one.cells[place].text) for one in own]
        if place == own[0].key or not _is_called(asked["noun"], own[0].cells[place].column, values):
            continue
        often = [value for value, times in Counter(values).items() if times == count]
        if len(often) == 1:
            return tuple(in_row(finding, one, place) for one in own if normalise(one.cells[place].text) == often[0])
    return ()


def _is_called(noun: str, column: str, values: Sequence[str]) -> bool:
    """Return whether a noun calls a column, or is short for what most of its cells end with: 律所, of 律师事务所."""
    if noun in bare(column):
        return True
    ends = [value for value in values if value.endswith(noun[-1]) and holds_in_order(value, noun)]
    return 2 * len(ends) > len(values)


def rows_that_do(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return the rows of which a column says yes, where the row found says no: 哪几家肯收宠物, of 宠物：不可以.

    Only rows with the other values that the question names count. Empty where the question itself denies, and where no
    row does. Where more than a few do, the table is quoted.
    """
    asked = _WHICH.search(question)
    named = [n for n, cell in enumerate(row.cells) if n > row.key and _says_no(cell) and _is_named(cell, question)]
    if len(named) != 1 or not asked or _DENIES.search(_WHETHER.sub("", question)):
        return ()
    place = named[0]
    kept = [one for one in rows if not one.header and len(one.cells) == len(row.cells)]
    for number, cell in enumerate(row.cells):
        if number not in (place, row.key) and len(cell.text) >= LEAST and normalise(cell.text) in question:
            kept = [one for one in kept if one.cells[number].text == cell.text]
    said = [one for one in kept if one.cells[place].text and not _says_no(one.cells[place])]
    if len(said) > _MOST:
        return (whole(finding, rows),)
    called = _column_that_calls(asked["noun"], row, rows)
    return tuple(in_row(finding, one, called) for one in said)


def _column_that_calls(noun: str, row: Row, rows: Sequence[Row]) -> int:
    """Return the column that a noun calls, else the first in words of which no two rows have the same."""
    named = [n for n, cell in enumerate(row.cells) if len(noun) >= LEAST and noun[:LEAST] in bare(cell.column)]
    if named:
        return named[0]
    like = [one for one in rows if not one.header and len(one.cells) == len(row.cells)]
    for place, cell in enumerate(row.cells):
        if has_han(cell.text) and len({one.cells[place].text for one in like}) == len(like):
            return place
    return row.key


def _says_no(cell: Cell) -> bool:
    return bool(_NO.fullmatch(cell.text.strip()))


def _is_named(cell: Cell, question: Normal) -> bool:
    start, end = shared(bare(cell.column), question)
    return end - start >= LEAST
