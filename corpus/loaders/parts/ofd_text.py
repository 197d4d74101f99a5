"""Text objects of OFD (GB/T 33190-2016, 11): each character with its place on the page."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

_MOST = 100_000  # characters of one object: a single step may name that many with three numbers
_LEAST_SIZE = 0.3  # millimetres; smaller type is invisible
_WIDE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character: left end and base line from the top of the page, width and size, in millimetres.

    `begins` says that a piece of text begins with it. The width of a Latin letter is a guess: fonts are not opened.
    """

    character: str
    left: float
    base: float
    width: float
    size: float
    begins: bool


def numbers(text: str | None) -> list[float]:
    """Return the numbers of a list; empty if one is invalid."""
    try:
        found = [float(part) for part in (text or "").split()]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def glyphs(element: Any) -> Iterator[Glyph]:
    """Yield the characters of a text object."""
    boundary = numbers(element.get("Boundary"))
    if len(boundary) != 4:
        return
    matrix = numbers(element.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    size = next(iter(numbers(element.get("Size"))), 0.0)
    stretch = next(iter(numbers(element.get("HScale"))), 1.0)
    across, down = math.hypot(a, b) or 1.0, math.hypot(c, d) or 1.0
    x = y = 0.0
    for code in element.iterfind("{*}TextCode"):
        x = next(iter(numbers(code.get("X"))), x)
        y = next(iter(numbers(code.get("Y"))), y)
        text = "".join(code.itertext())[:_MOST]
        to_right, downward = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        for number, character in enumerate(text):
            advance = next(to_right, None)
            usual = size * stretch * (1.0 if character >= _WIDE else 0.5)
            left, base = boundary[0] + a * x + c * y + e, boundary[1] + b * x + d * y + f
            width = usual if advance is None or not 0 < advance < usual else advance
            if size * down > _LEAST_SIZE:
                yield Glyph(character, left, base, width * across, size * down, number == 0)
            sunk = next(downward, None)
            # Without steps, characters follow one another by their widths; with steps downward, they form a column.
            x += advance if advance is not None else 0.0 if sunk is not None else usual
            y += sunk or 0.0


def _steps(text: str | None) -> Iterator[float]:
    """Yield the steps from each character to the next; `g 3 4.5` means three times 4.5."""
    parts = (text or "").split()
    found: list[Iterator[float]] = []
    while parts:
        if parts[0].lower() == "g" and len(parts) >= 3:
            times, step = numbers(parts[1]), numbers(parts[2])
            if not times or not step:
                break
            found.append(repeat(step[0], max(0, min(int(times[0]), _MOST))))
            parts = parts[3:]
        else:
            step = numbers(parts.pop(0))
            if not step:
                break
            found.append(iter(step))
    return chain.from_iterable(found)
