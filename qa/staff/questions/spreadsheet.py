"""Writes tables of text for Excel: UTF-8 that it opens in Chinese, and no cell that it would calculate.

An apostrophe in front turns a cell that begins with a formula sign into text, as OWASP advises against CSV
injection. The same holds if the sign follows white space or a quotation mark, which Excel and others strip.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Full-width signs count too: Chinese versions of Excel read ＝ as =.
_FORMULA = re.compile("[\\s\\x00-\\x20\"'\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufeff\\xa0]*[=+\\-@|%＝＋－＠]")
_MARKED = "'"
_CONTROL = {code: " " for code in (*range(0x20), 0x7F)}


def table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return the table as bytes, a row for each of `lines`. Every cell is quoted, so that none can open another."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """Return the text of a cell so that a spreadsheet does not calculate it; control characters become spaces."""
    cell = cell.translate(_CONTROL)
    return _MARKED + cell if _FORMULA.match(cell) else cell
