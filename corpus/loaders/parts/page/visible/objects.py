"""The objects that a PDF page is drawn with, those within forms too, in the order in which they are drawn."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_DEEPEST = 4  # forms within forms
MOST_OBJECTS = 20_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """An object with its box: left, right, bottom, top, in the coordinates of the page."""

    raw: Any
    kind: int
    box: Box
    matrix: pypdfium2.PdfMatrix | None  # from the form that holds it to the page


def objects(page: Any) -> Iterator[Placed]:
    """Yield the words, paths and pictures of a page; no more than `MOST_OBJECTS`."""
    for number, placed in enumerate(_of(page.raw, None, 0)):
        if number >= MOST_OBJECTS:
            return
        yield placed


def _of(holder: Any, matrix: pypdfium2.PdfMatrix | None, depth: int) -> Iterator[Placed]:
    count, take = (
        (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        if depth
        else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    )
    for number in range(count(holder)):
        item = take(holder, number)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < _DEEPEST:
                yield from _of(item, _matrix(item, matrix), depth + 1)
        elif (box := _box(item, matrix)) is not None:
            yield Placed(item, kind, box, matrix)


def _matrix(form: Any, outer: pypdfium2.PdfMatrix | None) -> pypdfium2.PdfMatrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(form, ctypes.byref(found)):
        return outer or pypdfium2.PdfMatrix()
    own = pypdfium2.PdfMatrix.from_raw(found)
    return own.multiply(outer) if outer else own


def _box(item: Any, matrix: pypdfium2.PdfMatrix | None) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, (left, bottom, right, top))):
        return None
    return placed(matrix, (left.value, right.value, bottom.value, top.value))


def placed(matrix: pypdfium2.PdfMatrix | None, box: Box) -> Box:
    """Return a box of a form in the coordinates of the page."""
    if matrix is None:
        return box
    left, bottom, right, top = matrix.on_rect(box[0], box[2], box[1], box[3])
    return left, right, bottom, top
