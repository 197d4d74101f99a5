"""What has grown or fallen the most between two years: computed from two columns of one thing, or read from a third."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.changes import order_in_time, without_time
from qa.answering.forms.computing.comparing import content
from qa.answering.forms.computing.results import calculated, growth
from qa.answering.forms.computing.statements import Statement
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.most.column import ANY_YEAR, without_kind, without_names_of_rows, years_in
from qa.answering.forms.tables.most.places import FIGURES, NOTHING, are_of_one_unit, cell_of
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Cell, Row, bare

_ASKED = re.compile(
    r"(?:(?P<up>(?<!新)增[加长]?|上?涨|上升|提[高升])|(?P<down>下降|减少?|降低?|下?跌|回落))"
    r"(?P<rate>速|幅)?(?:度|率|速度)?[得的了]?最(?P<most>[多大快高猛]|厉害|凶)|"
    r"最(?:[多大快])的?(?:(?P<rises>增[加长]|上?涨)|(?P<falls>下降|减少|跌))"
)
# Says in words of its own that the rise in per cent is meant.
_BY_RATE = re.compile(r"(?:按|算|以)(?:百分比|百分数|比例|幅度|[增涨降]幅|增速|增长率)|百分比|百分点")
# A column that tells the change itself.
_CHANGE = re.compile(r"增减|增[长幅速]|同比|环比|涨[跌幅]|[比较]上|降幅|变化")
_PERIOD = re.compile(r"上?[个一]?(?:季度|年度?|月份?|周|期)|同期")
_BY_UNIT = re.compile(r"按[\u4e00-\u9fff]{1,3}?(?:计[价算费酬]?|[结来]?算)的?")
_SIGNED = re.compile(r"(?P<sign>[+＋涨增升]|[-−–—跌降减]|下降|增长|增加|减少|上涨)?\s*(?P<figure>\d.*)")
_FALLS = re.compile(r"[-−–—跌降减]")
_LEVEL = re.compile("^(?:持平|不变|无变化)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """The change that a question asks the most of; `rate` is whether in per cent, None where either may be."""

    falls: bool
    rate: bool
    about: str


@dataclass(frozen=True, slots=True)
class Change:
    """How much a row has changed, as it is said and computed, and the cells that tell it."""

    row: Row
    cells: tuple[Cell, ...]
    value: Decimal
    said: str
    line: str


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a question asks the change of: its words, what stands above the table, the columns that it calls."""

    about: str
    around: str
    called: frozenset[str]

    def may_be(self, thing: str) -> bool:
        """Return whether a thing is called, or no other is and what stands above the table says all that is asked."""
        left = content(self.about) - set(normalise(self.around + thing))
        return thing in self.called if self.called else not left


def change_asked(question: Normal) -> Asked | None:
    """Return what a question asks the greatest rise or fall of: 增加最多, 增长最快; None for other questions."""
    match = _ASKED.search(question)
    if match is None:
        return None
    falls = bool(match["down"] or match["falls"])
    about = question[: match.start()] + " " + question[match.end() :]
    rate = bool(match["rate"]) or "快" in match.group() or bool(_BY_RATE.search(about))
    return Asked(falls, rate, _BY_RATE.sub(" ", about))


def changes(question: Normal, asked: Asked, rows: Sequence[Row], *, around: str) -> list[Change]:
    """Return the changes of the rows that can be compared, the greatest asked for first.

    Empty where it is not sure between which columns, or where a cell cannot be compared. `around` stands above.
    """
    about = _BY_UNIT.sub("", ANY_YEAR.sub("", asked.about))
    about = without_names_of_rows(without_kind(about, rows), rows)
    meant = _Meant(about, around, frozenset(thing for name in _columns(rows) if _is_told(thing := _thing(name), about)))
    found = _told(asked, rows, meant) or _computed(question, asked, rows, meant)
    return sorted(found, key=lambda one: one.value, reverse=True)


def _told(asked: Asked, rows: Sequence[Row], meant: _Meant) -> list[Change]:
    """Return the changes that one column tells, in per cent where a rate is asked for."""
    columns = [name for name in _columns(rows) if _CHANGE.search(bare(name)) and meant.may_be(_thing(name))]
    read = [found for name in columns if (found := _read(asked, rows, name))]
    read = [found for found in read if ("%" in found[0].said) == asked.rate]
    return read[0] if len(read) == 1 else []


def _read(asked: Asked, rows: Sequence[Row], column: str) -> list[Change]:
    found = []
    for row in rows:
        cell = cell_of(row, column)
        if cell is None or NOTHING.match(cell.text) or _LEVEL.match(cell.text):
            continue
        signed = _SIGNED.fullmatch(cell.text)
        figures = facts(signed["figure"]).figures if signed else ()
        if not signed or len(figures) != 1 or figures[0].bound:
            return []
        value = figures[0].value * (-1 if _FALLS.search(signed["sign"] or "") else 1)
        found.append(Change(row, (cell,), -value if asked.falls else value, cell.said, cell.said))
    one_unit = are_of_one_unit([one.cells[0] for one in found], [one.row for one in found])
    units = {facts(one.said).figures[0].unit for one in found}
    return found if len(units) < 2 and (one_unit or units == {"%"}) else []


def _computed(question: Normal, asked: Asked, rows: Sequence[Row], meant: _Meant) -> list[Change]:
    """Return the changes between the two columns of one thing at two times, the ones that a question surely means."""
    pairs = [pair for pair in _pairs(question, rows) if meant.may_be(_thing(pair[0]))]
    if len(pairs) != 1:
        return []
    before, now = pairs[0]
    found: list[Change] = []
    for row in rows:
        cells = cell_of(row, before), cell_of(row, now)
        if any(cell is None or NOTHING.match(cell.text) for cell in cells):
            continue
        change = _change(asked, row, [cell for cell in cells if cell])
        if change is None:
            return []
        found.append(change)
    every = [cell for one in found for cell in one.cells]
    rates = {cell.kind == "%" for cell in every}
    comparable = len(rates) < 2 if asked.rate else are_of_one_unit(every, [one.row for one in found])
    return found if comparable else []


def _change(asked: Asked, row: Row, cells: Sequence[Cell]) -> Change | None:
    """Return how much a row has changed; None where its cells are no figures of one unit."""
    if any(not FIGURES.fullmatch(cell.text) or not cell.figure or cell.figure.bound for cell in cells):
        return None
    before, now = (_statement(cell) for cell in cells)
    if before.unit != now.unit or (asked.rate and not before.value):
        return None
    value = before.value - now.value if asked.falls else now.value - before.value
    great, small = (before, now) if asked.falls else (now, before)
    if asked.rate and before.unit != "%":
        told = growth(before, now, {})
        return Change(row, (cells[1], cells[0]), value / before.value, told.verdict, told.line)
    said = calculated(great, small, -1)
    return Change(row, (cells[1], cells[0]), value, said, f"{great.words} − {small.words} = {said}")


def _statement(cell: Cell) -> Statement:
    figures = facts(cell.said).figures
    unit = figures[0].unit if figures else cell.unit
    value = figures[0].value if figures else Decimal(0)
    return Statement("", cell.column, value, unit, "", 0, 0, len(cell.said), cell.said)


def _pairs(question: Normal, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the names of two columns of one thing, the earlier first: of the years asked for, else of two only."""
    years, alike = years_in(question), dict[str, list[str]]()
    for name in _columns(rows):
        alike.setdefault(_thing(name), []).append(name)
    found = []
    for names in alike.values():
        pairs = [pair for pair in combinations(names, 2) if order_in_time(*pair)]
        ordered = [pair if order_in_time(*pair) < 0 else (pair[1], pair[0]) for pair in pairs]
        if len(years) > 1:
            ordered = [pair for pair in ordered if {*years[:2]} <= {*years_in(" ".join(pair))}]
        elif years:  # since the year before
            before = str(int(years[0]) - 1)
            ordered = [pair for pair in ordered if before in pair[0] and years[0] in pair[1]]
        found.extend(ordered if len(ordered) == 1 else [])
    return found


def _thing(column: str) -> str:
    """Return what a column tells, without the time and without that it is a change."""
    return _PERIOD.sub("", _CHANGE.sub("", without_time(bare(column)))).strip("年月 ")


def _is_told(thing: str, words: str) -> bool:
    start, end = shared(thing, words)
    return end - start >= LEAST


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(cell.column for row in rows for cell in row.cells))
