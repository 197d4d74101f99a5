"""Turns placed characters into lines in reading order, for formats whose pages hold only placed characters."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.loaders.parts.layout.lines import Line
from corpus.loaders.parts.ofd_text import Glyph
from corpus.loaders.parts.text_writer import cleaned

_SAME_BASE = 0.35  # of the size: how far the base lines of one line may differ
_SPACE, _CELL = 0.25, 1.5  # of the size: gaps between words, between cells
_SPACE_WITHIN = 0.55  # of the size: the same within a piece, which writes its own spaces; a W is wider than guessed
_TWICE = 0.2  # of the size
_ABOVE, _BELOW = 0.88, 0.12  # of the size: how far characters reach from the base line
_CELL_MARK = "\x1f"
_LEAST_IN_COLUMN = 5  # lines of a column, at least
_GUTTER = 0.02  # of the page's width


def lines_of(glyphs: Sequence[Glyph], width: float) -> Iterator[Line]:
    """Yield the lines of a page from the top; where a gutter splits the page, the left column comes first."""
    runs = list(_runs(list(_once(glyphs))))
    for column in _columns(runs, width):
        for row in _rows(column):
            if line := _line(row):
                yield line


def _once(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """Yield the characters without copies drawn in the same place, which imitate bold type."""
    seen: set[tuple[str, int, int]] = set()
    for glyph in glyphs:
        unit = _TWICE * glyph.size
        key = (glyph.character, round(glyph.left / unit), round(glyph.base / unit))
        if key not in seen:
            seen.add(key)
            yield glyph


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield runs: characters drawn in sequence on one base line, without a gap as wide as between cells."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run:
            last = run[-1]
            level = abs(glyph.base - last.base) <= _SAME_BASE * max(glyph.size, last.size)
            near = -last.size < glyph.left - (last.left + last.width) <= _CELL * last.size
            if not (level and near):
                yield run
                run = []
        run.append(glyph)
    if run:
        yield run


def _columns(runs: list[list[Glyph]], width: float) -> Iterator[list[list[Glyph]]]:
    """Yield the runs above a gutter, left of it, right of it and below; all runs together without a gutter."""
    edges = [(run[0].left, run[-1].left + run[-1].width) for run in runs]
    middle = width / 2
    crossing = [number for number, (left, right) in enumerate(edges) if left < middle < right]
    left = [number for number, (_, right) in enumerate(edges) if right <= middle]
    right = [number for number, (start, _) in enumerate(edges) if start >= middle]
    if min(len(left), len(right)) < _LEAST_IN_COLUMN or not _wide(edges, left, right, width):
        yield runs
        return
    bases = [runs[number][0].base for number in (*left, *right)]
    top, bottom = min(bases), max(bases)
    if any(top < runs[number][0].base < bottom for number in crossing):
        yield runs  # a table: its rows are read across
        return
    yield [runs[number] for number in crossing if runs[number][0].base <= top]
    yield [runs[number] for number in left]
    yield [runs[number] for number in right]
    yield [runs[number] for number in crossing if runs[number][0].base >= bottom]


def _wide(edges: Sequence[tuple[float, float]], left: list[int], right: list[int], width: float) -> bool:
    """Return whether both sides are text columns: a gutter between, and most lines as wide as their column."""
    if min(edges[number][0] for number in right) - max(edges[number][1] for number in left) < _GUTTER * width:
        return False
    for side in (left, right):
        widths = [edges[number][1] - edges[number][0] for number in side]
        if sum(one > 0.8 * max(widths) for one in widths) < len(widths) / 2 or max(widths) < 0.25 * width:
            return False
    return True


def _rows(runs: Sequence[list[Glyph]]) -> Iterator[list[list[Glyph]]]:
    """Yield the runs on one base line, from the left."""
    rows: list[list[list[Glyph]]] = []
    for run in sorted(runs, key=lambda run: run[0].base):
        row = rows[-1] if rows else None
        if row and abs(run[0].base - row[0][0].base) <= _SAME_BASE * max(run[0].size, row[0][0].size):
            row.append(run)
        else:
            rows.append([run])
    for row in rows:
        yield sorted(row, key=lambda run: run[0].left)


def _line(row: Sequence[Sequence[Glyph]]) -> Line | None:
    glyphs = [glyph for run in row for glyph in run]
    parts = [glyphs[0].character]
    for before, glyph in pairwise(glyphs):
        gap = glyph.left - (before.left + before.width)
        size = max(before.size, glyph.size)
        latin = before.character < "\u2e80" and glyph.character < "\u2e80"
        if gap > _CELL * size:
            parts.append(_CELL_MARK)
        elif latin and gap > (_SPACE if glyph.begins else _SPACE_WITHIN) * size:
            parts.append(" ")
        parts.append(glyph.character)
    cells = tuple(filter(None, (" ".join(cleaned(cell).split()) for cell in "".join(parts).split(_CELL_MARK))))
    if not cells:
        return None
    left, right = min(glyph.left for glyph in glyphs), max(glyph.left + glyph.width for glyph in glyphs)
    base, size = glyphs[0].base, sorted(glyph.size for glyph in glyphs)[len(glyphs) // 2]
    return Line(" ".join(cells), left, right, base - _ABOVE * size, base + _BELOW * size, size, cells)
