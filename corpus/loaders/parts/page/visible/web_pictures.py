"""Large pictures in the content of a web page: their words are not read."""

import re
from typing import Any

from corpus.loaders.parts.page.shown_words import hidden, words_of

_LARGE = 227  # pixels of a screen, 6 cm; smaller ones are mostly signs and ornaments
_LARGE_DATA = 30_000  # characters of a picture that stands in the page itself
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_STYLED = {
    name: re.compile(rf"(?<![\w-]){name}\s*:\s*(\d{{1,5}})(?:\.\d+)?px", re.IGNORECASE) for name in ("width", "height")
}
_ORNAMENT = re.compile(r"\.(?:gif|svg|ico)(?:$|[?#])", re.IGNORECASE)
_BLOCKS = frozenset(("p", "div", "td", "th", "li", "center", "figure", "section", "article", "body", "main"))
_FEW = 4  # characters beside a picture, such as 图1


def large_pictures(root: Any) -> int:
    """Return how many large pictures show in a page whose menus are removed."""
    mains = root.findall(".//main")
    scope = mains[0] if len(mains) == 1 else root
    return sum(1 for picture in scope.iter("img") if _is_large(picture) and _shows(picture))


def _is_large(picture: Any) -> bool:
    sides = [side for side in (_side(picture, "width"), _side(picture, "height")) if side is not None]
    if sides:
        return min(sides) >= _LARGE
    source = (picture.get("src") or "").strip()
    if source.startswith("data:"):
        return len(source) >= _LARGE_DATA
    return bool(source) and not _ORNAMENT.search(source) and _stands_alone(picture)


def _side(picture: Any, name: str) -> int | None:
    found = _PIXELS.fullmatch(picture.get(name) or "") or _STYLED[name].search(picture.get("style") or "")
    return int(found[1]) if found else None


def _stands_alone(picture: Any) -> bool:
    """Return whether a picture of unknown size is a block of its own and no link, as the pictures of an article are."""
    for above in picture.iterancestors():
        if above.tag == "a":
            return False
        if above.tag in _BLOCKS:
            alone = len(list(above.iter("img"))) == 1 and len(words_of(above)) <= _FEW
            return alone and above.tag not in ("li", "body")
    return False


def _shows(picture: Any) -> bool:
    return not any(hidden(each) for each in (picture, *picture.iterancestors()))
