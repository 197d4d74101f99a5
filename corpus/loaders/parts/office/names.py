"""Names of Office Open XML, and the reading of single values."""

from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL = f"{W}val"
LARGE = 6 * 360_000  # EMU, 6 cm; smaller pictures are mostly seals, logos and ornaments, larger ones scanned pages
_OFF = ("0", "false", "off", "none")


def value(element: Any, path: str) -> str:
    """Return the `w:val` of the element at `path`; empty if missing."""
    found = element.find(path) if element is not None else None
    return "" if found is None else found.get(VAL) or ""


def integer(text: str | None, default: int) -> int:
    """Return a whole number of at most nine digits, or the default."""
    sign, figures = (-1, text[1:]) if text and text.startswith("-") else (1, text or "")
    return sign * int(figures) if figures.isascii() and figures.isdigit() and len(figures) < 10 else default


def switched(element: Any, path: str) -> bool | None:
    """Return whether an on-off property is on; None if it is not set."""
    found = element.find(path) if element is not None else None
    return None if found is None else found.get(VAL) not in _OFF


def parsed(blob: bytes) -> Any:
    """Return the tree of a part; entities are not resolved. Raises `XMLSyntaxError`."""
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
