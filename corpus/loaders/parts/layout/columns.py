"""Columns of lines on a page, and the margins between which each stands."""

from collections.abc import Iterator, Sequence
from math import inf
from statistics import median

from corpus.loaders.parts.layout.lines import Line

_BESIDE = 4  # lines that show where two columns part
_INDENT, _FULL = 2.5, 1.6  # times the type's size: the indent of a paragraph; what a full line may lack
_LEAST_FULL = 1 / 3  # share of the lines of running text
_TEXT_WIDTH = 10  # times the type's size


def columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that follow one another downward between the same margins."""
    column: list[Line] = []
    right = 0.0
    for line in lines:
        if column and (line.top < column[-1].top - line.size or line.left > right):
            yield column
            column = []
        right = max(right, line.right) if column else line.right
        column.append(line)
    if column:
        yield column


def with_margins(lines: Sequence[Line]) -> Iterator[tuple[Line, float, float]]:
    """Yield the lines of columns with their margins. What stands over two columns, or one of two, widens none."""
    found = list(columns(lines))
    for before, column, after in zip([[], *found], found, [*found[1:], []], strict=False):
        start = max(line.right for line in before[-_BESIDE:]) if _are_beside(before, column) else -inf
        end = min(line.left for line in after[:_BESIDE]) if _are_beside(column, after) else inf
        end = min(end, _end_of_text(column))
        own = {id(line) for line in column if line.left >= start and line.right <= end}
        inner = [line for line in column if id(line) in own]
        parted = inner if _runs_on(inner) else column
        narrow, whole = _margins(parted), _margins(column)
        yield from ((line, *(narrow if id(line) in own else whole)) for line in column)


def _end_of_text(column: Sequence[Line]) -> float:
    """Return where running text ends that fills one column of a page, below a title in the middle of the page.

    Infinity for other lines: without a title that reaches farther, or without enough full lines.
    """
    left = min(line.left for line in column)
    flush = [line for line in column if line.left <= left + _INDENT * line.size]
    if len(flush) == len(column) or not _runs_on(flush):
        return inf
    right = max(line.right for line in flush)
    full = sum(line.right > right - _FULL * line.size for line in flush)
    wider = any(line.right > right + _INDENT * line.size for line in column if line not in flush)
    return right if wider and full >= max(_BESIDE, _LEAST_FULL * len(flush)) else inf


def _margins(column: Sequence[Line]) -> tuple[float, float]:
    return min(line.left for line in column), max(line.right for line in column)


def _runs_on(lines: Sequence[Line]) -> bool:
    """Return whether lines are as long as those of running text; entries of a list are shorter."""
    return len(lines) >= _BESIDE and median((line.right - line.left) / line.size for line in lines) >= _TEXT_WIDTH


def _are_beside(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Return whether the first lines of a column stand at the right of the last lines of the one before, higher up."""
    last, first = one[-_BESIDE:], other[:_BESIDE]
    if min(len(last), len(first)) < _BESIDE or first[0].top >= last[-1].top - first[0].size:
        return False
    return max(line.right for line in last) <= min(line.left for line in first)
