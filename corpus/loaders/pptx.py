"""Presentations (PPTX): one page per slide, its title a heading; notes and objects beside a slide are left out."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import pptx
from pptx.oxml.ns import qn

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive, transitional
from corpus.loaders.parts.office.drawings import chart_lines, diagram_lines, referred
from corpus.loaders.parts.office.names import MC, A, parsed
from corpus.loaders.parts.office.slides.cards import cards
from corpus.loaders.parts.office.slides.ink import SlideInk
from corpus.loaders.parts.office.slides.labels import below_labels
from corpus.loaders.parts.office.slides.order import Size, grouped, in_order
from corpus.loaders.parts.office.slides.tables import SlideTable, continued
from corpus.loaders.parts.office.slides.text import is_struck, list_labels, slide_words
from corpus.loaders.parts.office.slides.title import title_of
from corpus.loaders.parts.office.slides.unread import Unread
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.tables.statements import lines_of
from corpus.loaders.parts.text_writer import STRUCK, Writer
from corpus.text.headings.titles import title_of_plain, title_or_name

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
    shown = list(_shown(presentation, size))
    tables = _tables(shown)
    for view in shown:
        writer.page(f"第{view.number}张幻灯片")
        unread.add(view.number, view.shapes)
        if any(is_struck(run) for shape in view.shapes for run in shape.element.iter(f"{A}r")):
            writer.tell(STRUCK)
        running |= dict.fromkeys([*_write_slide(writer, view, tables, size), *_of_masters(view.slide, size)])
    for words in running:
        writer.paragraph(words)
    return _titled(writer.document(name, remark="；".join(unread.sentences())))


@dataclass(frozen=True, slots=True)
class _View:
    """A slide with its number, its visible objects in the order of reading, and the one of them that heads it."""

    number: int
    slide: Any
    shapes: Sequence[Any]
    ink: SlideInk
    title: Any

    @property
    def heading(self) -> str:
        return "" if self.title is None else _words(self.title.text_frame, self.ink.within(self.title))


def _shown(presentation: Any, size: Size) -> Iterator[_View]:
    """Yield the slides that are shown. A title begins at the top, on the first one anywhere."""
    top: float = size[1]
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            continue
        shapes = list(in_order(slide.shapes, size))
        body = [shape for shape in shapes if not any(_is(shape, kind) for kind in (_FOOTER, _NUMBER, _DATE))]
        yield _View(number, slide, shapes, SlideInk(slide), title_of(slide.shapes.title, body, top))
        top = _TOP * size[1]


def _tables(views: Sequence[_View]) -> dict[Any, tuple[Grid, bool]]:
    """Return the tables by their elements, and whether each goes on from the slide before."""
    found: list[tuple[Any, SlideTable]] = []
    for count, view in enumerate(views):
        for shape in view.shapes:
            if not shape.has_text_frame and getattr(shape, "has_table", False):
                widths = (column.width for column in shape.table.columns)
                places = tuple(accumulate(widths, initial=shape.left or 0))
                found.append((shape.element, SlideTable(count, view.heading, places, _grid(shape.table, view.ink))))
    return dict(zip([element for element, _ in found], continued([table for _, table in found]), strict=True))


def _titled(document: Document) -> Document:
    """Return the document; where its first slide has no heading, the first line is the title, or the file's name."""
    second = document.pages[1].start if len(document.pages) > 1 else len(document.text)
    if not document.headings or document.headings[0].span.start < second:
        return document
    return replace(document, title=title_or_name(title_of_plain([], document.text[:second]), document.name))


def _write_slide(writer: Writer, view: _View, tables: Mapping[Any, tuple[Grid, bool]], size: Size) -> list[str]:
    """Write a slide; return the words of its footers."""
    said = _cards(view, size)
    written: set[Any] = {second for second, _ in said.values()}
    if view.title is not None:
        writer.heading(1, view.heading)
    footers: list[str] = []
    for shape in view.shapes:
        if (view.title is not None and shape.element is view.title.element) or shape.element in written:
            continue
        if _is(shape, _FOOTER):
            footers += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        elif shape.element in said:
            writer.paragraph(said[shape.element][1])
        elif shape.element in tables:
            writer.table(*tables[shape.element])
        elif not _is(shape, _NUMBER) and not (_is(shape, _DATE) and _is_field(shape)):
            _write(writer, shape, view.slide, view.ink)
    return footers


def _cards(view: _View, size: Size) -> dict[Any, tuple[Any, str]]:
    """Return what is written in place of two boxes that belong together, none of which heads the slide."""

    def words(shape: Any) -> str:
        return "\n".join(_paragraphs(shape, view.ink))

    heads = None if view.title is None else view.title.element
    own = {shape.element for shape in view.shapes}
    boxes = [shape for shape in view.slide.shapes if shape.element in own and shape.element is not heads]
    said = {**below_labels(boxes, words), **cards(grouped(view.slide.shapes, size), words)}
    return {first: (second, line) for first, (second, line) in said.items() if heads not in (first, second)}


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
        for words in _paragraphs(shape, ink):
            writer.paragraph(words)
    else:
        for kind, identity in referred(shape.element):
            relation = slide.part.rels.get(identity)
            if relation is not None and not relation.is_external:
                root = parsed(relation.target_part.blob)
                writer.lines(chart_lines(root) if kind == "chart" else diagram_lines(root))


def _paragraphs(shape: Any, ink: SlideInk) -> list[str]:
    """Return the paragraphs of a box that hold words, each behind its number."""
    labels = list_labels(shape.text_frame._txBody)
    unseen = ink.within(shape)
    found = (
        (label, slide_words(paragraph._p, unseen))
        for paragraph, label in zip(shape.text_frame.paragraphs, labels, strict=True)
    )
    return [label + words for label, words in found if words.strip()]


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
            if shape.is_placeholder:
                continue
            if shape.has_text_frame:
                yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
            elif getattr(shape, "has_table", False):
                yield from lines_of(_grid(shape.table, SlideInk(slide)))


def _is_field(shape: Any) -> bool:
    """Return whether a date is the day on which the slides are shown; typed by hand, it is that of the slides."""
    return next(shape.element.iter(f"{A}fld"), None) is not None


def _is(shape: Any, kind: str) -> bool:
    """Return whether a shape is the placeholder `kind`: a footer, a date or a number."""
    placeholder = next(shape.element.iter(qn("p:ph")), None)
    return placeholder is not None and placeholder.get("type") == kind and shape.has_text_frame
