"""Whether words on a slide leave ink: type of the colour that lies behind it shows nothing."""

from collections.abc import Callable
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE

from corpus.loaders.parts.office.colours import UNSURE, alike
from corpus.loaders.parts.office.names import MC, A, parsed

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_FILLS = frozenset(f"{A}{name}Fill" for name in ("no", "solid", "grad", "blip", "patt", "grp"))
_FIRST_FILL = "1001"  # of a theme's fills for the ground of slides

Box = tuple[int, int, int, int]  # left, top, right, bottom


class SlideInk:
    """Compares the colour of type with that behind it; where one of them is not certain, the words show."""

    def __init__(self, slide: Any) -> None:
        self._sources = [slide, slide.slide_layout, slide.slide_layout.slide_master]
        self._paper = ""
        self._ground = ""
        self._painted: list[tuple[Any, Box | None]] | None = None

    def within(self, shape: Any) -> Callable[[Any], bool]:
        """Return a function that tells whether a run of a shape has the colour of its ground."""
        return lambda run: self._unseen(run, lambda: self._behind(shape))

    def within_cell(self, cell: Any) -> Callable[[Any], bool]:
        """Return the same for a cell of a table; only a fill of its own counts, since its style has others."""
        properties = cell._tc.find(f"{A}tcPr")
        return lambda run: self._unseen(run, lambda: self._fill(properties) or UNSURE)

    def _unseen(self, run: Any, behind: Callable[[], str]) -> bool:
        properties = run.find(f"{A}rPr")
        if properties is None or (colour := self._fill(properties)) in ("", UNSURE):
            return False
        edge = properties.find(f"{A}ln")
        edged = edge is not None and edge.find(f"{A}noFill") is None
        effects = (properties.find(f"{A}{name}") for name in ("effectLst", "effectDag", "highlight"))
        if edged or any(each is not None and (len(each) or each.tag.endswith("Dag")) for each in effects):
            return False
        return alike(colour, behind())

    def _behind(self, shape: Any) -> str:
        """Return the colour behind a shape's words: its own, or that of the slide if nothing lies between."""
        own = self._own_fill(shape)
        if own:
            return own
        box = _box(shape)
        if box is None or _within_group(shape):
            return UNSURE
        left, top, right, bottom = box
        reach = (left, top, right, 2 * bottom - top)  # words may run over the lower edge of their box
        others = (place for each, place in self._boxes() if each is not shape.element)
        return UNSURE if any(place is None or _meet(reach, place) for place in others) else self._of_slide()

    def _own_fill(self, shape: Any) -> str:
        """Return the colour of a shape; empty if it has none, so that what lies below it shows."""
        properties = shape.element.find(f"{_P}spPr")
        if properties is None:
            return UNSURE
        if any(child.tag in _FILLS for child in properties):
            return self._fill(properties)
        if shape.element.find(f"{_P}style") is not None:
            return UNSURE
        return UNSURE if self._inherits_fill(shape) else ""

    def _inherits_fill(self, shape: Any) -> bool:
        """Return whether a placeholder of layout or master that a placeholder may follow has a fill."""
        if not shape.is_placeholder:
            return False
        above = (each for source in self._sources[1:] for each in source.placeholders)
        filled = (each.element.find(f"{_P}spPr") for each in above)
        return any(each is not None and any(child.tag in _FILLS for child in each) for each in filled)

    def _boxes(self) -> list[tuple[Any, Box | None]]:
        """Return what paints something on the slide, with its place; None for a place that is not certain."""
        if self._painted is None:
            self._painted = [
                (shape.element, _box(shape))
                for number, source in enumerate(self._sources)
                for shape in source.shapes
                if not (number and shape.is_placeholder) and self._paints(shape)
            ]
            if any(next(each.element.iter(f"{MC}AlternateContent"), None) is not None for each in self._sources):
                self._painted.append((None, None))
        return self._painted

    def _paints(self, shape: Any) -> bool:
        return shape.element.tag != f"{_P}sp" or bool(self._own_fill(shape))

    def _of_slide(self) -> str:
        """Return the colour of the slide itself."""
        if not self._ground:
            grounds = (each.element.find(f"{_P}cSld/{_P}bg") for each in self._sources)
            self._ground = self._ground_of(next((each for each in grounds if each is not None), None))
        return self._ground

    def _ground_of(self, ground: Any) -> str:
        if ground is None:
            return UNSURE
        own, themed = ground.find(f"{_P}bgPr"), ground.find(f"{_P}bgRef")
        if own is not None:
            return self._fill(own) or UNSURE
        plain = themed is not None and themed.get("idx") == _FIRST_FILL and _first_is_plain(self._theme())
        return self._colour(themed) if plain else UNSURE

    def _fill(self, properties: Any) -> str:
        """Return the colour that properties fill with; empty if they have no fill."""
        fill = next((each for each in properties if each.tag in _FILLS), None) if properties is not None else None
        if fill is None or fill.tag == f"{A}noFill":
            return ""
        return self._colour(fill) if fill.tag == f"{A}solidFill" else UNSURE

    def _colour(self, holder: Any) -> str:
        """Return a colour without changes to it, named by its figures or as that of the slide."""
        colour = next(iter(holder), None)
        if colour is None or len(colour):
            return UNSURE
        if colour.tag == f"{A}srgbClr":
            return colour.get("val") or UNSURE
        paper = colour.tag == f"{A}schemeClr" and colour.get("val") in ("bg1", "lt1")
        return self._of_paper() if paper else UNSURE

    def _of_paper(self) -> str:
        """Return the theme's light colour, if the slide uses it as its ground."""
        if not self._paper:
            self._paper = UNSURE
            mapped = self._sources[-1].element.find(f"{_P}clrMap")
            overridden = any(
                next(each.element.iter(f"{A}overrideClrMapping"), None) is not None for each in self._sources
            )
            if mapped is not None and mapped.get("bg1") == "lt1" and not overridden:
                light = next(self._theme().iter(f"{A}lt1"), None)
                for colour in () if light is None else light:
                    self._paper = colour.get("lastClr") or colour.get("val") or UNSURE
        return self._paper

    def _theme(self) -> Any:
        return parsed(self._sources[-1].part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)


def _first_is_plain(theme: Any) -> bool:
    """Return whether the first fill of a theme's grounds is the colour that a slide names, unchanged."""
    fills = next(theme.iter(f"{A}bgFillStyleLst"), None)
    first = fills[0] if fills is not None and len(fills) else None
    if first is None or first.tag != f"{A}solidFill" or not len(first):
        return False
    return first[0].get("val") == "phClr" and not len(first[0])


def _box(shape: Any) -> Box | None:
    """Return the place of a shape on the slide; None if it is turned or not known."""
    edges = (shape.left, shape.top, shape.width, shape.height)
    if None in edges or getattr(shape, "rotation", None):
        return None
    left, top, width, height = edges
    return left, top, left + width, top + height


def _within_group(shape: Any) -> bool:
    return bool(shape.element.getparent().tag == f"{_P}grpSp")


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
