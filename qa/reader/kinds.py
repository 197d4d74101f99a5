"""Whether a text holds the kind of thing that a question asks for: a date, a sum, a place."""

import re

from index.tokens import normalise

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*(?:余|多)?"
# What a question asks for, and what its answer then holds; the first that fits decides.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(held))
    for asked, held in (
        (r"什么时候|何时|哪一?年|哪一?天|几月|几号|日期|when", r"\d{4}\s*年|\d{1,2}\s*月|\d{1,2}\s*日"),
        (r"多久|多长时间|几年", _NUMBER + r"(?:年|个月|天|小时)"),
        (r"多少钱|资金|投资多少|总投资|金额|产值|收入|多少资金", _NUMBER + r"[万亿]?元"),
        (r"面积|多大", _NUMBER + r"(?:[万亿]?平方|亩|公顷|万?吨)"),
        (r"多少|几(?:个|家|位|名|所|对|人|次|项|批)|how many|数量|人次", _NUMBER),
        (r"哪里|哪儿|什么地方|何处|在哪", r"省|市|区|县|镇|乡|村|街道|城|园"),
        (r"第几|排名|排第", r"第[一二三四五六七八九十\d]|首位|前列"),
    )
)


def fits(question: str, text: str) -> int:
    """1 when the text holds what is asked for, -1 when it does not, 0 when the question asks for no such kind."""
    held = next((held for asked, held in _KINDS if asked.search(question)), None)
    if held is None:
        return 0
    return 1 if held.search(normalise(text)) else -1
