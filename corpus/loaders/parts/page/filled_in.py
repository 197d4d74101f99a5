"""Puts what is filled into a form of a PDF behind the words that it stands beside."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.loaders.parts.layout.lines import Line, joined

_OVERLAP = 0.5  # of the lower of two lines


def with_filled_in(printed: Sequence[Line], filled_in: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with those filled in: each continues the printed line to its left, else follows it."""
    lines = list(printed)
    for line in filled_in:
        beside = [n for n, other in enumerate(lines) if not (other.drawn or line.drawn) and _is_beside(other, line)]
        if beside:
            place = max(beside, key=lambda number: lines[number].right)
            lines[place] = _continued(lines[place], line)
        else:
            above = [n for n, other in enumerate(lines) if other.top <= line.top]
            lines.insert(above[-1] + 1 if above else 0, line)
    return lines


def _is_beside(printed: Line, line: Line) -> bool:
    common = min(printed.bottom, line.bottom) - max(printed.top, line.top)
    lower = min(printed.bottom - printed.top, line.bottom - line.top)
    return printed.left < line.left and common > _OVERLAP * lower


def _continued(printed: Line, line: Line) -> Line:
    """Return a printed line with the words filled in; it ends where it did: the next one does not continue it."""
    text = joined([printed.text, line.text])
    return replace(printed, text=text, cells=(text,), edges=((printed.left, printed.right),))
