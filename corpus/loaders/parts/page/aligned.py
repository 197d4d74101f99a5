"""Rows without rules: which cells stand in one column, by where they begin and end."""

from collections.abc import Sequence

Edges = Sequence[tuple[float, float]]


def places(row: Edges, columns: Edges) -> list[int] | None:
    """The column of each cell, from 0: the one that it stands over or under; None where it is none or several."""
    found: list[int] = []
    for left, right in row:
        met = [number for number, (start, end) in enumerate(columns) if left < end and right > start]
        if len(met) != 1 or (found and met[0] <= found[-1]):
            return None
        found.append(met[0])
    return found


def widest(rows: Sequence[Edges]) -> Edges:
    """The row with the most cells: the others leave some of its columns empty."""
    return max(rows, key=len)


def line_up(rows: Sequence[Edges]) -> bool:
    """Whether rows of different lengths have their cells in the columns of the widest."""
    columns = widest(rows)
    return all(places(row, columns) is not None for row in rows)
