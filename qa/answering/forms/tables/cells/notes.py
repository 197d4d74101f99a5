"""The notes below a table to which marks behind a cell point: 1600元①, and ① 国家法定节假日上浮20% below."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Span
from qa.answering.forms.tables.reading import Row
from qa.answering.reader.base import Finding

_FAR = 1500  # characters below the table
_MOST = 2
_BEGINS = r"(?:^|(?<=[。；;\n])|(?<=注[：:]))\s*{mark}[\s、.．:：]*(?=[^\s\d])"
_ANY_MARK = re.compile(r"[①-⑳⑴-⒇*＊※†‡]")


def notes_to(finding: Finding, row: Row, rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield the notes, at most two, to which the cell of the shortest answer, or one at its left, points."""
    short, text = finding.short, finding.document.text
    answer = next((cell for cell in row.cells if short and short.overlaps(cell.span)), None)
    cells = [*row.cells[: row.key + 1], *([answer] if answer else [])]
    marks = dict.fromkeys(mark for cell in cells for mark in _ANY_MARK.findall(cell.marks))
    below = rows[-1].span.end
    for mark in list(marks)[:_MOST] if answer else ():
        begins = re.compile(_BEGINS.format(mark=re.escape(mark)), re.MULTILINE)
        if found := begins.search(text, below, below + _FAR):
            other = _ANY_MARK.search(text, found.end())
            line = text.find("\n", found.end())
            stops = [at for at in (line, other.start() if other else -1) if at >= 0]
            words = text[found.start() : min(stops, default=len(text))].rstrip("；; \n")
            span = Span(found.start(), found.start() + len(words)).trimmed(text)
            yield Finding(finding.document, finding.headings, span)
