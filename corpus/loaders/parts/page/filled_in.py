"""Puts what is filled into a form of a PDF behind the words that it stands beside, and ticks before their words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.loaders.parts.layout.lines import Line, joined

_OVERLAP = 0.5  # of the lower of two lines
_TICK = re.compile(r"[✓✔√☑☒■●×✗✘]")
_FROM_TICK = 2.0  # type sizes to the words that it ticks
_COLON = ("：", ":")


@dataclass(slots=True)
class _Printed:
    """Printed words between wide gaps, with what is filled in behind them."""

    words: str
    left: float
    filled: list[tuple[float, str]] = field(default_factory=list)
    ticked: bool = False

    @property
    def text(self) -> str:
        return joined([self.words, *(words for _, words in sorted(self.filled))])


def with_filled_in(printed: Sequence[Line], filled_in: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with those filled in: each continues the printed words to its left, else follows them.

    A tick stands before the words to its right.
    """
    parts = [[_Printed(words, left) for words, left, _ in _cells(line)] for line in printed]
    loose: list[Line] = []
    for line in filled_in:
        beside = [part for own, other in zip(parts, printed, strict=True) if _are_level(other, line) for part in own]
        for words, left, right in _cells(line):
            if not _put(beside, words, left, right, size=line.size):
                loose.append(replace(line, text=words, left=left, right=right, cells=(words,), edges=((left, right),)))
    lines = _with_their_labels([_continued(line, own) for line, own in zip(printed, parts, strict=True)], parts)
    for line in loose:
        above = [n for n, other in enumerate(lines) if other.top <= line.top]
        lines.insert(above[-1] + 1 if above else 0, line)
    return lines


def _cells(line: Line) -> Iterator[tuple[str, float, float]]:
    """Yield the words between wide gaps with their left and right; a table is one."""
    if line.drawn or len(line.cells) != len(line.edges):
        yield line.text, line.left, line.right
    else:
        yield from ((words, left, right) for words, (left, right) in zip(line.cells, line.edges, strict=True))


def _are_level(printed: Line, line: Line) -> bool:
    common = min(printed.bottom, line.bottom) - max(printed.top, line.top)
    lower = min(printed.bottom - printed.top, line.bottom - line.top)
    return not (printed.drawn or line.drawn) and common > _OVERLAP * lower


def _put(beside: Sequence[_Printed], words: str, left: float, right: float, *, size: float) -> bool:
    """Put words filled in before or behind the printed ones beside them; return whether there are any."""
    if _TICK.fullmatch(words):
        for part in sorted(beside, key=lambda one: one.left):
            if left < part.left <= right + _FROM_TICK * size:
                part.words, part.ticked = words + part.words, True
                return True
    behind = [part for part in beside if part.left < left]
    if behind:
        max(behind, key=lambda one: one.left).filled.append((left, words))
    return bool(behind)


def _continued(line: Line, parts: Sequence[_Printed]) -> Line:
    """Return a printed line with the words filled in; it ends where it did: the next one does not continue it."""
    if not any(part.filled or part.ticked for part in parts):
        return line
    text = " ".join(part.text for part in parts)
    return replace(line, text=text, cells=(text,), edges=((line.left, line.right),))


def _with_their_labels(lines: Sequence[Line], parts: Sequence[Sequence[_Printed]]) -> list[Line]:
    """Return the lines, those of ticked words as one with the label at their left, wherever the file holds it."""
    kept = list(lines)
    for line, own in zip(lines, parts, strict=True):
        if any(part.ticked for part in own):
            labels = [n for n, other in enumerate(kept) if _are_level(other, line) and other.left < line.left]
            if labels and kept[labels[0]].text.endswith(_COLON):
                label = kept[labels[0]]
                text = label.text + line.text
                kept[labels[0]] = replace(label, text=text, cells=(text,), edges=((label.left, line.right),))
                kept = [other for other in kept if other is not line]
    return kept
