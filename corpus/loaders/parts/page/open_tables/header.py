"""The names of columns above the rows of a table without rules between its columns."""

from collections.abc import Sequence

from corpus.loaders.parts.layout.pieces import Column, Piece, by_line, met
from corpus.loaders.parts.page.drawing import Rule
from corpus.loaders.parts.page.open_tables.rows import Part, Row, merged

_UNDER = 1.6  # of the type's size: how far below a name the rule lies that shows its columns
_MOST_LINES = 4
_ALIGNED = 0.6  # of the type's size


def header_of(pieces: Sequence[Piece], columns: Sequence[Column], rules: Sequence[Rule]) -> list[Row] | None:
    """Return the header rows of pieces; `rules` lie below names of several columns. None if names may be read twice.

    A name above several columns covers them. A name without another above it stands in all rows above.
    """
    placed = _placed(pieces, columns, rules)
    if any(not at for _, at in placed):
        return None
    if all(len(at) == 1 for _, at in placed):
        row = merged(pieces, columns)
        return [row] if row and all(map(_is_aligned, row)) else None
    lines = by_line(pieces)
    if not 2 <= len(lines) <= _MOST_LINES:
        return None
    covered = {id(piece): at for piece, at in placed}
    rows = [[Part(covered[id(piece)], [[piece]]) for piece in line] for line in lines]
    if any(len(part.at) > 1 for part in rows[-1]) or not all(map(_in_order, rows)):
        return None
    return _filled(rows, len(columns))


def _placed(pieces: Sequence[Piece], columns: Sequence[Column], rules: Sequence[Rule]) -> list[tuple[Piece, range]]:
    """Return each name with the columns that it covers: those that it reaches over, or its part of a rule below it.

    Names over one rule have equally many columns each.
    """
    found = {id(piece): met(piece, columns) for piece in pieces}
    for rule in rules:
        over = [piece for piece in pieces if _stands_on(piece, rule)]
        own = [number for number, (left, right) in enumerate(columns) if rule.start < (left + right) / 2 < rule.end]
        if not over or len(own) % len(over):
            continue
        share = len(own) // len(over)
        for number, piece in enumerate(sorted(over, key=lambda piece: piece.left)):
            at = own[number * share : (number + 1) * share]
            found[id(piece)] = range(at[0], at[-1] + 1) if set(found[id(piece)]) <= set(at) else range(0)
    return [(piece, at) for piece, at in _over_names(pieces, found)]


def _over_names(pieces: Sequence[Piece], found: dict[int, range]) -> list[tuple[Piece, range]]:
    """Return the names with their columns; those above others cover equally many of them each, set to one place."""
    lines = by_line(pieces)
    below = [(piece, found[id(piece)].start) for piece in lines[-1] if len(found[id(piece)]) == 1]
    columns = [column for _, column in below]
    above = [piece for line in lines[:-1] for piece in line if set(found[id(piece)]) <= set(columns)]
    share = len(below) // len(above) if above and len(below) == len(lines[-1]) else 0
    wide = all(len(found[id(piece)]) > 1 for piece in above)
    if share > 1 and len(below) == share * len(above) and not wide:
        parts = [below[start : start + share] for start in range(0, len(below), share)]
        own = list(zip(sorted(above, key=lambda piece: piece.left), parts, strict=True))
        left = len(above) > 1 and all(abs(name.left - part[0][0].left) <= name.size / 2 for name, part in own)
        if left or all(_in_the_middle(name, part[0][0], part[-1][0]) for name, part in own):
            for name, part in own:
                found[id(name)] = range(part[0][1], part[-1][1] + 1)
    return [(piece, found[id(piece)]) for piece in pieces]


def _in_the_middle(name: Piece, first: Piece, last: Piece) -> bool:
    off = (name.left + name.right - first.left - last.right) / 2
    return abs(off) <= _ALIGNED * name.size


def _stands_on(piece: Piece, rule: Rule) -> bool:
    near = 0 < rule.at - piece.middle < _UNDER * piece.size
    return near and rule.start - piece.size <= piece.left and piece.right <= rule.end + piece.size


def _is_aligned(part: Part) -> bool:
    """Return whether the lines of a name are set to the left, to the right or to one middle."""
    lefts = [line[0].left for line in part.lines]
    rights = [line[-1].right for line in part.lines]
    middles = [left + right for left, right in zip(lefts, rights, strict=True)]
    near = _ALIGNED * part.lines[0][0].size
    return any(max(ends) - min(ends) <= near for ends in (lefts, rights)) or max(middles) - min(middles) <= 2 * near


def _in_order(row: Row) -> bool:
    return all(one.at.stop <= other.at.start for one, other in zip(row, row[1:], strict=False))


def _filled(rows: Sequence[Row], width: int) -> list[Row] | None:
    """Return the rows with each name of one column in the empty places above and below it."""
    places: list[list[Part | None]] = [[None] * width for _ in rows]
    for row, own in zip(rows, places, strict=True):
        for part in row:
            own[part.at.start : part.at.stop] = [part] * len(part.at)
    for column in range(width):
        named = [own[column] for own in places]
        if not any(named):
            continue
        for number in range(len(rows) - 2, -1, -1):
            places[number][column] = places[number][column] or places[number + 1][column]
        for number in range(1, len(rows)):
            above = places[number - 1][column]
            if places[number][column] is None:
                if above and len(above.at) > 1:
                    return None  # a column without a name of its own below one of several columns
                places[number][column] = above
    filled: list[Row] = []
    for own in places:
        filled.append([part for number, part in enumerate(own) if part and part not in own[:number]])
    return filled
