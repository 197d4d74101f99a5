"""Workbooks (XLSX): one page per sheet, one statement per row, values as shown; formulas are never evaluated.

Text boxes and charts over the cells follow them, then the headers and footers of the printed pages.
"""

import datetime
import io
import re
import zipfile
from bisect import bisect_left, bisect_right
from typing import Any

import openpyxl
from openpyxl.utils.datetime import from_excel

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive, transitional
from corpus.loaders.parts.office.sheet_drawings import chart_sheets, drawn_on
from corpus.loaders.parts.office.sheet_ink import Palette, SheetInk
from corpus.loaders.parts.tables.frame import title_of_cover
from corpus.loaders.parts.tables.grid import Grid, grid_of
from corpus.loaders.parts.tables.sheets.date_formats import CHINESE_FORMATS, shown_date, shown_time, shows_a_weekday
from corpus.loaders.parts.tables.sheets.layout import Layout, layout
from corpus.loaders.parts.tables.sheets.number_formats import USUAL_ROOM, shown_number, shown_text
from corpus.loaders.parts.tables.spacers import without_narrow_columns
from corpus.loaders.parts.text_writer import STRUCK, Writer

_MAIN = "spreadsheetml.sheet.main+xml"
_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PICTURE = re.compile(r"=(?:_xlfn\.)?DISPIMG\(")  # what WPS stores for a picture within a cell
_PICTURES = "xl/cellimages.xml"
_MAX_ROWS, _MAX_COLUMNS = 100_000, 200
_COVER = re.compile(r"\s*(?:封\s*[面皮]|首\s*页|cover)\s*", re.IGNORECASE)
_NO_CELLS = Layout(frozenset(), frozenset(), (), 0)
_LATEST = 2_958_465  # 9999-12-31


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a workbook without hidden sheets, rows and columns, filtered rows and errors such as #REF!."""
    check_office(open_archive(content, budget.limits), "xl/workbook.xml", _MAIN)
    content = transitional(content, budget.limits)
    archive = open_archive(content, budget.limits)
    # Read-only reading relies on the size that a sheet declares, which cannot be trusted.
    workbook = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False, rich_text=True
    )
    palette = Palette(workbook)
    writer = Writer()
    remarks: list[str] = []
    title = _title(name)
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        writer.page(f"工作表“{sheet.title}”")
        shown = layout(archive.read(sheet._worksheet_path), columns=_MAX_COLUMNS)
        ink = SheetInk(palette, archive, sheet._worksheet_path)
        grid, wider, errors = _grid(sheet, shown, ink)
        if ink.strikes:
            writer.tell(STRUCK)
        drawn = drawn_on(archive, sheet._worksheet_path, shown)
        if grid.rows or drawn.lines:
            writer.heading(1, sheet.title)
            writer.table(grid)
            title = title_of_cover(grid) or title if _COVER.fullmatch(sheet.title) else title
            writer.lines(drawn.lines)
        if wider:
            remarks.append(f"工作表“{sheet.title}”只读了前{_MAX_COLUMNS}列；请把后面的列分到另一张工作表")
        if errors:
            remarks.append(f"工作表“{sheet.title}”有{errors}个单元格显示为错误（如#N/A），未读入；请改正公式")
        if drawn.pictures:
            remarks.append(f"工作表“{sheet.title}”有大图片，图里的文字没有读入；如有要紧的内容请打进单元格")
    _write_chart_sheets(writer, archive)
    if _PICTURES in archive.namelist():
        remarks.append("有放在单元格里的图片，图里的文字没有读入；如有要紧的内容请打进单元格")
    if without := _formulas_without_value(archive):
        remarks.insert(0, f"有{without}个公式没有保存结果，未读入；请用Excel或WPS打开并保存一次")
    return writer.document(name, remark="；".join(remarks), title=title)


def _write_chart_sheets(writer: Writer, archive: zipfile.ZipFile) -> None:
    """Write the words of the visible sheets that are one chart."""
    for title, part in chart_sheets(archive):
        drawn = drawn_on(archive, part, _NO_CELLS)
        if drawn.lines:
            writer.page(f"图表工作表“{title}”")
            writer.heading(1, title)
            writer.lines(drawn.lines)


def _title(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _grid(sheet: Any, shown: Layout, ink: SheetInk) -> tuple[Grid, bool, int]:
    """Return the visible cells, whether columns were cut off, and how many cells show an error.

    Blank rows are included, because they separate tables.
    """
    wider, errors = False, 0
    rows: list[list[str]] = []
    numbers: list[int] = []  # of the visible rows
    columns = [column for column in range(1, _MAX_COLUMNS + 1) if column not in shown.hidden_columns]
    rooms = {column: shown.room(column) for column in columns}
    # Merged cells whose first row or column is hidden: their words show in what is left of them.
    out_of_sight = {
        (top, left): "" for top, left, _, _ in shown.merged if not shown.shows_row(top) or left in shown.hidden_columns
    }
    rows_of = sheet.iter_rows(max_row=shown.last_row, max_col=_MAX_COLUMNS + 1) if shown.last_row else ()
    for count, row in enumerate(rows_of):
        if count >= _MAX_ROWS:
            raise Quarantined(f"工作表“{sheet.title}”超过{_MAX_ROWS // 10_000}万行；请拆分后再放入")
        number = count + 1
        for place in out_of_sight.keys() & {(number, column) for column in range(1, len(row) + 1)}:
            out_of_sight[place] = _shown(row[place[1] - 1], ink)
        if not shown.shows_row(number):
            continue
        wider |= len(row) > _MAX_COLUMNS and row[_MAX_COLUMNS].value is not None
        texts = [_shown(row[column - 1], ink, rooms[column]) for column in columns if column <= len(row)]
        if not any(texts) and any(map(ink.is_struck, row)):
            continue  # a blank row would part the table
        errors += sum(_is_error(row[column - 1]) for column in columns if column <= len(row))
        while texts and not texts[-1]:
            texts.pop()
        numbers.append(number)
        rows.append(texts)
    spans = {}
    for top, left, bottom, right in shown.merged:
        row, column = bisect_left(numbers, top), bisect_left(columns, left)
        height, width = bisect_right(numbers, bottom) - row, bisect_right(columns, right) - column
        if height > 0 and width > 0:
            spans[row, column] = height, width
            if words := out_of_sight.get((top, left)):
                rows[row] += [""] * (column + 1 - len(rows[row]))
                rows[row][column] = words
    narrow = [at for at, column in enumerate(columns) if shown.is_narrow(column)]
    return without_narrow_columns(grid_of(rows, merged=spans), narrow), wider, errors


def _shown(cell: Any, ink: SheetInk, room: int = USUAL_ROOM) -> str:
    """Return a value as the sheet shows it, as far as a citizen would quote it: dates, percents, decimals."""
    value = ink.seen(cell)
    if value is None:
        return ""
    form = str(getattr(cell, "number_format", None) or "General")
    match value:
        case bool():
            return "是" if value else "否"
        case datetime.date():
            return shown_date(value, form)
        case datetime.time() | datetime.timedelta():
            return shown_time(value, form)
        case int() | float():
            return _number(value, form, cell, room)
        case _:
            nothing = _is_error(cell) or _PICTURE.match(str(value))
            return "" if nothing else shown_text(str(value), form)


def _is_error(cell: Any) -> bool:
    return bool(getattr(cell, "data_type", "") == "e")


def _number(value: float, form: str, cell: Any, room: int) -> str:
    # openpyxl lacks the built-in formats of Chinese workbooks and returns their dates as day numbers.
    chinese = CHINESE_FORMATS.get(cell.style_array.numFmtId) if form == "General" and cell.has_style else None
    chinese = chinese or (form if shows_a_weekday(form) else None)
    if chinese and 0 < value < _LATEST:
        day = from_excel(value, cell.parent.parent.epoch)
        return shown_date(day, chinese) if isinstance(day, datetime.date) else shown_time(day, chinese)
    return shown_number(value, form, room=room)


def _formulas_without_value(archive: zipfile.ZipFile) -> int:
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return sum(len(_FORMULA_WITHOUT_VALUE.findall(archive.read(name))) for name in sheets)
