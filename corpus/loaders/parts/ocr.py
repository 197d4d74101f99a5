"""Reads pictures of text by RapidOCR, whose Chinese models come with its package."""

import logging
import math
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from corpus.errors import Failed
from corpus.limits import Budget, Limits
from corpus.loaders.parts.layout.lines import Line, Sheet

INSTALL = "pip install -r requirements-ocr.txt"
# Lines below this score are more often noise than words.
_LEAST_SCORE = 0.5
_SIZE_NOISE = 0.25  # boxes around lines of one type size differ by up to this share
_ASKED = 7  # lines that are tested for standing upright
_LOGGER = "RapidOCR"  # of the library
_LONGEST_SIDE = 2400  # pixels; more takes time and finds no more words


class RecognitionMissing(Failed):
    """The packages for character recognition are not installed."""

    def __init__(self) -> None:
        super().__init__(f"这是扫描件或图片，要先安装文字识别组件：{INSTALL}", again=True)


def available() -> bool:
    """Return whether the packages are installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise(image: Any, budget: Budget) -> Sheet:
    """Return the lines of a PIL image from the top. Raises `RecognitionMissing`."""
    import numpy as np

    _engine()
    budget.page_done()  # loading the models takes seconds, which no page should pay for
    image = image.convert("RGB")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    pixels = np.asarray(image)[:, :, ::-1]
    result = _read(pixels)
    if _upside_down(pixels, result.boxes):
        result = _read(np.ascontiguousarray(pixels[::-1, ::-1]))
    lines: list[Line] = []
    if result.boxes is not None:
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            if score >= _LEAST_SCORE and text.strip():
                (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
                lines.append(Line(text, float(left), float(right), float(top), float(bottom), float(bottom - top)))
    budget.page_done()
    return Sheet(float(image.height), tuple(_in_reading_order(lines)))


def pixel_scale(width: float, height: float, limits: Limits) -> float:
    """Return the scale from points (1/72 inch) to pixels: 200 dots an inch, within the limits."""
    return min(200 / 72, _LONGEST_SIDE / max(width, height, 1), math.sqrt(limits.pixels / max(width * height, 1)))


@cache
def _engine() -> Any:
    if not available():
        raise RecognitionMissing
    from rapidocr import RapidOCR

    # Its logger alone, which it sets to report each model that it loads: others of this process go on as they are.
    logging.getLogger(_LOGGER).addFilter(_is_serious)
    return RapidOCR(params={"Global.log_level": "critical"})


def _is_serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.CRITICAL


def _read(pixels: Any) -> Any:
    # All three steps are named, because the engine remembers which one the last call left out.
    return _engine()(pixels, use_det=True, use_cls=True, use_rec=True)


def _upside_down(pixels: Any, boxes: Any) -> bool:
    """Return whether most of the longest lines are upside down: each reads correctly, but the last one comes first."""
    if boxes is None:
        return False
    longest = sorted(boxes, key=lambda box: float(box[:, 0].max() - box[:, 0].min()), reverse=True)[:_ASKED]
    turned = 0
    for box in longest:
        (left, top), (right, bottom) = box.min(axis=0).astype(int), box.max(axis=0).astype(int)
        line = pixels[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
        found = _engine()(line, use_det=False, use_cls=True, use_rec=False)
        turned += bool(found.cls_res) and str(found.cls_res[0][0]) == "180"
    return turned > len(longest) / 2


def _in_reading_order(pieces: list[Line]) -> list[Line]:
    """Return the lines from the top; pieces of one row become its cells, from the left."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top):
        row = rows[-1] if rows else None
        if row and (piece.top + piece.bottom) / 2 < row[0].bottom:
            row.append(piece)
        else:
            rows.append([piece])
    usual = median(piece.size for piece in pieces) if pieces else 0.0
    return [_one_line(sorted(row, key=lambda piece: piece.left), usual) for row in rows]


def _one_line(row: list[Line], usual: float) -> Line:
    cells = tuple(piece.text for piece in row)
    left, right = row[0].left, max(piece.right for piece in row)
    top, bottom = min(piece.top for piece in row), max(piece.bottom for piece in row)
    size = max(piece.size for piece in row)
    if abs(size - usual) < _SIZE_NOISE * usual:
        size = usual
    return Line(" ".join(cells), left, right, top, bottom, size, cells)
