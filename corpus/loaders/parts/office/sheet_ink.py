"""Which values of a sheet show and hold: type of the colour of its cell shows nothing, what is struck holds no more."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import range_boundaries

from corpus.loaders.parts.office.colours import UNSURE, WHITE, alike
from corpus.loaders.parts.office.names import A, parsed
from corpus.loaders.parts.office.sheet_drawings import related

_PICTURE = re.compile(rb"<(?:\w+:)?picture\b")  # behind the cells
_RUNS_IN_PLACE = re.compile(rb"<(?:\w+:)?is>\s*<(?:\w+:)?r\b")  # openpyxl does not tell how these look
_CONDITIONAL = re.compile(
    rb"<(?:\w+:)?conditionalFormatting\b[^<>]*\bsqref=[\"']([^\"']*)[\"']|<(?:\w+:)?sqref>([^<]*)<"
)
_AREA = re.compile(rb"\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_COLOURED_FORMAT = re.compile(r"\[(?!\$|DBNum|[<>=]|[hms]+\])", re.IGNORECASE)  # [Red], [颜色3]
_MOST_AREAS = 2_000
# The order in which cells number the colours of a theme (18.8.3 of ECMA-376).
_THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)))


class Palette:
    """The colours of a workbook's styles."""

    def __init__(self, workbook: Any) -> None:
        self._indexed = [str(colour)[-6:] for colour in workbook._colors]
        self._theme = _theme(workbook.loaded_theme)

    def of(self, colour: Any) -> str:
        """Return a colour; one with a tint of its own is only like itself."""
        match getattr(colour, "type", ""):
            case "rgb" if colour.value != "00000000":  # what openpyxl gives where the file names none
                return str(colour.value)[-6:]
            case "indexed" if colour.value < min(len(self._indexed), 64):  # those from 64 on are the system's
                return str(self._indexed[colour.value])
            case "theme" if colour.tint:
                return f"{colour.value} {colour.tint}"
            case "theme":
                return self._theme.get(colour.value, UNSURE)
        return UNSURE

    def ground(self, fill: Any) -> str:
        """Return the colour of a cell: that of its fill, white without one."""
        pattern = getattr(fill, "fill_type", None)
        if pattern in (None, "none"):
            return WHITE
        return self.of(fill.fgColor) if pattern == "solid" else UNSURE


class SheetInk:
    """What shows of a sheet's cells. Where a rule, a table or a picture may colour them, everything does."""

    def __init__(self, palette: Palette, archive: zipfile.ZipFile, path: str) -> None:
        sheet = archive.read(path)
        self._palette = palette
        self._areas = list(_areas(archive, path, sheet))
        unsure = _PICTURE.search(sheet) or _RUNS_IN_PLACE.search(sheet) or len(self._areas) > _MOST_AREAS
        self._certain = not unsure
        self._unseen: dict[int, bool] = {}  # by the number of a cell's style
        self._struck: dict[int, bool] = {}
        self.strikes = False  # whether words were struck through

    def seen(self, cell: Any) -> Any:
        """Return a cell's value without what is struck or has the colour of its ground; None if nothing is left."""
        value = cell.value
        if value is None:
            return None
        if isinstance(value, CellRichText):
            return "".join(str(part) for part in value if self._leaves(cell, getattr(part, "font", None))) or None
        return value if self._leaves(cell) else None

    def is_struck(self, cell: Any) -> bool:
        """Return whether a cell's value is struck through as a whole."""
        return cell.value is not None and not isinstance(cell.value, CellRichText) and self._strikes(cell)

    def _leaves(self, cell: Any, font: Any = None) -> bool:
        """Return whether words of a cell, with a type of their own or with the cell's, show and hold."""
        struck = self._strikes(cell) if font is None else bool(font.strike)
        self.strikes |= struck
        return not struck and not (self._certain and self._hides(cell, font))

    def _strikes(self, cell: Any) -> bool:
        if cell._style_id not in self._struck:
            self._struck[cell._style_id] = bool(cell.font.strike)
        return self._struck[cell._style_id]

    def _hides(self, cell: Any, font: Any = None) -> bool:
        """Return whether words of a cell, with a type of their own or with the cell's, are not seen."""
        if font is not None:
            alone = _same(self._palette.of(font.color), self._palette.ground(cell.fill))
        elif cell._style_id in self._unseen:
            alone = self._unseen[cell._style_id]
        else:
            alone = self._unseen[cell._style_id] = self._by_style(cell)
        return alone and not any(_holds(area, cell) for area in self._areas)

    def _by_style(self, cell: Any) -> bool:
        if _COLOURED_FORMAT.search(str(cell.number_format)):
            return False
        return _same(self._palette.of(cell.font.color), self._palette.ground(cell.fill))


def _same(one: str, other: str) -> bool:
    return alike(one, other) or (one == other != UNSURE)


def _holds(area: tuple[int, int, int, int], cell: Any) -> bool:
    left, top, right, bottom = area
    return left <= int(cell.column) <= right and top <= int(cell.row) <= bottom


def _areas(archive: zipfile.ZipFile, path: str, sheet: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield left, top, right and bottom of what may have other colours: conditional formats, tables, pivots."""
    for found in _CONDITIONAL.finditer(sheet):
        for area in (found[1] or found[2] or b"").split():
            yield _edges(area)
    for part in related(archive, path).values():
        if part.startswith(("xl/tables/", "xl/pivotTables/")) and part in archive.namelist():
            area = _AREA.search(archive.read(part))
            yield _edges(area[1] if area else b"")


def _edges(area: bytes) -> tuple[int, int, int, int]:
    """Return the edges of an area; everything, where it is not understood."""
    try:
        left, top, right, bottom = range_boundaries(area.decode("ascii"))
    except (ValueError, TypeError):
        left = top = right = bottom = None
    return left or 1, top or 1, right or 1 << 20, bottom or 1 << 30


def _theme(blob: Any) -> dict[int, str]:
    """Return the colours of a theme by their numbers; without one, that of the paper."""
    if not blob:
        return {0: WHITE}
    colours: dict[int, str] = {}
    for scheme in parsed(blob).iter(f"{A}clrScheme"):
        for number, name in enumerate(_THEME):
            named = scheme.find(f"{A}{name}")
            for colour in () if named is None else named:
                colours[number] = colour.get("lastClr") or colour.get("val") or UNSURE
    return colours
