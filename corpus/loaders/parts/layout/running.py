"""Drops running heads and page numbers from pages."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from corpus.loaders.parts.layout.lines import MARGIN, Line, Sheet, body_size, in_margin, pitch_of

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·\s]*")
_SMALL, _LONGEST_HEAD = 0.9, 40  # of the type of most characters; characters
_NUMBERED_PART = re.compile(r"(?:附件|附表|附录|附|表|图)0")  # first lines of parts, not headers


def without_running(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets without page numbers and without marginal lines that sheets share, figures aside.

    Two sheets are enough for a line at the same height that stands apart from the text: files are short, the first page
    has no such line, even pages have others.
    """
    margins = [(sheet, line) for sheet in sheets for line in sheet.lines if in_margin(line, sheet.height)]
    counts = Counter(_key(line) for _, line in margins)
    apart = {line for sheet in sheets for line in _apart(sheet)}
    heights = Counter((_key(line), _height(line, sheet)) for sheet, line in margins if line in apart)
    places = Counter((line.text, _height(line, sheet)) for sheet, line in margins)
    size = body_size(sheets)
    least, least_apart = max(3, len(sheets) / 2), max(2, len(sheets) / 4)
    heads = _small_heads(sheets, apart, size)

    def runs(line: Line, sheet: Sheet) -> bool:
        if not in_margin(line, sheet.height):
            return False
        if line in heads:
            return True
        if _PAGE_NUMBER.fullmatch(line.text) and (len(sheets) > 1 or not line.text.strip().isdecimal()):
            return True
        key, height = _key(line), _height(line, sheet)
        near = sum(heights[key, height + step] for step in (-1, 0, 1))
        if len(sheets) > 1 and places[line.text, height] >= len(sheets) and line.size <= size and _is_edge(line, sheet):
            return True  # of a file of two pages, where the text or a table begins close to it
        return counts[key] >= least or (near >= least_apart and line in apart and not _NUMBERED_PART.match(key))

    return [Sheet(sheet.height, tuple(line for line in sheet.lines if not runs(line, sheet))) for sheet in sheets]


def _small_heads(sheets: Sequence[Sheet], apart: Collection[Line], body: float) -> set[Line]:
    """Return lines in small type at the top of pages that are running heads though no two are alike.

    Each page has one at the same height, such as the publication's name on odd pages and its number on even ones; or it
    says once more what an earlier page says in larger type, its title.
    """
    found: list[tuple[int, int, Line]] = []
    said: set[str] = set()
    repeated: set[Line] = set()
    for number, sheet in enumerate(sheets):
        for line in sheet.lines:
            text = "".join(line.text.split())
            if line.size >= _SMALL * body:
                said.add(text)
            elif line in apart and line.bottom < MARGIN * sheet.height and _may_run(text):
                found.append((number, _height(line, sheet), line))
                repeated |= {line} if text in said and number else set()
    pages_at: dict[int, set[int]] = {}
    for number, height, _ in found:
        pages_at.setdefault(height, set()).add(number)
    levels = {height for height, pages in pages_at.items() if len(sheets) > 1 and len(pages) == len(sheets)}
    return repeated | {line for _, height, line in found if height in levels}


def _may_run(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_HEAD and text[-1] not in "。；：" and not _NUMBERED_PART.match(_DIGITS.sub("0", text))
    )


def _height(line: Line, sheet: Sheet) -> int:
    """Return where a line stands, in hundredths of the page's height."""
    return round(100 * line.top / sheet.height)


def _apart(sheet: Sheet) -> Iterator[Line]:
    """Yield the marginal lines that stand farther from the text than its own lines from one another."""
    step = 1.5 * pitch_of(sheet.lines)
    tops = sorted(line.top for line in sheet.lines if not in_margin(line, sheet.height))
    for line in sheet.lines:
        if in_margin(line, sheet.height):
            place = bisect_left(tops, line.top)
            nearest = [abs(top - line.top) for top in tops[max(place - 1, 0) : place + 1]]
            if not nearest or min(nearest) > max(step, 1.5 * line.size):
                yield line


def _is_edge(line: Line, sheet: Sheet) -> bool:
    """Return whether nothing stands above a line, or nothing below it but a page number."""
    others = [other for other in sheet.lines if not _PAGE_NUMBER.fullmatch(other.text)]
    return line.top <= min(other.top for other in others) or line.bottom >= max(other.bottom for other in others)


def _key(line: Line) -> str:
    return _DIGITS.sub("0", "".join(line.text.split()))
