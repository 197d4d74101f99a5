"""Workbooks with one thing each that is easily lost or wrongly read; hidden words begin with 密."""
# ruff: noqa: E501  # lines of XML

import datetime
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from tests.support.files.office_files import unzipped, zip_file

_DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</xdr:wsDr>'
)
_BOX = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    "</xdr:from><xdr:to><xdr:col>{2}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{3}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="b"{5}/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="3000000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "</xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{4}</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
    "</xdr:twoCellAnchor>"
)  # fmt: skip
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _rows(sheet: Any, *rows: tuple[Any, ...]) -> None:
    for row in rows:
        sheet.append(row)


def _plain(sheet: Any) -> None:
    _rows(sheet, ("小区", "套数", "月租金（元/平方米）"), ("桂花苑", 320, 6.5), ("松柏苑", 180, 5.8))


def _hidden_row(sheet: Any) -> None:
    _plain(sheet)
    sheet.append(("密隐藏行", 95, 6.1))
    sheet.row_dimensions[4].hidden = True


def _hidden_column(sheet: Any) -> None:
    _rows(sheet, ("小区", "密联系人", "套数"), ("桂花苑", "密某", 320))
    sheet.column_dimensions["B"].hidden = True


def _filtered(sheet: Any) -> None:
    _plain(sheet)
    sheet.auto_filter.ref = "A1:C3"
    sheet.auto_filter.add_filter_column(0, ["桂花苑"])
    sheet.append(("密筛掉", 1, 1))
    sheet.row_dimensions[4].hidden = True


def _merged(sheet: Any) -> None:
    _rows(sheet, ("乡镇", "2024年", ""), ("", "计划", "完成"), ("青山镇", 120, 131), ("白石镇", 90, 88))
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")


def _titled(sheet: Any) -> None:
    _rows(
        sheet, ("危房改造情况表",), ("单位：户",), ("乡镇", "计划", "完成"), ("青山镇", 120, 131), ("注：按上报数。",)
    )
    sheet.merge_cells("A1:C1")


def _fractions(sheet: Any) -> None:
    _rows(sheet, ("项目", "值"), ("壁厚", 1.25), ("开门", datetime.time(14, 30)), ("关门", datetime.time(21, 5)))
    for row, form in enumerate(("# ?/?", "h:mm AM/PM", '[$-804]AM/PM h"时"mm"分"'), start=2):
        sheet.cell(row, 2).number_format = form


def _formats(sheet: Any) -> None:
    _rows(
        sheet, ("项目", "值"), ("邮编", 1287), ("占比", 0.625), ("人口", 1234567), ("日期", datetime.date(2024, 3, 5))
    )
    for row, form in ((2, "00000"), (3, "0.0%"), (4, "#,##0"), (5, 'yyyy"年"m"月"d"日"')):
        sheet.cell(row, 2).number_format = form


def _conditions(sheet: Any) -> None:
    """Formats that ask which number it is, times, Chinese numerals; the fourth column has the usual width."""
    size = '[>=1000000]0.0,,"百万";[>=1000]0.0,"千";0'
    cells = (
        ('[=1]"男";[=2]"女"', 1, 2),
        ('[=1]"是";[=0]"否"', 1, 0),
        (size, 500, 5000),
        (size, 2_500_000, 1000),
        ('[<60]"不合格";0"分"', 59, 60),
        ("mm:ss", datetime.time(0, 3, 25), datetime.time(0, 12, 5)),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', datetime.date(2024, 3, 5), datetime.date(2021, 11, 30)),
        ("[DBNum1][$-804]General", 123, 45),
        ('h"时"mm"分"', datetime.time(9, 5), datetime.time(17, 30)),
    )
    _rows(
        sheet,
        ("项目", "甲", "乙", "均值"),
        *((f"第{row}项", *pair, 10 / row) for row, (_, *pair) in enumerate(cells, 1)),
    )
    for row, (form, *_) in enumerate(cells, 2):
        sheet.cell(row, 2).number_format = sheet.cell(row, 3).number_format = form


def _years(sheet: Any) -> None:
    _rows(sheet, ("指标", 2022, 2023), ("常住人口（万人）", 41.1, 40.8), ("城镇化率（%）", 59.4, 60.1))


def _two_tables(sheet: Any) -> None:
    _plain(sheet)
    _rows(sheet, (), ("窗口", "电话"), ("社保", "62310001"), ("医保", "62310002"))


def _comment(sheet: Any) -> None:
    _plain(sheet)
    sheet["A2"].comment = Comment("密批注", "a")


def _margins(sheet: Any) -> None:
    _plain(sheet)
    sheet.oddHeader.center.text, sheet.oddHeader.center.size = "云溪县公租房一览", 14
    sheet.oddFooter.left.text = "住建局编印"
    sheet.oddFooter.right.text = "&P"


def _margins_off(sheet: Any) -> None:
    """Headers of pages that have none of their own: they are switched off."""
    _plain(sheet)
    sheet.oddHeader.center.text = "云溪县公租房一览"
    sheet.evenHeader.center.text = sheet.firstHeader.center.text = "密关掉的页眉"


_WHITE, _DARK = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F3864")


def _white(sheet: Any) -> None:
    _plain(sheet)
    _rows(sheet, ("密白字", 95, 6.1), ("枫林苑", 18, "密同色"), ("密主题白", 40, 5.2))
    sheet["A4"].font = _WHITE
    sheet["C5"].font, sheet["C5"].fill = Font(color="FF1F3864"), _DARK
    sheet["A6"].font, sheet["A6"].fill = Font(color=Color(theme=0)), PatternFill("solid", fgColor=Color(indexed=9))


def _white_on_a_colour(sheet: Any) -> None:
    """White type that shows: on a fill, on the ground of a table, by a rule of the sheet or by the form of a number."""
    _rows(sheet, ("深底表头", "套数", "月租金"), ("桂花苑", 320, 6.5), ("松柏苑", 180, -5.8))
    for cell in sheet[1]:
        cell.font, cell.fill = _WHITE, _DARK
    sheet["B2"].font = sheet["C3"].font = _WHITE
    sheet["C3"].number_format = "0.0;[Red]-0.0"
    sheet.conditional_formatting.add("B2:B3", CellIsRule("greaterThan", ["0"], fill=PatternFill(bgColor="FF800000")))


def _chart(sheet: Any) -> None:
    _rows(sheet, ("乡镇", "办件数"), ("城关镇", 30), ("白石镇", 50))
    chart: Any = BarChart()
    chart.title = "各镇办件情况"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    # Its labels stand in the cells, and openpyxl writes none of them into the chart.
    chart.y_axis.delete = chart.x_axis.delete = True
    chart.legend = None
    sheet.add_chart(chart, "A6")


_SHEETS: Mapping[str, Callable[[Any], None]] = {
    "plain": _plain,
    "hidden_row": _hidden_row,
    "hidden_column": _hidden_column,
    "filtered": _filtered,
    "merged": _merged,
    "titled": _titled,
    "formats": _formats,
    "conditions": _conditions,
    "fractions": _fractions,
    "years": _years,
    "two_tables": _two_tables,
    "comment": _comment,
    "margins": _margins,
    "margins_off": _margins_off,
    "chart": _chart,
    "white": _white,
    "white_on_a_colour": _white_on_a_colour,
}


def sheet_samples() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and maker of each file."""
    for name, fill in _SHEETS.items():
        yield name, partial(_file, fill)
    yield "hidden_sheet", partial(_file, _plain, hidden=True)
    yield "white_runs", _two_types
    yield "box", partial(_with_boxes, _BOX.format(0, 5, 3, 8, "框里的说明：凭证领取", ""))
    yield (
        "hidden_boxes",
        partial(
            _with_boxes,
            _BOX.format(0, 5, 3, 8, "看得见的框", ""),
            _BOX.format(0, 9, 3, 12, "密隐藏的框", ' hidden="1"'),
        ),
    )


def _file(fill: Callable[[Any], None], *, hidden: bool = False) -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "公开表"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    fill(sheet)
    for letter in "ABC":
        sheet.column_dimensions[letter].width = 18
    if hidden:
        other = workbook.create_sheet("密表")
        other.append(("密内容",))
        other.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _two_types() -> bytes:
    made = _file(lambda sheet: _rows(sheet, ("小区", "备注"), ("桂花苑", "两种字")))
    return with_runs(made, "B2", '<r><t>看得见</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>密看不见</t></r>')


def with_runs(workbook: bytes, place: str, runs: str) -> bytes:
    """The workbook with these runs in place of a cell's words, among the shared strings, as Excel keeps them."""
    parts = unzipped(workbook)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet, count = re.subn(rf'<c r="{place}".*?</c>', f'<c r="{place}" t="s"><v>0</v></c>', sheet)
    assert count == 1
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/sharedStrings.xml"] = f'<sst {names} count="1" uniqueCount="1"><si>{runs}</si></sst>'.encode()
    relation = f'<Relationship Id="rIdS" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    for name, end, more in (
        ("xl/_rels/workbook.xml.rels", "</Relationships>", relation),
        ("[Content_Types].xml", "</Types>", override),
    ):
        parts[name] = parts[name].replace(end.encode(), more.encode())
    return zip_file(parts)


def _with_boxes(*boxes: str) -> bytes:
    parts = unzipped(_file(_plain))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    drawing = f'<drawing xmlns:r="{_RELATIONS}" r:id="rId1"/></worksheet>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</worksheet>", drawing).encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    ).encode()
    parts["xl/drawings/drawing1.xml"] = _DRAWING.format("".join(boxes)).encode()
    types = parts["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    override = f'<Override PartName="/xl/drawings/drawing1.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = types.replace("</Types>", override).encode()
    return zip_file(parts)
