"""Says the unit that a name states in brackets behind each figure: 每月标准（元）, 110 becomes 每月标准：110元."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.loaders.parts.tables.kinds import Kind, kind
from corpus.text.measures import MEASURE

_IN_BRACKETS = re.compile(rf"\s*[（(]\s*(?:(?:计量)?单位\s*[：:]\s*)?(?=[^）)\s])({MEASURE})\s*[）)]")
_BARE = re.compile(r"[-+－−±约≥≤><]?\s*\d[\d,，]*(?:\.\d+)?(?:\s*[-—–~～至]\s*\d[\d,，]*(?:\.\d+)?)?")
_MYRIADS = re.compile(r"\d[万亿]$")  # 18万, in a column of 元/年
_MULTIPLES = "十百千万亿%％‰"
_NOTE_MARKS = re.compile(r"\s*[①-⑳⑴-⒇*＊※†‡]+$")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Columns whose figures are all of what the row names. A share or a rank beside them has another unit.
_OF_THE_ROW = re.compile(r"数值|数量|合计|总计|金额")


@dataclass(frozen=True, slots=True)
class Named:
    """A value with its column, the name before it, and the unit behind it."""

    column: int
    name: str
    value: str
    unit: str = ""

    @property
    def size(self) -> int:
        """How many characters it takes in a statement."""
        return len(self.name) + len(self.value) + len(self.unit) + 2


def with_years(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns with 年 behind bare years, where several are years: one alone may be a number."""
    bare = [bool(_YEAR.fullmatch(name)) for name in names]
    return tuple(f"{name}年" if year and sum(bare) > 1 else name for name, year in zip(names, bare, strict=True))


def with_units(names: Sequence[str], units: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the names of columns, those with one of the words and no unit of their own with the unit of that word."""

    def with_unit(name: str) -> str:
        unit = next((unit for word, unit in units if word in name), "")
        return f"{name}（{unit}）" if unit and not states_unit(name) else name

    return tuple(map(with_unit, names))


def are_years(texts: Sequence[str]) -> bool:
    """Return whether the words of a column are years, some of them bare: 2022, 2023, 2024年."""
    return len(texts) > 1 and all(_YEAR.match(text) and kind(text) is Kind.PERIOD for text in texts)


def with_year(text: str) -> str:
    """Return a bare year with 年 behind it; other words as they are."""
    return f"{text}年" if _YEAR.fullmatch(text) else text


def measured(lead: Sequence[Named], rest: Sequence[Named]) -> tuple[list[Named], list[Named]]:
    """Return the names and the values of a row, each bare figure with the unit of its column or of the row.

    A row's own unit moves only if every figure without a unit is of it; otherwise it stays in the row's name.
    """
    told = [with_own_unit(one) for one in rest]
    last = lead[-1] if lead else None
    parted = _parted(last.value) if last else None
    open_ones = [one for one in told if not one.unit and parted and _takes(one.value, parted[1])]
    if not last or not parted or not open_ones or not all(map(_is_of_the_row, open_ones)):
        return list(lead), told
    name, unit = parted
    told = [replace(one, unit=unit) if one in open_ones else one for one in told]
    return [*lead[:-1], replace(last, value=name)], told


def with_own_unit(one: Named) -> Named:
    """Return a bare figure with the unit that its name states in brackets; any other value as it is."""
    marks = _NOTE_MARKS.search(one.value)
    figure = one.value[: marks.start()] if marks else one.value
    parted = _parted(one.name)
    if not parted or not _takes(figure, parted[1]):
        return one
    # The mark of a note stands behind the unit: 1600元①.
    return replace(one, name=parted[0], value=figure, unit=parted[1] + (marks[0].strip() if marks else ""))


def _takes(value: str, unit: str) -> bool:
    """Return whether a unit may stand behind a value: a bare figure, or one in 万 where the unit is no multiple."""
    myriads = bool(_MYRIADS.search(value)) and unit[0] not in _MULTIPLES
    return bool(_BARE.fullmatch(value[:-1] if myriads else value))


def states_unit(name: str) -> bool:
    """Return whether a name states a unit in brackets."""
    return bool(_IN_BRACKETS.search(name))


def _parted(name: str) -> tuple[str, str] | None:
    """Return a name without the unit in it, and the unit; None where it states none, or several."""
    found = _IN_BRACKETS.findall(name)
    rest = _IN_BRACKETS.sub("", name)
    return (rest, found[0]) if len(found) == 1 and rest.strip() else None


def _is_of_the_row(one: Named) -> bool:
    return kind(one.name) is Kind.PERIOD or bool(_OF_THE_ROW.fullmatch(one.name))
