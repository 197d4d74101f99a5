"""Finds the characters of a PDF page that leave ink: the page is drawn with the doubtful words and without them."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from corpus.loaders.parts.page.visible.objects import Box, Placed
from corpus.loaders.parts.page.visible.suspects import is_white, on_scan, suspects

_INK = 24  # of 255: least difference that the eye sees
_FAINT_INK = 8  # of white words, which mostly lie on something light
_SCALE = 2.0  # pixels per point
_MOST_PIXELS = 4000  # along a side
_SMALLEST = 0.001  # of the page's longer side: nobody reads smaller type

Pixels = npt.NDArray[np.uint8]


class Ink:
    """What of a page's characters shows, by their numbers in its `textpage`."""

    def __init__(self, page: Any, textpage: Any, drawn: Sequence[Placed], turned: Callable[[Any], Box]) -> None:
        self._text, self._turned = textpage.raw, turned
        self._size = page.get_size()
        self._smallest = _SMALLEST * max(self._size)
        self._scan = on_scan(drawn, self._size[0] * self._size[1])
        doubtful = suspects(drawn, self._size)
        self._doubtful = {ctypes.addressof(item.raw.contents) for item in doubtful}
        self._scale = min(_SCALE, _MOST_PIXELS / max(*self._size, 1))
        if doubtful:
            self._with = _picture(page, self._scale)
            with _left_out(doubtful):
                self._without = _picture(page, self._scale)

    def shows(self, index: int, place: Box) -> bool:
        """Return whether a character shows; `place` is its box: left, right, top and bottom, from the page's top."""
        left, right, top, bottom = place
        x, y = (left + right) / 2, (top + bottom) / 2
        if not (0 <= x <= self._size[0] and 0 <= y <= self._size[1]):
            return False
        if 0 < bottom - top < self._smallest and right - left < self._smallest:
            return False
        if not self._doubtful:
            return True
        item = pdfium.FPDFText_GetTextObject(self._text, index)
        if not item or ctypes.addressof(item.contents) not in self._doubtful:
            return True
        if self._scan and pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            # Words recognised in a scan lie invisible on their picture.
            return int(np.ptp(self._part(place, self._with, inner=False))) > _INK
        return self._differs(self._tight(index) or place, least=_FAINT_INK if is_white(item) else _INK)

    def _tight(self, index: int) -> Box | None:
        """Return the box of a character's own ink: that of its type reaches into its neighbours'."""
        edges = [ctypes.c_double() for _ in range(4)]
        if not pdfium.FPDFText_GetCharBox(self._text, index, *map(ctypes.byref, edges)):
            return None
        left, right, bottom, top = (edge.value for edge in edges)
        if right <= left or top <= bottom:
            return None
        return self._turned(pdfium.FS_RECTF(left=left, top=top, right=right, bottom=bottom))

    def _differs(self, place: Box, *, least: int) -> bool:
        one, other = self._part(place, self._with).astype(int), self._part(place, self._without).astype(int)
        return int(np.abs(one - other).max()) > least

    def _part(self, place: Box, picture: Pixels, *, inner: bool = True) -> Pixels:
        """Return the pixels of a box, at least one; `inner` ones are not at its edges, where others are between."""
        left, right, top, bottom = (edge * self._scale for edge in place)
        rows, columns = picture.shape
        return picture[_pixels(top, bottom, rows, inner=inner), _pixels(left, right, columns, inner=inner)]


def _pixels(start: float, end: float, most: int, *, inner: bool) -> slice:
    first, last = int(start), int(end)
    if inner and last - first >= 4:
        first, last = first + 1, last - 1
    first = min(max(first, 0), most - 1)
    return slice(first, min(max(last, first), most - 1) + 1)


def _picture(page: Any, scale: float) -> Pixels:
    pixels: Pixels = page.render(scale=scale, grayscale=True).to_numpy().copy()
    return pixels.reshape(pixels.shape[0], pixels.shape[1])


@contextmanager
def _left_out(items: Sequence[Placed]) -> Iterator[None]:
    for item in items:
        pdfium.FPDFPageObj_SetIsActive(item.raw, False)
    try:
        yield
    finally:
        for item in items:
            pdfium.FPDFPageObj_SetIsActive(item.raw, True)
