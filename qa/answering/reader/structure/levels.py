"""Tells a level, class or grade that a question asks for from the others: Ⅱ级 is not Ⅰ级, 村级 not 镇级."""

import re
from collections.abc import Iterator

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_SIGNS = (
    r"(?<![a-z])(?:iv|vi?|i{1,3}|[a-e])|(?<![一二三四五六七八九十百第之上下])[一二三四五六七八九十]|(?<![\d.])\d|"
    r"[甲乙丙丁戊]"
)
_LEVEL = re.compile(rf"(?P<sign>{_SIGNS})(?P<rank>[级类档等星期])(?P<of>[\u4e00-\u9fff]{{2}})")
_LISTED = re.compile(rf"(?P<sign>{_SIGNS})(?=(?:[、和或至到—~-]+(?:{_SIGNS}))*(?P<rank>[级类档等星期]))")
# A bound or a span may take in the level asked for without naming it.
_BOUND = re.compile(r"[级类档等星期]\S{0,2}(?:以上|以下|及以|至|到|—|~|-)|各[级类档等星期]|[每任]一[级类档等星期]")

_OFFICE = "国家|[省市县区镇乡村]"
_OF_OFFICE = re.compile(rf"(?P<office>{_OFFICE})级(?P<of>[\u4e00-\u9fff]{{2}})")
_RUN_ON = r"[省市县区镇乡村、和及与()级]{0,6}"  # 县(区)级, 乡镇级, 市、县


def of_another_level(question: Normal, quoted: str) -> bool:
    """Return whether a question asks for one level of something and the words quoted are of others alone."""
    return _of_another_class(question, quoted) or _of_another_office(question, quoted)


def _of_another_office(question: Normal, quoted: str) -> bool:
    asked, text = _OF_OFFICE.findall(question), normalise(quoted)
    if len(asked) != 1 or _BOUND.search(text):
        return False
    office, of = asked[0]
    named = re.search(rf"{office}{_RUN_ON}{re.escape(of)}", text)
    return not named and bool(re.search(rf"(?:{_OFFICE})级{re.escape(of)}", text))


def _of_another_class(question: Normal, quoted: str) -> bool:
    asked = [(_rank(match), match["of"]) for match in _LEVEL.finditer(question)]
    text = normalise(quoted)
    if len(asked) != 1 or _BOUND.search(text):
        return False
    (sign, rank), of = asked[0]
    same = any(match["rank"] == rank and match["of"] == of for match in _LEVEL.finditer(text))
    return same and (sign, rank) not in set(_levels(text))


def _levels(text: str) -> Iterator[tuple[int | str, str]]:
    return map(_rank, _LISTED.finditer(text))


def _rank(match: re.Match[str]) -> tuple[int | str, str]:
    sign = match["sign"]
    if sign in _ROMAN:
        return _ROMAN[sign], match["rank"]
    return (sign if sign in "甲乙丙丁戊abcde" else whole_number(sign)), match["rank"]
