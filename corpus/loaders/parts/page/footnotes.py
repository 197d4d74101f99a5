"""Footnotes at the feet of pages, kept out of the sentences that go on over the page."""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from corpus.loaders.parts.page_layout import Line, Placed, Sheet, paragraphs

_MARK = re.compile(r"[\[［〔]?\d{1,2}[\]］〕]?(?=[\s\u4e00-\u9fff《])|[①-⑳]|[*※†‡]|注\s*\d*\s*[：:]|\[[a-z\d]\]")
_SMALLER = 0.93  # than the type of the text
_LOWER_PART = 0.5  # of the page


def without_notes(sheets: Sequence[Sheet], body: float) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets without their footnotes, and sheets with nothing but these."""
    parted = [_parted(sheet, body) for sheet in sheets]
    texts = [Sheet(sheet.height, sheet.lines[:at]) for sheet, at in zip(sheets, parted, strict=True)]
    return texts, [Sheet(sheet.height, sheet.lines[at:]) for sheet, at in zip(sheets, parted, strict=True)]


def with_notes(groups: Sequence[list[Placed]], notes: Sequence[Sheet]) -> Iterator[list[Placed]]:
    """The paragraphs with the footnotes of a page after its last one, before one that goes on over the page."""
    waiting = list(paragraphs(notes))
    for group in groups:
        while waiting and waiting[0][0].sheet < group[-1].sheet:
            yield waiting.pop(0)
        yield group
    yield from waiting


def _parted(sheet: Sheet, body: float) -> int:
    """The number of the first line of the footnotes: small type down to the foot, and a mark at its beginning."""
    lines = sheet.lines
    at = len(lines)
    while at and _small(lines[at - 1], body) and lines[at - 1].top > (1 - _LOWER_PART) * sheet.height:
        at -= 1
    while at < len(lines) and not _MARK.match(lines[at].text):
        at += 1
    return at if at == 0 or at == len(lines) or _set_apart(lines, at) else len(lines)


def _small(line: Line, body: float) -> bool:
    return line.size < _SMALLER * body and len(line.cells) < 2


def _set_apart(lines: Sequence[Line], at: int) -> bool:
    """Whether the notes stand below the text, as against a table or a caption beside it."""
    above = [below.top - line.top for line, below in zip(lines[:at], lines[1:at], strict=False) if below.top > line.top]
    return lines[at].top > max(line.top for line in lines[:at]) and (
        not above or lines[at].top - lines[at - 1].top > 0.9 * median(above)
    )
