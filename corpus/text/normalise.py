"""Copies of a text for matching; the text itself is never changed."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC

from corpus.text.numerals import years_in_digits


def normalise(text: str) -> str:
    """Return a copy for matching: NFKC, lower case, Simplified characters. Its length may differ."""
    simplified: str = _simplifier().convert(unicodedata.normalize("NFKC", text))
    return simplified.lower()


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def digits(text: str) -> str:
    """Return a normalised copy with years in digits: 二〇二一年 → 2021年."""
    return years_in_digits(normalise(text))
