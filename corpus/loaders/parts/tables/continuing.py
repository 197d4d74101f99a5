"""Tables that go on in another table below: under 续表, or directly behind, without names of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.loaders.parts.tables.forms import is_form
from corpus.loaders.parts.tables.grid import Grid
from corpus.loaders.parts.tables.header import body_of
from corpus.loaders.parts.tables.kinds import FIGURES, Kind
from corpus.loaders.parts.tables.names import are_usual
from corpus.loaders.parts.tables.regions import Region
from corpus.loaders.parts.tables.statements import Columns
from corpus.text.measures import unit_of

_NUMBER = r"[\d一二三四五六七八九十]{0,3}(?:[-－.—][\d一二三四五六七八九十]{1,3})?"
_GOES_ON = re.compile(
    rf"[（(【\[]?\s*(?:续上?(?:附?表|页)?|接?上[表页]续?|接续?上?[表页])\s*{_NUMBER}\s*[）)】\]]?|"
    rf"(?P<named>.{{1,60}}?)\s*[（(【\[]\s*(?:续\s*(?:上?[表页])?|接上?[表页])\s*{_NUMBER}\s*[）)】\]]|"
    r"续(?P<numbered>(?:附表|表)\s*[\d一二三四五六七八九十].{0,60})"
)
_LONGEST = 200  # characters between two parts of a table


@dataclass(frozen=True, slots=True)
class Headed:
    """A table that may go on: with the names of its columns, its title and its unit."""

    region: Region
    columns: Columns
    title: str
    unit: str

    def goes_on_under(self, between: str) -> bool | None:
        """Return whether words below the table announce that it goes on; None without any words."""
        if len(between.strip()) > _LONGEST:
            return False
        lines = [line.strip() for line in between.split("\n") if line.strip()]
        captions = [line for line in lines if not unit_of(line)]
        return all(map(self._announces, captions)) and bool(captions) if lines else None

    def _announces(self, line: str) -> bool:
        """Return whether a line says 续表, of this table if it names one."""
        found = _GOES_ON.fullmatch(line)
        named = "".join((found["named"] or found["numbered"] or "").split()) if found else ""
        title = "".join(self.title.split())
        return bool(found) and (not named or not title or title.startswith(named) or named.startswith(title))

    def continued(self, grid: Grid, region: Region, announced: bool) -> Region | None:
        """Return the first table of a grid as one that goes on from this one; None if it does not."""
        named = region.header and _names(region) == _names(self.region)
        if announced and region.header and not named and not grid.header and region.grid.rows[0] in grid.rows:
            region = region if are_usual(_names(region)) else replace(region, header=0)
        alone = not region.lead or (announced and all(map(self._announces, region.lead)))
        if not alone or region.grid.width != self.region.grid.width or not (named or not region.header):
            return None
        if not (announced if named else self._is_alike(region, announced)):
            return None
        return replace(region, title=self.title, unit=region.unit or self.unit, goes_on=True)

    def _is_alike(self, region: Region, announced: bool) -> bool:
        """Return whether the columns hold what they hold above; unannounced, some have to hold figures."""
        above, below = body_of(self.region.grid, self.region.header).kinds, body_of(region.grid, 0).kinds
        pairs = [(a, b) for (a, _), (b, _) in zip(above, below, strict=True)]
        if not announced and (is_form(region.grid) or not any(a is b and a in FIGURES for a, b in pairs)):
            return False
        return all(a is b or Kind.NOTHING in (a, b) or {a, b} == {Kind.WORDS, Kind.PROSE} for a, b in pairs)


def _names(region: Region) -> Sequence[str]:
    return [cell.text for row in region.grid.rows[: region.header] for cell in row]
