"""Workbooks as other programs save them: strict names, pictures within cells, noughts of accountants."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.tables.sheets.number_formats import shown_number
from tests.support.files.office_files import unzipped, xlsx_file, zip_file


def saved(*rows: tuple[Any, ...]) -> bytes:
    workbook: Any = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> Document:
    return convert("表.xlsx", content, DEFAULT_BUDGET)


def test_strict_open_xml_is_read() -> None:
    parts = unzipped(saved(("小区", "套数"), ("桂花苑", 320), ("松柏苑", 180)))
    transitional, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    kinds = (b"officeDocument/2006/relationships", b"spreadsheetml/2006/main")
    for name, content in parts.items():
        for kind in kinds:
            content = content.replace(transitional + kind, strict + kind.replace(b"2006/", b""))
        parts[name] = content
    assert strict in parts["_rels/.rels"]
    assert "小区：桂花苑；套数：320。" in read(zip_file(parts)).text


def test_a_picture_within_a_cell_of_wps_is_a_remark_and_no_formula() -> None:
    parts = unzipped(saved(("名称", "图片", "价格（元）"), ("茶叶", "x", 12), ("笋干", "x", 30)))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for place in ("B2", "B3"):
        start = sheet.index(f'<c r="{place}"')
        stop = sheet.index("</c>", start) + 4
        stored = f'<c r="{place}" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
        sheet = sheet[:start] + stored + sheet[stop:]
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    assert read(zip_file(parts)).remark == ""
    document = read(zip_file(parts | {"xl/cellimages.xml": b"<x/>"}))
    assert "名称：茶叶；价格：12元。" in document.text and "DISPIMG" not in document.text
    assert "放在单元格里的图片" in document.remark


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (3, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "3.00"),
        (0, "#,###", ""),
        (0, "#,##0", "0"),
        (0.5, "#.#", "0.5"),
    ],
)
def test_a_nought_shows_only_where_a_format_has_one(value: float, form: str, shown: str) -> None:
    assert shown_number(value, form) == shown


def test_a_general_number_has_the_digits_that_its_column_shows() -> None:
    workbook: Any = openpyxl.Workbook()
    for row in (("科目", "人均（元）", "户均（元）"), ("甲", 10 / 3, 10 / 3), ("乙", 2 / 3, 20)):
        workbook.active.append(row)
    workbook.active.column_dimensions["C"].width = 20
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert "科目：甲；人均：3.333333元；户均：3.333333333元。" in read(buffer.getvalue()).text


def test_cells_with_errors_are_a_remark_and_other_sheets_have_none() -> None:
    assert read(saved(("小区", "套数"), ("桂花苑", 320))).remark == ""
    document = read(saved(("小区", "套数"), ("桂花苑", "#N/A"), ("松柏苑", "#DIV/0!"), ("枫林苑", 18)))
    assert document.remark == "工作表“Sheet”有2个单元格显示为错误（如#N/A），未读入；请改正公式"
    assert "#" not in document.text and "小区：枫林苑；套数：18。" in document.text


def test_sheets_that_are_one_chart_are_read_and_hidden_ones_are_not() -> None:
    workbook: Any = openpyxl.Workbook()
    for row in (("乡镇", "办件数"), ("城关镇", 30), ("白石镇", 50)):
        workbook.active.append(row)
    for title, state in (("分镇图", "visible"), ("密图", "hidden"), ("密密图", "veryHidden")):
        chart: Any = BarChart()
        chart.title = f"{title}示"
        chart.add_data(Reference(workbook.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        sheet = workbook.create_chartsheet(title)
        sheet.add_chart(chart)
        sheet.sheet_state = state
    buffer = io.BytesIO()
    workbook.save(buffer)
    document = read(buffer.getvalue())
    assert "分镇图示" in document.text and "密" not in document.text
    assert document.place(document.text.index("分镇图示")) == "图表工作表“分镇图”"


_CONTROL = (
    '<v:shape type="#t" style="position:absolute;visibility:{3}"><v:textbox><div><font>{1}</font><br></div></v:textbox>'
    '<x:ClientData ObjectType="{0}"><x:Anchor>{2}, 15, {4}, 2, 3, 20, 9, 3</x:Anchor>{5}</x:ClientData></v:shape>'
)


def with_controls(*controls: str) -> bytes:
    """A sheet with boxes to tick as Excel stores them; its VML is not always well-formed."""
    parts = unzipped(saved(("姓名", "王某"), ("电话", "5711")))
    names = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    parts["xl/drawings/vmlDrawing1.vml"] = f"<xml {names}>{''.join(controls)}</xml>".encode()
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    drawing = f'<legacyDrawing xmlns:r="{relations}" r:id="rId1"/></worksheet>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</worksheet>", drawing).encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/></Relationships>'
    ).encode()
    return zip_file(parts)


def test_boxes_to_tick_are_read_with_their_marks_and_comments_are_not() -> None:
    content = with_controls(
        _CONTROL.format("Checkbox", "需要邮寄", 2, "visible", 5, ""),
        _CONTROL.format("Checkbox", "同意公示", 0, "visible", 5, "<x:Checked>1</x:Checked>"),
        _CONTROL.format("Label", "请勾选：", 0, "visible", 4, ""),
        _CONTROL.format("Radio", "看不见的", 0, "hidden", 6, ""),
        _CONTROL.format("Note", "批注", 0, "visible", 7, ""),
    )
    lines = [line for line in read(content).text.split("\n") if line]
    assert lines[-2:] == ["请勾选：", "☑ 同意公示 ☐ 需要邮寄"]


@pytest.mark.parametrize(("name", "title"), [("封面", "河口水厂2025年度用工情况表"), ("用工", "表")])
def test_a_cover_says_the_title_of_a_workbook(name: str, title: str) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet(name, 0)
        for words in ("河口水厂", "2025年度用工情况表", "填表人：王一"):
            sheet.append((words,))

    assert convert("表.xlsx", xlsx_file(fill), DEFAULT_BUDGET).title == title
