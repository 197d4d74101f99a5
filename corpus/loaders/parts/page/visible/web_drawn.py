"""Writes into a web page the words that it shows otherwise than as text: typed into its fields, drawn in SVG."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.loaders.parts.page.shown_words import LINE_END, hidden

_TYPED = frozenset(("", "text", "number", "tel", "email", "url", "date", "month", "week", "time", "datetime-local"))
# A prompt, which goes once somebody types.
_PROMPT = re.compile(r"\s*(?:请(?:您|在此)?(?:输入|选择|填写|填)|输入|搜索|站内|关键[字词]|-+\s*请)")
_CLEARS = re.compile(r"value\s*=", re.IGNORECASE)
_NOT_DRAWN = frozenset(
    ("title", "desc", "defs", "symbol", "metadata", "style", "script", "clippath", "mask", "marker", "pattern")
)
_TYPED_IN = "data-typed-in"
_UNSEEN = (("display", "none"), ("visibility", "hidden"), ("opacity", "0"), ("fill", "none"), ("font-size", "0"))


def write_drawn(root: Any) -> None:
    """Put the words of filled-in fields and of drawings in the place of these."""
    for field in [*root.iter("input", "textarea", "select")]:
        if (words := _filled_in(field)) and not _is_prompt(field, words):
            _replace(field, "span", [words]).set(_TYPED_IN, "")
    for drawing in [*root.iter("svg")]:
        # One drawing within another belongs to it.
        outermost = next(drawing.iterancestors("svg"), None) is None
        if outermost and (lines := [*_drawn(drawing)]):
            _replace(drawing, "div", lines)


def typed_in(part: Any) -> int:
    """Return how many filled-in fields were written below an element."""
    return sum(1 for each in part.iter("span") if each.get(_TYPED_IN) is not None)


def _filled_in(field: Any) -> str:
    """Return what a field shows; of a list what is chosen there, and nothing where that is merely its first entry."""
    if hidden(field):
        return ""
    if field.tag == "input":
        return (field.get("value") or "") if (field.get("type") or "").lower() in _TYPED else ""
    if field.tag == "textarea":
        return "".join(field.itertext())
    chosen = (option for option in field.iter("option") if option.get("selected") is not None)
    return "、".join(filter(None, (" ".join("".join(option.itertext()).split()) for option in chosen)))


def _is_prompt(field: Any, words: str) -> bool:
    emptied = _CLEARS.search(f"{field.get('onfocus') or ''} {field.get('onclick') or ''}")
    return bool(_PROMPT.match(words) or emptied)


def _drawn(drawing: Any) -> Iterator[str]:
    """Yield the texts of a drawing, each a line."""
    stack = [drawing]
    while stack:
        here = stack.pop()
        if not isinstance(here.tag, str) or here.tag in _NOT_DRAWN or hidden(here) or not _seen(here):
            continue
        if here.tag in ("text", "foreignobject"):
            if words := " ".join("".join(_shown(here)).split()):
                yield words
        else:
            stack.extend(reversed(here))


def _shown(text: Any) -> Iterator[str]:
    skipped: Any = None
    for event, part in etree.iterwalk(text, events=("start", "end")):
        out = not isinstance(part.tag, str) or part.tag in _NOT_DRAWN or hidden(part) or not _seen(part)
        if event == "start" and skipped is None:
            skipped = part if out else None
            yield "" if out else part.text or ""
        elif event == "end" and skipped in (None, part):
            skipped = None
            yield part.tail or "" if part is not text else ""


def _seen(element: Any) -> bool:
    return all((element.get(name) or "").strip() != value for name, value in _UNSEEN)


def _replace(element: Any, tag: str, lines: list[str]) -> Any:
    """Put lines of words into the place of an element; return what holds them."""
    new = etree.Element(tag)
    new.text = LINE_END.join("\n".join(lines).split("\n"))
    new.tail = element.tail
    element.getparent().replace(element, new)
    return new
