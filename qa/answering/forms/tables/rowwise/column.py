"""Which column of several rows a question asks about: by its name, or by the unit that fits what is counted."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.comparing import HOW_MUCH, unit_asked, units, units_compared
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.most.places import are_of_one_unit
from qa.answering.forms.tables.naming.columns import column_named
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.naming.unfilled import empty_column
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.forms.tables.rowwise.figures import unit_of

_VERB = re.compile(rf"([\u4e00-\u9fff])了?{HOW_MUCH}")
_EACH = re.compile(r"[每/／]\s*([\u4e00-\u9fff]{1,2})")
# 人数 and 人口 count 人, 户数 counts 户; 人均 does not.
_COUNTS = re.compile(r"(?P<of>[\u4e00-\u9fff])(?:数|次|口|员|量)(?![\u4e00-\u9fff])")


def wanted_units(question: Normal, word: str, about: str) -> frozenset[str]:
    """Return the units that fit what a question asks of rows, whose names it is without; empty when any may."""
    return unit_asked(question) or units_compared(word, about) or units(question)


def columns_asked(question: Normal, wanted: frozenset[str], rows: Sequence[Row], table: Sequence[Row]) -> list[int]:
    """Return the columns that answer for all these rows of a table: the one that is named, else all in the unit.

    The question is without the names of the rows. Empty where the cells are no exact figures of one kind, and where one
    of the rows has nothing in the column that is named.
    """
    first = rows[0]
    if any(empty_column(question, row, table) for row in rows):
        return []
    column = column_named(question, first, table)
    column = column_named(facts(question).copy, first, table) if column is None else column  # 九月 is called 9月
    if column is not None:
        return [column] if _alike(column, rows) else []
    behind = range(first.key + 1, min(len(row.cells) for row in rows))
    alike = [place for place in behind if _alike(place, rows)]
    if by_verb := _of_the_verb(question, first, alike):
        return by_verb
    if not wanted:
        return alike if len(alike) == 1 else []
    exact = [place for place in alike if unit_of(first.cells[place]) in wanted]
    found = exact or [place for place in alike if _counts(first.cells[place], wanted)]
    # 预算 of 预算收入 and 预算支出 leaves open which of them is asked for.
    told = [end - start for place in found for start, end in [shared(bare(first.cells[place].column), question)]]
    return found if len(found) == 1 or max(told, default=0) < LEAST else []


def _alike(place: int, rows: Sequence[Row]) -> bool:
    """Return whether the cells of a column are exact figures of one kind, for one thing, in rows of one unit."""
    if any(len(row.cells) <= place for row in rows):
        return False
    cells = [row.cells[place] for row in rows]
    exact = all((figure := cell.figure) and not figure.bound for cell in cells)
    each = {tuple(_EACH.findall(cell.text)) for row in rows for cell in row.cells[: row.key + 2] if cell not in cells}
    per = [{one for one in found} for found in each if found]
    return (
        exact
        and len({cell.column for cell in cells}) == len({cell.kind for cell in cells}) == 1
        and all(one == per[0] for one in per)
        and are_of_one_unit(cells, rows)
    )


def _of_the_verb(question: str, row: Row, places: Sequence[int]) -> list[int]:
    """Return the one column that a verb before the amount begins: 投多少 asks for 投资, 罚几万 for 罚款."""
    verb = _VERB.search(question)
    found = [place for place in places if verb and bare(row.cells[place].column).startswith(verb[1])]
    return found if len(found) == 1 else []


def _counts(cell: Cell, wanted: frozenset[str]) -> bool:
    """Return whether a figure without a unit is called by one that is wanted: 人数, 户数."""
    name = normalise(bare(cell.column))
    found = _COUNTS.search(name)
    return not unit_of(cell) and bool(found) and found is not None and found["of"] in {unit[:1] for unit in wanted}
