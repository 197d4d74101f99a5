"""Reads tables that are written in HTML within other text, such as Markdown, by the parser of Python itself."""

import re
from html.parser import HTMLParser

from corpus.loaders.parts.tables.grid import Grid, GridBuilder

_BEGINS = re.compile(r"<table\b", re.IGNORECASE)
_ENDS = re.compile(r"</table\s*>", re.IGNORECASE)
_CELLS = ("td", "th")
_BREAKS = ("br", "p", "div", "li")  # what begins a line within a cell
_NOT_SHOWN = ("script", "style", "template")
_LEAST = 2  # rows, and columns


def end_of_table(lines: list[str], start: int) -> int:
    """Return the line behind the table that begins in line `start`; `start` itself if it never ends."""
    depth = 0
    for number in range(start, len(lines)):
        depth += len(_BEGINS.findall(lines[number])) - len(_ENDS.findall(lines[number]))
        if depth <= 0:
            return number + 1
    return start


def table_of(source: str) -> Grid | None:
    """Return the cells of a table; None for one that holds another, or too few cells to be one."""
    if len(_BEGINS.findall(source)) != 1:
        return None
    reader = _Reader()
    reader.feed(source)
    reader.close()
    grid = reader.grid()
    return grid if len(grid.rows) >= _LEAST and grid.width >= _LEAST and not reader.beside else None


class _Reader(HTMLParser):
    """Collects cells; `beside` are words of the source outside of them and of the caption."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = GridBuilder()
        self._words: list[str] = []
        self._open = ""  # the element whose words are collected
        self._spans = (1, 1)
        self._begun = False
        self._in_head = False
        self._hidden = 0
        self._caption = ""
        self.beside = ""

    def grid(self) -> Grid:
        self._end()
        grid = self._builder.grid()
        return Grid(grid.rows, self._caption, grid.header)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden += 1
        elif tag in (*_CELLS, "caption"):
            self._end()
            self._open = tag
            self._spans = _span(attrs, "colspan"), _span(attrs, "rowspan")
            if tag != "caption" and not self._begun:
                self._row()
        elif tag == "tr":
            self._end()
            self._row()
        elif tag in ("thead", "tbody", "tfoot"):
            self._end()
            self._in_head = tag == "thead"
        elif tag in _BREAKS:
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in (*_CELLS, "caption", "tr"):
            self._end()
        elif tag == "thead":
            self._end()
            self._in_head = False
        elif tag in _BREAKS and tag != "br":
            self._words.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._open:
            self._words.append(re.sub(r"\s+", " ", data))
        else:
            self.beside += data.strip()

    def _row(self) -> None:
        self._builder.row(heads=self._in_head)
        self._begun = True

    def _end(self) -> None:
        words = "\n".join(filter(None, map(str.strip, "".join(self._words).split("\n"))))
        if self._open == "caption":
            self._caption = words
        elif self._open:
            width, height = self._spans
            self._builder.cell(words, width=width, height=height, heads=self._open == "th")
        self._words.clear()
        self._open = ""


def _span(attrs: list[tuple[str, str | None]], name: str) -> int:
    value = (dict(attrs).get(name) or "").strip()
    return max(1, int(value[:6])) if value.isascii() and value[:6].isdigit() else 1
