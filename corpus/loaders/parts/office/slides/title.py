"""What heads a slide: its title, or else the words in the largest type at its top, as many designs have them."""

import re
from collections.abc import Sequence
from typing import Any

from corpus.loaders.parts.office.names import A, integer

_LARGER = 1.15  # times the type of all other words
_USUAL_TYPE, _BODY_TYPE = 1_800, 2_800  # hundredths of a point, where a file names none: in boxes, in placeholders
_LONGEST, _MOST_LINES = 40, 2
_SENTENCE = re.compile(r"[。；，！？：:;,]$")
_NAMES = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{4}")


def title_of(title: Any, shapes: Sequence[Any], top: float) -> Any:
    """Return the visible shape that heads a slide; None without one.

    `title` is the placeholder for it, if any. Another shape begins above `top`.
    """
    titles = (shape for shape in shapes if title is not None and shape.element is title.element)
    marked = next((shape for shape in titles if shape.text_frame.text.strip()), None)
    return marked or _largest(shapes, top)


def _largest(shapes: Sequence[Any], top: float) -> Any:
    worded = [shape for shape in shapes if shape.has_text_frame and shape.text_frame.text.strip()]
    tables = any(getattr(shape, "has_table", False) for shape in shapes)
    sizes = sorted([*map(_type_of, worded), *[_USUAL_TYPE] * tables], reverse=True)
    for shape in worded:
        largest = _type_of(shape) == sizes[0] and (len(sizes) < 2 or sizes[0] >= _LARGER * sizes[1])
        if largest and (shape.top or 0) < top and _may_head(shape.text_frame.text):
            return shape
    return None


def _may_head(text: str) -> bool:
    lines = text.strip().splitlines()
    whole = "".join(lines)
    short = len(lines) <= _MOST_LINES and len(whole) <= _LONGEST
    return short and bool(_NAMES.search(whole)) and not _SENTENCE.search(whole)


def _type_of(shape: Any) -> int:
    """Return the largest type in a shape, in hundredths of a point."""
    body = shape.text_frame._txBody
    own = body.find(f"{A}lstStyle/{A}lvl1pPr/{A}defRPr")
    usual = _BODY_TYPE if shape.is_placeholder else _USUAL_TYPE
    usual = integer(own.get("sz"), usual) if own is not None else usual
    runs = [run.find(f"{A}rPr") for run in body.iter(f"{A}r") if (run.findtext(f"{A}t") or "").strip()]
    return max((usual if run is None else integer(run.get("sz"), usual) for run in runs), default=usual)
