"""Stands in for the recognition of characters where pictures are only decoded: looks at every pixel, reads one line."""

from typing import Any, NamedTuple

import numpy as np


class Result(NamedTuple):
    """What the real one gives, for one line across the picture."""

    boxes: Any
    txts: tuple[str, ...]
    scores: tuple[float, ...]
    cls_res: tuple[tuple[str, float], ...] = ()


class RapidOCR:
    """Called with the pixels of a page, (height, width, 3)."""

    def __init__(self, **settings: object) -> None:
        pass

    def __call__(self, pixels: Any, **steps: object) -> Result:
        height, width, _ = pixels.shape
        box = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], dtype=np.float32)
        return Result(box, (f"一共{int(pixels.astype(np.int64).sum())}。",), (1.0,))
