"""Columns of lines whose cells are parted by runs of blanks."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.loaders.parts.tables.grid import Grid, grid_of

_MOST_CELLS = 40
_MOST_KEYS = 2  # columns at the left that name the rows
_PIECE = re.compile(r"[^\s\u3000]+(?: [^\s\u3000]+)*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words between blanks, and where they begin and end on the line in columns of half a Chinese character."""

    text: str
    left: int
    right: int


def pieces_of(line: str) -> list[Piece]:
    """Return the pieces of a line; none of one that has too many."""
    found: list[Piece] = []
    read = place = 0
    for match in _PIECE.finditer(line):
        left = place + _width(line[read : match.start()])
        place, read = left + _width(match.group()), match.end()
        found.append(Piece(match.group(), left, place))
    return found if len(found) <= _MOST_CELLS else []


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "FWA" else 1 for character in text)


def alike(rows: Sequence[Sequence[Piece]]) -> Grid | None:
    """Return the grid of lines with equally many cells, wherever these stand; None of other lines."""
    if len({len(row) for row in rows}) > 1:
        return None
    return grid_of([[piece.text for piece in row] for row in rows])


def aligned(rows: Sequence[Sequence[Piece]]) -> Grid | None:
    """Return the grid of lines whose cells stand below one another, with blank places; None of other lines.

    The first line may hold names of several columns each.
    """
    for above in (0, 1):
        columns = _columns(rows[above:])
        placed = [_placed(row, columns) for row in rows[above:]]
        if len(columns) < 2 or not all(placed):
            continue
        columns, whole = _with_closed_names(columns, placed)
        over = _over(rows[0], columns, whole[0]) if above else ({}, [])
        if over is not None:
            return grid_of([*over[1], *_joined(whole)], merged=over[0])
    return None


def _columns(rows: Sequence[Sequence[Piece]]) -> list[tuple[int, int]]:
    """Return the strips that pieces cover, with one blank at least on every line between two of them."""
    found: list[tuple[int, int]] = []
    for piece in sorted((piece for row in rows for piece in row), key=lambda piece: piece.left):
        if found and piece.left <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], piece.right)
        else:
            found.append((piece.left, piece.right))
    return found


def _placed(row: Sequence[Piece], columns: Sequence[tuple[int, int]]) -> list[str]:
    """Return the words of a line in each column; empty if one reaches over several, or several stand in one.

    Single characters in a column are a word with blanks between: 姓　名.
    """
    words = [""] * len(columns)
    for piece in row:
        at = _met(piece, columns)
        if len(at) != 1 or (words[at[0]] and len(piece.text) > 1):
            return []
        if any(len(other.text) > 1 for other in row if words[at[0]] and _met(other, columns) == at):
            return []
        words[at[0]] += piece.text
    return words


def _with_closed_names(
    columns: Sequence[tuple[int, int]], rows: Sequence[Sequence[str]]
) -> tuple[list[tuple[int, int]], list[list[str]]]:
    """Return columns and rows, with the second character of a name beside the first one: 备　注 over short remarks."""
    kept: list[int] = []
    names = list(rows[0])
    for at in range(len(columns)):
        before = kept[-1] if kept else None
        alone = len(names[at]) == 1 and not any(row[at] for row in rows[1:])
        if alone and before is not None and len(rows[0][at - 1]) == 1 == len(rows[0][before]):
            names[before] += names[at]
        else:
            kept.append(at)
    return [columns[at] for at in kept], [[row[at] for at in kept] for row in [names, *rows[1:]]]


def _met(piece: Piece, columns: Sequence[tuple[int, int]]) -> list[int]:
    return [number for number, (left, right) in enumerate(columns) if piece.left < right and piece.right > left]


def _over(
    names: Sequence[Piece], columns: Sequence[tuple[int, int]], below: Sequence[str]
) -> tuple[dict[tuple[int, int], tuple[int, int]], list[list[str]]] | None:
    """Return the merged cells of names above those `below`, and their row; None if they may cover other columns.

    A name over a blank place reaches down into it. All others cover equally many columns.
    """
    row, merged = [""] * len(columns), dict[tuple[int, int], tuple[int, int]]()
    wide: list[Piece] = []
    for piece in names:
        at = _met(piece, columns)
        if len(at) == 1 and not below[at[0]] and not row[at[0]]:
            row[at[0]], merged[0, at[0]] = piece.text, (2, 1)
        else:
            wide.append(piece)
    own = [number for number, text in enumerate(below) if text]
    for covered in (own[skipped:] for skipped in range(_MOST_KEYS + 1) if wide):
        share = len(covered) // len(wide)
        parts = [covered[at : at + share] for at in range(0, len(covered), share or 1)]
        if share < 2 or len(parts) > len(wide) or covered[-1] - covered[0] >= len(covered):
            continue
        pairs = list(zip(wide, parts, strict=True))
        if all(columns[part[0]][0] <= (name.left + name.right) / 2 <= columns[part[-1]][1] for name, part in pairs):
            for name, part in pairs:
                row[part[0]], merged[0, part[0]] = name.text, (1, share)
            return merged, [row]
    return None


def _joined(rows: Sequence[list[str]]) -> list[list[str]]:
    """Return the rows; a line with one cell, not in the first column, goes on with the cell above it."""
    found: list[list[str]] = []
    for row in rows:
        filled = [number for number, text in enumerate(row) if text]
        if found and len(filled) == 1 and filled[0] and found[-1][filled[0]]:
            found[-1][filled[0]] += "\n" + row[filled[0]]
        else:
            found.append(list(row))
    return found
