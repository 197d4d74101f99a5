"""What styles within a web page say of its elements: which do not show, and which words are white on white."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from corpus.loaders.parts.page.shown_words import HIDING, words_of
from corpus.loaders.parts.page.visible.web_added import Added, add_words
from corpus.loaders.parts.page.visible.web_drawn import typed_in, write_drawn

_LEAST_TEXT = 60  # characters without a full stop that make a text
_LEAST_TYPED = 3  # fields of a form that somebody has filled in
_STOP = re.compile(r"[。；！？]")
_COMMENT = re.compile(r"/\*[^*]{0,2000}\*/")
_AT_ALL_TIMES = re.compile(r"@media\s+(?:screen|all)\s*$", re.IGNORECASE)
_SIMPLE = re.compile(r"[a-z][\w-]*|(?:[a-z][\w-]*)?[.#][\w-]+", re.IGNORECASE)
_STRUCK_TAGS = frozenset(("s", "strike", "del"))
_STRIKING = re.compile(r"text-decoration(?:-line)?\s*:\s*[^;}]{0,60}line-through", re.IGNORECASE)
_STRUCK = "struck"  # the value of the attribute `hidden` of such elements
_BESIDE = re.compile(r"([^:]*(?::(?!:|before|after)[^:]*)*)::?(before|after)", re.IGNORECASE)
_LAST = re.compile(r"([a-z][\w-]*)?([.#][\w-]+)?[^\s>+~]*$", re.IGNORECASE)
_INK = re.compile(r"(?:^|[;\s{])color\s*:\s*([^;!}]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;!}]+)", re.IGNORECASE)
_WHITE = re.compile(r"(?:white|#f{3}(?:f{3})?|rgba?\(\s*255\s*[,\s]\s*255\s*[,\s]\s*255\s*(?:[,/]\s*1(?:\.0+)?\s*)?\))")
_NO_GROUND = re.compile(r"none|transparent|inherit|initial|unset|")
# What a page may make its reader work through: characters of a rule's selectors or declarations, and of all that is
# declared for one name; names of one element; blocks around a rule.
_LONGEST, _MOST_NAMES, _DEEPEST = 2000, 50, 8


@dataclass(slots=True)
class _Styles:
    """What sheets declare for simple selectors, what they add, and names that a longer one may give a ground."""

    of_name: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    added: list[Added] = field(default_factory=list)
    grounds: set[str] = field(default_factory=set)


def as_shown(root: Any, sheets: Iterable[str] = ()) -> None:
    """Make a page hold what it shows: the attribute `hidden` on what it hides, as words what it draws and adds.

    Besides the sheets within the page, `sheets` are read. Hidden is what a sheet hides by tag, class or id alone, words
    struck through, closed dialogs, and forms without text: a search. White words on white are removed.
    """
    styles = _declared((*(style.text or "" for style in root.iter("style")), *sheets))
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        told = _of_sheets(_names(element), styles.of_name)
        if _hides(told):
            element.set("hidden", "")
        elif element.tag in _STRUCK_TAGS or _strikes(f"{told};{element.get('style') or ''}"):
            element.set("hidden", _STRUCK)
    write_drawn(root)
    for form in root.iter("form"):
        words = words_of(form)
        if len(words) < _LEAST_TEXT and not _STOP.search(words) and typed_in(form) < _LEAST_TYPED:
            form.set("hidden", "")
    for dialog in root.iter("dialog"):
        if dialog.get("open") is None:
            dialog.set("hidden", "")
    add_words(root, styles.added)
    # The ground may be told by a sheet that lies elsewhere.
    if not any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link")):
        _drop_white(root, styles)


def holds_struck(root: Any) -> bool:
    """Return whether words of a page whose hidden elements are marked were struck through."""
    return any(element.get("hidden") == _STRUCK and words_of(element) for element in root.iter())


@lru_cache(maxsize=1024)
def _strikes(declarations: str) -> bool:
    return bool(_STRIKING.search(declarations))


@lru_cache(maxsize=1024)
def _hides(declarations: str) -> bool:
    return bool(HIDING.search(declarations))


def _declared(sheets: Iterable[str]) -> _Styles:
    styles = _Styles()
    for sheet in sheets:
        for selectors, declarations in _rules(_COMMENT.sub("", sheet)):
            for selector in map(str.strip, selectors.split(",")):
                if found := _BESIDE.fullmatch(selector):
                    styles.added.append(Added(found[1].strip() or "*", found[2].lower() == "before", declarations))
                elif _SIMPLE.fullmatch(selector):
                    styles.of_name[selector] = f"{styles.of_name[selector]}{declarations};"[-_LONGEST:]
                elif _has_ground(declarations) and (last := _LAST.search(selector)):
                    styles.grounds.add(last[2] or last[1] or "*")
    return styles


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and declarations of the rules that hold on every screen."""
    blocks: list[str] = []  # the heads of the blocks that are open
    place = 0
    for brace in re.finditer("[{}]", sheet):
        between, place = sheet[place : brace.start()], brace.end()
        if brace.group() == "{":
            blocks.append(between.strip())
        elif blocks:
            head = blocks.pop()
            if max(len(head), len(between)) > _LONGEST or len(blocks) > _DEEPEST:
                continue
            if between.strip() and not head.startswith("@") and all(map(_AT_ALL_TIMES.match, blocks)):
                yield head, between


def _names(element: Any) -> list[str]:
    """Return the simple selectors that an element answers to, the least specific first."""
    classes = list(dict.fromkeys((element.get("class") or "").split()))[:_MOST_NAMES]
    named = [f".{name}" for name in classes] + [f"#{element.get('id')}"]
    return [element.tag, *named, *(f"{element.tag}{name}" for name in named)]


def _of_sheets(names: Iterable[str], of_name: Mapping[str, str]) -> str:
    return "".join(of_name.get(name, "") for name in names) if of_name else ""


def _has_ground(declarations: str) -> bool:
    told = (colour.strip().lower() for colour in _GROUND.findall(declarations))
    return any(not _NO_GROUND.fullmatch(colour) and not _WHITE.fullmatch(colour) for colour in told)


def _drop_white(root: Any, styles: _Styles) -> None:
    """Remove the words that are white where nothing around them has a ground of another colour."""
    inherited: dict[Any, tuple[bool, bool]] = {}  # whether the ink is white, and whether the ground has a colour
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        names = _names(element)
        white, ground = inherited.get(element.getparent(), (False, False))
        style = f"{_of_sheets(names, styles.of_name)};{element.get('style') or ''}"
        if ink := [*_INK.findall(style), *filter(None, [element.get("color")])]:
            white = bool(_WHITE.fullmatch(ink[-1].strip().lower()))
        for told in [*_GROUND.findall(style), *filter(None, [element.get("bgcolor"), element.get("background")])]:
            if not _NO_GROUND.fullmatch(told.strip().lower()):
                ground = not _WHITE.fullmatch(told.strip().lower())
        ground = ground or "*" in styles.grounds or not styles.grounds.isdisjoint(names)
        inherited[element] = white, ground
        if white and not ground:
            element.text = ""
            for child in element:
                child.tail = ""
