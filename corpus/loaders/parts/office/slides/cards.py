"""Cards on slides: a figure and what it is of, two boxes in a group, belong together: 企业开办：0.5个工作日."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from corpus.loaders.parts.tables.kinds import Kind, kind

_LONGEST = 20  # characters
_FIGURE = re.compile(
    r"(?:[-+－−±约近超逾达≥≤><¥￥$]\s*)?(\d[\d,，]*(?:\.\d+)?(?:\s*[-—–~～至/]\s*\d[\d,，.]*)?)\s*(\S{0,8})"
)
# Bare, a figure of fewer digits counts the cards: 01, 工作总结.
_LEAST_DIGITS = 3
_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
_SENTENCE = re.compile(r"[。；！？，\n]")


def cards(groups: Iterable[Sequence[Any]], words: Callable[[Any], str]) -> dict[Any, tuple[Any, str]]:
    """Return what is written in place of two boxes, by the element of the first, with the element of the second.

    `groups` hold the visible shapes of a group in the order of reading; `words` gives those of a box.
    """
    found: dict[Any, tuple[Any, str]] = {}
    for shapes in groups:
        boxes = [shape for shape in shapes if not shape.has_text_frame or shape.text_frame.text.strip()]
        boxes = [shape for shape in boxes if shape.has_text_frame or getattr(shape, "has_table", False)]
        if len(boxes) != 2 or not all(shape.has_text_frame for shape in boxes):
            continue
        first, second = boxes
        if line := _line(words(first), words(second)):
            found[first.element] = second.element, line
    return found


def _line(one: str, other: str) -> str:
    """Return a figure behind its label; empty if the words are no such two."""
    if _is_figure(one) == _is_figure(other):
        return ""
    label, figure = (other, one) if _is_figure(one) else (one, other)
    label = label.rstrip("：: ")
    named = len(label) <= _LONGEST and _WORD.search(label) and not _SENTENCE.search(label)
    return f"{label}：{figure}" if named and kind(label) is Kind.WORDS else ""


def _is_figure(text: str) -> bool:
    found = _FIGURE.fullmatch(text)
    if not found or kind(text) in (Kind.PERIOD, Kind.DATE):
        return False
    digits = sum(map(str.isdigit, found[1]))
    return bool(found[2]) or "." in found[1] or digits >= _LEAST_DIGITS
