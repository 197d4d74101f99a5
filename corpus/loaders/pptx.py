"""Presentations (PPTX): one page per slide, its title a heading; notes and objects beside a slide are left out."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pptx
from pptx.oxml.ns import qn
from pptx.shapes.group import GroupShape

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive, transitional
from corpus.loaders.parts.office.drawings import chart_lines, diagram_lines, referred
from corpus.loaders.parts.office.names import LARGE, MC, A, parsed
from corpus.loaders.parts.office.slide_ink import SlideInk
from corpus.loaders.parts.office.slide_text import list_labels, slide_words
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import Writer

_MAIN = "presentationml.presentation.main+xml"
_DEEPEST_GROUP = 20
_NUMBER, _DATE, _FOOTER = "sldNum", "dt", "ftr"


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a presentation; the objects of a slide follow from top to bottom and from left to right."""
    check_office(open_archive(content, budget.limits), "ppt/presentation.xml", _MAIN)
    writer = Writer()
    presentation = pptx.Presentation(io.BytesIO(transitional(content, budget.limits)))
    for slide in presentation.slides:
        _choose(slide.element)
    size = (presentation.slide_width or 0, presentation.slide_height or 0)
    pictures: list[int] = []
    running: dict[str, None] = {}  # words of footers and masters, each once, in order
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            continue
        writer.page(f"第{number}张幻灯片")
        title, ink = slide.shapes.title, SlideInk(slide)
        if title is not None and not _hidden(title):
            writer.heading(1, _words(title.text_frame, ink.within(title)))
        for shape in _in_order(slide.shapes, size):
            if title is not None and shape.shape_id == title.shape_id:
                continue
            if _is(shape, _FOOTER):
                running |= dict.fromkeys(paragraph.text for paragraph in shape.text_frame.paragraphs)
            elif not _is(shape, _NUMBER) and not (_is(shape, _DATE) and _is_field(shape)):
                _write(writer, shape, slide, ink)
                if _is_large_picture(shape):
                    pictures.append(number)
        running |= dict.fromkeys(_of_masters(slide, size))
    for words in running:
        writer.paragraph(words)
    pages = "、".join(str(number) for number in dict.fromkeys(pictures[:20]))
    remark = f"第{pages}张幻灯片有大图片，图里的文字没有读入；如有要紧的内容请打进文本框" if pictures else ""
    return writer.document(name, remark=remark)


def _choose(slide: Any) -> None:
    """Put the first form of each object that a file holds in several in their place: python-pptx skips them all."""
    for both in list(slide.iter(f"{MC}AlternateContent")):
        choice = both.find(f"{MC}Choice")
        chosen = choice if choice is not None else both.find(f"{MC}Fallback")
        for element in () if chosen is None else list(chosen):
            both.addprevious(element)
        both.getparent().remove(both)


def _words(frame: Any, unseen: Callable[[Any], bool]) -> str:
    return "\n".join(slide_words(paragraph._p, unseen) for paragraph in frame.paragraphs)


def _write(writer: Writer, shape: Any, slide: Any, ink: SlideInk) -> None:
    if shape.has_text_frame:
        labels = list_labels(shape.text_frame._txBody)
        for paragraph, label in zip(shape.text_frame.paragraphs, labels, strict=True):
            words = slide_words(paragraph._p, ink.within(shape))
            writer.paragraph(label + words if words.strip() else "")
    elif getattr(shape, "has_table", False):
        writer.table(_grid(shape.table, ink))
    else:
        for kind, identity in referred(shape.element):
            relation = slide.part.rels.get(identity)
            if relation is not None and not relation.is_external:
                root = parsed(relation.target_part.blob)
                writer.lines(chart_lines(root) if kind == "chart" else diagram_lines(root))


def _grid(table: Any, ink: SlideInk) -> Grid:
    builder = GridBuilder()
    for row in table.rows:
        builder.row()
        for cell in row.cells:
            if not cell.is_spanned:
                words = _words(cell.text_frame, ink.within_cell(cell))
                builder.cell(words, width=cell.span_width, height=cell.span_height)
    return builder.grid()


def _in_order(shapes: Iterable[Any], size: tuple[int, int], depth: int = 0) -> Iterator[Any]:
    """Yield the visible shapes from top to bottom and from left to right; a group's shapes at the group's place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if _hidden(shape) or (depth == 0 and _beside(shape, size)):
            continue
        if isinstance(shape, GroupShape):
            if depth < _DEEPEST_GROUP:
                yield from _in_order(shape.shapes, size, depth + 1)
        else:
            yield shape


def _of_masters(slide: Any, size: tuple[int, int]) -> Iterator[str]:
    """Yield the words that layout and master put on a slide, placeholders excluded."""
    layout = slide.slide_layout
    if slide.element.get("showMasterSp") in ("0", "false"):
        return
    sources = [layout] if layout.element.get("showMasterSp") in ("0", "false") else [layout, layout.slide_master]
    for source in sources:
        for shape in _in_order(source.shapes, size):
            if not shape.is_placeholder and shape.has_text_frame:
                yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)


def _is_field(shape: Any) -> bool:
    """Return whether a date is the day on which the slides are shown; typed by hand, it is that of the slides."""
    return next(shape.element.iter(f"{A}fld"), None) is not None


def _is(shape: Any, kind: str) -> bool:
    """Return whether a shape is the placeholder `kind`: a footer, a date or a number."""
    placeholder = next(shape.element.iter(qn("p:ph")), None)
    return placeholder is not None and placeholder.get("type") == kind and shape.has_text_frame


def _hidden(shape: Any) -> bool:
    properties = next(shape.element.iter(qn("p:cNvPr")), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def _beside(shape: Any, size: tuple[int, int]) -> bool:
    """Return whether a shape lies wholly outside of the slide."""
    if None in (shape.left, shape.top, shape.width, shape.height) or not all(size):
        return False
    across = shape.left + shape.width <= 0 or shape.left >= size[0]
    return bool(across or shape.top + shape.height <= 0 or shape.top >= size[1])


def _is_large_picture(shape: Any) -> bool:
    return shape.element.tag == qn("p:pic") and min(shape.width or 0, shape.height or 0) >= LARGE
