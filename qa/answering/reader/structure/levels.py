"""Tells a level, class or grade that a question asks for from the others: Ⅱ级 is not Ⅰ级, 村级 not 镇级."""

import re
from collections.abc import Iterator

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_SIGNS = (
    r"(?<![a-z])(?:iv|vi?|i{1,3}|[a-e])|(?<![一二三四五六七八九十百第之上下])[一二三四五六七八九十]|(?<![\d.])\d|"
    r"[甲乙丙丁戊]|国家(?=级)|[省市县区镇乡村](?=级)"
)
_OF_OFFICES = ("国家", *"省市县区镇乡村")
_LETTERS = "甲乙丙丁戊abcde"
_LEVEL = re.compile(rf"(?P<sign>{_SIGNS})(?P<rank>[级类档等])(?P<of>[\u4e00-\u9fff]{{2}})")
_LISTED = re.compile(rf"(?P<sign>{_SIGNS})(?=(?:[、和或至到—~-]+(?:{_SIGNS}))*(?P<rank>[级类档等]))")
# A bound or a span may take in the level asked for without naming it.
_BOUND = re.compile(r"[级类档等]\S{0,2}(?:以上|以下|及以|至|到|—|~|-)|各[级类档等]|[每任]一[级类档等]")


def of_another_level(question: Normal, quoted: str) -> bool:
    """Return whether a question asks for one level of something and the words quoted are of others alone."""
    asked = [(_rank(match), match["of"]) for match in _LEVEL.finditer(question)]
    text = normalise(quoted)
    if len(asked) != 1 or _BOUND.search(text):
        return False
    (sign, rank), of = asked[0]
    same = any(_rank(match)[1] == rank and match["of"] == of for match in _LEVEL.finditer(text))
    return same and (sign, rank) not in set(_levels(text))


def _levels(text: str) -> Iterator[tuple[int | str, str]]:
    return map(_rank, _LISTED.finditer(text))


def _rank(match: re.Match[str]) -> tuple[int | str, str]:
    """Return a level and its scale: that of offices, 县级, is none of classes, 一级."""
    sign, rank = match["sign"], match["rank"]
    if sign in _ROMAN:
        return _ROMAN[sign], rank
    if sign in _OF_OFFICES:
        return sign, "office"
    return (sign if sign in _LETTERS else whole_number(sign)), rank
