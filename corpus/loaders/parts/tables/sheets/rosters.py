"""Rosters whose columns are the days of a month: each day becomes a row, 日期：8月14日（周四）；夜班：李强."""

import re
from collections.abc import Sequence

from corpus.loaders.parts.tables.grid import Cell, Grid, cell_of, distinct
from corpus.text.numerals import whole_number

_DAY = re.compile(r"(\d{1,2})\s*[日号]?")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天])")
_MONTH = re.compile(r"(?<!\d)(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月(?!前|底|以)")
_LEAST_DAYS = 5
_MONTH_LONG = 28  # numbers alone, without weekdays and without 日, are days if there are as many as of a month


def by_day(grid: Grid, near: Sequence[str]) -> Grid | None:
    """Return a roster with a row for each day, the month taken from the words `near` it; None for other tables.

    A duty that one cell gives several days stands in each of their rows.
    """
    days = _days(grid)
    if not days:
        return None
    weekdays = _weekdays(grid)
    below = 2 if weekdays else 1
    duties = grid.rows[below:]
    names = [grid.text(row, 0) for row in range(below, len(grid.rows))]
    if not all(names) or len(set(names)) < len(names) or any(len(row) > len(days) + 1 for row in duties):
        return None
    if not weekdays and len(days) < _MONTH_LONG and not all(grid.text(0, 1 + at)[-1:] in "日号" for at in range(2)):
        return None
    month = next((str(whole_number(match[1])) for words in near if (match := _MONTH.search(words))), "")
    rows: list[tuple[Cell, ...]] = [(cell_of("日期"), *(row[0] for row in duties))]
    for at, day in enumerate(days):
        written = (f"{month}月" if month else "") + f"{day}日" + (f"（周{weekdays[at]}）" if weekdays else "")
        rows.append((cell_of(written), *(grid.at(row, at + 1) for row in range(below, len(grid.rows)))))
    return Grid(tuple(rows), grid.caption, header=1)


def _days(grid: Grid) -> list[int]:
    """Return the days that the first row names behind its first cell, one after the other; empty if it does not."""
    if len(grid.rows) < 2 or not _LEAST_DAYS < grid.width <= 32 or len(list(distinct(grid.rows[0]))) < grid.width:
        return []
    found = [_DAY.fullmatch(grid.text(0, column)) for column in range(1, grid.width)]
    days = [int(match[1]) for match in found if match]
    follows = all(day == days[0] + at for at, day in enumerate(days))
    return days if len(days) == len(found) and follows and days[0] >= 1 and days[-1] <= 31 else []


def _weekdays(grid: Grid) -> list[str]:
    """Return the weekdays that the second row names, one after the other; empty if it names none."""
    found = [_WEEKDAY.fullmatch(grid.text(1, column)) for column in range(1, grid.width)]
    return [match[1] for match in found if match] if all(found) else []
