"""Presentations (PPTX): one page per slide, its title a heading; notes and objects beside a slide are left out."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pptx
from pptx.oxml.ns import qn

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive, transitional
from corpus.loaders.parts.office.drawings import chart_lines, diagram_lines, referred
from corpus.loaders.parts.office.names import MC, A, parsed
from corpus.loaders.parts.office.slide_ink import SlideInk
from corpus.loaders.parts.office.slide_order import Size, in_order
from corpus.loaders.parts.office.slide_text import list_labels, slide_words
from corpus.loaders.parts.office.slide_title import title_of
from corpus.loaders.parts.office.slide_unread import Unread
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import Writer
from corpus.text.headings import title_of_plain, title_or_name

_MAIN = "presentationml.presentation.main+xml"
_NUMBER, _DATE, _FOOTER = "sldNum", "dt", "ftr"
_TOP = 0.4  # of a slide's height, where its title begins; on the first one it may stand anywhere


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a presentation; the objects of a slide follow in the order in which they are read."""
    check_office(open_archive(content, budget.limits), "ppt/presentation.xml", _MAIN)
    writer = Writer()
    presentation = pptx.Presentation(io.BytesIO(transitional(content, budget.limits)))
    for slide in presentation.slides:
        _choose(slide.element)
    size = (presentation.slide_width or 0, presentation.slide_height or 0)
    unread = Unread()
    running: dict[str, None] = {}  # words of footers and masters, each once, in order
    shown = [
        (number, slide)
        for number, slide in enumerate(presentation.slides, start=1)
        if slide.element.get("show") not in ("0", "false")
    ]
    for number, slide in shown:
        writer.page(f"第{number}张幻灯片")
        shapes = list(in_order(slide.shapes, size))
        unread.add(number, shapes)
        top = size[1] if number == shown[0][0] else _TOP * size[1]
        running |= dict.fromkeys([*_write_slide(writer, slide, shapes, top), *_of_masters(slide, size)])
    for words in running:
        writer.paragraph(words)
    return _titled(writer.document(name, remark="；".join(unread.sentences())))


def _titled(document: Document) -> Document:
    """Return the document; where its first slide has no heading, the first line is the title, or the file's name."""
    second = document.pages[1].start if len(document.pages) > 1 else len(document.text)
    if not document.headings or document.headings[0].span.start < second:
        return document
    return replace(document, title=title_or_name(title_of_plain([], document.text[:second]), document.name))


def _write_slide(writer: Writer, slide: Any, shapes: Sequence[Any], top: float) -> list[str]:
    """Write a slide whose title begins above `top`; return the words of its footers."""
    ink = SlideInk(slide)
    body = [shape for shape in shapes if not any(_is(shape, kind) for kind in (_FOOTER, _NUMBER, _DATE))]
    title = title_of(slide.shapes.title, body, top)
    if title is not None:
        writer.heading(1, _words(title.text_frame, ink.within(title)))
    footers: list[str] = []
    for shape in shapes:
        if title is not None and shape.element is title.element:
            continue
        if _is(shape, _FOOTER):
            footers += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        elif not _is(shape, _NUMBER) and not (_is(shape, _DATE) and _is_field(shape)):
            _write(writer, shape, slide, ink)
    return footers


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


def _of_masters(slide: Any, size: Size) -> Iterator[str]:
    """Yield the words that layout and master put on a slide, placeholders excluded."""
    layout = slide.slide_layout
    if slide.element.get("showMasterSp") in ("0", "false"):
        return
    sources = [layout] if layout.element.get("showMasterSp") in ("0", "false") else [layout, layout.slide_master]
    for source in sources:
        for shape in in_order(source.shapes, size):
            if not shape.is_placeholder and shape.has_text_frame:
                yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)


def _is_field(shape: Any) -> bool:
    """Return whether a date is the day on which the slides are shown; typed by hand, it is that of the slides."""
    return next(shape.element.iter(f"{A}fld"), None) is not None


def _is(shape: Any, kind: str) -> bool:
    """Return whether a shape is the placeholder `kind`: a footer, a date or a number."""
    placeholder = next(shape.element.iter(qn("p:ph")), None)
    return placeholder is not None and placeholder.get("type") == kind and shape.has_text_frame
