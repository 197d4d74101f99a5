"""Tables drawn as boxes close to one another, side by side or below one another, as spacers leave them."""

from collections.abc import Callable, Iterable, Sequence

from corpus.loaders.parts.page.drawing import NEAR

_WIDEST = 30.0  # points: a blank column that only keeps others apart

Fields = tuple[tuple[int, ...], ...]
Box = tuple[tuple[float, ...], tuple[float, ...], Fields]  # places of rules across and down, cell of each field


def joined_boxes(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes, of which those between the same rules, with a narrow gap between them, are one.

    The fields of the gap are cells without words.
    """
    found = _joined(sorted(boxes, key=lambda box: (box[1][0], box[0][0])), _beside)
    return _joined(sorted(found, key=lambda box: (box[0][0], box[1][0])), _below)


def _joined(boxes: Sequence[Box], together: Callable[[Box, Box], Box | None]) -> list[Box]:
    found: list[Box] = []
    for box in boxes:
        for number, other in enumerate(found):
            if (both := together(other, box)) is not None:
                found[number] = both
                break
        else:
            found.append(box)
    return found


def _beside(one: Box, other: Box) -> Box | None:
    """Return two boxes with the same rows as one; None if they are not side by side."""
    gap = other[0][0] - one[0][-1]
    if not NEAR < gap <= min(_WIDEST, one[0][-1] - one[0][-2], other[0][1] - other[0][0]) or not _alike(
        one[1], other[1]
    ):
        return None
    free = _next(one[2])
    rows = [
        (*left, free + number, *(cell + free + len(one[2]) for cell in right))
        for number, (left, right) in enumerate(zip(one[2], other[2], strict=True))
    ]
    return (*one[0], *other[0]), one[1], tuple(rows)


def _below(one: Box, other: Box) -> Box | None:
    """Return two boxes with the same columns as one; None if they are not below one another."""
    gap = other[1][0] - one[1][-1]
    if not NEAR < gap <= min(one[1][-1] - one[1][-2], other[1][1] - other[1][0]) or not _alike(one[0], other[0]):
        return None
    free = _next(one[2])
    width = len(one[0]) - 1
    lower = (tuple(cell + free + width for cell in row) for row in other[2])
    return one[0], (*one[1], *other[1]), (*one[2], tuple(range(free, free + width)), *lower)


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def _next(fields: Fields) -> int:
    return 1 + max(cell for row in fields for cell in row)
