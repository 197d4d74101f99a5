"""Whether what a question takes for granted stands in the words quoted: its years and figures."""

import re
from collections.abc import Sequence

from index.tokens import normalise

_FIGURE = re.compile(r"(?:19|20)\d{2}(?=\s*年|\b)|\d+(?:\.\d+)?(?=\s*(?:万|亿|吨|元|人|家|个|所|项|名|位|平方))")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_DIGITS = {char: str(i) for i, char in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def digits(text: str) -> str:
    """A normalised copy with years in digits: 二〇二一年 → 2021年."""
    return _CHINESE_YEAR.sub(lambda match: "".join(_DIGITS[char] for char in match.group()), normalise(text))


def unsupported_figures(question: str, quoted: Sequence[str]) -> list[str]:
    """The years and figures of a question that stand in none of the texts."""
    texts = [digits(text) for text in quoted]
    return [figure for figure in _FIGURE.findall(digits(question)) if not any(figure in text for text in texts)]
