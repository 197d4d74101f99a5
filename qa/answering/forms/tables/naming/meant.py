"""Which row of a table a question means in place of the one found, and between which it leaves that open."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal
from qa.answering.forms.conditions import asked_values
from qa.answering.forms.tables.naming.rivals import with_rivals
from qa.answering.forms.tables.naming.rows import (
    distinguishes,
    named_in_another_word,
    said_whole,
    tells_from_twins,
    told_more,
    twin_named,
    twin_of_the_column,
)
from qa.answering.forms.tables.naming.whole_cells import holds_named_cells, row_of_cells
from qa.answering.forms.tables.ranges.cases import is_of_the_case, row_of_the_case
from qa.answering.forms.tables.ranges.days import row_of_the_day
from qa.answering.forms.tables.ranges.hours import is_of_the_hour, is_of_the_run, row_of_the_hour, row_of_the_run
from qa.answering.forms.tables.ranges.lunar import is_of_the_lunar_day, row_of_the_lunar_day
from qa.answering.forms.tables.ranges.months import row_of_the_month
from qa.answering.forms.tables.ranges.weekdays import is_of_the_weekday, row_of_the_weekday
from qa.answering.forms.tables.reading import Row

OF_ALL = re.compile(r"最|哪|谁|分别|一共|总共|合计|平均|比")


def left_open(question: Normal, row: Row, rows: Sequence[Row], named: Sequence[Row], place: int) -> Sequence[Row]:
    """Return the rows between which a question leaves open which is meant; empty where it tells the row."""
    by_time = is_of_the_hour(question, row, rows) or is_of_the_run(question, row, rows)
    by_day = is_of_the_weekday(question, row, rows) or is_of_the_lunar_day(question, row, rows)
    if asked_values(question) or by_time or by_day:
        return ()
    of_one = not named and not OF_ALL.search(question)
    if not tells_from_twins(question, row, rows) or (of_one and not distinguishes(question, row, rows)):
        return rows
    return with_rivals(question, row, rows, place) if of_one else ()


def row_meant(question: Normal, row: Row, rows: Sequence[Row], named: Sequence[Row], *, above: str) -> Row | None:
    """Return the row that a question means in place of the one found; None where that one is meant.

    `named` are the rows whose whole name stands in the question, `above` is what stands above the table.

    The clearest sign decides: a whole name; all whole cells, or another one; a case for a figure; a column of the same
    row; another cell of a row called alike; more of a name.
    """
    own = row.name in question and not named_in_another_word(question, row)
    called = own or holds_named_cells(question, row, rows)
    if len(named) == 1 and row not in named and not called:
        return named[0]
    return (
        row_of_cells(question, row, rows)
        or said_whole(question, row, rows)
        or row_of_the_case(question, row, rows)
        or row_of_the_day(question, row, rows)
        or row_of_the_lunar_day(question, row, rows)
        or row_of_the_weekday(question, row, rows)
        or row_of_the_month(question, row, rows)
        or row_of_the_hour(question, row, rows)
        or row_of_the_run(question, row, rows)
        or twin_of_the_column(question, row, rows)
        or _of_the_same_case(question, row, twin_named(question, row, rows))
        or told_more(question, row, rows, above=above)
    )


def _of_the_same_case(question: Normal, row: Row, twin: Row | None) -> Row | None:
    """Return the twin of a row; None where the question's figure falls into the case of the row and not of the twin."""
    return twin if twin and (is_of_the_case(question, twin) or not is_of_the_case(question, row)) else None
