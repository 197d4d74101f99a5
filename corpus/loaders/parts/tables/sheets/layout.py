"""Hidden and merged cells of a sheet, read from its own XML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.loaders.parts.tables.sheets.number_formats import USUAL_ROOM

_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_ALL_ROWS_HIDDEN = re.compile(rb"<(?:\w+:)?sheetFormatPr\b[^<>]*\bzeroHeight=[\"'](?:1|true)[\"']")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_USUAL = re.compile(rb"<(?:\w+:)?sheetFormatPr\b[^<>]*\bdefaultColWidth=[\"']([\d.]{1,9})[\"']")
_USUAL_WIDTH, _PADDING = 8.43, 0.7  # characters; stored widths include the padding of cells
_NARROW = 4.0  # characters
_WIDTH = re.compile(rb"\d{1,5}(?:\.\d{1,20})?")
_TRUE = (b"1", b"true")
_VALUES = (b"<v>", b"<v ", b":v>", b"<is>", b":is>")
# Merged cells of one sheet; no office has as many.
_MOST_MERGED = 100_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Hidden rows and columns by number from 1, and the merged cells as (top, left, bottom, right).

    `last_row` is the last one that holds a value; the formatted cells below it are empty.
    """

    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[tuple[int, int, int, int], ...]
    last_row: int
    shown_rows: frozenset[int] | None = None  # set if all other rows are hidden
    widths: Mapping[int, float] = field(default_factory=dict)  # of columns, in characters
    usual_width: float = _USUAL_WIDTH + _PADDING

    def is_narrow(self, column: int) -> bool:
        """Return whether a column, by number from 1, has a width of its own that holds no two Chinese characters."""
        return self.widths.get(column, self.usual_width) < min(_NARROW, self.usual_width)

    def shows_row(self, row: int) -> bool:
        return row in self.shown_rows if self.shown_rows is not None else row not in self.hidden_rows

    def room(self, column: int) -> int:
        """Return how many characters a general number may take in a column.

        Narrower columns count as usual ones: their cells are often merged.
        """
        return max(min(int(self.widths.get(column, self.usual_width) - _PADDING), USUAL_ROOM), int(_USUAL_WIDTH))


def layout(sheet: bytes, *, columns: int) -> Layout:
    """Return the layout of a sheet's XML for the first `columns` columns. Filtered rows count as hidden."""
    hidden: set[int] = set()
    shown: set[int] = set()
    number = last_row = 0
    filled = max(map(sheet.rfind, _VALUES))
    for row in _ROW.finditer(sheet):
        attributes = dict(_ATTRIBUTE.findall(row[1]))
        number = _number(attributes.get(b"r"), number + 1)
        last_row = number if row.start() < filled else last_row
        out = attributes.get(b"hidden") in _TRUE or (
            attributes.get(b"customHeight") in _TRUE and attributes.get(b"ht") in (b"0", b"0.0")
        )
        (hidden if out else shown).add(number)
    away: set[int] = set()
    widths: dict[int, float] = {}
    for attributes in _attributes(_COLUMN, sheet):
        first, last = _number(attributes.get(b"min"), 1), _number(attributes.get(b"max"), columns)
        covered = range(first, min(last, columns) + 1)
        if attributes.get(b"hidden") in _TRUE or attributes.get(b"width") in (b"0", b"0.0"):
            away.update(covered)
        elif (width := _width(attributes.get(b"width"))) is not None:
            widths.update(dict.fromkeys(covered, width))
    explicit = frozenset(shown) if _ALL_ROWS_HIDDEN.search(sheet) else None
    usual = _USUAL.search(sheet)
    usual_width = (_width(usual[1]) if usual else None) or _USUAL_WIDTH + _PADDING
    return Layout(frozenset(hidden), frozenset(away), tuple(_merged(sheet)), last_row, explicit, widths, usual_width)


def _width(value: bytes | None) -> float | None:
    return float(value) if value and _WIDTH.fullmatch(value) else None


def _attributes(pattern: re.Pattern[bytes], sheet: bytes) -> Iterator[dict[bytes, bytes]]:
    for match in pattern.finditer(sheet):
        yield dict(_ATTRIBUTE.findall(match[1]))


def _merged(sheet: bytes) -> Iterator[tuple[int, int, int, int]]:
    for number, match in enumerate(_MERGED.finditer(sheet)):
        if number >= _MOST_MERGED:
            return
        left, top, right, bottom = match.groups()
        yield int(top), _letters(left), int(bottom), _letters(right)


def _letters(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _number(value: Any, default: int) -> int:
    return int(value) if value and len(value) < 8 and value.isdigit() else default
