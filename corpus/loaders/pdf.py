"""PDF files: paragraphs by the places of lines, headings by type size, scanned pages by recognition."""

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import degrees
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.limits import Budget
from corpus.loaders.parts import ocr
from corpus.loaders.parts.layout.lines import HYPHEN, Line, Placed, Sheet, body_size, joined
from corpus.loaders.parts.layout.paragraphs import paragraphs, with_whole_titles
from corpus.loaders.parts.layout.rows import is_table, tables
from corpus.loaders.parts.layout.running import without_running
from corpus.loaders.parts.page.columns import unwoven
from corpus.loaders.parts.page.drawing import drawing
from corpus.loaders.parts.page.filled_in import with_filled_in
from corpus.loaders.parts.page.footnotes import with_notes, without_notes
from corpus.loaders.parts.page.open_tables.frames import frames
from corpus.loaders.parts.page.open_tables.settling import settled_tables
from corpus.loaders.parts.page.open_tables.shading import with_shading
from corpus.loaders.parts.page.open_tables.tables import settled, with_open_tables
from corpus.loaders.parts.page.open_tables.unmerged import Mark
from corpus.loaders.parts.page.open_tables.unruled import with_unruled_tables
from corpus.loaders.parts.page.ruled_tables import RuledTable, ruled_tables
from corpus.loaders.parts.page.visible.ink import Ink
from corpus.loaders.parts.page.visible.objects import Box, objects
from corpus.loaders.parts.page.visible.pictures import is_scan, pictures_of, shows_unread
from corpus.loaders.parts.page.written import GAP_MARK, Written
from corpus.loaders.parts.paged_writer import PagedWriter
from corpus.text.cleaning import without_gaps
from corpus.text.garbled import garbled
from corpus.text.letterhead import is_contents, is_contents_entry, is_letterhead
from corpus.text.measures import unit_of

_LARGER = 1.12  # type of a heading, compared with that of most characters
_LONGEST_HEADING, _HEADING_LEVELS = 80, 3
_SENTENCE_ENDS = ("。", "；", "，", "！", "？", "、")
PICTURED = "第{}页有大图片，图里的文字没有读入；如有要紧的内容请打进正文"
_SHOWN = 20  # numbers of pages, in a remark
_FEW = 20  # characters that can be judged as garbled
_MOST_CHARACTERS = 100_000  # of one page
_ANGLES, _LYING = 400, 0.8  # characters whose angle is read; share of them that lie the same way
_OBLIQUE = 15  # degrees; scans may lie a little askew
_MOST_ANNOTATIONS = 5_000  # of one page
_NAMES = re.compile(r"[\u4e00-\u9fff]{4}|[A-Za-z]{3,}.*\s")
# Beside a running title: 第3页, 共12页, - 3 -.
_PAGE_NUMBER = re.compile(r"第?\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|[—–-]\s*\d{1,4}\s*[—–-]")
_HYPHENS = (0x02, 0xFFFE)


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a PDF. Raises `Quarantined` if it needs a password or is too long, `Failed` if it is damaged."""
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Quarantined("文件有密码；请取消密码后另存再放入") from error
        raise Failed("文件已损坏或没有复制完整；请重新复制，或重新导出PDF") from error
    try:
        if len(pdf) > budget.limits.pages:
            raise Quarantined(f"有{len(pdf)}页，超过{budget.limits.pages}页的上限；请拆分后再放入")
        pages = [_read(pdf, number, budget) for number in range(len(pdf))]
    finally:
        pdf.close()
    unread = [number for number, page in enumerate(pages) if page.scan and not page.recognised]
    if unread and not any(page.sheet.lines for page in pages):
        raise ocr.RecognitionMissing
    pictured = [number for number, page in enumerate(pages) if page.pictured]
    remarks = [f"第{_listed(unread)}页是扫描图像，未读入；安装文字识别组件后再读：{ocr.INSTALL}"] if unread else []
    remarks += [PICTURED.format(_listed(pictured))] if pictured else []
    scanned = frozenset(number for number, page in enumerate(pages) if page.recognised)
    return document_of_sheets(name, [page.sheet for page in pages], scanned, remark="；".join(remarks))


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(str(number + 1) for number in numbers[:_SHOWN])


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: a scan may be recognised; of others, a large picture beside the words is not read."""

    sheet: Sheet
    scan: bool = False
    recognised: bool = False
    pictured: bool = False


def _read(pdf: Any, number: int, budget: Budget) -> _Page:
    page, printed = _filled_in(pdf, number)
    _set_upright(page)
    found = _sheet(page, printed)
    if found.scan and ocr.available():
        return _Page(_recognised(page, budget), scan=True, recognised=True)
    return found


def document_of_sheets(
    name: str, sheets: Sequence[Sheet], scanned: frozenset[int] = frozenset(), *, remark: str = ""
) -> Document:
    """Return the document of pages; the `scanned` ones, counted from 0, have no type sizes."""
    sheets = [replace(sheet, lines=tuple(map(_without_gaps, sheet.lines))) for sheet in sheets]
    kept = without_running(sheets)
    running = _running_title(sheets, kept)
    sheets = settled([with_unruled_tables(sheet) for sheet in kept])
    typed = [sheet for number, sheet in enumerate(sheets) if number not in scanned]
    body = body_size(typed)
    texts, notes = without_notes([Sheet(sheet.height, tuple(unwoven(sheet.lines))) for sheet in sheets], body)
    groups = list(with_notes(list(tables(list(with_whole_titles(list(paragraphs(texts)))))), notes))
    levels = _levels([group for group in groups if group[0].sheet not in scanned and not is_table(group)], body)
    writer = PagedWriter(len(sheets))
    for group in groups:
        level = None if group[0].sheet in scanned or is_table(group) else levels.get(_size(group))
        if level is not None and _may_be_heading(group):
            writer.turn_to(group[0].sheet)
            writer.heading(level, joined([placed.line.text for placed in group]))
        else:
            writer.group(group)
    writer.turn_to(len(sheets) - 1)
    document = writer.document(name, remark=remark, numbered=True)
    return document if document.headings or not running else replace(document, title=running)


def _without_gaps(line: Line) -> Line:
    return replace(line, text=without_gaps(line.text), cells=tuple(map(without_gaps, line.cells)))


def _running_title(sheets: Sequence[Sheet], kept: Sequence[Sheet]) -> str:
    """Return the first running line that is more than a number: the title of a document without another."""
    pairs = zip(sheets, kept, strict=True)
    lines = (_PAGE_NUMBER.sub("", line.text).strip() for before, after in pairs for line in _left_out(before, after))
    return next((line for line in lines if _NAMES.search(line[:_LONGEST_HEADING])), "")


def _left_out(before: Sheet, after: Sheet) -> list[Line]:
    kept = set(map(id, after.lines))  # by identity: the lines that were kept are the same objects
    return [line for line in before.lines if id(line) not in kept]


def _levels(groups: Sequence[Sequence[Placed]], body: float) -> dict[float, int]:
    """Return the heading level of each type size above the body's; the largest is level 1."""
    larger = {_size(group) for group in groups if _size(group) > body * _LARGER and _may_be_heading(group)}
    ranked = sorted(larger, reverse=True)
    return {size: min(rank, _HEADING_LEVELS) for rank, size in enumerate(ranked, start=1)}


def _size(group: Sequence[Placed]) -> float:
    return round(group[0].line.size * 2) / 2


def _may_be_heading(group: Sequence[Placed]) -> bool:
    text = joined([placed.line.text for placed in group]).strip()
    if is_letterhead(text) or is_contents(text) or is_contents_entry(text) or unit_of(text):
        return False
    return bool(text) and len(text) <= _LONGEST_HEADING and not text.endswith(_SENTENCE_ENDS)


def _filled_in(pdf: Any, number: int) -> tuple[Any, int | None]:
    """Return a page with what is filled into its form or typed over it, and the characters of the page below that.

    None where nothing is.
    """
    page = pdf[number]
    if not 0 < pdfium.FPDFPage_GetAnnotCount(page.raw) <= _MOST_ANNOTATIONS:
        return page, None
    textpage = page.get_textpage()
    printed = textpage.count_chars()
    textpage.close()
    if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page, None
    page.close()
    return pdf[number], printed


def _set_upright(page: Any) -> None:
    """Turn a page most of whose characters lie on their side, or on their head, as whoever reads it does."""
    textpage = page.get_textpage()
    count = min(textpage.count_chars(), _MOST_CHARACTERS)
    step = max(1, count // _ANGLES)
    turns = Counter(
        round(degrees(pdfium.FPDFText_GetCharAngle(textpage.raw, at)) / 90) % 4
        for at in _visible(textpage.raw, range(0, count, step))
    )
    textpage.close()
    turn, found = turns.most_common(1)[0] if turns else (0, 0)
    if found >= _LYING * turns.total() and found >= _FEW:
        pdfium.FPDFPage_SetRotation(page.raw, -turn % 4)


def _visible(text: Any, indices: range) -> Iterator[int]:
    """Yield the characters that are more than white space, whose angle means nothing."""
    for index in indices:
        if not chr(pdfium.FPDFText_GetUnicode(text, index)).isspace() and pdfium.FPDFText_IsGenerated(text, index) != 1:
            yield index


def _sheet(page: Any, printed: int | None = None) -> _Page:
    """Return the lines of a page, and whether it is a scan: a picture with hardly any text, or garbled text.

    The characters behind the first `printed` ones were filled in: they continue the line that they stand on.
    """
    height = page.get_height()
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > _MOST_CHARACTERS:
        raise Quarantined(f"一页上有{count}个字，不像正常的文件；请核对来源并重新导出PDF")
    turned = _turned(page)
    shapes = with_shading(drawing(page, turned))
    items = list(objects(page))
    drawn = Ink(page, textpage, items, turned)

    def read(ruled: Sequence[RuledTable]) -> list[Line]:
        first = list(
            _lines(textpage.raw, range(count if printed is None else min(printed, count)), turned, drawn, ruled)
        )
        if printed is None:
            return first
        behind = range(printed, count)
        return with_filled_in(first, list(_lines(textpage.raw, behind, turned, drawn, ruled, filled_in=True)))

    ruled = ruled_tables(shapes)
    found = read(ruled)
    for _ in range(2):
        again = settled_tables(ruled, found, shapes)
        if again is None:
            break
        ruled, found = again, read(again)
    found = [replace(line, text=line.drawn.words()) if line.drawn else line for line in found]
    lines = tuple(with_open_tables(found, frames(shapes, ruled, height)))
    text = "".join(line.text for line in lines)
    pictures = pictures_of(items, turned, page.get_size())
    scan = is_scan(pictures, lines, page.get_size())
    scan = scan or (len(text) >= _FEW and bool(garbled(text)) and ocr.available())
    textpage.close()
    return _Page(Sheet(height, lines), scan, pictured=not scan and shows_unread(pictures, lines))


def _turned(page: Any) -> Callable[[Any], Box]:
    """Return a function that maps a box to the page as shown: left, right, top, bottom, from its left and top."""
    left, bottom, right, top = _edges(page)
    match page.get_rotation():
        case 90:
            return lambda box: (box.bottom - bottom, box.top - bottom, box.left - left, box.right - left)
        case 180:
            return lambda box: (right - box.right, right - box.left, box.bottom - bottom, box.top - bottom)
        case 270:
            return lambda box: (top - box.top, top - box.bottom, right - box.right, right - box.left)
    return lambda box: (box.left - left, box.right - left, top - box.top, top - box.bottom)


def _edges(page: Any) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of what shows of a page, which may be cropped or begin elsewhere than at 0."""
    box = pdfium.FS_RECTF()
    if pdfium.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box)) and box.right > box.left and box.top > box.bottom:
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, page.get_width(), page.get_height()


def _lines(
    text: Any,
    indices: range,
    turned: Callable[[Any], Box],
    drawn: Ink,
    ruled: Sequence[RuledTable] = (),
    *,
    filled_in: bool = False,
) -> Iterator[Line]:
    box, written = pdfium.FS_RECTF(), Written(text, filled_in=filled_in)
    inside: RuledTable | None = None
    oblique: bool | None = None  # of the present line: a watermark across the page belongs to none of its words
    for index in indices:
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in (0x0A, 0x0D):
            yield from written.ended()
            oblique = None
            continue
        if code in _HYPHENS:
            written.hyphen = True
            if inside:
                inside.space(HYPHEN)
            continue
        if code == 0:
            continue
        character = chr(code)
        if character.isspace():
            if inside:
                inside.space(GAP_MARK if pdfium.FPDFText_IsGenerated(text, index) == 1 else " ")
            else:
                written.space(" " if character == GAP_MARK else character)  # to Python, U+001F is a space
        elif pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            place = turned(box)
            if oblique is None:
                oblique = _is_oblique(pdfium.FPDFText_GetCharAngle(text, index))
            if oblique:
                continue
            if not drawn.shows(index, place):
                continue
            x, y = (place[0] + place[1]) / 2, (place[2] + place[3]) / 2
            inside = next((table for table in ruled if table.holds(x, y)), None)
            if inside:
                yield from written.ended()
                if not inside.begun:
                    yield _placed(inside, place[3] - place[2])
                inside.add(Mark(character, place[0], place[1], y, place[3] - place[2]))
                written.hyphen = False
                continue
            if written.ends_before(place):
                yield from written.ended()
            written.add(index, character, place)
    yield from written.ended()


def _is_oblique(angle: float) -> bool:
    """Return whether an angle, in radians, lies far from those of upright and turned pages."""
    off = degrees(angle) % 90
    return _OBLIQUE < off < 90 - _OBLIQUE


def _placed(table: RuledTable, size: float) -> Line:
    """Return the table as a line, placed where its first character stands."""
    return Line("", table.xs[0], table.xs[-1], table.ys[0], table.ys[-1], size, drawn=table)


def _recognised(page: Any, budget: Budget) -> Sheet:
    width, height = page.get_size()
    scale = ocr.pixel_scale(width, height, budget.limits)
    return ocr.recognise(page.render(scale=scale, grayscale=True).to_pil(), budget)
