"""Turns lines on pages into paragraphs: joins what the layout broke."""

import re
from collections.abc import Iterator, Sequence

from corpus.loaders.parts.layout.columns import with_margins
from corpus.loaders.parts.layout.lines import Line, Placed, Sheet, joined, pitch_of
from corpus.text.headings.official import ends_a_title

_ALIKE = 0.12  # how far type sizes within one paragraph may differ
_HANGS = 4  # of the type's size: how far the words of an item stand from its mark
_LONG = 0.7  # of the column's width
_TITLE_STEP, _MOST_TITLE_LINES = 2.5, 3  # type sizes between the lines of a title; how many it has
_ENDS = "。！？!?…；;：:”’」』"
_OPENS = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|第[一二三四五六七八九十百千万零〇\d]+[编章节条]|[-•●▪]|\d+[.．、](?!\d+\s*[%％‰万亿])"
)


def paragraphs(sheets: Sequence[Sheet]) -> Iterator[list[Placed]]:
    """Yield the lines of each paragraph, across page breaks."""
    group: list[Placed] = []
    previous: Placed | None = None
    for number, sheet in enumerate(sheets):
        pitch = pitch_of(sheet.lines)
        for line, left, right in with_margins(sheet.lines):
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
