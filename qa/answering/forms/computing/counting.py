"""How many there are: the rows of a list that a question asks for, counted and named."""

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.comparing import FURTHER, Conclusion, content, held
from qa.answering.forms.computing.statements import Line, Statement, cells_of

_CLASSIFIER = r"[个家条项种样座所处类档位场趟次门款台级辆间栋户件]"
_ASKED = re.compile(rf"(?:几|多少)(?P<of>{_CLASSIFIER})|哪些")
_FILLING = re.compile(r"一共|总共|共|全部|合计|目录|列了|列出|这批|这次|今年|一览|分|县|区|镇|都")
_BORDER = re.compile("[、，,；（(]")
_MOST_NAMED = 12
# Lines between two rows of one table, at most.
_GAP = 2
# The share of what is asked for that a figure has to be called by to tell of the same.
_SAME = 0.5

Row = tuple[int, list[tuple[str, str]]]


def count_asked(question: Normal) -> str:
    """Return what a question counts in, 个 or 家; empty where it counts nothing."""
    copy = question.strip("？?。 ")
    match = _ASKED.search(copy)
    return (match["of"] or "个") if match and not FURTHER.search(copy, match.end()) else ""


def counted(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    """Count the rows of one table that a question asks for: those that hold what it names.

    Return None where there is no such table, or where several fit as well.
    """
    counter = count_asked(question)
    ranked = []
    for rows in _tables(lines):
        kind = rows[0][1][0][0]
        named = {item for _, cells in rows for item in _items(cells) if len(item) > 1 and normalise(item) in question}
        kept = [row for row in rows if all(item in _items(row[1]) for item in named)]
        if any(
            item in value for row in rows if row not in kept for _, value in row[1] for item in named - _items(row[1])
        ):
            continue  # 略有滞后 may be meant by 滞后, or not
        about = content(_FILLING.sub("", question)) - set(counter) - set("".join(named))
        left = len(about - set(normalise(kind)))
        if kept and len(rows) > 1 and left < len(about):
            ranked.append((left - bool(named), left, about, kept, bool(named)))
    ranked.sort(key=lambda one: one[0])
    if not counter or not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    _, left, about, kept, named_any = ranked[0]
    if _told_otherwise(len(kept), about | (content(question) - set(counter)), found, lines[kept[0][0]].document, lines):
        return None
    known = {
        "kind": 1 - left / len(about),
        "left": min(4.0, left),
        "named": float(named_any),
        "rows": min(8, len(kept)),
    }
    verdict, names = f"{len(kept)}{counter}", [_named(number, cells, lines[number]) for number, cells in kept]
    line = f"{verdict}：{'、'.join(one.words for one in names[:_MOST_NAMED])}{'……' if len(names) > _MOST_NAMED else ''}"
    return Conclusion(verdict, line, tuple(names), known)


def _told_otherwise(
    count: int, about: set[str], found: Sequence[Statement], document: int, lines: Sequence[Line]
) -> bool:
    """Return whether a sentence gives another number of the same: a table may list the main ones only."""
    return any(
        not one.row
        and lines[one.line].document == document
        and re.fullmatch(_CLASSIFIER, one.unit)
        and one.value != count
        and held(about, one.named) >= _SAME
        for one in found
    )


def _items(cells: Sequence[tuple[str, str]]) -> set[str]:
    """Return what the cells of a row hold, each of several things on its own."""
    return {item.strip() for _, value in cells for item in _BORDER.split(value)}


def _tables(lines: Sequence[Line]) -> list[list[Row]]:
    """Group near rows whose first cells have one heading; each row is its line's number and its cells."""
    tables: list[list[Row]] = []
    for number, line in enumerate(lines):
        cells = cells_of(line.text)
        if not cells:
            continue
        last = tables[-1][-1] if tables else None
        near = last and number - last[0] <= _GAP and lines[last[0]].document == line.document
        if last and near and last[1][0][0] == cells[0][0]:
            tables[-1].append((number, cells))
        else:
            tables.append([(number, cells)])
    return tables


def _named(number: int, cells: Sequence[tuple[str, str]], line: Line) -> Statement:
    """Return the first cell of a row as a statement."""
    key, name = cells[0]
    start = line.text.index(name, line.text.index(key) + len(key))
    return Statement(name, key, Decimal(1), "", "", number, start, start + len(name), name, row=True, kind=key)
