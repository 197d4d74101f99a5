"""Presentations (PPTX): a page a slide, its title a heading; speaker's notes and hidden slides are not public."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pptx
from pptx.shapes.group import GroupShape

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import Writer

_MAIN = "presentationml.presentation.main+xml"
_DEEPEST_GROUP = 20


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a presentation; what stands on a slide comes in the order of the eye, from the top and from the left."""
    check_office(open_archive(content, budget.limits), "ppt/presentation.xml", _MAIN)
    writer = Writer()
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            continue
        writer.page(f"第{number}张幻灯片")
        title = slide.shapes.title
        if title is not None:
            writer.heading(1, title.text_frame.text)
        for shape in _in_order(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _write(writer, shape)
    return writer.document(name)


def _write(writer: Writer, shape: Any) -> None:
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            writer.paragraph(paragraph.text)
    elif getattr(shape, "has_table", False):
        writer.table(_grid(shape.table))


def _grid(table: Any) -> Grid:
    builder = GridBuilder()
    for row in table.rows:
        builder.row()
        for cell in row.cells:
            if not cell.is_spanned:
                builder.cell(cell.text, width=cell.span_width, height=cell.span_height)
    return builder.grid()


def _in_order(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """The shapes from the top and from the left, those of a group in the group's place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if isinstance(shape, GroupShape):
            if depth < _DEEPEST_GROUP:
                yield from _in_order(shape.shapes, depth + 1)
        else:
            yield shape
