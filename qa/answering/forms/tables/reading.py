"""Reads the rows of a table in a document's text, each cell with the name of its column."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from corpus.document import Document, Span
from corpus.text.measures import MEASURE, unit_of
from corpus.text.normalise import normalise
from qa.answering.forms.computing.statements import cells_of
from qa.answering.forms.figures import Figure, facts
from qa.answering.question.words import has_han

MOST_LINES = 600  # of a document; what stands below them is answered as it was read
_MARK = " | "
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_UNIT = re.compile(rf"\s*[（(]\s*(?:(?:计量)?单位\s*[：:]\s*)?(?=[^）)\s])({MEASURE})\s*[)）]\s*$")
_SEVERAL_UNITS = re.compile(r"[、,，和]")
# Columns whose figures are not in the unit of the table: they number, count or date what the row names.
_OF_NO_UNIT = re.compile(r"号|电话|[等星]级|年龄|^年|^月|年[份度]$|月份|日期|时间|数|率|比|面积")
# Only what is no more than a figure is in the unit of a table: no grade (4A), no address (松云路19号).
_PLAIN = re.compile(
    r"[约近]?\s*[-−+±]?\d[\d,，.]*\s*(?:[-—–~～至]\s*\d[\d,，.]*)?\s*[万亿]?[起余多]?(?:左右|以[上下内])?\s*(?:[（(].*[）)])?[。；;]?"
)
_LINES_ABOVE = 2
NAMED_BY_FIRST = 3  # cells by which a row may be named
_NUMBER = re.compile(r"\d[\d,.]*")
_PER = re.compile(r"^每[年月日天次人户]|[/每][\u4e00-\u9fff·]{1,4}$")
_OF_A_DOCUMENT = re.compile(r"[〔\[（(【](?:19|20)\d\d[〕\]）)】]\s*第?\s*\d+\s*号")  # names a decision, and no row
_CLOCK = re.compile(r"\d[:：]\d\d")
# What points to a note below the table; a cell of nothing else says something itself. NFKC would make 1600① 16001.
_NOTE_MARKS = re.compile(r"(?<=[^\s①-⑳⑴-⒇*＊※†‡])\s*[①-⑳⑴-⒇*＊※†‡]+$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the name of its column, and its words at `span` of the document.

    `of_table` is the unit that stands above the table or in the row, empty without one. `marks` are those of notes
    behind the words or the column's name, which hold none.
    """

    column: str
    text: str
    span: Span
    of_table: str = ""
    marks: str = ""

    @property
    def figure(self) -> Figure | None:
        """The one figure of the cell, in the unit that the column names where the cell names none."""
        if _CLOCK.search(self.text):
            return None
        found = [figure for figure in facts(self.text).figures if not figure.ordinal]
        return found[0] if len(found) == 1 else None

    @property
    def unit(self) -> str:
        """The unit of the column or the table, where the cell itself has none."""
        if not self.figure or self.figure.unit:
            return ""
        named = _UNIT.search(self.column)
        if named:
            return named[1]
        return "" if _OF_NO_UNIT.search(self.column) or not _PLAIN.fullmatch(self.text) else self.of_table

    @property
    def heading(self) -> str:
        """The name of the column, without a unit that is said with the figure."""
        return _UNIT.sub("", self.column) if self.unit else self.column

    @property
    def kind(self) -> str:
        """What cells that answer the same kind of question have in common: the unit, or the form of the words."""
        figure = self.figure
        return (figure.unit or self.unit) if figure else _NUMBER.sub("0", self.text)

    @property
    def said(self) -> str:
        """The words with the unit of the column."""
        return self.text + self.unit if self.figure and not self.figure.unit else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """A row at `span` of the document; the cell number `key` names it. `header` says that it names the columns.

    Before that cell a number or the name of a group may stand. `empty` are the names of the columns in which the row
    has nothing.
    """

    span: Span
    cells: tuple[Cell, ...]
    header: bool = False
    key: int = 0
    empty: tuple[str, ...] = ()

    @property
    def named_by(self) -> Cell:
        """The cell that names the row."""
        return self.cells[self.key]

    @property
    def name(self) -> str:
        """What the row is called, without what stands in brackets."""
        return bare(self.named_by.text)


def bare(text: str) -> str:
    """Return a name as it is compared: normalised, without what stands in brackets."""
    return normalise(_BRACKETS.sub("", text)).strip()


def table_at(document: Document, place: int) -> tuple[Row, ...]:
    """Return the rows of the table that holds an offset of a document; empty where there is none."""
    return next((rows for rows in tables(document) if rows[0].span.start <= place < rows[-1].span.end), ())


def row_holding(span: Span, rows: Sequence[Row]) -> Row | None:
    """Return the row that a span lies in; None where it lies in none."""
    return next((row for row in rows if span.lies_in(row.span)), None)


@lru_cache(maxsize=64)
def tables(document: Document) -> tuple[tuple[Row, ...], ...]:
    """Return the tables of two rows or more among the first lines of a document."""
    lines = [Span(*match.span()) for match in islice(re.finditer(r"[^\n]+", document.text), MOST_LINES)]
    found, number = [], 0
    while number < len(lines):
        following = islice(lines, number, None)
        rows = (_marked if _MARK in lines[number].of(document.text) else _stated)(document.text, following)
        if len(rows) > 1:
            unit = _unit_above(document.text, lines[max(0, number - _LINES_ABOVE) : number])
            found.append(_with_empty(document, _in_unit(_keyed(rows), unit)))
        number += max(1, len(rows))
    return tuple(found)


def _with_empty(document: Document, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows that know in which columns of their table they have nothing."""
    table = document.table(rows[0].span.start)
    told = {} if table is None else {place.start: values for values in table.rows for place in values if place}
    starts = sorted(told)
    found = []
    for row in rows:
        at = bisect_left(starts, row.span.start)
        values = told[starts[at]] if table and at < len(starts) and starts[at] < row.span.end else ()
        columns = zip(table.columns, values, strict=False) if table and len(values) > 1 else ()
        # One cell over several columns is told once: 公交、地铁：免费.
        said = normalise("、".join(cell.column for cell in row.cells))
        empty = (name for name, place in columns if place is None and name)
        found.append(replace(row, empty=tuple(name for name in empty if bare(name) not in said)))
    return tuple(found)


def _keyed(rows: Sequence[Row]) -> list[Row]:
    """Return rows that know which of their first cells names them: the first in words that no two rows share."""
    own = [row for row in rows if not row.header]
    # A long row is told in several statements, of which the first has the columns of the others' first.
    columns = [cell.column for cell in own[0].cells] if own else []
    firsts = [row for row in own if [cell.column for cell in row.cells] == columns]
    for place in range(min(NAMED_BY_FIRST, len(columns)) if len(firsts) > 1 else 0):
        cells = [row.cells[place] for row in firsts]
        if all(map(_is_name, cells)) and len({normalise(cell.text) for cell in cells}) == len(cells):
            # One name over several of the first columns stands in the first.
            alike = [len(row.cells) > place and row.cells[place].column == columns[place] for row in rows]
            return [
                replace(row, key=place if same and not row.header else 0) for row, same in zip(rows, alike, strict=True)
            ]
    return list(rows)


def _is_name(cell: Cell) -> bool:
    """Return whether a cell holds words that may name a row, and no figure alone."""
    copy, figure = _PER.sub("", normalise(cell.text)), cell.figure
    return (
        len(bare(copy)) > 1
        and has_han(copy)
        and not _OF_A_DOCUMENT.search(cell.text)
        and not (figure and figure.end - figure.start >= len(copy))
    )


def _unit_above(text: str, lines: Sequence[Span]) -> str:
    """Return the one unit that the last lines above a table state for all of it; empty without one."""
    units = [unit for line in lines if _MARK not in line.of(text) and (unit := unit_of(line.of(text)))]
    return units[0] if len(units) == 1 and not _SEVERAL_UNITS.search(units[0]) else ""


def _in_unit(rows: Sequence[Row], unit: str) -> tuple[Row, ...]:
    """Return rows whose cells, but those that name the rows, know the unit of their table."""
    if not unit:
        return tuple(rows)
    return tuple(
        replace(row, cells=(*row.cells[:1], *(replace(cell, of_table=cell.of_table or unit) for cell in row.cells[1:])))
        for row in rows
    )


def _in_own_unit(row: Row) -> Row:
    """Return a row whose cells know the unit that the row states itself: 项目：低保；2024年：780；单位：元."""
    stated = [unit for cell in row.cells[1:] if (unit := unit_of(f"{cell.column}：{cell.text}"))]
    return _in_unit([row], stated[0])[0] if len(stated) == 1 and not _SEVERAL_UNITS.search(stated[0]) else row


def _marked(text: str, lines: Iterable[Span]) -> list[Row]:
    """Return the rows of a small table in a plain text: cells with marks between them, the first row its header."""
    rows: list[Row] = []
    columns: list[str] = []
    for line in lines:
        words = line.of(text)
        if _MARK not in words or (rows and (len(words.split(_MARK)) > len(columns) or _apart(text, rows[-1], line))):
            break
        columns = columns or [one.strip() for one in words.split(_MARK)]
        rows.append(Row(line, tuple(_cells(words, line.start, columns)), header=not rows))
    return rows


def _apart(text: str, row: Row, line: Span) -> bool:
    return "\n\n" in text[row.span.end : line.start]


def without_marks(words: str) -> str:
    """Return the words of a cell without the marks of notes at its end: 1600元①."""
    return _NOTE_MARKS.sub("", words)


def _cell(column: str, text: str, span: Span) -> Cell:
    """Return a cell, its words and the name of its column without the marks of notes."""
    words, name = without_marks(text), without_marks(column)
    if words == text and name == column:
        return Cell(column, text, span)
    marks = column[len(name) :] + text[len(words) :]
    return Cell(name, words, Span(span.start, span.start + len(words)), marks=marks)


def _cells(words: str, start: int, columns: Sequence[str]) -> Iterator[Cell]:
    place = 0
    for column, cell in zip(columns, words.split(_MARK), strict=False):
        yield _cell(column, cell.strip(), Span(start + place, start + place + len(cell)))
        place += len(cell) + len(_MARK)


def _stated(text: str, lines: Iterable[Span]) -> list[Row]:
    """Return the rows that begin with one heading: 线路：东线；往返：100元, as tables of other formats are read."""
    rows: list[Row] = []
    for line in lines:
        pairs = cells_of(line.of(text))
        if not pairs or (rows and (pairs[0][0] != rows[0].cells[0].column or _apart(text, rows[-1], line))):
            break
        cells, place = [], line.start
        for column, value in pairs:
            place = max(place, text.find(value, text.find(column, place) + len(column), line.end))
            cells.append(_cell(column, value, Span(place, place + len(value))))
        rows.append(_in_own_unit(Row(line, tuple(cells))))
    return rows
