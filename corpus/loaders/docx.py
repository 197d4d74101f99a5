"""Word files (DOCX): what their pages show, in order; headings by style or outline level, lists with numbers."""

import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive, transitional
from corpus.loaders.parts.office.drawings import chart_lines, diagram_lines, referred
from corpus.loaders.parts.office.names import VAL, R, W, integer, parsed, switched, value
from corpus.loaders.parts.office.word.ink import Ink
from corpus.loaders.parts.office.word.inserted import insert
from corpus.loaders.parts.office.word.notes import Notes
from corpus.loaders.parts.office.word.numbering import Numbering
from corpus.loaders.parts.office.word.running import running_lines, watermarks
from corpus.loaders.parts.office.word.styles import Styles
from corpus.loaders.parts.office.word.unread import unread
from corpus.loaders.parts.office.word.words import Words, shows
from corpus.loaders.parts.tables.frame import is_title
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import STRUCK, Writer, cleaned
from corpus.text.headings.numbered import is_numbered
from corpus.text.letterhead import is_contents, is_contents_entry, is_letterhead, names_office, says_who_and_when

_MAIN = "wordprocessingml.document.main+xml"
_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "moveTo", "smartTag"))
_DEEPEST = 3  # levels of Word files inserted into one another
_LONGEST_TITLE, _LOOKED_AT = 80, 20  # characters; paragraphs searched for the title
_ANNEX = re.compile(r"附\s*[件录表]\s*(?:[\d一二三四五六七八九十]|[：:]|$)")
_ENDS = ("。", "；", "：", "，", "！", "？", "、")


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a Word file: text boxes and notes follow their paragraph, headers and footers stand once at the end."""
    writer = Writer()
    remark = read_into(writer, content, budget)
    return writer.document(name, remark=remark, numbered=True)


def read_into(writer: Writer, content: bytes, budget: Budget, *, depth: int = 0) -> str:
    """Write what a Word file shows; return what could not be read. Raises `Quarantined`, `Failed`."""
    check_office(open_archive(content, budget.limits), "word/document.xml", _MAIN)
    document = docx.Document(io.BytesIO(transitional(content, budget.limits)))
    return _Reader(document, budget, depth).read(writer)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece written at once: a paragraph (`level` if it is a heading), a table, or `lines` that belong together."""

    text: str = ""
    level: int | None = None
    centred: bool = False
    contents: bool = False  # in a table of contents
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    chunk: str = ""  # the relationship of a part in another format


class _Reader:
    """Reads one file into a writer."""

    def __init__(self, document: Any, budget: Budget, depth: int) -> None:
        self._document, self._budget, self._depth = document, budget, depth
        self._styles = Styles(document.styles.element)
        self._ink = Ink(document, self._styles)
        self._words = Words(self._styles, self._ink)
        self._notes = Notes(document, self._styles, self._ink)
        self._numbering = Numbering(_numbering_root(document), self._styles)
        self._glued = ""  # words of a paragraph whose end was deleted: the next paragraph continues them

    def read(self, writer: Writer) -> str:
        pieces = list(self._pieces(_blocks(self._document.element.body)))
        headers = self._running("header")
        styled = any(piece.level is not None and piece.text for piece in pieces) and not _titled_above(pieces)
        if not styled and not any(map(_may_be_title, pieces[:_LOOKED_AT])):
            headers = _titled_by_header(writer, headers, watermarks(self._document))
        remarks = self._write(writer, pieces, titled=styled)
        for line in dict.fromkeys([*headers, *self._running("footer")]):
            writer.paragraph(line)
        if self._ink.strikes:
            writer.tell(STRUCK)
        return "；".join(dict.fromkeys([*remarks, *unread(self._document)]))

    def _running(self, kind: str) -> list[str]:
        return running_lines(self._document, self._styles, self._ink, kind)

    def _pieces(self, blocks: Iterator[Any]) -> Iterator[_Piece]:
        for block in blocks:
            if block.tag == f"{W}tbl":
                yield from self._table(block)
            elif block.tag == f"{W}altChunk":
                yield _Piece(chunk=block.get(f"{R}id") or "")
            else:
                level, within = self._styles.level(block), self._words.within_contents
                text = self._paragraph(block)
                within = within or self._words.within_contents
                yield _Piece(text, level, self._centred(block), contents=within)
            for kind, identity in referred(block):
                relation = self._document.part.rels.get(identity)
                if relation is not None and not relation.is_external:
                    root = parsed(relation.target_part.blob)
                    yield _Piece(lines=tuple(chart_lines(root) if kind == "chart" else diagram_lines(root)))
            marks, self._words.notes = self._words.notes, []
            for note in self._notes.texts(marks):
                yield _Piece(note)

    def _paragraph(self, paragraph: Any) -> str:
        """Return the words of a visible paragraph, after its number."""
        text = self._glued + cleaned(self._words.of(paragraph))
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        deleted = mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        self._glued = text if deleted else ""
        if deleted or (not text and switched(mark, f"{W}vanish")):
            return ""
        label = self._numbering.label(paragraph)
        return label + text if text else ""

    def _table(self, table: Any, caption: str = "") -> Iterator[_Piece]:
        """Yield a table, then what else its cells hold; one of a single column, or of tables, only frames these."""
        rows = [(row, list(_inside(row, "tc"))) for row in _inside(table, "tr") if _row_shows(row)]
        every = [cell for _, cells in rows for cell in cells]
        if all(len(cells) <= 1 for _, cells in rows) or _arranges(every):
            yield from self._pieces(block for cell in every for block in _blocks(cell))
            return
        builder, inner = GridBuilder(caption), []
        for row, cells in rows:
            builder.row(heads=bool(switched(row, f"{W}trPr/{W}tblHeader")))
            builder.gap(integer(value(row, f"{W}trPr/{W}gridBefore"), 0))
            first = ""
            for cell in cells:
                words = self._cell(cell)
                first = first or words
                _put(builder, cell, words)
                inner += [
                    (block, words if is_title(words) else first) for block in _blocks(cell) if block.tag != f"{W}p"
                ]
        yield _Piece(grid=builder.grid())
        for block, above in inner:
            yield from self._table(block, above) if block.tag == f"{W}tbl" else self._pieces(iter([block]))

    def _cell(self, cell: Any) -> str:
        return "\n".join(filter(None, (self._paragraph(block) for block in _blocks(cell) if block.tag == f"{W}p")))

    def _centred(self, paragraph: Any) -> bool:
        own = value(paragraph, f"{W}pPr/{W}jc")
        named = value(paragraph, f"{W}pPr/{W}pStyle")
        return (own or self._styles.first(named, lambda style: value(style, f"{W}pPr/{W}jc") or None)) == "center"

    def _write(self, writer: Writer, pieces: Sequence[_Piece], *, titled: bool) -> list[str]:
        remarks: list[str] = []
        within_contents = False
        above: list[str] = []
        for piece in pieces:
            if piece.chunk:
                remarks.append(insert(writer, self._document.part.rels.get(piece.chunk), self._inserted))
            elif piece.grid:
                writer.table(piece.grid)
            elif piece.lines:
                writer.lines(piece.lines)
            within_contents = (
                piece.contents
                or is_contents(piece.text)
                or (within_contents and is_contents_entry(piece.text, within=True))
            )
            if not within_contents and piece.level is not None and not is_letterhead(piece.text):
                writer.heading(piece.level, piece.text)
            elif not titled and piece.text and not within_contents and not is_letterhead(piece.text):
                # Without heading styles, the centred line at the top is the title, as in official documents.
                titled = not _may_be_title(piece) or (writer.titled and says_who_and_when(piece.text))
                writer.title(piece.text) if not titled else writer.paragraph(piece.text)
                above = [] if titled else [*above, piece.text]
            else:
                # An office above the number issues the document, whose title is below.
                if is_letterhead(piece.text) and above and all(map(names_office, above)):
                    writer.title_below()
                writer.paragraph(piece.text, heads=not piece.contents)
        return list(filter(None, remarks))

    def _inserted(self, writer: Writer, content: bytes) -> str:
        return read_into(writer, content, self._budget, depth=self._depth + 1) if self._depth < _DEEPEST else ""


def _may_be_title(piece: _Piece) -> bool:
    text = piece.text
    short = 0 < len(text) <= _LONGEST_TITLE and not text.endswith(_ENDS)
    other = piece.contents or is_letterhead(text) or is_contents(text) or is_numbered(text)
    return piece.centred and short and not other


def _titled_above(pieces: Sequence[_Piece]) -> bool:
    """Return whether a centred line is the title, since the first styled heading below it is a part or an annex."""
    first = next((n for n, piece in enumerate(pieces) if piece.level is not None and piece.text), len(pieces))
    below = pieces[first].text if first < len(pieces) else ""
    return bool(is_numbered(below) or _ANNEX.match(below)) and any(map(_may_be_title, pieces[: min(first, _LOOKED_AT)]))


def _titled_by_header(writer: Writer, headers: list[str], across: Collection[str]) -> list[str]:
    """If the text has no title, write the header that carries it; return the other lines of headers.

    Words `across` the page are a watermark.
    """
    for line in headers:
        if line not in across and len(line) <= _LONGEST_TITLE and not line.endswith(_ENDS) and not is_letterhead(line):
            writer.title(line)
            return [other for other in headers if other != line]
    return headers


def _blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs, tables and inserted parts in order, whatever wraps them; text boxes follow their paragraph."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}altChunk"):
            yield child
            if child.tag == f"{W}p":
                yield from _boxes(child)
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(f"{W}txbxContent"):
        if next(box.iterancestors(f"{W}p")) is paragraph and shows(box):
            yield from _blocks(box)


def _arranges(cells: Sequence[Any]) -> bool:
    """Return whether a table only arranges the page: most of its cells that hold anything hold a table."""
    filled = [blocks for cell in cells if (blocks := list(_blocks(cell))) and any(_is_filled(one) for one in blocks)]
    return len(filled) > 1 and 2 * sum(any(one.tag == f"{W}tbl" for one in own) for own in filled) > len(filled)


def _is_filled(block: Any) -> bool:
    return block.tag != f"{W}p" or any(text.text for text in block.iter(f"{W}t"))


def _row_shows(row: Any) -> bool:
    """Return whether a row is neither deleted nor hidden."""
    properties = row.find(f"{W}trPr")
    return properties is None or (properties.find(f"{W}del") is None and not switched(properties, f"{W}hidden"))


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """Yield the children of that name, also within content controls."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _AROUND:
            yield from _inside(child, name)


def _put(builder: GridBuilder, cell: Any, words: str) -> None:
    """Put a cell into its place; a cell merged with the one above continues that one."""
    width = max(1, integer(value(cell, f"{W}tcPr/{W}gridSpan"), 1))
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    if merged is not None and merged.get(VAL) != "restart":
        builder.above(width)
    else:
        builder.cell(words, width=width)


def _numbering_root(document: Any) -> Any | None:
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return parsed(relation.target_part.blob)
    return None
