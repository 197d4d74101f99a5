"""Rules where shaded cells meet: a table may show its columns and rows by colours alone."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from corpus.loaders.parts.page.drawing import MOST_RULES, NEAR, Area, Drawing, Rule, merged_rules, places

_FARTHEST = 3.0  # heights of a shaded row: to the next shaded row, or to a rule above or below
_LEAST_FARTHEST = 40.0  # points
_SAME_END = 6.0  # points
_HIGHEST_CELL = 150.0  # points
_MOST_AREAS = 600  # whose edges are compared with all rules

Shaded = list[Area]


def with_shading(drawn: Drawing) -> Drawing:
    """Return a drawing with rules between the shaded cells of a table, through the rows that are not shaded, too."""
    across: list[Rule] = []
    down: list[Rule] = []
    for rows in _tables(list(_rows(drawn.areas))):
        edges = _shared(rows, drawn.down)
        across += [
            Rule(at, rows[0][0].left, rows[0][-1].right) for row in rows for at in _ends(row) if edges is not None
        ]
        if not edges:
            continue
        left, right = rows[0][0].left, rows[0][-1].right
        height = max(_FARTHEST * median(row[0].bottom - row[0].top for row in rows), _LEAST_FARTHEST)
        near = [rule.at for rule in drawn.across if _spans(rule, left, right)]
        top, bottom = rows[0][0].top, max(row[0].bottom for row in rows)
        top = min((at for at in near if top - height <= at < top), default=top)
        bottom = max((at for at in near if bottom < at <= bottom + height), default=bottom)
        down += [Rule(x, top, bottom) for x in (left, *edges, right)]
    all_down = (*drawn.down, *down)
    if len(drawn.areas) <= _MOST_AREAS:
        across += [Rule(at, area.left, area.right) for area in set(drawn.areas) for at in _edges(area, all_down)]
    across = merged_rules([*drawn.across, *across])
    if len(across) + len(all_down) > MOST_RULES:
        return drawn
    return replace(drawn, across=tuple(across), shades=tuple(merged_rules(down)))


def _edges(area: Area, down: Iterable[Rule]) -> tuple[float, ...]:
    """Return the upper and lower edge of an area that fills a cell between rules."""
    if area.bottom - area.top > _HIGHEST_CELL:
        return ()
    beside = [rule.at for rule in down if rule.start < area.bottom and rule.end > area.top]
    fills = all(any(abs(at - end) <= NEAR for at in beside) for end in (area.left, area.right))
    return (area.top, area.bottom) if fills and len(places(beside)) > 2 else ()


def _rows(areas: Iterable[Area]) -> Iterator[Shaded]:
    """Yield rows of areas that touch one another, from the top."""
    row: Shaded = []
    for area in sorted(set(areas), key=lambda area: (round(area.top), round(area.bottom), area.left)):
        last = row[-1] if row else None
        level = last and abs(area.top - last.top) <= NEAR and abs(area.bottom - last.bottom) <= NEAR
        if last and level and abs(area.left - last.right) <= NEAR:
            row.append(area)
            continue
        if len(row) > 1:
            yield row
        row = [area]
    if len(row) > 1:
        yield row


def _tables(rows: Sequence[Shaded]) -> list[list[Shaded]]:
    """Return the rows of each table: of one width, and near one another."""
    tables: list[list[Shaded]] = []
    for row in rows:
        for table in tables:
            last = table[-1]
            step = row[0].top - last[0].bottom
            high = max(_FARTHEST * (last[0].bottom - last[0].top), _LEAST_FARTHEST)
            ends = abs(row[0].left - last[0].left), abs(row[-1].right - last[-1].right)
            if max(ends) <= _SAME_END and -NEAR <= step <= high:
                table.append(row)
                break
        else:
            tables.append([row])
    return tables


def _ends(row: Shaded) -> tuple[float, float]:
    return row[0].top, row[0].bottom


def _shared(rows: Sequence[Shaded], down: Iterable[Rule]) -> list[float] | None:
    """Return where areas meet in several rows and no rule is; None if most meet in one row only, as marked words do."""
    met = [one.right for row in rows for one in row[:-1]]
    top, bottom = rows[0][0].top, rows[-1][0].bottom
    known = sorted([*met, *(rule.at for rule in down if rule.start < bottom + NEAR and rule.end > top + NEAR)])
    ruled = sorted(rule.at for rule in down if rule.start < bottom - NEAR and rule.end > top + NEAR)
    often = [x for x in met if _count(known, x) > 1]
    if 2 * len(often) <= len(met):
        return None
    ends = sorted(x for x in often if not _count(ruled, x))
    return [x for number, x in enumerate(ends) if number == 0 or x - ends[number - 1] > NEAR]


def _spans(rule: Rule, left: float, right: float) -> bool:
    return abs(rule.start - left) <= _SAME_END and abs(rule.end - right) <= _SAME_END


def _count(places: Sequence[float], x: float) -> int:
    """Return how many of sorted places are near one."""
    return bisect_right(places, x + NEAR) - bisect_left(places, x - NEAR)
