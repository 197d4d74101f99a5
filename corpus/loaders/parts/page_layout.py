"""Turns lines on pages into paragraphs: joins what the layout broke, drops running heads and page numbers."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import median
from typing import Protocol

from corpus.loaders.parts.page.aligned import are_rows, line_up
from corpus.loaders.parts.page.open_tables.pieces import Piece
from corpus.loaders.parts.tables.grid import Grid
from corpus.text.headings.official import ends_a_title

HYPHEN = "\u00ad"  # at the end of a line whose last word continues in the next
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·\s]*")
_MARGIN = 0.12  # of the page's height: the zone of headers, footers and page numbers
_ALIKE = 0.12  # how far type sizes within one paragraph may differ
_BESIDE = 4  # lines that show where two columns part
_TEXT_WIDTH = 10  # times the type's size
_HANGS = 4  # of the type's size: how far the words of an item stand from its mark
_LONG = 0.7  # of the column's width
_LEAST_CELLS = 6
_SMALL, _LONGEST_HEAD = 0.9, 40  # of the type of most characters; characters
_ROWS_COMPARED = 20
_NUMBERED_PART = re.compile(r"(?:附件|附表|附录|附|表|图)0")  # first lines of parts, not headers
_TITLE_STEP, _MOST_TITLE_LINES = 2.5, 3  # type sizes between the lines of a title; how many it has
# A figure that the end of a line cuts within Chinese words: 〔20, 19〕3号.
_LONGEST_CUT = 13
_CUT, _CUT_OFF = re.compile(r"[\u2e80-\uffef]\d{1,12}$"), re.compile(r"\d{1,12}[\u2e80-\uffef]")
_ENDS = "。！？!?…；;：:”’」』"
_OPENS = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|第[一二三四五六七八九十百千万零〇\d]+[编章节条]|[-•●▪]|\d+[.．、]"
)


class Drawn(Protocol):
    """A table that takes the place of a line."""

    def goes_on(self, below: "Drawn") -> bool:
        """Return whether a table that begins the next page has the same columns."""

    def grid(self, page: int) -> Grid:
        """Return its cells."""

    def words(self) -> str:
        """Return all its words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and its place in points, from the left and from the top; `size` is its type size.

    `cells` are its parts between wide gaps, as in a table row; `edges` holds left and right of each.
    `pieces` are its parts between narrower gaps, in the order of the file. `drawn` is a table that takes its place.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    cells: tuple[str, ...] = ()
    edges: tuple[tuple[float, float], ...] = ()
    drawn: Drawn | None = field(default=None, compare=False)  # a table has no hash
    pieces: tuple[Piece, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its height and its lines in reading order."""

    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the number of its sheet, from 0."""

    line: Line
    sheet: int


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
            elif line in apart and line.bottom < _MARGIN * sheet.height and _may_run(text):
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


def body_size(sheets: Sequence[Sheet]) -> float:
    """Return the type size of most characters."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            if line.drawn:
                continue  # often set smaller than the text around it
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def paragraphs(sheets: Sequence[Sheet]) -> Iterator[list[Placed]]:
    """Yield the lines of each paragraph, across page breaks."""
    group: list[Placed] = []
    previous: Placed | None = None
    for number, sheet in enumerate(sheets):
        pitch = _pitch(sheet.lines)
        for line, left, right in _with_margins(sheet.lines):
            placed = Placed(line, number)
            if line.drawn:
                yield from ([group, [placed]] if group else [[placed]])
                group, previous = [], None
                continue
            if previous and not _goes_on(previous, placed, group[0].line, left, pitch):
                yield group
                group = []
            group.append(placed)
            broken = len(line.cells) < 2 and _broken_by_layout(line, left, right)
            previous = placed if broken else None
            if not broken:
                yield group
                group = []
    if group:
        yield group


def with_whole_titles(groups: Sequence[list[Placed]]) -> Iterator[list[Placed]]:
    """Yield the paragraphs, an official title on several centred lines as one: 关于…管理的通, 告."""
    title: list[Placed] = []
    for group in groups:
        if title and _completes(title, group):
            title = [*title, *group]
            continue
        if title:
            yield title
        title = list(group)
    if title:
        yield title


def _completes(above: Sequence[Placed], below: Sequence[Placed]) -> bool:
    """Return whether a line below others completes what they begin as 关于…, at the same size and around one axis."""
    last, line = above[-1].line, below[0].line
    if (
        len(below) > 1
        or len(above) >= _MOST_TITLE_LINES
        or last.drawn
        or line.drawn
        or above[-1].sheet != below[0].sheet
    ):
        return False
    begun = joined([placed.line.text for placed in above])
    if "关于" not in begun or ends_a_title(begun, whole=False) or not ends_a_title(begun + line.text, whole=False):
        return False
    level = abs(line.size - last.size) <= _ALIKE * last.size and 0 < line.top - last.top <= _TITLE_STEP * last.size
    return level and abs(line.left + line.right - last.left - last.right) <= 2 * last.size


def is_table(group: Sequence[Placed]) -> bool:
    """Return whether `tables` joined these lines as rows."""
    return bool(group[0].line.drawn) or (len(group) > 1 and len(group[0].line.cells) > 1)


def joined(lines: Sequence[str]) -> str:
    """Return lines as one; Latin letters or digits are separated by a space, but not the halves of a figure."""
    text = ""
    for line in lines:
        if text.endswith(HYPHEN):  # the hyphen of the line break, or one that a name or number has itself
            text = text[:-1] + ("" if line[:1].islower() else "-") + line
            continue
        spaced = text and text[-1] < "\u2e80" and line[:1] < "\u2e80" and text[-1].isalnum() and line[:1].isalnum()
        cut = spaced and _CUT.search(text[-_LONGEST_CUT:]) and _CUT_OFF.match(line)
        text += f" {line}" if spaced and not cut else line
    return text


def tables(groups: Sequence[list[Placed]]) -> Iterator[list[Placed]]:
    """Yield the paragraphs again; lines in sequence with equally many cells are joined as the rows of a table."""
    rows: list[Placed] = []
    for group in [*_over_pages(groups), []]:
        count = len(group[0].line.cells) if len(group) == 1 else 0
        if rows and not (count > 1 and _goes_below(rows, group[0])):
            if sum(len(row.line.cells) for row in rows) >= _LEAST_CELLS and are_rows([row.line.cells for row in rows]):
                yield rows
            else:
                yield from ([row] for row in rows)
            rows = []
        if count > 1:
            rows.append(group[0])
        elif group:
            yield group


def _goes_below(rows: Sequence[Placed], below: Placed) -> bool:
    """Return whether a line is one more row: as many cells as the one above, or the same columns with some empty."""
    if len(below.line.cells) == len(rows[-1].line.cells):
        return True
    edges = [placed.line.edges for placed in (*rows[-_ROWS_COMPARED:], below)]
    return all(edges) and line_up(edges)


def _over_pages(groups: Sequence[list[Placed]]) -> Iterator[list[Placed]]:
    """Yield the groups; a drawn table is joined with one between the same columns that begins the next page."""
    before: list[Placed] = []
    for group in groups:
        if before and _same_columns(before[-1], group[0]):
            before += group
            continue
        if before:
            yield before
        before = list(group)
    if before:
        yield before


def _same_columns(above: Placed, below: Placed) -> bool:
    one, other = above.line.drawn, below.line.drawn
    return bool(one and other and below.sheet == above.sheet + 1 and one.goes_on(other))


def _broken_by_layout(line: Line, left: float, right: float) -> bool:
    """Return whether the layout broke the line: it is full, or long and without an end mark."""
    if ends_a_title(line.text, whole=(full := line.right > right - 1.6 * line.size)):
        return False
    return full or (line.text[-1:] not in _ENDS and line.right > left + _LONG * (right - left))


def _goes_on(previous: Placed, placed: Placed, first: Line, left: float, pitch: float) -> bool:
    """Return whether a line continues the full line before it: no indent, no new item, the same size, no gap.

    The lines of an item, whose `first` has its number or mark, may hang below its words.
    """
    before, line = previous.line, placed.line
    if len(line.cells) > 1 or _OPENS.match(line.text) or abs(line.size - before.size) > _ALIKE * before.size:
        return False
    hangs = _OPENS.match(first.text) and first.left < line.left <= first.left + _HANGS * line.size
    if line.left > left + 1.2 * line.size and not (hangs and before.text[-1:] not in _ENDS):
        return False
    if previous.sheet != placed.sheet or line.top < before.top:  # the next page or the next column
        return before.text[-1:] not in _ENDS
    return line.top - before.top < 1.6 * max(pitch, line.size)  # lines of a title stand farther apart


def columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that follow one another downward between the same margins."""
    column: list[Line] = []
    right = 0.0
    for line in lines:
        if column and (line.top < column[-1].top - line.size or line.left > right):
            yield column
            column = []
        right = max(right, line.right) if column else line.right
        column.append(line)
    if column:
        yield column


def _with_margins(lines: Sequence[Line]) -> Iterator[tuple[Line, float, float]]:
    """Yield the lines of columns with their margins. What stands over two columns does not widen either."""
    found = list(columns(lines))
    for before, column, after in zip([[], *found], found, [*found[1:], []], strict=False):
        start = max(line.right for line in before[-_BESIDE:]) if _are_beside(before, column) else -inf
        end = min(line.left for line in after[:_BESIDE]) if _are_beside(column, after) else inf
        own = {id(line) for line in column if line.left >= start and line.right <= end}
        inner = [line for line in column if id(line) in own]
        parted = inner if _runs_on(inner) else column
        narrow, whole = _margins(parted), _margins(column)
        yield from ((line, *(narrow if id(line) in own else whole)) for line in column)


def _margins(column: Sequence[Line]) -> tuple[float, float]:
    return min(line.left for line in column), max(line.right for line in column)


def _runs_on(lines: Sequence[Line]) -> bool:
    """Return whether lines are as long as those of running text; entries of a list are shorter."""
    return len(lines) >= _BESIDE and median((line.right - line.left) / line.size for line in lines) >= _TEXT_WIDTH


def _are_beside(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Return whether the first lines of a column stand at the right of the last lines of the one before, higher up."""
    last, first = one[-_BESIDE:], other[:_BESIDE]
    if min(len(last), len(first)) < _BESIDE or first[0].top >= last[-1].top - first[0].size:
        return False
    return max(line.right for line in last) <= min(line.left for line in first)


def _pitch(lines: Sequence[Line]) -> float:
    """Return the distance of lines within a paragraph: one of the smaller steps, for paragraphs may stand apart."""
    steps = sorted(b.top - a.top for a, b in zip(lines, lines[1:], strict=False) if b.top > a.top)
    return steps[len(steps) // 5] if steps else 1.0


def _height(line: Line, sheet: Sheet) -> int:
    """Return where a line stands, in hundredths of the page's height."""
    return round(100 * line.top / sheet.height)


def _apart(sheet: Sheet) -> Iterator[Line]:
    """Yield the marginal lines that stand farther from the text than its own lines from one another."""
    step = 1.5 * _pitch(sheet.lines)
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


def in_margin(line: Line, height: float) -> bool:
    """Return whether a line stands where headers, footers and page numbers do."""
    return line.bottom < _MARGIN * height or line.top > (1 - _MARGIN) * height


def _key(line: Line) -> str:
    return _DIGITS.sub("0", "".join(line.text.split()))
