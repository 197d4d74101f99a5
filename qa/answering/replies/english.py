"""Figures and dates of the first line in English, for questions in English; all else stays as it is."""

import re
from dataclasses import replace
from decimal import Decimal

from corpus.text.measures import MULTIPLES
from qa.answering.forms.base import AnswerForm
from qa.answering.forms.figures import ABOUT, ABOVE, BELOW, Date, Figure, facts
from qa.answering.question.words import has_han

# What joins the pieces of a first line, each of which is a value or is not.
_JOINING = re.compile(r"( ?[−÷=<>≥≤+] |: |：|; |；|、|\n|[（）()])")
_TO = re.compile(r"\s*(?:至|到|—+|－|–|~|～|(?<=[日月年号])-)\s*")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# One and several of a unit; those without an English word of their own are left out, and the original stands beside.
_UNITS: dict[str, tuple[str, str]] = {
    "元": ("yuan", "yuan"),
    "美元": ("US dollar", "US dollars"),
    "欧元": ("euro", "euros"),
    "港元": ("Hong Kong dollar", "Hong Kong dollars"),
    "人": ("person", "people"),
    "对": ("pair", "pairs"),
    "户": ("household", "households"),
    "年": ("year", "years"),
    "个月": ("month", "months"),
    "天": ("day", "days"),
    "日": ("day", "days"),
    "小时": ("hour", "hours"),
    "分钟": ("minute", "minutes"),
    "岁": ("year of age", "years of age"),
    "次": ("time", "times"),
    "倍": ("time", "times"),
    "吨": ("tonne", "tonnes"),
    "公斤": ("kg", "kg"),
    "公里": ("km", "km"),
    "米": ("m", "m"),
    "平方米": ("m²", "m²"),
    "平方公里": ("km²", "km²"),
    "立方米": ("m³", "m³"),
    "公顷": ("hectare", "hectares"),
    "亩": ("mu", "mu"),
    "千瓦时": ("kWh", "kWh"),
    "千瓦": ("kW", "kW"),
    "个百分点": ("percentage point", "percentage points"),
}
_BEFORE = (
    (re.compile(r"^(?:不少于|不低于|至少|最少|最低|不小于)"), "at least "),
    (re.compile(r"^(?:不超过|至多|最多|最高|不高于|不大于)"), "at most "),
    (re.compile(r"^(?:超过|超出|突破|高于|大于|多于|逾|超)"), "more than "),
    (re.compile(r"^(?:不到|不足|低于|小于|少于|未满)"), "less than "),
    (re.compile(r"^(?:大约|大概|接近|将近|约|近)"), "about "),
    (re.compile(r"^(?:每(?=[\d零一二三四五六七八九十]))"), "every "),
)
_BEHIND = {ABOVE: "more than ", BELOW: "at most ", ABOUT: "about "}
_AT_LEAST = re.compile("以上$")
_LARGE = re.compile(rf"[万亿]|(?<=\d)(?!{MULTIPLES})千")


def in_english(form: AnswerForm, short: str) -> AnswerForm:
    """Return the form with the values of its first line in English; without a line, `short` is said first."""
    line = form.line or short
    said = "".join(piece if _JOINING.fullmatch(piece) else value(piece) or piece for piece in _JOINING.split(line))
    return form if said == line else replace(form, line=said)


def value(text: str) -> str:
    """Return a figure, a date or a range of either in English; empty where the text is anything else.

    The original stands beside an amount in 万 or 亿, and beside what is counted in a unit without an English word.
    """
    text = text.strip()
    if not has_han(text):
        return ""
    if one := _date(text) or _figure(text):
        return one
    ends = _TO.split(text)
    if len(ends) != 2:
        return ""
    first, last = ends
    if (start := _date(first)) and (end := _date(last) or _day_of(first, last)):
        return f"{start} to {end}"
    number = re.fullmatch(r"\d[\d,]*(?:\.\d+)?", first)
    until = _figure(last)
    return f"{first} to {until}" if number and until and not _LARGE.search(last) and until[0].isdigit() else ""


def _date(text: str) -> str:
    found = facts(text)
    if len(found.dates) != 1 or found.figures or (found.dates[0].start, found.dates[0].end) != (0, len(found.copy)):
        return ""
    return _written(found.dates[0])


def _written(date: Date) -> str:
    month = _MONTHS[date.month - 1] if date.month else ""
    return " ".join(filter(None, (str(date.day or ""), month, str(date.year or ""))))


def _day_of(first: str, last: str) -> str:
    """Return the end of a range within one month: 6月3日至14日."""
    day = re.fullmatch(r"(\d{1,2})[日号]", last)
    dates = facts(first).dates
    return _written(replace(dates[0], day=int(day[1]))) if day and len(dates) == 1 and dates[0].month else ""


def _figure(text: str) -> str:
    bound, rest = next(((said, p.sub("", text)) for p, said in _BEFORE if p.search(text)), ("", text))
    found = facts(rest)
    figure = found.figures[0] if len(found.figures) == 1 and not found.dates else None
    if figure is None or figure.ordinal or (figure.start, figure.end) != (0, len(found.copy)):
        return ""
    if figure.bound and bound:
        return ""
    behind = _BEHIND.get(figure.bound, "")
    said = bound + ("at least " if behind and _AT_LEAST.search(rest) else behind) + _number(figure)
    return f"{said} ({text})" if _LARGE.search(text) or figure.unit not in _UNITS and figure.unit != "%" else said


def _number(figure: Figure) -> str:
    whole = figure.value == figure.value.to_integral_value()
    number = f"{int(figure.value):,}" if whole else f"{figure.value.normalize():,f}"
    if figure.unit == "%":
        return number + "%"
    one, several = _UNITS.get(figure.unit, ("", ""))
    return f"{number} {one if figure.value == Decimal(1) else several}".strip()
