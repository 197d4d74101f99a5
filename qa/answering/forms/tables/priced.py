"""The row of a table that a question names, where words beside the table tell no figure for the price asked for."""

import re
from dataclasses import replace

from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.cells.moving import in_row
from qa.answering.forms.tables.naming.rows import rows_named
from qa.answering.forms.tables.reading import Row, table_at, tables
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Reading

_PRICE_ASKED = re.compile("多少钱|多少元|几(?:块|元)|什么价|怎么收费|收费(?:是|要)?多少|价[格钱]?(?:是)?多少")
_MONEY = re.compile(r"元|块")
_LEAST = 3  # characters of a row's name
# What a whole lot of rows costs, or which of them, is told by none alone.
_OF_SEVERAL = re.compile("最|一共|总共|合计|哪|分别|比|和|与|、")


def by_its_row(question: Question, reading: Reading) -> Reading:
    """Return a reading for a price whose first answer is the row of that name, where what was read tells no figure.

    A clause such as 本县居民免收普通火化费 stays behind it, for it says who pays nothing.
    """
    first = reading.findings[0] if len(reading.findings) == 1 and not reading.contradictory else None
    asked = question.search
    if not first or not _PRICE_ASKED.search(asked) or asks_yes_or_no(asked) or _OF_SEVERAL.search(asked):
        return reading
    said = (first.short or first.quote).of(first.document.text)
    if table_at(first.document, first.quote.start) or any(not figure.ordinal for figure in facts(said).figures):
        return reading
    named = [row for rows in tables(first.document) for row in rows_named(asked, rows) if len(row.name) >= _LEAST]
    place = _priced(named[0]) if len(named) == 1 else None
    if place is None:
        return reading
    return Reading((in_row(first, named[0], place), replace(first, short=None)), reading.confidence)


def _priced(row: Row) -> int | None:
    """Return the one cell of a row that tells money; None where none or several do."""
    found = [n for n, cell in enumerate(row.cells) if n > row.key and cell.figure and _MONEY.search(cell.said)]
    return found[0] if len(found) == 1 else None
