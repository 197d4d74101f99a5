"""Which cell of a row is of the kind that a question asks for: a sum of money, an office of that name."""

import re

from corpus.text.normalise import normalise
from qa.answering.forms.tables.naming.columns import WRITTEN_UNIT
from qa.answering.forms.tables.naming.names import joined
from qa.answering.forms.tables.reading import Cell, Row

# 那个所 at the place of a question word is a slip for 哪个所, where no other question word stands.
_WHICH_OF_A_KIND = re.compile(r"[哪那][一]?(?:[个家间座位])(?P<noun>[\u4e00-\u9fff]{1,4})")
_MONEY_ASKED = re.compile(r"多少钱|几多钱|好多钱")
_THING_ASKED = re.compile("(?:什么|啥|哪种|哪样|哪个)(?:东西|产品|商品|食品|样品|物品|货)")
_NAMES_THINGS = re.compile("(?:样品|产品|商品|食品|物品|货物|标的)(?:名称)?|品名|品种")
_DIGIT = re.compile(r"\d")


def column_of_the_money(question: str, row: Row, place: int) -> int | None:
    """Return the one cell of money where a question asks how much money, and the one found holds none.

    Of 养护…安排多少钱 it is 资金, whatever 养护类型 shares with the question.
    """
    if not _MONEY_ASKED.search(question) or place <= row.key or _is_money(row.cells[place]):
        return None
    if joined(row.cells[place].column) in joined(question):
        return None  # 接送车多少钱 asks for no 床位费
    found = [n for n, cell in enumerate(row.cells) if n > row.key and _is_money(cell)]
    return found[0] if len(found) == 1 and not _DIGIT.search(row.cells[place].text) else None


def column_of_the_thing(question: str, row: Row) -> int | None:
    """Return the one column of things where a question asks what thing it was: 样品名称 for 不合格的是什么东西."""
    if not _THING_ASKED.search(question):
        return None
    found = [n for n, cell in enumerate(row.cells) if _NAMES_THINGS.fullmatch(joined(cell.column))]
    return found[0] if len(found) == 1 and normalise(row.cells[found[0]].text) not in question else None


def _is_money(cell: Cell) -> bool:
    return bool(WRITTEN_UNIT.search(normalise(cell.said)))


def column_of_the_kind(question: str, row: Row, place: int) -> int | None:
    """Return the one cell of the kind that a question asks for, the one found being of another: 码头所 for 哪个所.

    The longest end of a cell decides. What the question says itself is not asked for.
    """
    asked = _WHICH_OF_A_KIND.search(question)
    if not asked:
        return None
    for length in range(len(asked["noun"]), 0, -1):
        noun = asked["noun"][:length]
        cells = [normalise(cell.text) for cell in row.cells]
        found = [n for n, text in enumerate(cells) if text.endswith(noun) and text != noun and text not in question]
        if place in found or len(found) > 1:
            return None
        if found:
            return found[0]
    return None
