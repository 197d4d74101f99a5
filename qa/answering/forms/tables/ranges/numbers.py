"""The row of a number that a question names together with its column: 2标段 is of 标段号 2."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.reading import Row

_COLUMN = re.compile(r"(?P<noun>[\u4e00-\u9fff]{1,3}?)(?:编号|序号|号)")
_NOUNLESS = ("编", "序", "文", "型", "电话", "证", "账", "房间门")
_FIRST = 2  # columns that may number the rows
_NUMERAL = r"\d{1,4}|[一二三四五六七八九十]{1,3}"


def row_of_the_number(question: str, rows: Sequence[Row]) -> Row | None:
    """Return the row whose number a question names; None where it names none, or a number that no row has."""
    asked = _asked(question, rows)
    return asked[1] if asked else None


def is_of_no_number(question: str, rows: Sequence[Row]) -> bool:
    """Return whether a question names a number that no row has: 4标段 of three."""
    asked = _asked(question, rows)
    return asked is not None and asked[1] is None


def _asked(question: str, rows: Sequence[Row]) -> tuple[int, Row | None] | None:
    """Return the number that a question names of a column of numbers, and the row that has it, if any."""
    for place in range(min(_FIRST, min((len(row.cells) for row in rows), default=0))):
        column = _COLUMN.fullmatch(normalise(rows[0].cells[place].column))
        numbers = [normalise(row.cells[place].text) for row in rows]
        if not column or column["noun"] in _NOUNLESS or not all(map(str.isdecimal, numbers)):
            continue
        noun = re.escape(column["noun"])
        found = re.findall(rf"(?<!\d)({_NUMERAL})号?{noun}|{noun}号?(\d{{1,4}})(?!\d)", question)
        if len(found) == 1 and len(set(numbers)) == len(rows):
            number = whole_number("".join(found[0]))
            row = next((row for row, one in zip(rows, numbers, strict=True) if int(one) == number), None)
            return (number, row) if row or number > 1 else None  # 一户 may be any
    return None
