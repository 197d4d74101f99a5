"""The kinds of table cells, which distinguish column names from the values below them."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from corpus.text.measures import MEASURE


class Kind(Enum):
    """A kind of cell. `CODE`: a telephone, a time of day, a document's number. `PERIOD`: a year or a month."""

    NOTHING = 0
    NUMBER = 1
    DATE = 2
    PERIOD = 3
    CODE = 4
    WORDS = 5
    PROSE = 6


FIGURES = (Kind.NUMBER, Kind.DATE, Kind.CODE)
_NOTHING = re.compile(r"[-—–－/／\\…*·\s]*|无|空|N/?A", re.IGNORECASE)
_NUMBER = re.compile(rf"[-+－−±约≥≤><]?\s*[¥￥$]?\s*\d[\d,，]*(?:\.\d+)?\s*{MEASURE}")
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：]\d\d)?")
_YEAR = r"(?:19|20)\d\d"
_PERIOD = re.compile(
    rf"{_YEAR}(?:年(?:度|末|底|初)?)?|{_YEAR}\s*[-/.年]\s*\d{{1,2}}月?|(?:{_YEAR}年)?\d{{1,2}}(?:[-—–至]\d{{1,2}})?月份?|"
    rf"[一二三四五六七八九十]{{1,2}}月份?|(?:{_YEAR}年)?(?:第?[一二三四1-4]季度|[上下]半年|全年)|(?:星期|周)[一二三四五六日天]|"
    rf"{_YEAR}年?\s*[-—–至~]\s*(?:20)?\d\d年?(?:度|[春夏秋冬]季|[\u4e00-\u9fff]{{1,2}}季|学年)?|{_YEAR}年?[春夏秋冬]季?(?:学期)?"
)
_UNIT = re.compile(r"[a-zμ]{1,4}/\d{1,4}[a-zA-Z]{1,4}[²³]?")  # g/100g, below its figure
_DIGITS = re.compile(r"\d")
_YEAR_BEFORE_WORDS = re.compile(r"(?:19|20)\d\d年度?|\d{1,2}月份?")
_SENTENCE = re.compile(r"[。！？；]")
_LONG_NAME = 40


def kind(text: str) -> Kind:
    """Return the kind of a cell's words."""
    return Kind.PROSE if len(text) > _LONG_NAME else _kind_of_few(text)


@lru_cache(maxsize=8192)
def _kind_of_few(text: str) -> Kind:
    if _NOTHING.fullmatch(text):
        return Kind.NOTHING
    if _SENTENCE.search(text):
        return Kind.PROSE
    if _PERIOD.fullmatch(text):
        return Kind.PERIOD
    if _DATE.fullmatch(text):
        return Kind.DATE
    if _NUMBER.fullmatch(text):
        return Kind.NUMBER
    if _UNIT.fullmatch(text):
        return Kind.WORDS
    rest = _YEAR_BEFORE_WORDS.sub("", text)
    return Kind.CODE if 2 * len(_DIGITS.findall(rest)) >= len(rest) else Kind.WORDS


def common(kinds: Sequence[Kind]) -> tuple[Kind, float]:
    """Return the kind of most non-empty cells, and its share (0–1). Years count as numbers here."""
    counts = Counter(Kind.NUMBER if one is Kind.PERIOD else one for one in kinds if one is not Kind.NOTHING)
    if not counts:
        return Kind.NOTHING, 0.0
    most, number = counts.most_common(1)[0]
    return most, number / counts.total()
