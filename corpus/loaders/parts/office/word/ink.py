"""Whether words of a Word file leave ink: type of the colour that lies behind it shows nothing."""

import re
from collections.abc import Iterator
from typing import Any

from corpus.loaders.parts.office.colours import UNSURE, WHITE, alike
from corpus.loaders.parts.office.names import VAL, WP, W, parsed, value
from corpus.loaders.parts.office.word.styles import Styles

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_BELOW = re.compile(r"z-index:\s*-")
_PAPER = ("background1", "light1", "bg1", "lt1")  # names of a theme's colour of the page
# What gives white type an edge or a ground of its own.
_EFFECTS = frozenset(
    [
        *(f"{W}{name}" for name in ("outline", "shadow", "emboss", "imprint", "bdr", "effect")),
        *(f"{_W14}{name}" for name in ("textOutline", "glow", "shadow", "reflection", "props3d")),
    ]
)
_HIGHLIGHTS = {
    "black": "000000",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGray": "808080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "green": "00FF00",
    "lightGray": "C0C0C0",
    "magenta": "FF00FF",
    "red": "FF0000",
    "white": WHITE,
    "yellow": "FFFF00",
}


class Ink:
    """Compares the colour of type with that behind it; where one of them is not certain, the words show."""

    def __init__(self, document: Any, styles: Styles) -> None:
        self._styles = styles
        self._paper = WHITE if _is_plain(document) else UNSURE
        self.strikes = False  # whether a run with words was struck through

    def struck(self, run: Any, paragraph: Any) -> bool:
        """Return whether a run is struck through; `strikes` remembers it."""
        struck = self._styles.struck(run, paragraph)
        self.strikes |= struck and next(run.iter(f"{W}t"), None) is not None
        return struck

    def unseen(self, run: Any, paragraph: Any) -> bool:
        """Return whether a run has the colour of its ground."""
        properties = [*self._properties(run, paragraph)]
        colour = next(filter(None, map(_colour, properties)), "")
        if not colour or any(mark.tag in _EFFECTS for each in properties for mark in each):
            return False
        return alike(colour, self._behind(properties, paragraph))

    def _properties(self, run: Any, paragraph: Any) -> Iterator[Any]:
        """Yield what sets the look of a run, the strongest first."""
        if (own := run.find(f"{W}rPr")) is not None:
            yield own
            yield from self._styles.look(value(own, f"{W}rStyle"))
        yield from self._styles.look_of(paragraph)

    def _behind(self, properties: list[Any], paragraph: Any) -> str:
        """Return the colour behind a run: its own ground, its paragraph's, its cell's, the paper."""
        for each in properties:
            if ground := _highlight(each) or _ground(each):
                return ground
        for each in self._styles.grounds_of(paragraph):
            if ground := _ground(each):
                return ground
        for above in paragraph.iterancestors():
            if above.tag == f"{W}txbxContent":
                return UNSURE  # the fill of a box, and what lies below it
            if above.tag == f"{W}tc" and (ground := _ground(above.find(f"{W}tcPr"))):
                return ground
            if above.tag == f"{W}tbl" and self._is_coloured(above):
                return UNSURE
        return self._paper

    def _is_coloured(self, table: Any) -> bool:
        """Return whether a table, an exception of its rows or its style may give a cell another ground than paper."""
        styled = self._styles.table(value(table, f"{W}tblPr/{W}tblStyle"))
        own = (table.find(f"{W}tblPr"), *table.iterfind(f"{W}tr/{W}tblPrEx"))
        shades = [shade for each in own if each is not None for shade in each.iterfind(f"{W}shd")]
        shades += [shade for style in styled for shade in style.iter(f"{W}shd")]
        return any(_fill(shade) for shade in shades)


def _is_plain(document: Any) -> bool:
    """Return whether nothing but white paper lies behind the text: no colour of the page, no picture below it."""
    root = document.element
    page = root.find(f"{W}background")
    if page is not None and (len(page) or page.get(f"{W}color", "auto") not in ("auto", WHITE)):
        return False
    if any(anchor.get("behindDoc") in ("1", "true") for anchor in root.iter(f"{WP}anchor")):
        return False
    if any(_BELOW.search(shape.get("style") or "") for old in root.iter(f"{W}pict") for shape in old.iter()):
        return False
    # What stands in a header is drawn below the text of its pages.
    running = (each for each in document.part.rels.values() if each.reltype.endswith(("/header", "/footer")))
    parts = (parsed(each.target_part.blob) for each in running if not each.is_external)
    return all(next(part.iter(f"{W}drawing", f"{W}pict"), None) is None for part in parts)


def _colour(properties: Any) -> str:
    """Return the colour of type; empty if it is not set here."""
    colour, filled = properties.find(f"{W}color"), properties.find(f"{_W14}textFill")
    if filled is not None and not _is_paper(filled):
        return UNSURE
    if colour is None:
        return UNSURE if filled is not None else ""
    theme = colour.get(f"{W}themeColor")
    return UNSURE if theme and theme not in _PAPER else colour.get(VAL) or UNSURE


def _is_paper(filled: Any) -> bool:
    """Return whether letters are filled with the plain colour of the page, as WPS writes it beside the usual colour."""
    named = filled.find(f"{_W14}solidFill/{_W14}schemeClr")
    return named is not None and named.get(f"{_W14}val") in _PAPER and not len(named)


def _highlight(properties: Any) -> str:
    name = value(properties, f"{W}highlight")
    return "" if name in ("", "none") else _HIGHLIGHTS.get(name, UNSURE)


def _ground(properties: Any) -> str:
    """Return the colour that properties of a run, paragraph or cell put behind it; empty if none."""
    shade = properties.find(f"{W}shd") if properties is not None else None
    return "" if shade is None else _fill(shade)


def _fill(shade: Any) -> str:
    theme = shade.get(f"{W}themeFill")
    if shade.get(VAL) == "nil":
        return ""
    if shade.get(VAL, "clear") != "clear" or (theme and theme not in _PAPER):
        return UNSURE  # a pattern, or a colour that the theme decides
    colour = shade.get(f"{W}fill") or "auto"
    return "" if colour == "auto" else colour
