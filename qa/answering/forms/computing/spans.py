"""How long it was from one thing to another, or is until one: computed from dates that a text tells in full."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import OPENING, Conclusion, content, held
from qa.answering.forms.computing.order import date_of, dated, statement_of
from qa.answering.forms.computing.statements import Line
from qa.answering.forms.figures import Date
from qa.answering.question.words import WH

_NAME = r"[^，,、？?]{2,16}?"
_HOW_LONG = r"(?:多久|多长时间|好久|(?:多少|几)(?P<unit>天|个月|年))"
_PASSED = r"(?:中间|前后)?(?:相隔|间隔|隔|相差|历时|经过|过|用|花)了?"
_ASKED = (
    re.compile(rf"^(?P<of>[^，,、？?]{{0,12}}?)从(?P<a>{_NAME})到(?P<b>{_NAME})[，, ]*(?:{_PASSED})?{_HOW_LONG}$"),
    re.compile(rf"^(?P<of>)(?P<a>{_NAME})(?:和|与|跟|到)(?P<b>{_NAME})(?:之间)?{_PASSED}{_HOW_LONG}$"),
)
_UNTIL = re.compile(rf"^(?:现在|今天)?(?:离|距离?)(?P<what>[^，,、？?]{{2,20}}?)(?:还有|还要|还剩){_HOW_LONG}$")
# 从家到厂里要走多久 asks for the way.
_ON_THE_WAY = re.compile(r"[要跑走等坐]$")
# The share of a name that the words around its date have to hold.
_LEAST = 0.75


@dataclass(frozen=True, slots=True)
class Apart:
    """Two things of which a question asks how long they are apart, and the unit that it names, if any."""

    names: tuple[str, str]
    of: str
    unit: str


def apart_asked(question: Normal) -> Apart | None:
    """Return the two things whose distance in time a question asks; None for other questions."""
    copy = _bare(question)
    match = next(filter(None, (pattern.search(copy) for pattern in _ASKED)), None)
    if not match:
        return None
    names = match["a"].strip(" 的"), match["b"].strip(" 的")
    named = names[0] != names[1] and not re.search(WH, "，".join(names)) and not _ON_THE_WAY.search(names[1])
    return Apart(names, match["of"], match["unit"] or "") if named else None


def until_asked(question: Normal) -> str:
    """Return what a question asks the time until (离开馆还有几天); empty for other questions."""
    match = _UNTIL.search(_bare(question))
    return match["what"].strip(" 的") if match else ""


def time_apart(asked: Apart, lines: Sequence[Line]) -> Conclusion | None:
    """Return how long two things are apart; None unless a text tells one date of each, both as exact."""
    told = dated(lines)
    one, other = (date_of(asked.of + name, told, least=_LEAST) for name in asked.names)
    if one is None or other is None or one is other:
        return None
    about = content(asked.of + "".join(asked.names))
    if held(about, "".join(each.of + lines[each.line].above for each in (one, other))) < 1:
        return None
    verdict = _between(one.date, other.date, asked.unit)
    line = f"{other.text} − {one.text} = {verdict}"
    return Conclusion(verdict, line, (statement_of(other), statement_of(one)), {}, certain=True) if verdict else None


def time_until(what: str, today: date, lines: Sequence[Line]) -> Conclusion | None:
    """Return the days from today to what a text dates to the day; None where it does not, or where that is past."""
    one = date_of(what, dated(lines), least=_LEAST)
    day = _day(one.date) if one else None
    if one is None or day is None or day <= today or held(content(what), one.of + lines[one.line].above) < 1:
        return None
    verdict = f"{(day - today).days}天"
    line = f"{one.text} − {today.year}年{today.month}月{today.day}日 = {verdict}"
    return Conclusion(verdict, line, (statement_of(one),), {}, certain=True)


def _bare(question: Normal) -> str:
    return re.sub(r"[？?。呢啊呀嘛了 ]+$", "", OPENING.sub("", question))


def _between(one: Date, other: Date, unit: str) -> str:
    """Return how long it is from one date to another, in days where both are exact to the day; empty where unsure."""
    first, last = _day(one), _day(other)
    if first and last and unit in ("", "天"):
        return f"{(last - first).days}天" if last > first else ""
    if not one.year or not other.year or unit == "天" or bool(one.month) != bool(other.month) or one.day or other.day:
        return ""
    if not one.month or not other.month:
        return f"{other.year - one.year}年" if other.year > one.year and unit != "个月" else ""
    months = (other.year - one.year) * 12 + other.month - one.month
    if months <= 0:
        return ""
    years, rest = divmod(months, 12)
    if unit == "个月" or not years:
        return f"{months}个月"
    return f"{years}年{rest}个月" if rest else f"{years}年"


def _day(told: Date) -> date | None:
    if not (told.year and told.month and told.day):
        return None
    try:
        return date(told.year, told.month, told.day)
    except ValueError:
        return None
