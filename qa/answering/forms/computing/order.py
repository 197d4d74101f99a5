"""Which of two things was first: the dates that a text tells of them, compared where each is told one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.comparing import OPENING, Conclusion, content, held
from qa.answering.forms.computing.statements import Line, Statement
from qa.answering.forms.figures import Date, facts
from qa.answering.question.analysis import pairs_in

_FIRST = "先早前"
_WORD = r"(?P<dir>在前|在先|在后|靠前|靠后|最?(?:先|早|晚|迟))"
_WHICH = r"(?:哪一?[个件家座所项批条期届处]?|谁|哪边)"
_NAME = r"[^，,、？?]{2,20}?"
_ASKED = (
    re.compile(
        rf"^(?P<a>{_NAME})(?P<dir>先|早|晚|迟)(?P<what>[^，,？?]{{0,8}}?)[，, ]*"
        rf"还是(?P<b>{_NAME})(?P=dir)(?:(?P=what))?$"
    ),
    re.compile(rf"^(?P<what>[^，,、？?]{{0,12}}?)是?先(?P<a>{_NAME})[，, ]*还是先?(?P<b>{_NAME})(?P<dir>)$"),
    re.compile(
        rf"^(?P<a>{_NAME})(?:和|跟|与|同|还是|、)(?P<b>{_NAME})[，, ]*(?:这?两[个件家座所项批期届次])?"
        rf"(?:(?<=[，, ])(?P<of>[^，,、？?哪谁]{{2,6}}?))?(?:是|到底)?{_WHICH}"
        rf"(?P<what>[^，,？?]{{0,8}}?)得?{_WORD}(?P<then>[^，,？?]{{0,8}}?)$"
    ),
)
_BORDER = re.compile(r"[，,；;：:]")
_STOP = re.compile(r"[。；;\n|]")
# The share of a name that the words around its date have to hold, and of the whole question that both have to.
_LEAST, _WHOLE = 0.5, 0.75


@dataclass(frozen=True, slots=True)
class Order:
    """Two things of which a question asks the first, or the last; `what` is said of both."""

    names: tuple[str, str]
    what: str
    first: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A date and the words of its line that say of what it is."""

    date: Date
    of: str
    line: int
    text: str


def order_asked(question: Normal) -> Order | None:
    """Return the two things whose order a question asks; None for other questions."""
    copy = OPENING.sub("", question.strip("？?。呢啊 "))
    for pattern in _ASKED:
        if match := pattern.search(copy):
            parts = match.groupdict()
            a, b = (parts[name].strip(" 的是") for name in "ab")
            if min(len(a), len(b)) > 1 and a != b:
                what = (parts.get("of") or "") + parts["what"] + (parts.get("then") or "")
                return Order((a, b), what, not parts["dir"] or parts["dir"][-1] in _FIRST)
    return None


def which_was_first(asked: Order, lines: Sequence[Line]) -> Conclusion | None:
    """Return the one that was first, or last; None unless a text tells one date of each, as exact as it takes."""
    told = dated(lines)
    found = [date_of(name + asked.what, told) for name in asked.names]
    one, other = found
    if one is None or other is None or one is other:
        return None
    order = compared_in_time(one.date, other.date)
    about = content("".join(asked.names) + asked.what)
    around = "".join(each.of + lines[each.line].above for each in (one, other))
    if not order or held(about, around) < _WHOLE:
        return None
    earlier, later = (one, other) if order < 0 else (other, one)
    name = asked.names[(found.index(earlier if asked.first else later))]
    line = f"{earlier.text}早于{later.text}：{name}"
    return Conclusion(name, line, (statement_of(earlier), statement_of(later)), {}, certain=True)


def dated(lines: Sequence[Line]) -> list[Told]:
    """Return the dates of all lines that name their year, each with what its line says of it."""
    return [one for number, line in enumerate(lines) for one in _dates(line.text, number)]


def _dates(text: str, number: int) -> Iterator[Told]:
    """Yield the dates of a line that name their year, each with what the line says of it."""
    read = facts(text)
    if len(read.copy) != len(text) or not read.dates:
        return
    opening = text[: read.dates[0].start]
    subject = "".join(re.split(f"({_BORDER.pattern})", opening.rstrip("：:"))[:-1]) or opening
    ends = [date.start for date in read.dates[1:]] + [len(text)]
    last = 0
    for date, end in zip(read.dates, ends, strict=True):
        before = _BORDER.split(_STOP.split(text[last : date.start])[-1].rstrip("：:"))[-1]
        behind = _STOP.split(text[date.end : end])[0]
        if end < len(text):
            # What stands before the next date, behind a comma, is said of that one.
            pieces = _BORDER.split(behind)
            behind = pieces[0] if pieces[0] or before.strip() else "".join(pieces[:2])
        if date.year:
            of = (subject + before if last else opening) + behind
            yield Told(date, of, number, text[date.start : date.end].strip())
        last = date.end


def date_of(name: str, told: Sequence[Told], *, least: float = _LEAST) -> Told | None:
    """Return the date that is surely of a name: no other date's words hold as much of it, or that date is the same.

    They hold at least the share `least` of it.
    """
    wanted, pairs = content(name), pairs_in(name)
    near = [one for one in told if pairs & pairs_in(normalise(one.of))]
    ranked = sorted(((held(wanted, one.of), one) for one in near), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < least:
        return None
    best = [one for share, one in ranked if share == ranked[0][0]]
    return best[0] if all(not best[0].date.contradicts(one.date) for one in best) else None


def compared_in_time(one: Date, other: Date) -> int:
    """Return -1 where the first date is earlier, 1 where it is later, 0 where that cannot be told."""
    for mine, its in ((one.year, other.year), (one.month, other.month), (one.day, other.day)):
        if mine is None or its is None:
            return 0
        if mine != its:
            return -1 if mine < its else 1
    return 0


def statement_of(told: Told) -> Statement:
    """Return a date as a statement, called by the words around it."""
    start = told.date.start
    of = normalise(told.of).strip("，,。；;：: ")
    return Statement(of, "", Decimal(0), "日", "", told.line, start, start + len(told.text), told.text)
