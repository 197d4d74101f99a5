"""Restores columns whose lines were drawn row by row across the page."""

from collections.abc import Iterator, Sequence
from statistics import median

from corpus.loaders.parts.layout.lines import Line

_LEAST_ROWS = 4
_LEAST_WIDTH = 8  # characters in most lines of a column; table cells hold fewer
_FULL = 0.5  # the share of a column's lines that reach its right margin
_MARGIN = 1.6  # sizes of type: how much a full line may lack at the right
_PITCH = 1.6  # times the usual step to the next line
_ENDS = "。；！？"

Gutters = list[tuple[float, float]]


def unwoven(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in reading order: where rows hold a line of each column, whole columns follow one another."""
    ordered: list[Line] = []
    start = 0
    while start < len(lines):
        end, gutters = _band(lines, start)
        band = lines[start:end]
        if gutters and _are_columns(band, gutters):
            for column in range(len(gutters) + 1):
                ordered += [part for line in band for place, part in _parts(line, gutters) if place == column]
        else:
            ordered += band
        start = end
    return ordered


def _band(lines: Sequence[Line], start: int) -> tuple[int, Gutters]:
    """Return where the rows with the same white strips between their parts end, and the strips."""
    first = lines[start]
    gutters = _strips(first)
    if not gutters:
        return start + 1, []
    end = start + 1
    while end < len(lines):
        line = lines[end]
        step = line.top - lines[end - 1].top
        if (
            line.drawn
            or step <= 0
            or (end - start > 1 and step > _PITCH * (lines[end - 1].top - lines[start].top) / (end - 1 - start))
        ):
            break
        narrower = _narrowed(gutters, line)
        if narrower is None:
            break
        gutters = narrower
        end += 1
    return end, gutters


def _strips(line: Line) -> Gutters:
    return [(left[1], right[0]) for left, right in zip(line.edges, line.edges[1:], strict=False)]


def _narrowed(gutters: Gutters, line: Line) -> Gutters | None:
    """Return the parts of the strips that a line leaves white; None if it crosses one or has other gaps."""
    narrower = []
    for left, right in gutters:
        for begin, end in line.edges:
            if begin <= left and end >= right:
                return None
            left, right = (max(left, end), right) if end < (left + right) / 2 else (left, min(right, begin))
        if right - left < line.size / 2:
            return None
        narrower.append((left, right))
    return narrower if len(list(_parts(line, narrower))) == len(line.edges) else None


def _parts(line: Line, gutters: Gutters) -> Iterator[tuple[int, Line]]:
    """Yield the parts of a line, each with the number of its column."""
    columns: dict[int, list[int]] = {}
    for number, (left, _) in enumerate(line.edges):
        columns.setdefault(sum(left >= gutter[1] for gutter in gutters), []).append(number)
    for column, numbers in columns.items():
        cells = tuple(line.cells[number] for number in numbers)
        edges = tuple(line.edges[number] for number in numbers)
        text = " ".join(cells)
        yield column, Line(text, edges[0][0], edges[-1][1], line.top, line.bottom, line.size, cells, edges)


def _are_columns(band: Sequence[Line], gutters: Gutters) -> bool:
    """Return whether the parts are running text: long lines, most of them full, continued in the next line."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in band:
        for place, part in _parts(line, gutters):
            columns[place].append(part)
    return all(map(_runs_on, columns)) and len(columns[0]) >= _LEAST_ROWS


def _runs_on(column: Sequence[Line]) -> bool:
    if len(column) < _LEAST_ROWS or median(len(line.text) for line in column) < _LEAST_WIDTH:
        return False
    right = max(line.right for line in column)
    full = sum(line.right > right - _MARGIN * line.size for line in column)
    ended = sum(line.text[-1:] in _ENDS for line in column)
    return full >= _FULL * len(column) and ended < _FULL * len(column)
