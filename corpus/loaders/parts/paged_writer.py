"""Writes paragraphs and tables from the lines of pages, with the offsets where pages begin."""

from collections.abc import Sequence

from corpus.loaders.parts.layout.lines import HYPHEN, Placed, joined
from corpus.loaders.parts.page.tables import table_of
from corpus.loaders.parts.text_writer import Writer


class PagedWriter(Writer):
    """Begins each of `pages` pages where the lines change to it, even within a paragraph."""

    def __init__(self, pages: int) -> None:
        super().__init__()
        self._last = pages - 1
        self._at = -1

    def turn_to(self, page: int) -> None:
        """Begin all pages up to `page`, counted from 0."""
        while self._at < min(page, self._last):
            self._at += 1
            self.page(f"第{self._at + 1}页")

    def group(self, group: Sequence[Placed]) -> None:
        """Write a table or a paragraph; a page that begins within it is marked there."""
        self.turn_to(group[0].sheet)
        if grid := table_of(group):
            self.table(grid)
            return
        start, written, shown = self._length, "", 0
        for placed in group:
            words = placed.line.text
            glued = joined([written, words]) if written else words
            # A hyphen at the end shows only if the word does not continue.
            kept = glued[:-1] if glued.endswith(HYPHEN) else glued
            self.turn_to(placed.sheet)
            self.write(kept[shown:])
            written, shown = glued, len(kept)
        self.write("\n\n")
        self.announce(start, written)
