"""Finds the visible characters of a PDF page: text of hidden layers and invisible text leave no ink."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

_INK = 24  # of 255: least difference between darkest and lightest spot of a character's box
_SCALE = 2.0  # pixels per point
_WHITE = 250  # of 255
_MOST_OBJECTS = 20_000

Box = tuple[float, float, float, float]


def ink(page: Any) -> Callable[[Box], bool] | None:
    """Return a function that reports whether anything is drawn in a box.

    A box is (left, right, top, bottom), in points from the top. None if no text of the page can be hidden: drawing a
    page takes longer than reading it.
    """
    if page.get_rotation() or not _may_hide(page):
        return None
    width, height = page.get_size()
    scale = min(_SCALE, 4000 / max(width, height, 1))
    image = page.render(scale=scale, grayscale=True).to_numpy()
    pixels = image.reshape(image.shape[0], image.shape[1])

    def drawn(box: Box) -> bool:
        left, right, top, bottom = (int(edge * scale) for edge in box)
        part = pixels[max(top, 0) : max(bottom, 0) + 1, max(left, 0) : max(right, 0) + 1]
        return bool(part.size) and int(np.ptp(part)) > _INK

    return drawn


def _may_hide(page: Any) -> bool:
    for number, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        if number > _MOST_OBJECTS:
            return False
        if pdfium.FPDFTextObj_GetTextRenderMode(item.raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            return True
        if _is_white(item.raw):
            return True
        if any(_is_layer(item.raw, mark) for mark in range(pdfium.FPDFPageObj_CountMarks(item.raw))):
            return True
    return False


def _is_white(item: Any) -> bool:
    """Return whether text is white: it shows over colours alone."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, (red, green, blue, alpha)))
    return bool(known) and min(red.value, green.value, blue.value) >= _WHITE


def _is_layer(item: Any, number: int) -> bool:
    buffer = (ctypes.c_ushort * 8)()
    length = ctypes.c_ulong()
    mark = pdfium.FPDFPageObj_GetMark(item, number)
    pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), ctypes.byref(length))
    return length.value == 6 and buffer[0] == ord("O") and buffer[1] == ord("C")  # two characters and a zero byte
