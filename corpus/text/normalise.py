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
    return Normal(converted(unicodedata.normalize("NFKC", text), "t2s").lower())


def converted(text: str, direction: str) -> str:
    """Return a text in other characters: Simplified (`t2s`), Traditional (`s2t`) or those of Taiwan (`s2tw`)."""
    result: str = _converter(direction).convert(text)
    return result


@lru_cache(maxsize=4)
def _converter(direction: str) -> OpenCC:
    return OpenCC(direction)


def digits(text: str) -> Normal:
    """Return a normalised copy with years in digits: 二〇二一年 → 2021年."""
    return Normal(years_in_digits(normalise(text)))
