"""The order in which the objects of a slide are read: cards and columns one after the other, rows across."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from pptx.oxml.ns import qn
from pptx.shapes.group import GroupShape

from corpus.loaders.parts.office.names import integer

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


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the places within a group lie on the slide, of one direction: `times` each, then `plus`."""

    times: float = 1.0
    plus: float = 0.0

    def within(self, off: int, ext: int, inner_off: int, inner_ext: int) -> "_Scale":
        """Return that of a group in this one."""
        times = ext / inner_ext if inner_ext else 1.0
        return _Scale(self.times * times, self.times * (off - times * inner_off) + self.plus)

    def edges(self, start: int, length: int) -> tuple[float, float]:
        return self.times * start + self.plus, self.times * (start + length) + self.plus


_Scales = tuple[_Scale, _Scale]


def in_order(
    shapes: Iterable[Any], size: Size, depth: int = 0, scales: _Scales = (_Scale(), _Scale())
) -> Iterator[Any]:
    """Yield the visible shapes in the order of reading; a group's shapes at the group's place."""
    shown = [shape for shape in shapes if not (hidden(shape) or beside(shape, size, scales))]
    for shape in _sorted(shown):
        if isinstance(shape, GroupShape):
            if depth < _DEEPEST_GROUP:
                yield from in_order(shape.shapes, size, depth + 1, _inside(shape, scales))
        else:
            yield shape


def grouped(
    shapes: Iterable[Any], size: Size, depth: int = 0, scales: _Scales = (_Scale(), _Scale())
) -> Iterator[list[Any]]:
    """Yield the visible shapes of each group in the order of reading; those of groups within it count as its own."""
    for shape in shapes:
        if isinstance(shape, GroupShape) and depth < _DEEPEST_GROUP and not hidden(shape):
            inside = _inside(shape, scales)
            yield list(in_order(shape.shapes, size, depth + 1, inside))
            yield from grouped(shape.shapes, size, depth + 1, inside)


def hidden(shape: Any) -> bool:
    """Return whether a shape is switched off."""
    properties = next(shape.element.iter(qn("p:cNvPr")), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def beside(shape: Any, size: Size, scales: _Scales = (_Scale(), _Scale())) -> bool:
    """Return whether a shape lies wholly outside of the slide."""
    if None in (shape.left, shape.top, shape.width, shape.height) or not all(size):
        return False
    left, right = scales[0].edges(shape.left, shape.width)
    top, bottom = scales[1].edges(shape.top, shape.height)
    return bool(right <= 0 or left >= size[0] or bottom <= 0 or top >= size[1])


def _inside(group: Any, scales: _Scales) -> _Scales:
    """Return how the places within a group lie on the slide."""
    places = group.element.grpSpPr.find(qn("a:xfrm"))
    found = () if places is None else (places.find(qn(f"a:{name}")) for name in ("off", "ext", "chOff", "chExt"))
    ends = [end for end in found if end is not None]
    if len(ends) < 4:
        return scales
    across = (integer(end.get(name), 0) for end, name in zip(ends, ("x", "cx", "x", "cx"), strict=True))
    down = (integer(end.get(name), 0) for end, name in zip(ends, ("y", "cy", "y", "cy"), strict=True))
    return scales[0].within(*across), scales[1].within(*down)


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
