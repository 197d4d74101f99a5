"""Tables of text for Excel: UTF-8 that it opens in Chinese, and no cell that it would calculate.

A cell that begins with a sign of a formula is made text by an apostrophe in front, as OWASP advises against CSV
injection; so is one whose sign stands behind white space or a quotation mark, which Excel and others strip.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Full-width signs too: Excel in Chinese takes ＝ for =.
_FORMULA = re.compile("[\\s\\x00-\\x20\"'\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufeff\\xa0]*[=+\\-@|%＝＋－＠]")
_MARKED = "'"
_CONTROL = {code: " " for code in (*range(0x20), 0x7F)}


def table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """The table with a line for each of `lines`; every cell is quoted, so that no separator in it opens another."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """The text of a cell as a spreadsheet shows it and does not calculate it; line ends and the like become spaces."""
    cell = cell.translate(_CONTROL)
    return _MARKED + cell if _FORMULA.match(cell) else cell
