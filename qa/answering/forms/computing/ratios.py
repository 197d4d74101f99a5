"""By what share, or how many times, a figure has grown: who asks it, and whether the text says it itself."""

import re
from collections.abc import Sequence
from enum import StrEnum

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import content, held
from qa.answering.forms.computing.statements import Line, Statement

_UP = "增长|增加|上升|上涨|提高|扩大|[多涨增升高长]"
_DOWN = "下降|减少|下跌|下滑|降低|回落|缩短|[少降减跌低]"
_CUT = "砍掉|砍|缩水|[压缩削]减|压缩|裁[减掉]"
# 增加了百分之多少, 少了几成
_RATE = re.compile(
    rf"(?P<verb>{_UP}|(?P<cut>{_CUT})|{_DOWN})(?:了|出)?(?:大概|大约)?"
    r"(?:百分之(?:多少|几)|(?:多少|几)(?:成(?!员|本|果|绩|人)|%)|百分比是?多少)"
)
_DOUBLED = re.compile(
    r"(?:是否|是不是|有没有|有没|算不算)?翻(?:了|没翻)?(?:[几一两二三]番|番|倍)了?(?:吗|么|没有|没|多少|呢)?"
)
# 是2019年的几倍
_MULTIPLE = re.compile(
    r"是(?P<time>以前|原来|之前|从前|过去|上年|去年|前年|(?:19|20)\d\d年?|(?:上年|去年)同期)的?(?:几|多少)倍"
)
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_COMPARES = re.compile(r"(?<![同环])比|较(?!少|多)|相比|从.{2,24}[到至]")
_GROWTH = re.compile(rf"{_UP}|{_DOWN}|同比|环比|翻|[±+]|-(?=\d)")
# Of two shares, which may be called 升学率 or 增速, only this says how they have grown.
_GROWN_BY = re.compile(rf"(?:{_UP}|{_DOWN}|提升|同比|环比)(?:了|约|近)*$")
_GROWTH_NAMED = re.compile(r"同比|环比|增[长幅减]|[升降]幅|比(?:上年|去年|\d)")
# What a sentence that tells a rate may say besides, where it goes on about what stands beside it.
_OF_NOTHING_ELSE = re.compile(
    rf"按[^，,。]{{0,8}}(?:价格?|口径)(?:计算|算)?|同口径|[可同]比|环比|比?(?:上年|去年|全年|本年|今年|\d+年)(?:同期)?|"
    rf"[增涨降][幅速]|{_UP}|{_DOWN}|速度|名义|实际|年均|平均|个百分点|[约为达到了是的，,。；;：:（）()\d.%\s]"
)
_OF_TIMES = re.compile(r"翻.{0,2}番|翻倍|\d倍")


class Ratio(StrEnum):
    """What is asked of two figures besides their difference; DOUBLED asks whether the one is twice the other."""

    RATE = "rate"
    TIMES = "times"
    DOUBLED = "doubled"


def ratio_asked(question: Normal) -> Ratio | None:
    """Return whether a question asks by what share, or how many times, something has grown; None for others."""
    if _MULTIPLE.search(question):
        return Ratio.TIMES
    return Ratio.DOUBLED if _DOUBLED.search(question) else Ratio.RATE if _RATE.search(question) else None


def names_times(question: Normal) -> bool:
    """Return whether a question says between which times or figures something grew: 比上年, 从甲到乙, 是去年的几倍.

    Where it does not, its share stands in the text, unless one sentence tells the figure before and the one after.
    """
    return bool(_COMPARES.search(question) or _MULTIPLE.search(question))


def as_change(question: Normal) -> Normal:
    """Return such a question as one for the difference of the same two figures; others as they are."""
    match ratio_asked(question):
        case Ratio.RATE:
            return Normal(_RATE.sub(lambda told: ("减少" if told["cut"] else told["verb"]) + "了多少", question))
        case Ratio.TIMES:
            return Normal(_MULTIPLE.sub(r"比\g<time>增加了多少", question))
        case Ratio.DOUBLED:
            return Normal(_DOUBLED.sub("增加了多少", question))
    return question


def is_told(
    question: Normal, figures: tuple[Statement, Statement], found: Sequence[Statement], lines: Sequence[Line]
) -> bool:
    """Return whether the text says itself by how much the figures have grown, so that it is quoted.

    It does in the sentences of the figures, in one that holds as much of the question, and in one beside them that is
    about nothing else.
    """
    own = {one.line for one in figures}
    compared = {(one.line, one.start) for one in figures}
    asked, shares = _DOUBLED.sub("", _RATE.sub("", question)), figures[0].unit == "%"
    about, named = content(asked), content(_YEAR.sub("", asked))
    least = min(held(about, _told(one, lines)) for one in figures)
    for one in found:
        text = lines[one.line].text
        if (one.line, one.start) in compared or not _is_growth(one, text, shares=shares):
            continue
        beside = not one.row and any(_is_beside(one.line, line, lines) for line in own)
        if one.line in own or held(about, _told(one, lines)) >= least or (beside and _goes_on(text, named)):
            return True
    return any(_OF_TIMES.search(lines[line].text) for line in own)


def _is_growth(one: Statement, text: str, *, shares: bool) -> bool:
    """Return whether a figure is a rate of growth; of two `shares` others like them are none."""
    if one.unit == "个百分点" or (one.unit == "%" and not shares):
        return bool(_GROWTH.search(_clause(text, one) + one.named))
    return one.unit == "%" and bool(
        _GROWN_BY.search(text[: one.start]) or (one.row and _GROWTH_NAMED.search(one.about))
    )


def _is_beside(one: int, other: int, lines: Sequence[Line]) -> bool:
    return abs(one - other) == 1 and lines[one].document == lines[other].document


def _goes_on(text: str, named: set[str]) -> bool:
    """Return whether a sentence names what is asked about, or nothing at all: 按不变价格计算，全年增速6.2%."""
    return held(named, text) == 1 or not _OF_NOTHING_ELSE.sub("", text)


def _told(one: Statement, lines: Sequence[Line]) -> str:
    return lines[one.line].text + lines[one.line].above + one.named


def _clause(text: str, one: Statement) -> str:
    before = re.search(r"[^，,；;。]*$", text[: one.start])
    behind = re.match(r"[^，,；;。]*", text[one.end :])
    return (before.group() if before else "") + (behind.group() if behind else "")
