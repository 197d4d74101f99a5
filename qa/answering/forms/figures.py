"""Reads figures with their units, and dates, in one form: 二十七对 is 27对, 0.05亿元 is 500万元, 三月一日 is 3月1日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.text.measures import MULTIPLES
from corpus.text.normalise import digits
from corpus.text.numerals import SCALES, number, whole_number

ABOVE, BELOW, ABOUT = ">", "<", "~"
# 三千瓦 are three 千瓦; 三千米 and 三千字 are as many in either reading, and are said of 米 and 字.
_NUMERAL = rf"(?:(?!{MULTIPLES}(?<![米字]))[零〇一二两三四五六七八九十百千万亿])+(?:点[零〇一二三四五六七八九]+)?"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Units, longer names first. The names in one row mean the same unit.
_UNITS: tuple[tuple[str, ...], ...] = (
    ("个百分点", "百分点"),
    ("平方公里", "平方千米"),
    ("平方米", "㎡", "m2", "平米", "平"),
    ("立方米", "方"),
    ("公里", "千米", "km"),
    ("千瓦时", "度电"),
    *((unit,) for unit in ("千瓦", "千伏安", "千伏", "千卡", "千焦", "千帕", "百帕", "千赫", "千字")),
    ("人次",),
    ("批次", "批"),
    ("美元",),
    ("欧元",),
    ("港元",),
    ("元", "块钱", "元人民币"),
    ("公顷",),
    ("公斤", "千克"),
    ("个月",),
    ("小时",),
    ("分钟",),
    ("吨", "t"),
    ("蒸吨",),
    ("毫米",),
    ("厘米",),
    ("毫升",),
    ("马力",),
    ("人", "名", "位"),
    ("%",),
    *((char,) for char in "家个所对项次台套辆条座米亩岁天年月日户件种类期届层栋间倍起场轮张株头只片支篇部本克升艘架"),
)
# Units that 百, 千 and 万 count without a number before them: 千名干部, but not 万元户.
_ROUND_COUNTS = ("名", "位", "人", "家", "户")
_UNIT_OF = {name: names[0] for names in _UNITS for name in names}
# 方 counts cubic metres behind digits only: 三方, 3方面 and 3方协议 are none.
_CUBIC_METRES = r"(?<=\d)方(?![面案式向法便协当责代主参会签])"
# 平 counts square metres behind digits only, and is no part of another word there: 3平方, 2平台.
_SQUARE_METRES = r"(?<=\d)平(?![方行台均衡坦安静稳整时常等面坡川原易江湖遥阳凉])"
_UNIT = "|".join(
    [*sorted(map(re.escape, _UNIT_OF.keys() - {"方", "平"}), key=len, reverse=True), _CUBIC_METRES, _SQUARE_METRES]
)
_BEFORE = (
    (ABOVE, r"超过|超出|突破|高于|大于|多于|不少于|不低于|至少|逾|超|上(?=百|千|万)"),
    (BELOW, r"不到|不足|低于|小于|少于|不超过|至多|未满|最多"),
    (ABOUT, r"大约|大概|将近|接近|约|近"),
)
_AFTER = ((ABOVE, r"以上|余|多|有余"), (BELOW, r"以下|以内|之内"), (ABOUT, r"左右|上下"))
_FIGURE = re.compile(
    rf"(?P<ordinal>第\s*)?(?P<percent>百分之)?(?:(?P<number>{_DIGITS})|(?P<numeral>{_NUMERAL}))\s*"
    rf"(?P<more>余|多)?(?P<scale>(?!{MULTIPLES})(?:(?<=\d)(?:万亿|[十百]?万|亿|千|百)|(?<=[余多])(?:万亿|万|亿|千)))?\s*(?P<late>余|多)?"
    rf"(?P<unit>{_UNIT})?(?P<end>以上|以下|以内|之内|左右|上下|有余)?"
)
_BOUND = re.compile(
    "(?:" + "|".join(f"(?P<b{number}>{words})" for number, (_, words) in enumerate(_BEFORE)) + r")(?:达|有|了)?\s*$"
)
_DATE = re.compile(
    r"(?:(?<!\d)(?P<year>(?:19|20)\d{2})\s*(?:年(?!来前后多余)|(?=\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d))))?\s*[-/.]?"
    r"(?:(?P<month>(?<![\d.])(?:1[0-2]|0?[1-9]))\s*(?:月(?!份?牌)份?|(?(year)[-/.](?=\s*\d)|(?!))))?\s*"
    r"(?:(?<=[月\-/.\s])(?P<day>(?:[12]\d|3[01]|0?[1-9])(?!\d))\s*[日号]?)?"
)
_NO_COUNT = re.compile(r"(?:进一步|唯一|统一|之一|万一|十分|一起|一度|一年一度|一名不|一本正)")
_MONTH_DAY = re.compile(r"(?P<m>[一二三四五六七八九十]{1,3})月(?:(?P<d>[一二三四五六七八九十]{1,3})[日号])?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in base form, at `[start, end)` of the copy; `bound` is ABOVE, BELOW, ABOUT or ""."""

    value: Decimal
    unit: str
    bound: str
    start: int
    end: int
    ordinal: bool = False

    def same(self, other: "Figure") -> bool:
        """Return whether both state the same figure, however they are written."""
        alike = self.value == other.value and self.ordinal == other.ordinal and self.bound == other.bound
        return alike and self.unit == other.unit


@dataclass(frozen=True, slots=True)
class Date:
    """A date: year, month and day, each None when it is not written."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def within(self, other: "Date") -> bool:
        """Return whether the other date states every part that this one states."""
        mine, its = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(part is None or part == theirs for part, theirs in zip(mine, its, strict=True))

    def contradicts(self, other: "Date") -> bool:
        mine, its = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return any(a is not None and b is not None and a != b for a, b in zip(mine, its, strict=True))


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures and dates in `copy`: the text with digits, one width and Simplified characters."""

    copy: str
    figures: tuple[Figure, ...]
    dates: tuple[Date, ...]

    @property
    def places(self) -> list[tuple[int, int]]:
        """The spans `[start, end)` of figures and dates in the copy, in order."""
        return sorted([(f.start, f.end) for f in self.figures] + [(d.start, d.end) for d in self.dates])


def facts(text: str) -> Facts:
    """Return the figures and dates of a text."""
    copy = _MONTH_DAY.sub(_month_day, digits(text))
    dates = tuple(_dates(copy))
    taken = [(date.start, date.end) for date in dates] + [match.span() for match in _NO_COUNT.finditer(copy)]
    figures = tuple(f for f in _figures(copy) if not any(start < f.end and f.start < end for start, end in taken))
    return Facts(copy, figures, dates)


def governing(figure: Figure, found: Facts) -> Date | None:
    """Return the date that a figure belongs to: the last one before it in the sentence."""
    before = [date for date in found.dates if date.end <= figure.start]
    return before[-1] if before else None


def _month_day(match: re.Match[str]) -> str:
    month, day = whole_number(match["m"]), whole_number(match["d"]) if match["d"] else None
    if month > 12 or (day and day > 31):
        return match.group()
    return f"{month}月" + (f"{day}日" if day else "")


def _dates(copy: str) -> Iterator[Date]:
    for match in _DATE.finditer(copy):
        year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
        if (year or month) and not (day and not month):
            text = match.group()
            start = match.start() + len(text) - len(text.lstrip())
            yield Date(year, month, day, start, match.end())


def _figures(copy: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(copy):
        try:
            value = number(match["number"] or match["numeral"])
        except ValueError:
            continue  # 万人
        counted = match["number"] or match["unit"] or match["ordinal"] or match["percent"]
        if not counted:
            continue
        if match["numeral"] and set(match["numeral"]) <= set("百千万亿") and match["unit"] not in _ROUND_COUNTS:
            continue
        unit = "%" if match["percent"] else _UNIT_OF.get(match["unit"] or "", "")
        value *= SCALES[match["scale"] or ""]
        yield Figure(value.normalize(), unit, _bound(copy, match), match.start(), match.end(), bool(match["ordinal"]))


def _bound(copy: str, match: re.Match[str]) -> str:
    if match["more"] or match["late"]:
        return ABOVE
    if match["end"]:
        return next(bound for bound, words in _AFTER if re.fullmatch(words, match["end"]))
    before = _BOUND.search(copy, max(0, match.start() - 6), match.start())
    if not before:
        return ""
    return next(bound for number, (bound, _) in enumerate(_BEFORE) if before[f"b{number}"])
