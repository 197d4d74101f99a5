"""Pieces of lines, and the columns that they stand in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

GAP = 0.6  # of the type's size: between two pieces, and between two columns
_OVER = 0.35  # of the type's size: how far words may reach over the edge of a cell
LEVEL = 0.45  # of the type's size: how far the middles of one line may differ

Column = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words without a wide gap between them, and their place in points, from the left and from the top."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def beside(self, other: "Piece") -> bool:
        """Return whether two pieces stand on one line."""
        return abs(self.middle - other.middle) <= LEVEL * max(self.size, other.size)


def by_line(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return the pieces of each line, from the left; lines from the top."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if lines and piece.beside(lines[-1][0]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.left) for line in lines]


def strips(pieces: Iterable[Piece], gap: float) -> list[Column]:
    """Return the strips down the page that the pieces cover, at least `gap` points apart."""
    found: list[Column] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if found and piece.left < found[-1][1] + gap:
            found[-1] = found[-1][0], max(found[-1][1], piece.right)
        else:
            found.append((piece.left, piece.right))
    return found


def spaces(columns: Sequence[Column]) -> list[Column]:
    """Return the columns with what is free at the right of each, beyond the narrowest gap between two."""
    gaps = [max(after[0] - before[1], 0.0) for before, after in pairwise(columns)]
    least = min(gaps, default=0.0)
    return [(left, right + gap - least) for (left, right), gap in zip(columns, [*gaps, least], strict=True)]


def met(piece: Piece, columns: Sequence[Column]) -> range:
    """Return the columns that a piece stands in or reaches over."""
    found = [number for number, (left, right) in enumerate(columns) if piece.left < right and piece.right > left]
    return range(found[0], found[-1] + 1) if found else range(0)


def narrowed(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces without what may reach over the edge of a cell."""
    return [
        replace(piece, left=piece.left + over, right=piece.right - over)
        for piece in pieces
        for over in [min(_OVER * piece.size, (piece.right - piece.left) / 4)]
    ]
