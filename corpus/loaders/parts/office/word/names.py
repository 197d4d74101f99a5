"""Names of WordprocessingML, and how single values are looked up."""

from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL = f"{W}val"
_OFF = ("0", "false", "off", "none")


def value(element: Any, path: str) -> str:
    """The `w:val` of the element at `path`; empty where there is none."""
    found = element.find(path) if element is not None else None
    return "" if found is None else found.get(VAL) or ""


def integer(text: str | None, default: int) -> int:
    """A whole number of at most nine digits, or the default."""
    sign, figures = (-1, text[1:]) if text and text.startswith("-") else (1, text or "")
    return sign * int(figures) if figures.isascii() and figures.isdigit() and len(figures) < 10 else default


def switched(element: Any, path: str) -> bool | None:
    """Whether a property that is on or off is on; None where nothing is said."""
    found = element.find(path) if element is not None else None
    return None if found is None else found.get(VAL) not in _OFF


def parsed(blob: bytes) -> Any:
    """The tree of a part; entities stay as they are. Raises `XMLSyntaxError`."""
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
