"""Rows of boxes on slides, labels in one and their figures or dates in the other: 网上报名：3月10日—20日."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.loaders.parts.tables.kinds import Kind, kind

_LEAST = 3  # boxes of a row
_LONGEST_LABEL, _LONGEST_VALUE = 20, 40  # characters
_SENTENCE = re.compile(r"[。；！？，\n]")
_DIGIT = re.compile(r"\d")
_NEAR = 0.25  # of the way from one box to the next: how far a figure may lie beside the middle of its label


@dataclass(frozen=True, slots=True)
class _Box:
    """A box with its words and its middle: `along` its row, and `across` it, where it is `thick`."""

    shape: Any
    words: str
    along: float
    across: float
    thick: int


def below_labels(shapes: Iterable[Any], words: Callable[[Any], str]) -> dict[Any, tuple[Any, str]]:
    """Return what is written in place of two boxes, by the element of the label, with the element of its figure.

    Each label of a row, or of a column, has one figure beside it; both rows have as many boxes. `words` gives those of
    a box.
    """
    placed = [shape for shape in shapes if shape.has_text_frame and None not in (shape.left, shape.width)]
    told = [(shape, said) for shape in placed if (said := words(shape).strip())]
    for upright in (False, True):
        rows = _rows([_box(shape, said, upright=upright) for shape, said in told])
        labels = [row for row in rows if all(map(_is_label, row))]
        figures = [row for row in rows if all(map(_is_figure, row))]
        pairs = [(row, found) for row in labels if (found := _nearest(row, figures))]
        if pairs and len({id(found) for _, found in pairs}) == len(pairs):
            return {
                label.shape.element: (figure.shape.element, f"{label.words.rstrip('：: ')}：{figure.words}")
                for row, found in pairs
                for label, figure in zip(row, found, strict=True)
            }
    return {}


def _box(shape: Any, words: str, *, upright: bool) -> _Box:
    across, down = shape.left + shape.width / 2, shape.top + shape.height / 2
    return _Box(shape, words, *((down, across, shape.width) if upright else (across, down, shape.height)))


def _rows(boxes: Sequence[_Box]) -> list[list[_Box]]:
    """Return the boxes in rows, each in its order: the middles of a row lie within half a box of one another."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda one: one.across):
        if rows and box.across - rows[-1][0].across <= min(box.thick, rows[-1][0].thick) / 2:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda one: one.along) for row in rows if len(row) >= _LEAST]


def _nearest(labels: Sequence[_Box], rows: Sequence[list[_Box]]) -> list[_Box] | None:
    """Return the nearest row of figures that has one beside each label; None where the nearest has not."""
    row = min(rows, key=lambda one: abs(one[0].across - labels[0].across), default=None)
    if not row or len(row) != len(labels):
        return None
    step = min(other.along - one.along for one, other in pairwise(labels))
    aligned = all(abs(one.along - other.along) <= _NEAR * step for one, other in zip(labels, row, strict=True))
    return row if aligned else None


def _is_label(box: _Box) -> bool:
    if len(box.words) > _LONGEST_LABEL or _SENTENCE.search(box.words):
        return False
    return kind(box.words) is Kind.PERIOD or (kind(box.words) is Kind.WORDS and not _DIGIT.search(box.words))


def _is_figure(box: _Box) -> bool:
    return (
        len(box.words) <= _LONGEST_VALUE
        and "\n" not in box.words
        and bool(_DIGIT.search(box.words))
        and kind(box.words) in (Kind.NUMBER, Kind.DATE, Kind.CODE, Kind.WORDS)
    )
