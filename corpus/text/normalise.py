"""Copies of a text for matching; the text itself is never changed."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_DIGITS = {char: str(i) for i, char in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def normalise(text: str) -> str:
    """Return a copy for matching: NFKC, lower case, Simplified characters. Its length may differ."""
    simplified: str = _simplifier().convert(unicodedata.normalize("NFKC", text))
    return simplified.lower()


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def digits(text: str) -> str:
    """Return a normalised copy with years in digits: 二〇二一年 → 2021年."""
    return _CHINESE_YEAR.sub(lambda match: "".join(_DIGITS[char] for char in match.group()), normalise(text))
