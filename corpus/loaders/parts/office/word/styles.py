"""Properties that paragraphs and runs inherit from styles: outline level, list, visibility."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from corpus.loaders.parts.office.names import W, integer, switched, value

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE_LEVEL = 0
_DEEPEST = 20  # bounded, because styles may be based on one another in a circle

Found = TypeVar("Found")


class Styles:
    """The styles of a Word file by id, each with those it is based on."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{W}styleId") or "": style for style in root.iterfind(f"{W}style")}
        self._default, self._default_table = self._default_of("paragraph"), self._default_of("table")
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._look_by_default = [] if defaults is None else [defaults]
        paths = (f"{W}rPr/{W}{name}" for name in ("vanish", "strike", "dstrike"))
        self._by_default = {path for path in paths if switched(root, f"{W}docDefaults/{W}rPrDefault/{path}")}
        self._levels: dict[str, int | None] = {}
        self._looks: dict[str, list[Any]] = {}

    def level(self, paragraph: Any) -> int | None:
        """Return the outline level of a heading, 0 for the title; None for any other paragraph."""
        own = value(paragraph, f"{W}pPr/{W}outlineLvl")
        if own:
            outline = integer(own, 9)
            return outline + 1 if 0 <= outline < 9 else None
        name = self._named(paragraph)
        if name not in self._levels:
            level = self.first(name, _own_level)
            self._levels[name] = level if level is not None and level >= 0 else None
        return self._levels[name]

    def list_of(self, paragraph: Any) -> tuple[str, str, str]:
        """Return list (`numId`), level and style by which a paragraph belongs to a list; empty strings if to none."""
        name = self._named(paragraph)
        for identity in self._chain(name):
            properties = self._styles[identity].find(f"{W}pPr/{W}numPr")
            if properties is not None and (number := value(properties, f"{W}numId")):
                return number, value(properties, f"{W}ilvl"), identity
        return "", "", ""

    def list_linked(self, name: str) -> str:
        """Return the `numId` of a list style; empty if it has none."""
        return self.first(name, lambda style: value(style, f"{W}pPr/{W}numPr/{W}numId") or None) or ""

    def hidden(self, run: Any, paragraph: Any) -> bool:
        """Return whether a run is hidden: by itself, by its style, or by its paragraph's style."""
        return self._toggled(run, paragraph, f"{W}rPr/{W}vanish")

    def struck(self, run: Any, paragraph: Any) -> bool:
        """Return whether a run is struck through, by itself or by a style, with one line or with two."""
        return any(self._toggled(run, paragraph, f"{W}rPr/{W}{name}") for name in ("strike", "dstrike"))

    def _toggled(self, run: Any, paragraph: Any, path: str) -> bool:
        own = switched(run, path)
        if own is not None:
            return own
        by_run = self.first(value(run, f"{W}rPr/{W}rStyle"), lambda style: switched(style, path))
        by_paragraph = self.first(self._named(paragraph), lambda style: switched(style, path))
        if by_run is None and by_paragraph is None:
            return path in self._by_default
        return bool(by_run) != bool(by_paragraph)  # two styles that both set it cancel each other (17.7.3)

    def look(self, name: str) -> list[Any]:
        """Return what a style and those it is based on say of runs, the strongest first."""
        if name not in self._looks:
            self._looks[name] = self._own(name, f"{W}rPr")
        return self._looks[name]

    def look_of(self, paragraph: Any) -> list[Any]:
        """Return what a paragraph's style and the defaults say of its runs."""
        return self.look(self._named(paragraph)) + self._look_by_default

    def grounds_of(self, paragraph: Any) -> list[Any]:
        """Return the properties of a paragraph, then those of its styles."""
        own = paragraph.find(f"{W}pPr")
        return ([] if own is None else [own]) + self._own(self._named(paragraph), f"{W}pPr")

    def table(self, name: str) -> list[Any]:
        """Return a style of tables and those it is based on; the usual one without a name."""
        return [self._styles[identity] for identity in self._chain(name or self._default_table)]

    def first(self, name: str, find: Callable[[Any], Found | None]) -> Found | None:
        """Return the first value that the style, or the nearest style it is based on, has; None if none has one."""
        for identity in self._chain(name):
            if (found := find(self._styles[identity])) is not None:
                return found
        return None

    def _named(self, paragraph: Any) -> str:
        return value(paragraph, f"{W}pPr/{W}pStyle") or self._default

    def _own(self, name: str, path: str) -> list[Any]:
        found = (self._styles[identity].find(path) for identity in self._chain(name))
        return [each for each in found if each is not None]

    def _default_of(self, kind: str) -> str:
        styles = self._styles.items()
        return next((name for name, style in styles if style.get(f"{W}type") == kind and _is_default(style)), "")

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name in self._styles and name not in chain and len(chain) < _DEEPEST:
            chain.append(name)
            name = value(self._styles[name], f"{W}basedOn")
        return chain


def _is_default(style: Any) -> bool:
    return style.get(f"{W}default") in ("1", "true")


def _own_level(style: Any) -> int | None:
    """Return the level that a style sets itself; -1 if it says that it is not a heading, as that of 目录 does."""
    title = value(style, f"{W}name").strip()
    outline = value(style, f"{W}pPr/{W}outlineLvl")
    if match := _HEADING.fullmatch(title):
        return int(match[1])
    if title.lower() in ("title", "标题"):
        return _TITLE_LEVEL
    if outline:
        number = integer(outline, 9)
        return number + 1 if 0 <= number < 9 else -1
    return None
