"""Workbooks (XLSX): a page a sheet, a line a row, values as they show; formulas are never evaluated."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_office, open_archive
from corpus.loaders.parts.table_lines import table_lines
from corpus.loaders.parts.text_writer import Writer

_MAIN = "spreadsheetml.sheet.main+xml"
_DECIMALS = re.compile(r"0\.(0+)")
_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MAX_ROWS, _MAX_COLUMNS = 100_000, 200


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a workbook. Hidden sheets, rows without a value and errors such as #REF! are left out."""
    archive = open_archive(content, budget.limits)
    check_office(archive, "xl/workbook.xml", _MAIN)
    # The sheets' own word for their size is not to be trusted: read-only reading goes by it.
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    writer = Writer()
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        writer.page(f"工作表“{sheet.title}”")
        rows = list(_rows(sheet))
        if rows:
            writer.heading(1, sheet.title)
            writer.lines(table_lines(rows))
    without = _formulas_without_value(archive)
    remark = f"有{without}个公式没有保存结果，未读入；请用Excel或WPS打开并保存一次" if without else ""
    return writer.document(name, remark=remark, title=_title(name))


def _title(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _rows(sheet: Any) -> Iterator[Sequence[str]]:
    for number, row in enumerate(sheet.iter_rows(max_col=_MAX_COLUMNS)):
        if number >= _MAX_ROWS:
            raise Quarantined(f"工作表“{sheet.title}”超过{_MAX_ROWS // 10_000}万行；请拆分后再放入")
        texts = [_shown(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield texts


def _shown(cell: Any) -> str:
    """A value as the sheet shows it, as far as a citizen would quote it: dates, percents, decimals."""
    value = cell.value
    form = str(getattr(cell, "number_format", None) or "General")
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime.datetime():
            day = f"{value.year}年{value.month}月{value.day}日"
            return day if value.time() == datetime.time() else f"{day}{value:%H:%M}"
        case datetime.date():
            return f"{value.year}年{value.month}月{value.day}日"
        case datetime.time():
            return f"{value:%H:%M}"
        case int() | float():
            return _number(value, form)
        case _:
            text = str(value)
            return "" if getattr(cell, "data_type", "") == "e" else text


def _number(value: float, form: str) -> str:
    decimals = len(match[1]) if (match := _DECIMALS.search(form)) else 0
    comma = "," if "," in form.split(";")[0] else ""
    if "%" in form:
        return f"{value * 100:{comma}.{decimals}f}%"
    if decimals or form.split(";")[0] in ("0", "#,##0"):
        return f"{value:{comma}.{decimals}f}"
    return f"{value:{comma}.15g}" if isinstance(value, float) else f"{value:{comma}}"


def _formulas_without_value(archive: zipfile.ZipFile) -> int:
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return sum(len(_FORMULA_WITHOUT_VALUE.findall(archive.read(name))) for name in sheets)
