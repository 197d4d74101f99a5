"""How many there are: the rows of a list that a question asks for, counted and named."""

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.comparing import FURTHER, Conclusion, content, held
from qa.answering.forms.computing.statements import Line, Statement, cells_of
from qa.answering.forms.figures import facts

_CLASSIFIER = r"[个家条项种样座所处类档位场趟次门款台级辆间栋户件]"
# What lasts, and is no row: 几个小时. A 月嫂 is one.
_OF_TIME = (
    r"(?:多|来|把|整)?(?:小时(?!工)|钟(?!点工|表)|月(?![嫂子饼票卡])|星期|礼拜(?!堂)|周(?!边)|[工自交][作然易]日|半天|白天|昼夜|"
    r"日夜|晚上|学[期年时]|课时|季度|年头|年度|世纪|百分点)"
)
_ASKED = re.compile(rf"(?:几|多少)(?P<of>{_CLASSIFIER})(?!{_OF_TIME})|哪些")
_FILLING = re.compile(r"一共|总共|共|全部|合计|目录|列了|列出|这批|这次|今年|一览|分|县|区|镇|都")
_BORDER = re.compile("[、，,；（(]")
_BRACKETS = re.compile("[（()）]")
_MOST_NAMED = 12
_CALLED = 3  # characters of the name of a column that a question holds
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
        named = {item for _, cells in rows for item in _items(cells) if len(item) > 1 and normalise(item) in question}
        kept = [row for row in rows if all(item in _items(row[1]) for item in named)]
        if any(
            item in value for row in rows if row not in kept for _, value in row[1] for item in named - _items(row[1])
        ):
            continue  # 略有滞后 may be meant by 滞后, or not
        kept, place = _of_several_names(question, kept)
        about = content(_FILLING.sub("", question)) - set(counter) - set("".join(named))
        left = len(about - set(normalise(rows[0][1][place][0])))
        if kept and len(rows) > 1 and left < len(about):
            ranked.append((left - bool(named), left, about, kept, bool(named), place))
    ranked.sort(key=lambda one: one[0])
    if not counter or not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    _, left, about, kept, named_any, place = ranked[0]
    # One row lists nothing.
    if len(kept) == 1 and ("哪些" in question or _tells(question, kept[0], counter)):
        return None
    if _told_otherwise(len(kept), about | (content(question) - set(counter)), found, lines[kept[0][0]].document, lines):
        return None
    known = {
        "kind": 1 - left / len(about),
        "left": min(4.0, left),
        "named": float(named_any),
        "rows": min(8, len(kept)),
    }
    verdict, names = f"{len(kept)}{counter}", [_named(number, cells[place], lines[number]) for number, cells in kept]
    line = f"{verdict}：{'、'.join(one.words for one in names[:_MOST_NAMED])}{'……' if len(names) > _MOST_NAMED else ''}"
    return Conclusion(verdict, line, tuple(names), known)


def _of_several_names(question: Normal, rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Return rows that have a name each, and the number of the cell that names them: the first, where no two share it.

    Else the question says which column is counted; of rows of one name the first is kept. Empty where it names none.
    """
    headings, place = [heading for heading, _ in rows[0][1]] if rows else [], 0
    if len({cells[0][1] for _, cells in rows}) < len(rows):
        called = [number for number, heading in enumerate(headings) if _calls(question, heading)]
        if not called:
            return [], 0
        place = called[-1]
    kept: dict[str, Row] = {}
    for row in rows:
        if [heading for heading, _ in row[1][: place + 1]] != headings[: place + 1]:
            return [], 0
        kept.setdefault(row[1][place][1], row)
    return list(kept.values()), place


def _calls(question: Normal, heading: str) -> bool:
    """Return whether a question calls the heading of a column, or one of its names: 职业（工种）."""
    return any(len(name) > 1 and name in question for name in _BRACKETS.split(normalise(heading)))


def _tells(question: Normal, row: Row, counter: str) -> bool:
    """Return whether a row itself says how many: 每年4次 for 几次, or the figure of a column that is named."""
    for heading, value in row[1]:
        figures, name = facts(value).figures, normalise(heading)
        called = any(name[at : at + _CALLED] in question for at in range(len(name) - _CALLED + 1))
        if any(figure.unit == counter or (called and not figure.unit) for figure in figures):
            return True
    return False


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


def _named(number: int, cell: tuple[str, str], line: Line) -> Statement:
    """Return the cell that names a row as a statement."""
    key, name = cell
    start = line.text.index(name, line.text.index(key) + len(key))
    return Statement(name, key, Decimal(1), "", "", number, start, start + len(name), name, row=True, kind=key)
