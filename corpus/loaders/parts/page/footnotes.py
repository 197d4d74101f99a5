"""Separates footnotes from sentences that continue on the next page."""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from corpus.loaders.parts.layout.columns import columns
from corpus.loaders.parts.layout.lines import Line, Placed, Sheet
from corpus.loaders.parts.layout.paragraphs import paragraphs

_MARK = re.compile(
    r"[\[［〔]?\d{1,2}[\]］〕]?(?=[\s\u4e00-\u9fff《])|\d{1,2}\)|[①-⑳]|[*※†‡]|注\s*\d*\s*[：:]|\[[a-z\d]\]"
)
_NUMBER = re.compile(r"[\[［〔]?(\d{1,2})[\]］〕]?(?=[\s\u4e00-\u9fff《])")
_SMALLER = 0.93  # share of the size of the text's type
_LOWER_PART = 0.5  # share of the page


def without_notes(sheets: Sequence[Sheet], body: float) -> tuple[list[Sheet], list[Sheet]]:
    """Return the sheets without their footnotes, and sheets with only the footnotes."""
    texts: list[Sheet] = []
    notes: list[Sheet] = []
    for sheet in sheets:
        parted = [(column, _parted(column, sheet.height, body)) for column in columns(sheet.lines)]
        texts.append(Sheet(sheet.height, tuple(line for column, at in parted for line in column[:at])))
        notes.append(Sheet(sheet.height, tuple(line for column, at in parted for line in column[at:])))
    return texts, notes


def with_notes(groups: Sequence[list[Placed]], notes: Sequence[Sheet]) -> Iterator[list[Placed]]:
    """Yield the paragraphs; a page's footnotes follow its last one that does not continue on the next page."""
    waiting = [note for group in paragraphs(notes) for note in _each(group)]
    for group in groups:
        while waiting and waiting[0][0].sheet < group[-1].sheet:
            yield waiting.pop(0)
        yield group
    yield from waiting


def _each(group: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Yield the notes of a paragraph whose lines are full; each begins with the number after that of the one before."""
    note: list[Placed] = []
    number = 0
    for placed in group:
        found = _NUMBER.match(placed.line.text)
        own = int(found[1]) if found else 0
        if note and own and own == number + 1:
            yield note
            note = []
        number = own or number
        note.append(placed)
    yield note


def _parted(lines: Sequence[Line], height: float, body: float) -> int:
    """Return the index where a column's footnotes begin: small type down to its foot, beginning with a mark."""
    at = len(lines)
    while at and _small(lines[at - 1], body) and lines[at - 1].top > (1 - _LOWER_PART) * height:
        at -= 1
    while at < len(lines) and not _MARK.match(lines[at].text):
        at += 1
    return at if at == 0 or at == len(lines) or _set_apart(lines, at) else len(lines)


def _small(line: Line, body: float) -> bool:
    return line.size < _SMALLER * body and len(line.cells) < 2


def _set_apart(lines: Sequence[Line], at: int) -> bool:
    """Return whether the notes stand below the text; a table or a caption may stand beside it."""
    above = [below.top - line.top for line, below in zip(lines[:at], lines[1:at], strict=False) if below.top > line.top]
    return lines[at].top > max(line.top for line in lines[:at]) and (
        not above or lines[at].top - lines[at - 1].top > 0.9 * median(above)
    )
