"""Words of a PDF page that may not show: invisible, white, transparent, clipped, of a layer, under something, in the
colour of their ground.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from corpus.loaders.parts.page.visible.objects import Box, Placed, placed

_WHITE = 250  # of 255
_FAINT = 60  # of 255: the opacity below which words hardly show
_CLIPPING = frozenset(range(4, 8))  # ways of drawing text that clip what follows: it shows through the words
_MOST_CLIPS, _MOST_SEGMENTS = 8, 24
# The share of a line's height that an object drawn later has to hide, and the length, in heights.
_HIDDEN, _LEAST_LENGTH = 0.4, 0.3
# The share of a page that a scan takes, in one picture or in strips.
_SCAN = 0.5
_NEAR = 1.0  # points
_SAME = 24  # of 255: colours of words and ground that the eye does not tell apart
_LEAST_GROUND = 4.0  # points: a lower area is a rule


def suspects(drawn: Sequence[Placed], size: tuple[float, float]) -> list[Placed]:
    """Return which of a page's objects are words that may not show."""
    words = [(number, item) for number, item in enumerate(drawn) if item.kind == pdfium.FPDF_PAGEOBJ_TEXT]
    if not words:
        return []
    covered = _covered(words, _covers(drawn, size[0] * size[1]))
    alike = _on_own_colour(words, drawn)
    return [
        item
        for (_, item), below, same in zip(words, covered, alike, strict=True)
        if _may_hide(item, below=below or same)
    ]


def _may_hide(item: Placed, *, below: bool) -> bool:
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
    if mode in _CLIPPING:
        return False
    if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or below:
        return True
    fill = _fill(item.raw)
    if is_white(item.raw) or (fill and fill[3] < _FAINT):
        return True
    if any(_is_layer(item.raw, mark) for mark in range(pdfium.FPDFPageObj_CountMarks(item.raw))):
        return True
    return _is_clipped(item)


def is_white(item: Any) -> bool:
    """Return whether words are white."""
    fill = _fill(item)
    return fill is not None and min(fill[:3]) >= _WHITE


def on_scan(drawn: Sequence[Placed], area: float) -> bool:
    """Return whether pictures take so much of a page that words below or on them are what was recognised in them."""
    boxes = (item.box for item in drawn if item.kind == pdfium.FPDF_PAGEOBJ_IMAGE)
    return sum((right - left) * (top - bottom) for left, right, bottom, top in boxes) >= _SCAN * area


def _covers(drawn: Sequence[Placed], area: float) -> list[tuple[int, Box]]:
    """Return what may cover words: filled paths and pictures, each with its place in the order."""
    found = []
    if not on_scan(drawn, area):
        found += [(number, item.box) for number, item in enumerate(drawn) if item.kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    for number, item in enumerate(drawn):
        if item.kind == pdfium.FPDF_PAGEOBJ_PATH and _is_filled(item.raw):
            fill = _fill(item.raw)
            if fill is None or fill[3] >= _FAINT:
                found.append((number, item.box))
    return sorted(found)


def _covered(words: Sequence[tuple[int, Placed]], covers: Sequence[tuple[int, Box]]) -> list[bool]:
    """Return of each object with words whether one drawn later lies over it, or over a part of it."""
    if not covers:
        return [False] * len(words)
    order = np.array([number for number, _ in covers])
    left, right, bottom, top = np.array([box for _, box in covers]).T
    found = []
    for number, item in words:
        since = int(np.searchsorted(order, number))
        if since == len(order):
            found.append(False)
            continue
        own_left, own_right, own_bottom, own_top = item.box
        height = np.minimum(top[since:], own_top) - np.maximum(bottom[since:], own_bottom)
        width = np.minimum(right[since:], own_right) - np.maximum(left[since:], own_left)
        size = max(min(own_top - own_bottom, own_right - own_left), 0.1)
        tall, wide = own_top - own_bottom, own_right - own_left
        over = (height >= _HIDDEN * min(tall, size)) & (width >= _LEAST_LENGTH * min(wide, size))
        found.append(bool(over.any()))
    return found


def _on_own_colour(words: Sequence[tuple[int, Placed]], drawn: Sequence[Placed]) -> list[bool]:
    """Return of each object with words whether its middle lies on an area of its colour that was drawn before."""
    areas = [
        (number, item.box, fill[:3])
        for number, item in enumerate(drawn)
        if item.kind == pdfium.FPDF_PAGEOBJ_PATH
        and item.box[3] - item.box[2] >= _LEAST_GROUND
        and _is_filled(item.raw)
        and (fill := _fill(item.raw))
    ]
    if not areas:
        return [False] * len(words)
    order = np.array([number for number, _, _ in areas])
    left, right, bottom, top = np.array([box for _, box, _ in areas]).T
    colours = np.array([colour for _, _, colour in areas], dtype=int)
    found = []
    for number, item in words:
        fill = _fill(item.raw)
        x, y = (item.box[0] + item.box[1]) / 2, (item.box[2] + item.box[3]) / 2
        on = (order < number) & (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
        found.append(bool(fill and (np.abs(colours[on] - fill[:3]) <= _SAME).all(axis=1).any()))
    return found


def _is_filled(item: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    known = pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(known and fill.value)


def _fill(item: Any) -> tuple[int, int, int, int] | None:
    """Return red, green, blue and opacity, of 255; None for patterns."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, (red, green, blue, alpha)))
    return (red.value, green.value, blue.value, alpha.value) if known else None


def _is_layer(item: Any, number: int) -> bool:
    buffer = (ctypes.c_ushort * 8)()
    length = ctypes.c_ulong()
    mark = pdfium.FPDFPageObj_GetMark(item, number)
    pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), ctypes.byref(length))
    return length.value == 6 and buffer[0] == ord("O") and buffer[1] == ord("C")  # two characters and a zero byte


def _is_clipped(item: Placed) -> bool:
    """Return whether the words reach out of the area that they are clipped to."""
    path = pdfium.FPDFPageObj_GetClipPath(item.raw)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else 0
    left, right, bottom, top = item.box
    for number in range(min(max(count, 0), _MOST_CLIPS)):
        points = list(_points(path, number))
        if not points:
            continue
        xs, ys = zip(*points, strict=True)
        edges = placed(item.matrix, (min(xs), max(xs), min(ys), max(ys)))
        if left < edges[0] - _NEAR or right > edges[1] + _NEAR or bottom < edges[2] - _NEAR or top > edges[3] + _NEAR:
            return True
    return False


def _points(path: Any, number: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(pdfium.FPDFClipPath_CountPathSegments(path, number), _MOST_SEGMENTS)):
        segment = pdfium.FPDFClipPath_GetPathSegment(path, number, at)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            yield x.value, y.value
