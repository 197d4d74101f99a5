"""Tables drawn by rules: cells between rules, merged where no rule separates them."""

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from corpus.loaders.parts.page_layout import joined
from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid, one_line

# In points: distance of rules that count as one, greatest thickness of a line, gap of rules that still touch.
_NEAR, _THICK, _TOUCHING = 2.5, 3.0, 4.0
_SHORTEST = 6.0
_MOST_OBJECTS, _MOST_RULES, _MOST_SEGMENTS = 20_000, 4_000, 400
_MOST_CELLS = 20_000
_LEAST_CELLS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule, in points: at `at` across its direction, from `start` to `end` along it, from left or top."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class RuledTable:
    """Cells between the rules at `xs` and `ys`; `cell_of` numbers the cell of each field, equal for merged fields."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cell_of: tuple[tuple[int, ...], ...]
    begun: bool = False
    _texts: dict[int, list[tuple[float, float, str]]] = field(default_factory=dict)
    _last: list[tuple[float, float, str]] = field(default_factory=list)

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def add(self, x: float, y: float, size: float, character: str) -> None:
        """Add a character to the cell around its middle."""
        column = min(bisect_right(self.xs, x) - 1, len(self.xs) - 2)
        row = min(bisect_right(self.ys, y) - 1, len(self.ys) - 2)
        self._last = self._texts.setdefault(self.cell_of[row][column], [])
        self._last.append((y, size, character))
        self.begun = True

    def space(self) -> None:
        """Add a space after the last character."""
        if self._last:
            y, size, _ = self._last[-1]
            self._last.append((y, size, " "))

    def words(self) -> str:
        """Return all words of the table."""
        return " ".join(_words(parts) for parts in self._texts.values())

    def grid(self, page: int) -> Grid:
        """Return the table as a grid without empty rows and columns; `page` counts from 0."""
        cells = {number: Cell(one_line(_words(parts)), page=page) for number, parts in self._texts.items()}
        rows = [tuple(cells.get(number, EMPTY) for number in row) for row in self.cell_of]
        rows = [row for row in rows if any(cell.text for cell in row)]
        kept = [column for column in range(len(self.xs) - 1) if any(row[column].text for row in rows)]
        return Grid(tuple(tuple(row[column] for column in kept) for row in rows))


def _words(parts: Iterable[tuple[float, float, str]]) -> str:
    """Return the lines of a cell as one text."""
    lines: list[str] = []
    last: float | None = None
    for y, size, character in parts:
        if last is None or abs(y - last) > 0.6 * size:
            lines.append("")
            last = y
        lines[-1] += character
    return joined([line for text in lines if (line := text.strip())])


def ruled_tables(page: Any, height: float) -> list[RuledTable]:
    """Return the tables of a page from the top; empty if rules are too few, or more than any table has."""
    across, down = _rules(page, height)
    if not across or not down or len(across) + len(down) > _MOST_RULES:
        return []
    across, down = _merged(across), _merged(down)
    tables = (_table(*group) for group in _connected(across, down))
    return sorted((table for table in tables if table), key=lambda table: (table.ys[0], table.xs[0]))


def _rules(page: Any, height: float) -> tuple[list[Rule], list[Rule]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for number, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number >= _MOST_OBJECTS or len(across) + len(down) > _MOST_RULES:
            return [], []
        for left, bottom, right, top in _lines(shape):
            if right - left >= _SHORTEST and top - bottom <= _THICK:
                across.append(Rule(height - (top + bottom) / 2, left, right))
            elif top - bottom >= _SHORTEST and right - left <= _THICK:
                down.append(Rule((left + right) / 2, height - top, height - bottom))
    return across, down


def _lines(shape: Any) -> Iterator[tuple[float, float, float, float]]:
    """Yield the boxes of a path's straight lines; a frame has four."""
    left, bottom, right, top = shape.get_bounds()
    if right - left <= _THICK or top - bottom <= _THICK:
        yield left, bottom, right, top
        return
    count = pdfium.FPDFPath_CountSegments(shape.raw)
    if not 2 <= count <= _MOST_SEGMENTS or not _stroked(shape):
        return
    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(shape.raw, number)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_LINETO and last:
            yield _box(last, point)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment) and start:
            yield _box(point, start)


def _stroked(shape: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    known = pdfium.FPDFPath_GetDrawMode(shape.raw, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(known and stroke.value)


def _box(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules on one line that touch or overlap as one rule."""
    merged: list[Rule] = []
    places = _places([rule.at for rule in rules])
    by_place: dict[int, list[Rule]] = {}
    for rule in rules:
        by_place.setdefault(_nearest(places, rule.at), []).append(rule)
    for place, own in by_place.items():
        start, end = None, 0.0
        for rule in sorted(own, key=lambda rule: rule.start):
            if start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + _NEAR:
                end = max(end, rule.end)
            else:
                merged.append(Rule(places[place], start, end))
                start, end = rule.start, rule.end
        if start is not None:
            merged.append(Rule(places[place], start, end))
    return merged


def _places(values: Iterable[float]) -> list[float]:
    """Return nearby values as one value, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(places: Sequence[float], value: float) -> int:
    after = bisect_right(places, value)
    near = [number for number in (after - 1, after) if 0 <= number < len(places)]
    return min(near, key=lambda number: abs(places[number] - value))


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield groups of rules that touch one another."""
    free = sorted(down, key=lambda rule: rule.start)
    left = sorted(across, key=lambda rule: rule.at)
    while left:
        ours, theirs = [left.pop(0)], list[Rule]()
        waiting: list[tuple[Rule, bool]] = [(ours[0], True)]
        while waiting:
            rule, horizontal = waiting.pop()
            others = free if horizontal else left
            touching = [other for other in others if _touch(rule, other)]
            for other in touching:
                others.remove(other)
                (theirs if horizontal else ours).append(other)
                waiting.append((other, not horizontal))
        if theirs:
            yield ours, theirs


def _touch(one: Rule, other: Rule) -> bool:
    """Return whether two rules of different directions meet."""
    return (
        one.start - _TOUCHING <= other.at <= one.end + _TOUCHING
        and other.start - _TOUCHING <= one.at <= other.end + _TOUCHING
    )


def _table(across: Sequence[Rule], down: Sequence[Rule]) -> RuledTable | None:
    # A table may be open at its sides.
    xs = _places([*(rule.at for rule in down), min(rule.start for rule in across), max(rule.end for rule in across)])
    ys = _places([*(rule.at for rule in across), min(rule.start for rule in down), max(rule.end for rule in down)])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 2 or not _LEAST_CELLS <= height * width <= _MOST_CELLS:
        return None
    cell_of = [[row * width + column for column in range(width)] for row in range(height)]
    for row in range(height):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(width):
            centre = (xs[column] + xs[column + 1]) / 2
            if column and not _parts(down, xs[column], middle):
                cell_of[row][column] = cell_of[row][column - 1]
            elif row and not _parts(across, ys[row], centre):
                cell_of[row][column] = cell_of[row - 1][column]
    if len({number for row in cell_of for number in row}) < _LEAST_CELLS:
        return None
    return RuledTable(tuple(xs), tuple(ys), tuple(map(tuple, cell_of)))


def _parts(rules: Sequence[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start - _NEAR <= along <= rule.end + _NEAR for rule in rules)
