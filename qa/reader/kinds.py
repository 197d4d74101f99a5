"""Whether a text holds the kind of thing that a question asks for: a date, a sum, a place."""

import re

from index.tokens import normalise

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*(?:余|多)?"
# What a question asks for, and what its answer then holds; the first that fits decides. The last entry tells whether
# no answer can do without it: every date has a number or a word for a time, but not every place one of these words.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = tuple(
    (re.compile(asked), re.compile(held), needed)
    for asked, held, needed in (
        (
            r"什么时候|何时|哪一?年|哪一?天|几月|几号|日期|when",
            r"\d{4}\s*年|\d{1,2}\s*月|\d{1,2}\s*日|[年月日天]|时期|期间|以来|以后|之后|之前",
            True,
        ),
        (r"多久|多长时间|几年", _NUMBER + r"(?:年|个月|天|小时)", True),
        (r"多少钱|资金|投资多少|总投资|金额|产值|收入|多少资金", _NUMBER + r"[万亿]?元", False),
        (r"面积|多大", _NUMBER + r"(?:[万亿]?平方|亩|公顷|万?吨)", False),
        (r"多少|(?<![那这])几(?:个|家|位|名|所|对|人|次|项|批)|how many|数量|人次", _NUMBER, False),
        (r"哪里|哪儿|什么地方|何处|在哪", r"省|市|区|县|镇|乡|村|街道|城|园", False),
        (r"第几|排名|排第", r"第[一二三四五六七八九十\d]|首位|前列", True),
    )
)

# Several things asked for by their names, and what joins them where they are told. 哪三年 asks for years.
_SEVERAL_NAMES = re.compile(r"都有谁|哪些|哪[两二三四五六七八九十](?![年月天])")
_HOW_MANY = re.compile(r"多少|几[家个位名所对项]")
_JOINED = re.compile(r"、|和|与|及|也|还|又|另|[一二]是|第[一二]|一(.)是.+一\1是|；|\n")
_NUMBERED = re.compile(r"哪([两二三四五六七八九十])")
_ITEM = re.compile(r"^\s*(?:[-*•·]|\d+[.、])\s*\S", re.MULTILINE)


def fits(question: str, text: str) -> int:
    """1 when the text holds what is asked for, -1 when it does not, 0 when the question asks for no such kind."""
    held = next((held for asked, held, _ in _KINDS if asked.search(question)), None)
    if held is None:
        return 0
    return 1 if held.search(normalise(text)) else -1


def lacks(question: str, text: str) -> bool:
    """Whether a question asks for a kind of thing that no answer can do without, and the text holds none.

    A date asked for, or several things by their names where the text only counts them: 35家企业 names none.
    """
    needed = next((needed for asked, _, needed in _KINDS if asked.search(question)), False)
    return (needed and fits(question, text) < 0) or _names_too_few(question, text)


def _names_too_few(question: str, text: str) -> bool:
    if not _SEVERAL_NAMES.search(question) or _HOW_MANY.search(question):
        return False
    numbered = _NUMBERED.search(question)
    items = len(_ITEM.findall(text))
    short_list = bool(numbered and 2 <= items < "零一二三四五六七八九十".index(numbered[1].replace("两", "二")))
    return short_list or not _JOINED.search(text)
