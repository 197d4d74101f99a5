"""Whether what a question takes for granted stands in the words quoted: its years and figures."""

import re
from collections.abc import Sequence

from index.tokens import normalise

_FIGURE = re.compile(r"(?:19|20)\d{2}(?=\s*年|\b)|\d+(?:\.\d+)?(?=\s*(?:万|亿|吨|元|人|家|个|所|项|名|位|平方))")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_WHO = re.compile(
    r"(?:书记|省长|市长|区长|县长|主席|主任|校长|会长|局长|部长|董事长|经理|领导|负责人).{0,6}(?:谁|叫什么|名字|姓名|哪位)"
)
_PAST = re.compile(r"当时|时任|那时|曾|\d{4}|时(?:的|候)?[\u4e00-\u9fff]|前任|原来")
_ONCE = re.compile(r"时任|曾任|原任|前任")
_DIGITS = {char: str(i) for i, char in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def digits(text: str) -> str:
    """A normalised copy with years in digits: 二〇二一年 → 2021年."""
    return _CHINESE_YEAR.sub(lambda match: "".join(_DIGITS[char] for char in match.group()), normalise(text))


def unsupported_figures(question: str, quoted: Sequence[str]) -> list[str]:
    """The years and figures of a question that stand in none of the texts."""
    texts = [digits(text) for text in quoted]
    return [figure for figure in _FIGURE.findall(digits(question)) if not any(figure in text for text in texts)]


def only_past_office(question: str, quoted: Sequence[str]) -> bool:
    """Whether a question for who holds an office would be answered by a text that says who held it once."""
    asks_today = _WHO.search(question) and not _PAST.search(question)
    return bool(asks_today) and any(_ONCE.search(text) for text in quoted)
