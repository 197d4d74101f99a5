"""Paragraphs and tables from the lines of pages, written with the places where the pages begin."""

from collections.abc import Sequence

from corpus.loaders.parts.page.tables import table_of
from corpus.loaders.parts.page_layout import Placed, joined
from corpus.loaders.parts.text_writer import Writer, cleaned


class PagedWriter(Writer):
    """Begins each of so many pages where the lines change to it, within a paragraph too."""

    def __init__(self, pages: int) -> None:
        super().__init__()
        self._last = pages - 1
        self._at = -1

    def turn_to(self, page: int) -> None:
        """Begin the pages up to that one, counted from 0."""
        while self._at < min(page, self._last):
            self._at += 1
            self.page(f"第{self._at + 1}页")

    def group(self, group: Sequence[Placed]) -> None:
        """Write a table, or a paragraph; where it goes over the end of a page, the next one begins within."""
        self.turn_to(group[0].sheet)
        if grid := table_of(group):
            self.table(grid)
            return
        start = self._length
        written = ""
        for placed in group:
            words = cleaned(placed.line.text)
            glued = joined([written, words]) if written else words
            self.turn_to(placed.sheet)
            self.write(glued[len(written) :])
            written = glued
        self.write("\n\n")
        self.announce(start, written)
