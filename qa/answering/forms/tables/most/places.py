"""The cells of a column that can be compared with each other: figures of one unit, of rows that are of one unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.document import Span
from corpus.text.measures import MEASURE
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.reading import Cell, Row, bare

# Cells that say there is none, so that their row takes no part.
NOTHING = re.compile(r"^(?:[-—–/／]+|无.{0,4}|没有|不[收开设])?$")
# A figure, or two that bound a span; no code, no time of day.
FIGURES = re.compile(r"[约近]?[+-]?\d(?!.*(?:以上|以下|以内|起$))[^:：A-Za-z]*")
_EACH = re.compile(r"[/／每]\s*([\u4e00-\u9fff]+)")
# A column that says in what the figures of its row are; 单位 may also be an office.
_UNITS = re.compile(r"^(?P<told>计[价量费]|收费|结算)?单位$")
_UNIT = re.compile(MEASURE)
# 罚的钱最多, 奖励最高
_SUM_ASKED = re.compile(r"(?P<verb>罚|奖|补|赔|捐)[款金励贴助偿]?[了得的]*(?:钱|款|金额|数额)?最[多少高低]")
_SHORT_UNIT = 2
_ALIKE = {"天": "[天日]", "日": "[天日]", "月": "(?:个?月)", "小时": "(?:小时|钟头|钟点)"}

Value = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Place:
    """A row with its cell in the column asked for, and the least and the most that the cell says."""

    row: Row
    cell: Cell
    value: Value


def places(rows: Sequence[Row], column: str) -> list[Place]:
    """Return the cells of a column that can be compared; empty where one of them says something else."""
    found = []
    for row in rows:
        cell = cell_of(row, column)
        if cell is None or NOTHING.match(cell.text):
            continue
        figures = [figure for figure in facts(cell.text).figures if not figure.ordinal]
        if not FIGURES.fullmatch(cell.text) or not 0 < len(figures) < 3 or any(figure.bound for figure in figures):
            return []
        found.append(Place(row, cell, (figures[0].value, figures[-1].value)))
    return found if are_of_one_unit([one.cell for one in found], [one.row for one in found]) else []


def sums(question: str, rows: Sequence[Row]) -> list[Place]:
    """Return what each row says was fined, granted or paid, where a question asks for the most of it: 罚款5000元.

    It stands in one column among other words (警告，罚款5000元); a row without a sum takes no part.
    """
    asked = _SUM_ASKED.search(question)
    told = re.compile(rf"{asked['verb']}[\u4e00-\u9fff]{{0,2}}?(?P<sum>\d[\d,.]*万?元)") if asked else None
    found: dict[str, list[Place]] = {}
    for row in rows if told else ():
        for cell in row.cells:
            matches = list(told.finditer(cell.text)) if told and len(cell.span) == len(cell.text) else []
            figures = facts(matches[0]["sum"]).figures if len(matches) == 1 else ()
            if len(figures) == 1:
                start, end = (cell.span.start + place for place in matches[0].span("sum"))
                value = figures[0].value, figures[0].value
                place = Place(row, Cell(cell.column, matches[0]["sum"], Span(start, end)), value)
                found.setdefault(cell.column, []).append(place)
    return next(iter(found.values())) if len(found) == 1 else []


def cell_of(row: Row, column: str) -> Cell | None:
    """Return the cell of a row in a column."""
    return next((cell for cell in row.cells if cell.column == column), None)


def are_of_one_unit(cells: Sequence[Cell], rows: Sequence[Row]) -> bool:
    """Return whether cells have one unit, for one thing (元/天), in rows of which none states another unit."""
    kinds = {cell.kind for cell in cells if cell.figure}
    each = {tuple(_EACH.findall(cell.text)) for cell in cells}
    columns = unit_columns(rows)
    stated = {tuple(cell.text for cell in row.cells if cell.column in columns) for row in rows}
    return all(len(one) < 2 for one in (kinds, each, stated))


def unit_columns(rows: Sequence[Row]) -> list[str]:
    """Return the names of the columns that say in what the figures of each row are: 计价单位."""
    found = []
    for column in dict.fromkeys(cell.column for row in rows for cell in row.cells):
        named = _UNITS.match(bare(column))
        values = {cell.text for row in rows for cell in row.cells if cell.column == column}
        units = [one for one in values if len(one) <= _SHORT_UNIT or _UNIT.fullmatch(one)]
        if named and (named["told"] or 2 * len(units) >= len(values)):
            found.append(column)
    return found


def of_a_unit_named(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the unit that a question names (按天, 每小时), where rows state different ones."""
    for column in unit_columns(rows):
        for unit in {cell.text for row in rows for cell in row.cells if cell.column == column} - {""}:
            named = _ALIKE.get(unit, re.escape(unit))
            if re.search(rf"[按每论以一]个?{named}|{named}[薪租结]|单位[是为]{named}", question):
                return [row for row in rows if (cell := cell_of(row, column)) and cell.text == unit]
    return list(rows)
