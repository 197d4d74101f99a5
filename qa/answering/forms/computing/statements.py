"""Reads a text's figures as statements: whose each figure is, what it counts, its unit, its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from corpus.document import Span
from qa.answering.forms.figures import Figure, facts

# What parts the name of a column from its value: no colon within a time of day, as in 白天（8:00—20:00）：5元.
_MARK = r"(?:：|(?<!\d):|:(?!\d))"
_CELL = re.compile(rf"((?:(?!{_MARK})[^；;|]){{1,40}}){_MARK}([^；;|]*)")
_BORDER = re.compile(r"[，,；;、。（）()：:！!？?\n|“”]")
_UNIT_BEHIND = re.compile(r"^\s*([\u4e00-\u9fff]{1,2})(?=[，,；;、。（）()：:\s]|$)")
_LEADING = re.compile(r"^(?:其中|包括|另有|还有|以及|分别|共有|共|有|为|是|达到?|约|的|和|与|及)+")
_TRAILING = re.compile(r"(?:共有|共计|合计|累计|达到?|有|为|是|共|约|的|近|由|至)+$")
_HEAD = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）).、]\s*)?(?:[^，,；;。：:（(]|[（(][^）)]{1,30}[）)]){1,24}[：:]"
)
# Cells that cannot name a row: a date, a time, a place in an order.
_NO_NAME = re.compile(r"^\d[\d.:：—\-]*$|\d月\d|^\d{4}年|^(?:周|星期)[一二三四五六日]")
_FIGURE_ALONE = re.compile(r"^[约近超]?\d[\d,.]*(?:余|多)?[万亿千百]?[\u4e00-\u9fff%]{0,2}$")
_BRACKETS = re.compile(r"[（(][^）)]*[）)]|^[（(]?[一二三四五六七八九十\d]+[）).、]\s*")
_CLOCK = re.compile(r"\d[:：]\d\d|\d\s*[-—–]\s*\d|\d点")
_SEGMENT = re.compile(r"[；;。！？\n]")
_PARTS_FOLLOW = re.compile("其中|包括")
_NAMES = re.compile("、|和|与|及|以及")
_RESPECTIVELY = re.compile(r"(?P<names>[^，,；;。：:（）()]{3,40})分别(?:为|是|达到?|有|增长|下降)?")
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|全[县市区省镇乡村校园])")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a table row, its span in its document, and the headings above it."""

    text: str
    span: Span
    document: int = 0
    above: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure of a line: whose it is (`of`), what it counts (`about`); both empty when the line does not say."""

    of: str
    about: str
    value: Decimal
    unit: str
    bound: str
    line: int
    start: int
    end: int
    words: str
    row: bool = False
    kind: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    total: bool = False

    @property
    def named(self) -> str:
        return f"{self.of} {self.about}"


# Two statements that are computed with, and the features of how they fit the question.
Pair = tuple[Statement, Statement, dict[str, float]]


def statements(lines: Sequence[Line]) -> list[Statement]:
    """Return all statements of the lines, in order. Those of a table row belong to the name in its first cell."""
    found: list[Statement] = []
    header: list[str] = []
    for number, line in enumerate(lines):
        cells = [cell.strip() for cell in line.text.split("|")] if line.text.count("|") >= 2 else []
        if cells and len(cells) != len(header):
            header = cells
            continue
        if cells:
            found += _cells(list(zip(header, cells, strict=True)), line.text, number)
            continue
        if pairs := cells_of(line.text):
            found += _cells(pairs, line.text, number)
        else:
            found += _prose(line.text, number)
    return found


def cells_of(text: str) -> list[tuple[str, str]]:
    """Return the cells of a row such as 线路：东线；往返：100元, each with its heading; empty for other texts."""
    named = list(_CELL.finditer(text.rstrip("。")))
    if len(named) < 2 or len(named) < text.count("；") or not _few_commas([match[0] for match in named]):
        return []
    return [(match[1].strip(), match[2].strip()) for match in named]


def _few_commas(cells: Sequence[str]) -> bool:
    return sum(cell.count("，") for cell in cells) <= len(cells)


def _cells(pairs: Sequence[tuple[str, str]], text: str, number: int) -> Iterator[Statement]:
    names = [pair for pair in pairs if not _NO_NAME.search(pair[1]) and not _FIGURE_ALONE.search(pair[1])]
    kind, name = names[0] if names else pairs[0]
    place = 0
    for key, value in pairs:
        at = text.find(value, place)
        place = max(place, at)
        read = facts(value)
        figures = [figure for figure in read.figures if not figure.ordinal]
        if key == kind or len(figures) != 1 or at < 0 or len(read.copy) != len(value):
            continue
        figure = figures[0]
        unit = figure.unit or _unit_of(key) or _behind(read.copy, figure)
        yield Statement(
            of=name,
            about=key,
            value=figure.value,
            unit=unit,
            bound=figure.bound,
            line=number,
            start=at + figure.start,
            end=at + figure.end,
            words=value[figure.start : figure.end],
            row=True,
            kind=kind,
            cells=tuple(pairs),
        )


def _unit_of(key: str) -> str:
    found = re.search(r"[（(]([^（()）]{1,8})[)）]$", key)
    return found[1] if found else ""


def _behind(copy: str, figure: Figure) -> str:
    found = _UNIT_BEHIND.match(copy[figure.end :])
    return found[1] if found else ""


def _prose(text: str, number: int) -> Iterator[Statement]:
    """Yield the figures of running text. Figures of one unit are parallel; others describe the figure before them."""
    read = facts(text)
    copy = read.copy
    if len(copy) != len(text):
        return
    head = _HEAD.match(copy)
    subject = _clean(_BRACKETS.sub("", head.group()[:-1])) if head else ""
    last = head.end() if head else 0
    each = _respectively(copy, read.figures)
    opened, owner = "", ""  # the unit of a stretch's first figure, and whose it is
    for place, figure in enumerate(read.figures):
        if figure.ordinal or (head and figure.end <= head.end()) or _near_clock(copy, figure):
            continue
        between, unit = copy[last : figure.start], figure.unit or _behind(copy, figure)
        clauses = [label for part in _BORDER.split(_SEGMENT.split(between)[-1]) if (label := _clean(part))]
        label = clauses[-1] if clauses and not _BORDER.search(between[-1:]) else ""
        about = label
        if not owner or _SEGMENT.search(between):
            owner, opened = clauses[0] if clauses else "", unit
            about = label if len(clauses) > 1 else ""
        elif unit == opened and label:
            owner, about = label, ""
        owner, about = each.get(figure.start, (owner, about))
        yield Statement(
            of=" ".join(filter(None, (subject, owner))),
            about=about or _after(copy, figure, unit),
            value=figure.value,
            unit=unit,
            bound=figure.bound,
            line=number,
            start=figure.start,
            end=figure.end,
            words=text[figure.start : figure.end],
            total=_opens_parts(copy, read.figures[place : place + 2]),
        )
        last = figure.end


def _respectively(copy: str, figures: Sequence[Figure]) -> dict[int, tuple[str, str]]:
    """Return whose each figure behind 分别 is and what it counts, by its start: 城镇、农村收入分别为4万元和2万元."""
    found: dict[int, tuple[str, str]] = {}
    for match in _RESPECTIVELY.finditer(copy):
        names = [name for name in _NAMES.split(match["names"]) if name]
        behind = [figure for figure in figures if figure.start >= match.end()][: len(names)]
        gaps = [copy[a.end : b.start] for a, b in pairwise(behind)]
        if 1 < len(names) == len(behind) and all(_NAMES.fullmatch(gap) for gap in gaps):
            found |= {figure.start: (name, names[-1]) for figure, name in zip(behind, names, strict=True)}
    return found


def _opens_parts(copy: str, figures: Sequence[Figure]) -> bool:
    """Return whether the next figure is a part of this one: 31个，其中乡镇级22个."""
    if len(figures) < 2 or figures[0].unit != figures[1].unit:
        return False
    return bool(_PARTS_FOLLOW.search(copy[figures[0].end : figures[1].start]))


def _near_clock(copy: str, figure: Figure) -> bool:
    return bool(_CLOCK.search(copy[max(0, figure.start - 3) : figure.end + 3]))


def _after(copy: str, figure: Figure, unit: str) -> str:
    """Return the words after a figure in its clause, where they are short: 9座桥梁."""
    border = _BORDER.search(copy, figure.end)
    after = _clean(copy[figure.end : border.start() if border else len(copy)])
    return after if after != unit and len(after) <= 12 else ""


def _clean(label: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", label.strip(" “”。，,"))).strip()


def lines_of(text: str, sentences: Sequence[tuple[int, int]], *, document: int = 0, above: str = "") -> list[Line]:
    """Return the sentences of a text as lines; each row of a table is a line of its own."""
    found = []
    for start, end in sentences:
        for match in re.finditer(r"[^\n]+", text[start:end]):
            if match.group().strip():
                found.append(Line(match.group(), Span(start + match.start(), start + match.end()), document, above))
    return found


def totals_apart(found: Sequence[Statement]) -> list[Statement]:
    """Return the statements without those that are totals of others."""
    return [statement for statement in found if not statement.total and not _TOTAL.match(statement.of)]
