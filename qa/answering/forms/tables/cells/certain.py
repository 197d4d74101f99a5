"""Tells where a question says a row and a column by their names, so that it needs no reader to be sure."""

import re

from corpus.text.normalise import Normal
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.computing.comparing import compared, content, held, superlative
from qa.answering.forms.computing.differing import relates
from qa.answering.forms.tables.cells.absent import above
from qa.answering.forms.tables.cells.moving import place_in
from qa.answering.forms.tables.naming.columns import column_named
from qa.answering.forms.tables.naming.names import LEAST, joined
from qa.answering.forms.tables.naming.rows import rows_named
from qa.answering.forms.tables.reading import bare, row_holding, table_at
from qa.answering.reader import editions
from qa.answering.reader.base import Reading

# What a telephone is for in any office that has one: 订房电话.
_FOR_ANY = re.compile(r"(?:[订定][房餐票座位购]?|预[订定约]|咨询|联系|办公)的?(?=电话|手机|号码|热线)")
_TELEPHONE = re.compile("电话|手机|热线|联系方式")
# The share of the question's characters that the row with what stands above it has to hold.
_NEARLY_ALL = 0.9


def is_cell_named(question: Normal, reading: Reading) -> bool:
    """Return whether a question says a row and a column by their names and hardly anything else: 东门书房的座位数.

    The reading has to be that cell.
    """
    finding = reading.findings[0] if len(reading.findings) == 1 and not reading.contradictory else None
    rows = table_at(finding.document, finding.quote.start) if finding else ()
    row = row_holding(finding.quote, rows) if finding else None
    concludes = asks_yes_or_no(question) or relates(question) or superlative(question) or compared(question)
    if not finding or not row or concludes or rows_named(question, rows) != [row]:
        return False
    column, place = column_named(question, row, rows), place_in(row, finding.short)
    if column is None or column != place or joined(bare(row.cells[column].column))[-LEAST:] not in joined(question):
        return False
    table = finding.document.table(row.span.start)
    around = (finding.document.name, table.title if table else "", above(finding))
    told = "\n".join((*around, *(cell.column + cell.text for cell in row.cells)))
    alone = (
        _TELEPHONE.search(row.cells[column].column) and sum(bool(_TELEPHONE.search(c.column)) for c in row.cells) == 1
    )
    asked = _FOR_ANY.sub("", question) if alone else question
    return editions.years(question) <= editions.years(told) and held(content(asked), told) >= _NEARLY_ALL
