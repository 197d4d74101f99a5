"""The figure of a cell as a statement that is computed with, and its unit."""

import re

from corpus.text.normalise import normalise
from qa.answering.forms.computing.statements import Statement
from qa.answering.forms.tables.reading import Cell

_BRACKETED = re.compile(r"[（(](?:单位[：:])?([^（()）]{1,4})[)）]$")


def statement_of(cell: Cell) -> Statement:
    """Return the figure of a cell, written with the unit of its column; ValueError for a cell without one."""
    figure = cell.figure
    if figure is None:
        raise ValueError(f"{cell.text} holds no figure")
    words = cell.text[figure.start : figure.end] + cell.unit
    return Statement("", "", figure.value, figure.unit or cell.unit, "", 0, 0, 0, normalise(words))


def unit_of(cell: Cell) -> str:
    """Return the unit of a figure, without what is behind 元 or before it: 元 of 万元/年, 册次 of 外借（册次）."""
    figure = cell.figure
    unit = (figure.unit if figure else "") or cell.unit.split("/")[0].lstrip("万亿")
    named = _BRACKETED.search(cell.column)
    return unit or (named[1].lstrip("万亿") if named else "")
