"""Word files (DOCX): paragraphs and tables in their order, headings by style or outline level."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import Writer, cleaned

_MAIN = "wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
# Deleted text, field codes, the older copy of a drawing, phonetic guides.
_NOT_SHOWN = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "rt", "txbxContent")}
_NOT_SHOWN.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_AROUND = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "moveTo")}
_DEEPEST_TABLE = 5
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_LONGEST_TITLE = 80
_ENDS = ("。", "；", "：", "，", "！", "？", "、")
_TITLE_LEVEL = 0

Levels = Mapping[str, int]


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a Word file: text boxes after their paragraph, footnotes at the end, no headers and footers."""
    check_office(open_archive(content, budget.limits), "word/document.xml", _MAIN)
    document = docx.Document(io.BytesIO(content))
    levels = _levels(document.styles.element)
    blocks = list(_blocks(document.element.body))
    styled = any(_level(block, levels) is not None for block in blocks if block.tag == f"{_W}p")
    writer = Writer()
    titled = styled
    for block in blocks:
        if block.tag == f"{_W}tbl":
            _write_table(writer, block)
            continue
        text = cleaned(_text(block))
        level = _level(block, levels)
        if level is not None and text:
            writer.heading(level, text)
        elif not titled and text:
            # Without heading styles, the centred line at the top is the title, as in official documents.
            titled = not _centred(block) or len(text) > _LONGEST_TITLE or text.endswith(_ENDS)
            writer.title(text) if not titled else writer.paragraph(text)
        else:
            writer.paragraph(text)
    for note in _footnotes(document):
        writer.paragraph(note)
    return writer.document(name)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, whatever content controls stand around them, and text boxes after theirs."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
            if child.tag == f"{_W}p":
                for box in child.iter(f"{_W}txbxContent"):
                    if not any(above.tag in _NOT_SHOWN for above in box.iterancestors()):
                        yield from _blocks(box)
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _text(paragraph: Any) -> str:
    """The words of a paragraph as they show: insertions are in, deletions and hidden text are not."""
    parts: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        out = element.tag in _NOT_SHOWN or (element.tag == f"{_W}r" and _hidden(element))
        if out:
            skipped += 1 if event == "start" else -1
        elif event == "start" and not skipped:
            if element.tag == f"{_W}t":
                parts.append(element.text or "")
            else:
                parts.append(_BREAKS.get(element.tag, ""))
    return "".join(parts)


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(_VAL) not in ("0", "false")


def _levels(styles: Any) -> Levels:
    """The outline level of each paragraph style that is one of a heading, the title's 0."""
    own: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in styles.iterfind(f"{_W}style"):
        identity = style.get(f"{_W}styleId") or ""
        title = _value(style, "name")
        outline = _value(style, f"pPr/{_W}outlineLvl")
        if match := _HEADING.fullmatch(title.strip()):
            own[identity] = int(match[1])
        elif title.strip().lower() in ("title", "标题"):
            own[identity] = _TITLE_LEVEL
        elif outline.isascii() and outline.isdigit() and int(outline) < 9:
            own[identity] = int(outline) + 1
        parents[identity] = _value(style, "basedOn")
    return {identity: level for identity in parents if (level := _inherited(identity, own, parents)) is not None}


def _inherited(identity: str, own: Levels, parents: Mapping[str, str]) -> int | None:
    for _ in range(20):  # styles that are based on one another in a circle
        if identity in own:
            return own[identity]
        identity = parents.get(identity, "")
    return None


def _level(paragraph: Any, levels: Levels) -> int | None:
    outline = _value(paragraph, f"pPr/{_W}outlineLvl")
    if outline.isascii() and outline.isdigit():
        return int(outline) + 1 if int(outline) < 9 else None
    return levels.get(_value(paragraph, f"pPr/{_W}pStyle"))


def _centred(paragraph: Any) -> bool:
    return _value(paragraph, f"pPr/{_W}jc") == "center"


def _value(element: Any, path: str) -> str:
    found = element.find(f"{_W}{path}")
    return "" if found is None else found.get(_VAL) or ""


def _write_table(writer: Writer, table: Any, depth: int = 0, caption: str = "") -> None:
    """Write a table, and those in its cells after it; one of a single column only frames what is in it."""
    rows = [row for row in _inside(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None]
    cells = [list(_inside(row, "tc")) for row in rows]
    framed = all(len(row) <= 1 for row in cells)
    if not framed:
        writer.table(_grid(rows, cells, caption))
    for row in cells:
        first = "" if framed else _cell_text(row[0]) if row else ""
        for block in (block for cell in row for block in _blocks(cell)):
            if block.tag == f"{_W}tbl" and depth < _DEEPEST_TABLE:
                _write_table(writer, block, depth + 1, first)
            elif block.tag == f"{_W}tbl":
                for paragraph in block.iter(f"{_W}p"):
                    writer.paragraph(_text(paragraph))
            elif framed and block.tag == f"{_W}p":
                writer.paragraph(_text(block))


def _cell_text(cell: Any) -> str:
    return "\n".join(cleaned(_text(block)) for block in _blocks(cell) if block.tag == f"{_W}p")


def _grid(rows: Iterable[Any], cells: Iterable[Iterable[Any]], caption: str) -> Grid:
    builder = GridBuilder(caption)
    for row, own in zip(rows, cells, strict=True):
        header = row.find(f"{_W}trPr/{_W}tblHeader")
        builder.row(heads=header is not None and header.get(_VAL) not in ("0", "false"))
        builder.gap(_number(row, "trPr", "gridBefore", least=0))
        for cell in own:
            width = _number(cell, "tcPr", "gridSpan", least=1)
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(_VAL) != "restart":
                builder.above(width)
            else:
                builder.cell(_cell_text(cell), width=width)
    return builder.grid()


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """The children of that name, whatever content controls stand around them."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in _AROUND:
            yield from _inside(child, name)


def _number(element: Any, part: str, name: str, *, least: int) -> int:
    value = _value(element, f"{part}/{_W}{name}")
    return max(least, int(value[:6])) if value.isascii() and value.isdigit() else least


def _footnotes(document: Any) -> Iterator[str]:
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            for note in root.iterfind(f"{_W}footnote"):
                if not note.get(f"{_W}type"):
                    yield "".join(_text(paragraph) for paragraph in note.iter(f"{_W}p"))
