"""The order in which the objects of a slide are read: cards and columns one after the other, rows across."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from pptx.oxml.ns import qn
from pptx.shapes.group import GroupShape

_DEEPEST_GROUP = 20
_DEEPEST_CUT = 40
_OVERLAP = 90_000  # EMU, a quarter of a centimetre: how far boxes set side by side may reach over one another
_ALIKE = 0.7  # of the widest strip: others part as well

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shape with its edges."""

    shape: Any
    left: int
    top: int
    right: int
    bottom: int


def in_order(shapes: Iterable[Any], size: Size, depth: int = 0) -> Iterator[Any]:
    """Yield the visible shapes in the order of reading; a group's shapes at the group's place."""
    shown = [shape for shape in shapes if not (hidden(shape) or (depth == 0 and beside(shape, size)))]
    for shape in _sorted(shown):
        if isinstance(shape, GroupShape):
            if depth < _DEEPEST_GROUP:
                yield from in_order(shape.shapes, size, depth + 1)
        else:
            yield shape


def hidden(shape: Any) -> bool:
    """Return whether a shape is switched off."""
    properties = next(shape.element.iter(qn("p:cNvPr")), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def beside(shape: Any, size: Size) -> bool:
    """Return whether a shape lies wholly outside of the slide."""
    if None in (shape.left, shape.top, shape.width, shape.height) or not all(size):
        return False
    across = shape.left + shape.width <= 0 or shape.left >= size[0]
    return bool(across or shape.top + shape.height <= 0 or shape.top >= size[1])


def _sorted(shapes: Sequence[Any]) -> list[Any]:
    """Return shapes in the order of reading. Those without words, such as a picture behind all, part nothing."""
    worded = [_placed(shape) for shape in shapes if _holds_words(shape)]
    others = [shape for shape in shapes if not _holds_words(shape)]
    return [*(placed.shape for placed in _parted(worded)), *others]


def _parted(found: Sequence[_Placed], depth: int = 0) -> list[_Placed]:
    """Return shapes by cutting along the widest white strip, again and again (Nagy and Seth 1984).

    Where nothing parts them, from top to bottom and from left to right.
    """
    rows, below = _cut(found, lambda one: (one.top, one.bottom))
    columns, between = _cut(found, lambda one: (one.left, one.right))
    parts = columns if between > below else rows
    if len(parts) < 2 or depth == _DEEPEST_CUT:
        return sorted(found, key=lambda one: (one.top, one.left))
    return [one for part in parts for one in _parted(part, depth + 1)]


def _cut(found: Sequence[_Placed], edges: Callable[[_Placed], tuple[int, int]]) -> tuple[list[list[_Placed]], int]:
    """Return shapes in parts at the widest white strips of one direction, and how wide these are; 0 without any."""
    ordered = sorted(found, key=edges)
    ends = list(accumulate((edges(one)[1] for one in ordered), max))
    strips = [edges(one)[0] - end + _OVERLAP for end, one in zip(ends, ordered[1:], strict=False)]
    widest = max(strips, default=0)
    if widest <= 0:
        return [ordered], 0
    places = [number for number, strip in enumerate(strips, start=1) if strip >= _ALIKE * widest]
    return [ordered[start:stop] for start, stop in pairwise([0, *places, len(ordered)])], widest


def _holds_words(shape: Any) -> bool:
    if shape.has_text_frame:
        return bool(shape.text_frame.text.strip())
    return shape.element.tag in (qn("p:graphicFrame"), qn("p:grpSp"))


def _placed(shape: Any) -> _Placed:
    left, top = shape.left or 0, shape.top or 0
    return _Placed(shape, left, top, left + (shape.width or 0), top + (shape.height or 0))
