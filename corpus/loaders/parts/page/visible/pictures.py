"""The pictures of a page: whether it is a scan, and whether one of them may hold words that are not read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from corpus.loaders.parts.layout.lines import Line, in_margin
from corpus.loaders.parts.page.visible.objects import Box, Placed

# Characters. A page with a picture and fewer characters is a scan with a stamp or a number.
_FEW = 20
_SMALL, _WHOLE = 0.1, 0.5  # of a page: pictures that are not it, and those that are
LARGE = 170.0  # points, 6 cm; smaller pictures are mostly seals, logos and ornaments

Size = tuple[float, float]


def pictures_of(drawn: Iterable[Placed], turned: Callable[[Any], Box], size: Size) -> list[Box]:
    """Return where the pictures of a PDF page lie: left, right, top and bottom, from the page's top."""
    found = []
    for item in drawn:
        if item.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, right, bottom, top = item.box
            found.append(turned(pdfium.FS_RECTF(left=left, top=top, right=right, bottom=bottom)))
    return list(on_page(found, size))


def on_page(boxes: Iterable[Box], size: Size) -> Iterator[Box]:
    """Yield of each box the part on the page."""
    for left, right, top, bottom in boxes:
        box = max(left, 0.0), min(right, size[0]), max(top, 0.0), min(bottom, size[1])
        if box[1] > box[0] and box[3] > box[2]:
            yield box


def is_scan(pictures: Sequence[Box], lines: Sequence[Line], size: Size) -> bool:
    """Return whether a page is a picture: nothing is written on it but a number, or but lines in its margins."""
    if not pictures:
        return False
    share = sum((right - left) * (bottom - top) for left, right, top, bottom in pictures) / (size[0] * size[1])
    characters = len("".join("".join(line.text for line in lines).split()))
    if characters < _FEW:
        return share >= _SMALL or not characters
    return share >= _WHOLE and all(in_margin(line, size[1]) for line in lines)


def shows_unread(pictures: Iterable[Box], lines: Sequence[Line], *, large: float = LARGE) -> bool:
    """Return whether a picture of a size that counts as large lies beside the lines: one below them is their ground."""
    large_ones = (box for box in pictures if min(box[1] - box[0], box[3] - box[2]) >= large)
    return any(not any(_lies_on(line, box) for line in lines) for box in large_ones)


def _lies_on(line: Line, box: Box) -> bool:
    left, right, top, bottom = box
    return left <= (line.left + line.right) / 2 <= right and top <= (line.top + line.bottom) / 2 <= bottom
