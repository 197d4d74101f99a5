"""Groups parallel statements: the cells of a column, or figures side by side."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from corpus.text.normalise import normalise
from qa.answering.forms.computing.comparing import held, unit_fits
from qa.answering.forms.computing.statements import Line, Statement

_YEAR_ASKED = re.compile(r"哪一?年")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = "日"  # the unit of a date, for most
_SHORT = 3
_RELATIVE = re.compile("去年|前年|明年|上年")
_NOUN = re.compile(r"哪一?[个种样项条类处头方座所趟批家款辆台门场届级档块片]?(?P<noun>[\u4e00-\u9fff]{1,3})")


def known_of(
    about: set[str], wanted: frozenset[str], group: Sequence[Statement], lines: Sequence[Line]
) -> dict[str, float]:
    """Return how well a group fits, as features; `score` ranks the groups."""
    row, line = group[0].row, lines[group[0].line]
    columns, names = " ".join({s.about for s in group}), " ".join(s.of for s in group)
    beside = columns + line.above + group[0].kind + ("" if row else line.text) + names
    around = " ".join(s.named + s.kind + ("" if s.row else lines[s.line].text) for s in group[:12])
    beside, around = normalise(beside), normalise(around)
    known = {
        "asked": held(about, beside),
        "key": held(about, columns + group[0].kind + ("" if row else names)),
        "missing": min(4.0, sum(char not in beside for char in about)),
        "missing without title": min(4.0, sum(char not in around for char in about)),
        "size": min(8.0, len(group)),
        "row": float(row),
        "one line": float(len({s.line for s in group}) == 1),
        "unit": float(bool(group[0].unit)),
        "unit fits": unit_fits(wanted, group[0].unit),
        "bounds": float(any(s.bound for s in group)),
    }
    known["score"] = known["asked"] + 0.7 * known["key"] + 0.05 * known["size"] + 0.5 * known["unit fits"]
    return known


def groups(found: Sequence[Statement], lines: Sequence[Line]) -> list[list[Statement]]:
    """Group parallel statements: a table column, figures of one unit in one sentence, one attribute of several."""
    columns: dict[tuple[object, ...], list[Statement]] = {}
    for statement in found:
        document = lines[statement.line].document
        if statement.unit == _DAY:
            continue
        if statement.row:
            columns.setdefault((document, statement.about, statement.unit), []).append(statement)
        else:
            columns.setdefault((document, statement.line, statement.unit), []).append(statement)
            if statement.about:
                columns.setdefault((document, "of", statement.about, statement.unit), []).append(statement)
    return [
        group
        for group in map(_without_sums, columns.values())
        if len({s.of for s in group}) >= 2 and len(group) == len({(s.of, s.line) for s in group})
    ]


def _without_sums(group: list[Statement]) -> list[Statement]:
    """Drop each statement that is the sum of those after it: 24人（教师11人、医生9人、农技人员4人）."""
    kept = []
    for number, statement in enumerate(group):
        sums = [*accumulate(other.value for other in group[number + 1 :])][1:]
        if statement.row or statement.value not in sums:
            kept.append(statement)
    return kept


def asked_of(question: str, group: Sequence[Statement], lines: Sequence[Line]) -> list[Statement]:
    """Return the rows that hold what the question names, each called by the cell that the question asks for."""
    kept = list(group)
    for value in {value for s in group for _, value in s.cells if len(value) > 1 and value in question}:
        holding = [s for s in kept if any(value == other for _, other in s.cells)]
        kept = holding or kept
    named = [s for s in kept if any(_begins(value, question) for key, value in s.cells if key != s.about)]
    kept = named if 1 < len(named) < len(kept) else kept
    for year in [*_YEAR.findall(question), *_RELATIVE.findall(question)]:
        kept = [s for s in kept if year in lines[s.line].text + s.about + lines[s.line].above]
    return [replace(s, of=_called(question, s)) for s in kept]


def _begins(value: str, question: str) -> bool:
    """Return whether a question names the beginning of a cell: 白芷乡 of 白芷乡卫生院."""
    return len(value) > _SHORT and value[:_SHORT] in question


def _called(question: str, statement: Statement) -> str:
    """Return the cell that the question asks for (for 哪年 the year), else the statement's own name."""
    if _YEAR_ASKED.search(question):
        return next((value for _, value in statement.cells if _YEAR.match(value)), statement.of)
    noun = _NOUN.search(question)
    for key, value in statement.cells if noun else ():
        if noun and key and (key in noun["noun"] or noun["noun"].startswith(key[-2:])) and key != statement.about:
            return value
    return statement.of
