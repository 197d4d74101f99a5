"""Finds the columns of rows without rules, by where cells begin and end."""

from collections.abc import Sequence

Edges = Sequence[tuple[float, float]]


def places(row: Edges, columns: Edges) -> list[int] | None:
    """Return the column of each cell, from 0, by overlap; None if a cell overlaps none or several."""
    found: list[int] = []
    for left, right in row:
        met = [number for number, (start, end) in enumerate(columns) if left < end and right > start]
        if len(met) != 1 or (found and met[0] <= found[-1]):
            return None
        found.append(met[0])
    return found


def widest(rows: Sequence[Edges]) -> Edges:
    """Return the row with the most cells; the other rows leave some of its columns empty."""
    return max(rows, key=len)


def line_up(rows: Sequence[Edges]) -> bool:
    """Return whether rows of different lengths fit the columns of the widest one."""
    columns = widest(rows)
    return all(places(row, columns) is not None for row in rows)
