"""Copies of a text for matching; the text itself is never changed."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC

from corpus.text.numerals import years_in_digits


class Normal(str):
    """A text that is a normalised copy, and so its own; steps that look for words in it need not copy it again."""

    __slots__ = ()


def normalise(text: str) -> Normal:
    """Return a copy for matching: NFKC, lower case, Simplified characters. Its length may differ."""
    if isinstance(text, Normal):
        return text
    simplified: str = _simplifier().convert(unicodedata.normalize("NFKC", text))
    return Normal(simplified.lower())


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def digits(text: str) -> Normal:
    """Return a normalised copy with years in digits: 二〇二一年 → 2021年."""
    return Normal(years_in_digits(normalise(text)))
