"""Builds a document's text piece by piece, with the places of headings, pages and tables."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from corpus.document import Document, Heading, Page, Span, Table
from corpus.errors import Quarantined
from corpus.limits import DEFAULT_LIMITS
from corpus.loaders.parts.tables.continuing import Headed
from corpus.loaders.parts.tables.frame import titles_a_table, unit_in_title
from corpus.loaders.parts.tables.grid import Grid
from corpus.loaders.parts.tables.regions import Region, regions
from corpus.loaders.parts.tables.statements import Columns, Statement, columns_of, statements
from corpus.text.cleaning import cleaned as cleaned
from corpus.text.headings.numbered import UNNUMBERED
from corpus.text.headings.official import below_masthead, with_whole_title
from corpus.text.headings.plain import plain_headings
from corpus.text.headings.titles import title_of, title_of_plain, title_or_name
from corpus.text.letterhead import closed_up
from corpus.text.measures import unit_of

# Lines before a table that may hold its title and unit.
_LINES_BEFORE = 2
# Words struck through are left out: whoever struck them says that they hold no more.
STRUCK = "文件里有划掉的文字，没有读入；如仍有效请去掉删除线"
# Values beyond which a table is shown as lines.
_MOST_VALUES = 50_000


class Writer:
    """Writes the text; paragraphs are separated by a blank line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._pages: list[Page] = []
        self._title: Span | None = None
        self._begun_anew = False  # whether the next line of the title is its first one
        self._tables: list[Table] = []
        self._before: list[tuple[int, str]] = []  # offsets and words of the last paragraphs
        self._unit_above = ""  # in the heading just above
        self._title_above, self._unit_of_last = "", ""  # of the last table
        self._headed: Headed | None = None  # the last table, unless a heading stands below it
        self._behind = (0, 0)  # the parts and pages written when it ended
        self._no_headings: set[int] = set()  # offsets of paragraphs that head nothing
        self._told: dict[str, None] = {}

    def page(self, label: str) -> None:
        """Begin a page, slide or sheet here."""
        self._pages.append(Page(label, self._length))

    def heading(self, level: int, text: str) -> None:
        """Write a heading; an empty one is skipped."""
        words = closed_up(" ".join(cleaned(text).split()))
        self._before.clear()
        self._headed = None
        if words:
            self._unit_above = unit_in_title(words)
            self._headings.append(Heading(level, Span(self._length, self._length + len(words))))
            self.write(words + "\n\n")

    def title(self, text: str) -> None:
        """Write a line of the title; consecutive ones form one title."""
        words = closed_up(" ".join(cleaned(text).split()))
        start = self._title.start if self._title and not self._begun_anew else self._length
        self._begun_anew = False
        self._title = Span(start, self._length + len(words))
        self.write(words + "\n")

    @property
    def titled(self) -> bool:
        """Whether a line of the title is written."""
        return self._title is not None

    def title_below(self) -> None:
        """Take the lines written so far for none of the title, if further ones follow."""
        self._begun_anew = True

    def paragraph(self, text: str, *, heads: bool = True) -> None:
        """Write a paragraph; an empty one is skipped. Without `heads` it is no heading, whatever its words."""
        if words := cleaned(text):
            if not heads:
                self._no_headings.add(self._length)
            self.announce(self._length, words)
            self.write(words + "\n\n")

    def item(self, text: str) -> None:
        """Write an item of a list as it stands; the next line follows without a blank one."""
        self.announce(self._length, text)
        self.write(text + "\n")

    def announce(self, start: int, words: str) -> None:
        """Remember a paragraph that begins at `start`, because it may name the table after it."""
        self._before = [*self._before[1 - _LINES_BEFORE :], (start, words)]
        self._unit_above = ""

    def table(self, grid: Grid, goes_on: bool = False) -> None:
        """Write a table, or the tables in a grid: titles, one statement per row, notes.

        One that `goes_on` has title and unit of the last one, besides its own.
        """
        columns = Columns(())
        start, title, unit = self._announced()
        title = " ".join(dict.fromkeys(filter(None, (self._title_above, title)))) if goes_on else title
        unit = unit or (self._unit_of_last if goes_on else "")
        for number, region in enumerate(regions(grid)):
            continued = self._continued(grid, region) if number == 0 and not goes_on else None
            if continued and self._headed:
                region, columns = continued, self._headed.columns
            elif not region.goes_on:
                columns = columns_of(region)
            if number == 0:
                region = replace(region, title=region.title or title, unit=region.unit or unit)
            if not region.unit:
                region = replace(region, unit=unit_in_title(region.title) or self._unit_above)
            self._title_above, self._unit_of_last = region.title, region.unit
            self._region(region, columns, start if number == 0 else self._length)
            if not region.goes_on:
                self._headed = Headed(region, columns, region.title, region.unit) if region.header else None
        self._behind = len(self._parts), len(self._pages)
        self._before.clear()
        self._unit_above = ""

    def _continued(self, grid: Grid, region: Region) -> Region | None:
        """Return the first table of a grid as one that goes on from the last one; None if it does not."""
        parts, pages = self._behind
        announced = self._headed.goes_on_under("".join(self._parts[parts:])) if self._headed else False
        if self._headed is None or announced is False or (announced is None and pages < len(self._pages)):
            return None
        return self._headed.continued(grid, region, bool(announced))

    def _announced(self) -> tuple[int, str, str]:
        """Return offset, title and unit from the paragraphs that name the next table."""
        start, title, unit = self._length, "", ""
        for place, words in reversed(self._before):
            own = unit_of(words)
            if not (own or titles_a_table(words)) or title:
                break
            start, unit = place, unit or own
            title = "" if own and len(words) < 2 * len(own) + 6 else words
        return start, title, unit

    def _region(self, region: Region, columns: Columns, start: int) -> None:
        for line in region.lead:
            self._line(line)
        kept: list[list[Span | None]] = []
        values = 0
        for statement in statements(region, columns):
            self.turn_to(statement.page)
            at = self._length
            if self._line(statement.text):
                values += 0 if statement.goes_on else max(1, len(columns.names))
                if values <= _MOST_VALUES:
                    _keep(kept, statement, at, len(columns.names))
            if self._length > DEFAULT_LIMITS.characters:
                raise Quarantined(f"文字超过{DEFAULT_LIMITS.characters / 10_000:g}万字；请拆分后再放入")
        for line in region.notes:
            self._line(line)
        if self._length > start:
            rows = tuple(map(tuple, kept)) if values <= _MOST_VALUES and any(columns.names) else ()
            self._tables.append(Table(Span(start, self._length), region.title, columns.names, rows))
            self.write("\n")

    def turn_to(self, page: int) -> None:
        """Begin the page of what is written next, in formats that know pages by number."""

    def _line(self, text: str) -> bool:
        if text:
            self.write(text + "\n")  # cleaned already as a cell: cleaning again would move the values within
        return bool(text)

    def tell(self, remark: str) -> None:
        """Tell staff once what of the file is left out."""
        self._told[remark] = None

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines that belong together, such as the rows of a table."""
        if words := "\n".join(filter(None, map(cleaned, lines))):
            self.write(words + "\n\n")

    def text(self, text: str) -> None:
        """Write plain text unchanged; its last lines may name the table after it."""
        for line in [line for line in text.split("\n") if line.strip()][-_LINES_BEFORE:]:
            self.announce(self._length + text.rindex(line), line.strip())
        self.write(text)

    def write(self, text: str) -> None:
        """Write text unchanged."""
        self._parts.append(text)
        self._length += len(text)

    def document(self, name: str, *, title: str = "", remark: str = "", numbered: bool = False) -> Document:
        """Return the document. Its title is the first heading, unless given.

        Without written headings they are detected as in plain text. With `numbered`, numbered headings are always
        detected, and lie below the written ones.
        """
        text = "".join(self._parts)
        headings = with_whole_title(self._headings, text)
        if not headings or numbered:
            outside = [heading for heading in plain_headings(text) if self._may_head(heading.span.start)]
            headings = self._with_plain(headings, outside)
        headings = below_masthead(headings, text)
        raised = 1 - min((heading.level for heading in headings), default=1)
        if raised > 0:
            headings = [Heading(heading.level + raised, heading.span) for heading in headings]
        tables = tuple(self._tables)
        marked = self._headings or self._title or not self._may_head(len(text) - len(text.lstrip()))
        found = title_of(headings, text) if marked else title_of_plain(headings, text)
        title = " ".join(cleaned(title).split()) or title_or_name(found, name)
        remark = "；".join(filter(None, [remark, *self._told]))
        return Document(name, title, text, tuple(headings), pages=tuple(self._pages), remark=remark, tables=tables)

    def _may_head(self, place: int) -> bool:
        """Return whether a place lies outside of tables with their title and unit, which head nothing else."""
        number = bisect_right(self._tables, place, key=lambda table: table.span.start)
        return place not in self._no_headings and (number == 0 or place >= self._tables[number - 1].span.end)

    def _with_plain(self, written: list[Heading], plain: list[Heading]) -> list[Heading]:
        if self._title:
            below = [heading for heading in plain if heading.span.start >= self._title.end]
            return [Heading(0, self._title), *_together(written, below)]
        return _together(written, plain)


def _together(written: list[Heading], plain: list[Heading]) -> list[Heading]:
    """Return the headings that the file marks, with the numbered ones of the plain text below them."""
    if not written:
        return plain
    deepest = max(heading.level for heading in written)
    taken = {heading.span.start for heading in written}
    below = [
        Heading(deepest + heading.level, heading.span)
        for heading in plain
        if heading.level < UNNUMBERED and heading.span.start not in taken
    ]
    return sorted(written + below, key=lambda heading: heading.span)


def _keep(rows: list[list[Span | None]], statement: Statement, at: int, width: int) -> None:
    """Record where the values of a statement stand that begins at `at`."""
    if not statement.values:
        rows.append([Span(at, at + len(statement.text))])
        return
    if not statement.goes_on:
        rows.append([None] * width)
    for column, start, end in statement.values:
        if column < width:
            rows[-1][column] = rows[-1][column] or Span(at + start, at + end)
