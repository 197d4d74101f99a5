"""Counts the numbers of Word's lists as Word counts them (ECMA-376, 17.9)."""

import re
from typing import Any

from corpus.loaders.parts.office.names import W, integer, value
from corpus.loaders.parts.office.symbols import MARKS, shown
from corpus.loaders.parts.office.word.numerals import numeral
from corpus.loaders.parts.office.word.styles import Styles

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_LABELS = ("编", "章", "节", "条")  # headings are recognised by the space after these


class Numbering:
    """Counts in document order: call `label` once for each visible paragraph."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, Any] = {}
        self._abstract: dict[str, Any] = {}
        if root is not None:
            self._lists = {each.get(f"{W}numId"): each for each in root.iterfind(f"{W}num")}
            self._abstract = {each.get(f"{W}abstractNumId"): each for each in root.iterfind(f"{W}abstractNum")}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._by_level: dict[tuple[str, int], Any] = {}

    def label(self, paragraph: Any) -> str:
        """Return 第三条, （一）, 1. and the like with the space after it; empty without a list, and for dots."""
        number, level = self._place(paragraph)
        definition = self._level(number, level)
        if definition is None:
            return ""
        self._count(number, level)
        kind = value(definition, f"{W}numFmt") or "decimal"
        written = value(definition, f"{W}lvlText")
        if kind == "bullet":
            fonts = definition.find(f"{W}rPr/{W}rFonts")
            mark = shown(written, fonts.get(f"{W}ascii") or "" if fonts is not None else "")
            return f"{mark} " if mark in MARKS else ""
        text = _PLACE.sub(lambda match: self._written(number, int(match[1]) - 1, definition), written)
        closed = value(definition, f"{W}suff") == "nothing" and not text.endswith(_LABELS)
        apart = "" if closed else " "
        return text + apart if text.strip() else ""

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level (from 0) of a paragraph, from its own properties or its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, level = (value(own, f"{W}numId"), value(own, f"{W}ilvl")) if own is not None else ("", "")
        if not number:
            number, by_style, style = self._styles.list_of(paragraph)
            level = level or by_style or self._level_of_style(number, style)
        return number, min(max(integer(level, 0), 0), _LEVELS - 1)

    def _level_of_style(self, number: str, style: str) -> str:
        for level in range(_LEVELS):
            definition = self._level(number, level)
            if definition is not None and value(definition, f"{W}pStyle") == style:
                return str(level)
        return ""

    def _level(self, number: str, level: int) -> Any | None:
        """Return the definition of a list's level; None if there is no such list."""
        if (number, level) not in self._by_level:
            self._by_level[number, level] = self._looked_up(number, level)
        return self._by_level[number, level]

    def _looked_up(self, number: str, level: int) -> Any | None:
        instance = self._lists.get(number)
        if instance is None:
            return None
        for override in instance.iterfind(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(level) and (own := override.find(f"{W}lvl")) is not None:
                return own
        abstract = self._abstract.get(self._counted_in(number))
        if abstract is None:
            return None
        return next((each for each in abstract.iterfind(f"{W}lvl") if each.get(f"{W}ilvl") == str(level)), None)

    def _counted_in(self, number: str) -> str:
        """Return the abstract list of a list: lists that share one continue each other's numbers."""
        for _ in range(_LEVELS):  # bounded, because styles may form a circle
            identity = value(self._lists.get(number), f"{W}abstractNumId")
            linked = value(self._abstract.get(identity), f"{W}numStyleLink")
            following = self._styles.list_linked(linked) if linked else ""
            if not following or following == number:
                return identity
            number = following
        return ""

    def _count(self, number: str, level: int) -> None:
        counts = self._counts.setdefault(self._counted_in(number), [None] * _LEVELS)
        restart = self._restart(number, level)
        before = counts[level]
        if restart is not None and (number, level) not in self._begun:
            counts[level] = restart
        elif before is None:
            counts[level] = self._start(number, level)
        else:
            counts[level] = min(before + 1, 10**8)
        self._begun.add((number, level))
        for above in range(level):
            if counts[above] is None:
                counts[above] = self._start(number, above)
        for below in range(level + 1, _LEVELS):
            definition = self._level(number, below)
            after = integer(value(definition, f"{W}lvlRestart"), below)
            if after and level < after:
                counts[below] = None

    def _restart(self, number: str, level: int) -> int | None:
        """Return the number at which a list with a shared count restarts; None if it does not."""
        for override in self._lists[number].iterfind(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(level) and (start := value(override, f"{W}startOverride")):
                return integer(start, 1)
        return None

    def _start(self, number: str, level: int) -> int:
        restart = self._restart(number, level)
        definition = self._level(number, level)
        return (
            restart if restart is not None else integer(value(definition, f"{W}start"), 0 if definition is None else 1)
        )

    def _written(self, number: str, level: int, within: Any) -> str:
        counts = self._counts[self._counted_in(number)]
        count = counts[level] if counts[level] is not None else self._start(number, level)
        definition = self._level(number, level)
        kind = value(definition, f"{W}numFmt") or "decimal"
        if within.find(f"{W}isLgl") is not None and kind != "none":
            kind = "decimal"
        return numeral(count or 0, kind)
