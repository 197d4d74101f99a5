"""Frames of tables without rules between their columns: rules of one width below one another, or shaded bands."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.loaders.parts.page.drawing import NEAR, Area, Drawing, Rule
from corpus.loaders.parts.page.ruled_tables import RuledTable

_SHORTEST = 100.0  # points: the narrowest table
_SAME_END = 6.0  # points: how far the ends of its rules may differ
_BROKEN = 18.0  # points: the widest gap in a rule that is broken between columns
_SAME_LINE = 4.0  # points: the edge of a shaded band and the rule along it
_LEAST_EDGES = 3
_MOST_CHAINS, _MOST_FRAMES = 400, 40  # of one page
_HIGHEST_BAND = 0.3  # of the page's height: a shaded band that is higher is a background


@dataclass(frozen=True, slots=True)
class Frame:
    """The upper and lower edges `ys` of bands that hold rows; `partial` are rules of the page over some columns.

    `named` says that the first band is dark, as that of column names is.
    """

    left: float
    right: float
    ys: tuple[float, ...]
    partial: tuple[Rule, ...] = ()
    named: bool = False

    def band(self, y: float) -> int:
        """Return the band that holds a place; -1 above the first."""
        return bisect_right(self.ys, y) - 1


def frames(drawn: Drawing, tables: Sequence[RuledTable], height: float) -> list[Frame]:
    """Return the frames of a page outside of its ruled tables, from the top."""
    free = [rule for rule in drawn.across if not any(_within(rule, table) for table in tables)]
    bands = [area for area in drawn.areas if area.bottom - area.top < _HIGHEST_BAND * height]
    bands = [area for area in bands if not any(_within(Rule(area.top, area.left, area.right), one) for one in tables)]
    wide = list(_wide(free))
    edges = [Rule(at, band.left, band.right) for band in _rows_of(bands) for at in (band.top, band.bottom)]
    found = [_frame(chain, free, bands) for chain in _chains([*wide, *edges])]
    found = sorted((frame for frame in found if len(frame.ys) >= _LEAST_EDGES), key=lambda frame: frame.ys[0])
    return found if len(found) <= _MOST_FRAMES else []


def _within(rule: Rule, table: RuledTable) -> bool:
    over = rule.start < table.xs[-1] and rule.end > table.xs[0]
    return over and table.ys[0] - NEAR <= rule.at <= table.ys[-1] + NEAR


def _wide(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield the rules as wide as a table; a rule that is broken between columns counts as one."""
    last: Rule | None = None
    for rule in sorted(rules, key=lambda rule: (rule.at, rule.start)):
        if last and rule.at == last.at and rule.start - last.end <= _BROKEN:
            last = Rule(rule.at, last.start, rule.end)
            continue
        if last and last.end - last.start >= _SHORTEST:
            yield last
        last = rule
    if last and last.end - last.start >= _SHORTEST:
        yield last


def _rows_of(bands: Sequence[Area]) -> Iterator[Area]:
    """Yield the shaded bands as wide as a table, made of the areas of their cells."""
    last: Area | None = None
    for area in sorted(bands, key=lambda area: (round(area.top), round(area.bottom), area.left)):
        level = last and abs(area.top - last.top) <= NEAR and abs(area.bottom - last.bottom) <= NEAR
        if last and level and area.left - last.right <= _BROKEN:
            last = Area(last.left, max(last.right, area.right), last.top, last.bottom, last.dark and area.dark)
            continue
        if last and last.right - last.left >= _SHORTEST:
            yield last
        last = area
    if last and last.right - last.left >= _SHORTEST:
        yield last


def _chains(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Return the rules of one width, each list from the top."""
    chains: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        for chain in chains:
            if abs(rule.start - chain[0].start) <= _SAME_END and abs(rule.end - chain[0].end) <= _SAME_END:
                chain.append(rule)
                break
        else:
            chains.append([rule])
        if len(chains) > _MOST_CHAINS:
            return []
    return chains


def _frame(chain: Sequence[Rule], rules: Iterable[Rule], bands: Iterable[Area]) -> Frame:
    left, right = min(rule.start for rule in chain), max(rule.end for rule in chain)
    ys = [chain[0].at]
    for above, below in pairwise(chain):
        if below.at - ys[-1] > _SAME_LINE and below.at > above.at:
            ys.append(below.at)
    narrow = [rule for rule in rules if left - NEAR <= rule.start and rule.end <= right + NEAR]
    partial = tuple(rule for rule in narrow if rule.end - rule.start < 0.95 * (right - left))
    named = (
        any(band.dark and band.top - NEAR <= (ys[0] + ys[1]) / 2 <= band.bottom for band in bands) if ys[1:] else False
    )
    return Frame(left, right, tuple(ys), partial, named)
