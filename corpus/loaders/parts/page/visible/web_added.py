"""Writes into a web page the words that only its style sheets add: a mark before a point, 元 behind a figure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.loaders.parts.page.shown_words import HIDING, LINE_END, NOT_SHOWN, hidden

_COMPOUND = re.compile(r"(?P<tag>[a-z][\w-]*|\*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)
_STEP = re.compile(r"\s*(>)\s*|\s+")
_NOT_NOW = re.compile(r":(?:hover|focus|active|checked|target|visited|invalid|disabled|empty)", re.IGNORECASE)
_STRINGS = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_CONTENT = re.compile(rf"(?<![\w-])content\s*:\s*((?:{_STRINGS}|[^;\"'])*)", re.IGNORECASE)
_PART = re.compile(
    rf"(?P<string>{_STRINGS})|attr\(\s*(?P<attribute>[\w-]+)\s*\)|(?P<counter>counters?)\(", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_OF_ICONS = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_WORDS = re.compile(r"[^\W_]")
_OWN_LINE = re.compile(r"display\s*:\s*(?:block|table|flex|grid|list-item)", re.IGNORECASE)
_FAINT = re.compile(r"(?<![\w-])opacity\s*:\s*0(?:\.0+)?%?(?![.\d])", re.IGNORECASE)
_REPLACED = frozenset(("img", "input", "br", "hr", "html", "body"))  # hold no words, or all of them
_UNREAD = "data-added-unread"
# What a page may make its reader work through.
_LONGEST, _MOST_RULES, _MOST_TRIED, _MOST_ADDED, _DEEPEST = 40, 500, 500_000, 200_000, 50


@dataclass(frozen=True, slots=True)
class Added:
    """What a sheet declares for what stands `before` the elements of a selector, or behind them."""

    selector: str
    before: bool
    declarations: str


@dataclass(frozen=True, slots=True)
class _Compound:
    """Tag, classes and id that an element has to have; `child` says that it lies directly in the one before."""

    tag: str
    names: frozenset[str]
    child: bool

    def fits(self, element: Any, own: frozenset[str]) -> bool:
        return self.tag in ("", "*", element.tag) and self.names <= own


def add_words(root: Any, rules: Sequence[Added]) -> None:
    """Write into the tree what rules add to its elements; later ones win.

    What cannot be told, numbers that a sheet counts and words by selectors that are not followed, is remembered.
    """
    of_last: dict[str, list[tuple[list[_Compound], Added]]] = {}
    for rule in rules[:_MOST_RULES]:
        if steps := _steps(rule.selector):
            last = steps[-1]
            of_last.setdefault(next(iter(sorted(last.names)), last.tag or "*"), []).append((steps, rule))
        elif not _NOT_NOW.search(rule.selector) and _WORDS.search(_literally(rule.declarations)):
            root.set(_UNREAD, "")
    if not of_last:
        return
    names: dict[Any, frozenset[str]] = {}
    tried = added = 0
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        names[element] = own = _names(element)
        chosen: dict[bool, Added] = {}
        for key in ("*", element.tag, *own):
            for steps, rule in of_last.get(key, ()):
                tried += 1
                if _fits(element, steps, names):
                    chosen[rule.before] = rule
        if tried > _MOST_TRIED or added > _MOST_ADDED:
            root.set(_UNREAD, "")
            return
        if chosen and element.tag not in _REPLACED and element.tag not in NOT_SHOWN and not hidden(element):
            for rule in chosen.values():
                added += _add(root, element, rule)


def leaves_out_added(part: Any) -> bool:
    """Return whether words that a style sheet adds to the page of this element are left out."""
    return part.getroottree().getroot().get(_UNREAD) is not None


def _names(element: Any) -> frozenset[str]:
    classes = (element.get("class") or "").split()[:_DEEPEST]
    return frozenset([*(f".{name}" for name in classes), *([f"#{element.get('id')}"] if element.get("id") else [])])


def _steps(selector: str) -> list[_Compound]:
    """Return the parts of a selector from the outermost inwards; none where it holds more than tags and names."""
    steps: list[_Compound] = []
    place, child = 0, False
    while place < len(selector):
        found = _COMPOUND.match(selector, place)
        if not found or not found.group():
            return []
        tag, inner = (found["tag"] or "").lower(), re.findall(r"[.#][\w-]+", found["names"])
        steps.append(_Compound(tag, frozenset(inner), child))
        place = found.end()
        step = _STEP.match(selector, place)
        if place < len(selector) and not step:
            return []
        place, child = (step.end(), bool(step[1])) if step else (place, False)
    return steps


def _fits(element: Any, steps: Sequence[_Compound], names: dict[Any, frozenset[str]]) -> bool:
    """Return whether an element is what a selector means. Of several ancestors that fit, the nearest is taken."""
    if not steps[-1].fits(element, names[element]):
        return False
    child, above, depth = steps[-1].child, element.getparent(), 0
    for step in reversed(steps[:-1]):
        while above is not None and not step.fits(above, names.get(above, frozenset())) and not child:
            above, depth = above.getparent(), depth + 1
            if depth > _DEEPEST:
                return False
        if above is None or not step.fits(above, names.get(above, frozenset())):
            return False
        child, above = step.child, above.getparent()
    return True


def _add(root: Any, element: Any, rule: Added) -> int:
    if HIDING.search(rule.declarations) or _FAINT.search(rule.declarations):
        return 0
    words = ""
    for part in _parts(rule.declarations):
        if part["counter"]:
            root.set(_UNREAD, "")
            return 0
        words += _string(part["string"]) if part["string"] else element.get(part["attribute"]) or ""
    words = _OF_ICONS.sub("", words)[:_LONGEST]
    if not words.strip():
        return 0
    if _OWN_LINE.search(rule.declarations):
        words = words + LINE_END if rule.before else LINE_END + words
    if rule.before:
        element.text = words + (element.text or "")
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
    return len(words)


def _parts(declarations: str) -> Iterator[re.Match[str]]:
    told = _CONTENT.findall(declarations)
    return _PART.finditer(told[-1]) if told else iter(())


def _literally(declarations: str) -> str:
    return _OF_ICONS.sub("", "".join(_string(part["string"]) for part in _parts(declarations) if part["string"]))


def _string(quoted: str) -> str:
    return _ESCAPE.sub(lambda found: _character(found[1]) if found[1] else found[2], quoted[1:-1])


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""
