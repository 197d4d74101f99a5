"""Scanned pictures (PNG, JPEG, TIFF): one page per picture."""

import io

from PIL import Image, ImageOps, ImageSequence

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.parts.layout.lines import Sheet
from corpus.loaders.parts.layout.paragraphs import paragraphs
from corpus.loaders.parts.layout.rows import tables
from corpus.loaders.parts.layout.running import without_running
from corpus.loaders.parts.ocr import recognise
from corpus.loaders.parts.paged_writer import PagedWriter

_FORMATS = ("PNG", "JPEG", "TIFF")


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a picture's words. Raises `RecognitionMissing`; `Quarantined` if it has too many pixels or pages."""
    try:
        sheets = _sheets(content, budget)
    except Image.DecompressionBombError as bomb:
        # Pillow opens no picture that is this large, so that its size is not known here.
        raise Quarantined("图片的像素太多，打不开；请缩小后再放入") from bomb
    writer = PagedWriter(len(sheets) if len(sheets) > 1 else 0)
    for group in tables(list(paragraphs(without_running(sheets)))):
        writer.group(group)
    writer.turn_to(len(sheets) - 1)
    return writer.document(name)


def _sheets(content: bytes, budget: Budget) -> list[Sheet]:
    sheets = []
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        if image.width * image.height > budget.limits.pixels:
            raise Quarantined(f"图片有{image.width}×{image.height}个像素，太大；请缩小后再放入")
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number >= budget.limits.pages:
                raise Quarantined(f"超过{budget.limits.pages}页；请拆分后再放入")
            if frame.width * frame.height > budget.limits.pixels:
                raise Quarantined(f"图片有{frame.width}×{frame.height}个像素，太大；请缩小后再放入")
            sheets.append(recognise(ImageOps.exif_transpose(frame), budget))
    return sheets
