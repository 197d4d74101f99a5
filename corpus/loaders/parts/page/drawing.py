"""What is drawn on a page besides its words: straight rules, and filled areas."""

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# In points: distance of rules that count as one, greatest thickness of a line.
NEAR, _THICK = 2.5, 3.0
_SHORTEST = 6.0
_MOST_OBJECTS, MOST_RULES, _MOST_SEGMENTS = 20_000, 4_000, 400
_WHITE, _DARK = 250, 140  # of 255: the darkest white, the lightest of colours that bear white type


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule, in points: at `at` across its direction, from `start` to `end` along it, from left or top."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle, in points from the left and from the top."""

    left: float
    right: float
    top: float
    bottom: float
    dark: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The rules of a page, those that touch as one, and its coloured areas; empty if more than any table has.

    `shades` are places down the page where shaded cells of tables meet.
    """

    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()
    areas: tuple[Area, ...] = ()
    shades: tuple[Rule, ...] = ()


class Corners(NamedTuple):
    """A box in the coordinates of the file, from below."""

    left: float
    bottom: float
    right: float
    top: float


Turned = Callable[[Any], tuple[float, float, float, float]]


def drawing(page: Any, turned: Turned) -> Drawing:
    """Return what is drawn on a page, in points; `turned` maps a box to the page as shown: left, right, top, bottom."""
    across: list[Rule] = []
    down: list[Rule] = []
    areas: list[Area] = []
    for number, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number >= _MOST_OBJECTS or len(across) + len(down) + len(areas) > MOST_RULES:
            return Drawing()
        for left, right, top, bottom in (turned(Corners(*line)) for line in _lines(shape)):
            if right - left >= _SHORTEST and bottom - top <= _THICK:
                across.append(Rule((top + bottom) / 2, left, right))
            elif bottom - top >= _SHORTEST and right - left <= _THICK:
                down.append(Rule((left + right) / 2, top, bottom))
        areas += _area(shape, turned)
    return Drawing(tuple(merged_rules(across)), tuple(merged_rules(down)), tuple(areas))


def _area(shape: Any, turned: Turned) -> Iterator[Area]:
    left, bottom, right, top = shape.get_bounds()
    if right - left <= _THICK or top - bottom <= _THICK:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(shape.raw, ctypes.byref(fill), ctypes.byref(stroke)) or not fill.value:
        return
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(shape.raw, *map(ctypes.byref, (red, green, blue, alpha)))
    shade = (red.value + green.value + blue.value) / 3
    if known and shade < _WHITE:
        yield Area(*turned(Corners(left, bottom, right, top)), dark=shade < _DARK)


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


def merged_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules on one line that touch or overlap as one rule."""
    merged: list[Rule] = []
    lines = places([rule.at for rule in rules])
    by_place: dict[int, list[Rule]] = {}
    for rule in rules:
        by_place.setdefault(_nearest(lines, rule.at), []).append(rule)
    for place, own in by_place.items():
        start, end = None, 0.0
        for rule in sorted(own, key=lambda rule: rule.start):
            if start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + NEAR:
                end = max(end, rule.end)
            else:
                merged.append(Rule(lines[place], start, end))
                start, end = rule.start, rule.end
        if start is not None:
            merged.append(Rule(lines[place], start, end))
    return merged


def places(values: Iterable[float]) -> list[float]:
    """Return nearby values as one value, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(lines: Sequence[float], value: float) -> int:
    after = bisect_right(lines, value)
    near = [number for number in (after - 1, after) if 0 <= number < len(lines)]
    return min(near, key=lambda number: abs(lines[number] - value))
