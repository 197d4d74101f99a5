"""All rows that hold the value a question names, where it asks for several: 潮门市结对哪两个乡镇."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.cells.moving import in_row
from qa.answering.forms.tables.naming.columns import column_of_noun
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.naming.rows import denied_in, holds_own
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.reader.base import Finding

_SEVERAL = re.compile(
    r"哪(?P<count>[两二三四五六七八九十]|几|些)(?:[个家种样项条类处所座趟批款辆台门场届级位名]|(?<=些))(?P<noun>[\u4e00-\u9fff]{1,4})"
)
_MOST = 6  # rows that are told one by one


def rows_of_a_value(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return a finding for each row that has the value of the row found which the question names.

    Empty where the question asks for one thing or counts others, and where it is not sure which column it asks for.
    """
    asked = _SEVERAL.search(question)
    if not asked or row.header:
        return ()
    place = _column_asked_for(asked["noun"], finding, row, rows)
    own = [one for one in rows if not one.header and len(one.cells) == len(row.cells)]
    kept, denied = own, False
    for number, cell in enumerate(row.cells):
        if number != place and len(cell.text) >= LEAST and normalise(cell.text) in question:
            kept = [one for one in kept if one.cells[number].text == cell.text]
            denied = denied or any(normalise(cell.text) in words for words in denied_in(question))
    count = 2 if asked["count"] == "两" else 0 if asked["count"] in "几些" else whole_number(asked["count"])
    # A row that the question tells from the others is asked for alone.
    told = any(holds_own(question, row, one, range(len(row.cells))) for one in kept if one is not row)
    if (
        place is None
        or denied
        or told
        or len(kept) == len(own)
        or not 1 < len(kept) <= _MOST
        or count not in (0, len(kept))
    ):
        return ()
    return tuple(in_row(finding, one, place) for one in kept)


def _column_asked_for(noun: str, finding: Finding, row: Row, rows: Sequence[Row]) -> int | None:
    """Return the column that a noun calls, or that of the answer found, or else the first that differs in each row."""
    columns = ["" if _is_figure(cell) else bare(cell.column) for cell in row.cells]
    named = column_of_noun(noun, columns)
    if named is not None:
        return named
    short = finding.short
    if short and (found := [n for n, cell in enumerate(row.cells) if columns[n] and short.lies_in(cell.span)]):
        return found[0]
    own = [one for one in rows if not one.header and len(one.cells) == len(row.cells)]
    for place, column in enumerate(columns):
        if column and len({one.cells[place].text for one in own}) == len(own):
            return place
    return None


def _is_figure(cell: Cell) -> bool:
    return cell.text[:1].isdigit()
