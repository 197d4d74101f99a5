"""Checks that the years and figures of a question stand in the texts that are quoted for it."""

import math
import re
from collections.abc import Sequence

from corpus.text.numerals import SCALES, years_in_digits
from qa.answering.question.analysis import Question

_YEAR = re.compile(r"(?:19|20)\d{2}(?=\s*年|\b)")
_QUANTITY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(?:余|多)?(万亿|亿|万|千)?")
_COUNTED = re.compile(_QUANTITY.pattern + r"(?=\s*(?:吨|元|人|家|个|所|项|名|位|对|次|平方))")


def unsupported_figures(question: Question, quoted: Sequence[str]) -> list[str]:
    """Return the years and figures of a question that stand in none of the texts.

    Units are converted: 500万元 matches 0.05亿元. Rounding is allowed: 21亿元 and 20亿元 match 20.57亿元.
    """
    asked = question.search
    texts = [years_in_digits(text) for text in quoted]
    years = [year for year in _YEAR.findall(asked) if not any(year in text for text in texts)]
    values = [_value(match) for text in texts for match in _QUANTITY.finditer(text)]
    figures = [match for match in _COUNTED.finditer(asked) if not any(_rounds_to(value, match) for value in values)]
    return years + [match.group() for match in figures if not _YEAR.fullmatch(match.group())]


def _value(quantity: re.Match[str]) -> float:
    return float(quantity.group(1).replace(",", "")) * SCALES[quantity.group(2) or ""]


def _rounds_to(value: float, asked: re.Match[str]) -> bool:
    number = asked.group(1).replace(",", "")
    scale: float = 10 ** len(number.partition(".")[2])
    inexact = value / SCALES[asked.group(2) or ""] * scale
    wanted = round(float(number) * scale)
    # A whole number without 万 or 亿 is a count: 5 is not 5.4.
    if not asked.group(2) and scale == 1:
        return math.isclose(inexact, wanted)
    return wanted in (math.floor(inexact + 1e-6), round(inexact))
