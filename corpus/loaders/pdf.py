"""PDF files: paragraphs by the places of lines, headings by the size of type, scanned pages recognised."""

import ctypes
from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.limits import Budget
from corpus.loaders.parts import ocr
from corpus.loaders.parts.page_layout import (
    Line,
    Placed,
    Sheet,
    body_size,
    is_table,
    joined,
    paragraphs,
    tables,
    without_running,
)
from corpus.loaders.parts.paged_writer import PagedWriter
from corpus.loaders.parts.text_writer import cleaned
from corpus.text.garbled import garbled

_LARGER = 1.12  # a heading's type, compared with that of most characters
_LONGEST_HEADING, _HEADING_LEVELS = 80, 3
_SENTENCE_ENDS = ("。", "；", "，", "！", "？", "、")
# A page with fewer characters and a picture on it is a scan with a stamp or a number.
_FEW = 20
_GAP, _GAP_MARK = 1.5, "\x1f"  # between the cells of a row, in sizes of type
_SAMPLED = 5  # the size of type of every fifth character is asked for
_MOST_CHARACTERS = 100_000  # of one page
_HYPHENS = (0x02, 0xFFFE)


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a PDF. Raises `Quarantined` when it needs a password or is too long, `Failed` when it is damaged."""
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Quarantined("文件有密码；请取消密码后另存再放入") from error
        raise Failed("文件已损坏或没有复制完整；请重新复制，或重新导出PDF") from error
    try:
        if len(pdf) > budget.limits.pages:
            raise Quarantined(f"有{len(pdf)}页，超过{budget.limits.pages}页的上限；请拆分后再放入")
        sheets: list[Sheet] = []
        scanned, unread = set(), []
        for number in range(len(pdf)):
            sheet, is_scan = _sheet(pdf[number])
            if is_scan and not ocr.available():
                unread.append(number)
            elif is_scan:
                sheet = _recognised(pdf[number], budget)
                scanned.add(number)
            sheets.append(sheet)
    finally:
        pdf.close()
    if unread and not any(sheet.lines for sheet in sheets):
        raise ocr.RecognitionMissing
    pages = "、".join(str(number + 1) for number in unread[:20])
    remark = f"第{pages}页是扫描图像，未读入；安装文字识别组件后再刷新：{ocr.INSTALL}" if unread else ""
    return document_of_sheets(name, sheets, frozenset(scanned), remark=remark)


def document_of_sheets(
    name: str, sheets: Sequence[Sheet], scanned: frozenset[int] = frozenset(), *, remark: str = ""
) -> Document:
    """The paragraphs, tables and headings of pages; those `scanned`, counted from 0, have no sizes of type."""
    sheets = without_running(sheets)
    typed = [sheet for number, sheet in enumerate(sheets) if number not in scanned]
    groups = list(tables(list(paragraphs(sheets))))
    levels = _levels([group for group in groups if group[0].sheet not in scanned], body_size(typed))
    writer = PagedWriter(len(sheets))
    for group in groups:
        level = None if group[0].sheet in scanned or is_table(group) else levels.get(_size(group))
        if level is not None and _may_be_heading(group):
            writer.turn_to(group[0].sheet)
            writer.heading(level, joined([placed.line.text for placed in group]))
        else:
            writer.group(group)
    writer.turn_to(len(sheets) - 1)
    return writer.document(name, remark=remark, numbered=True)


def _levels(groups: Sequence[Sequence[Placed]], body: float) -> dict[float, int]:
    """The heading level of each size of type that is larger than the body's; the largest is the highest."""
    larger = {_size(group) for group in groups if _size(group) > body * _LARGER and _may_be_heading(group)}
    ranked = sorted(larger, reverse=True)
    return {size: min(rank, _HEADING_LEVELS) for rank, size in enumerate(ranked, start=1)}


def _size(group: Sequence[Placed]) -> float:
    return round(group[0].line.size * 2) / 2


def _may_be_heading(group: Sequence[Placed]) -> bool:
    text = joined([placed.line.text for placed in group]).strip()
    return bool(text) and len(text) <= _LONGEST_HEADING and not text.endswith(_SENTENCE_ENDS)


def _sheet(page: Any) -> tuple[Sheet, bool]:
    """The lines of a page, and whether it is a scan: a picture with next to no text, or with a text that is none."""
    height = page.get_height()
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > _MOST_CHARACTERS:
        raise Quarantined(f"一页上有{count}个字，不像正常的文件；请核对来源并重新导出PDF")
    lines = tuple(_lines(textpage.raw, count, height))
    text = "".join(line.text for line in lines)
    pictured = len("".join(text.split())) < _FEW and _has_picture(page)
    scan = pictured or (len(text) >= _FEW and bool(garbled(text)) and ocr.available())
    textpage.close()
    return Sheet(height, lines), scan


def _lines(text: Any, count: int, height: float) -> Iterator[Line]:
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    characters: list[str] = []
    edges: list[tuple[float, float, float, float]] = []
    sizes: list[float] = []

    def line() -> Iterator[Line]:
        if edges:
            left, right = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
            top, bottom = min(edge[2] for edge in edges), max(edge[3] for edge in edges)
            cells = tuple(filter(None, map(cleaned, "".join(characters).split(_GAP_MARK))))
            yield Line(cleaned(" ".join(cells)), left, right, top, bottom, sorted(sizes)[len(sizes) // 2], cells)
        characters.clear()
        edges.clear()
        sizes.clear()

    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in (0x0A, 0x0D):
            yield from line()
            continue
        if code in _HYPHENS or code == 0:
            continue
        character = chr(code)
        if character.isspace():
            characters.append(character)
        elif pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            if len(edges) % _SAMPLED == 0:
                known = pdfium.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
                sizes.append(pdfium.FPDFText_GetFontSize(text, index) * ((known and hypot(matrix.c, matrix.d)) or 1.0))
            if edges and box.left > edges[-1][1] + _GAP * sizes[-1]:
                characters.append(_GAP_MARK)
            characters.append(character)
            edges.append((box.left, box.right, height - box.top, height - box.bottom))
    yield from line()


def _has_picture(page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _recognised(page: Any, budget: Budget) -> Sheet:
    width, height = page.get_size()
    scale = ocr.pixel_scale(width, height, budget.limits)
    return ocr.recognise(page.render(scale=scale, grayscale=True).to_pil(), budget)
