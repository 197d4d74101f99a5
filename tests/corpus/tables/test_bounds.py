"""Spans, nesting and names that anybody can write take no more than a bounded part of memory."""

from typing import Any

import pytest
from docx.oxml import parse_xml

from corpus.conversion.convert import convert
from corpus.errors import Quarantined
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.tables.grid import MAX_SPREAD, GridBuilder, grid_of
from tests.support.files import office_files


def places(rows: Any) -> int:
    return sum(map(len, rows))


@pytest.mark.long
def test_a_million_spans_cover_no_more_places_than_a_table_may() -> None:
    builder = GridBuilder()
    for _ in range(3_000):
        builder.row()
        builder.cell("甲", width=1_000_000, height=1_000_000)
        builder.cell("乙")
    assert MAX_SPREAD / 2 < places(builder.grid().rows) <= MAX_SPREAD + 20_000


def test_merged_cells_of_a_sheet_cover_no_more_places_than_a_table_may() -> None:
    merged = {(row, 0): (100_000, 16_384) for row in range(100)}
    grid = grid_of([["甲"]] * 10_000, merged=merged)
    assert 10_000 < places(grid.rows) <= MAX_SPREAD + 20_000


def test_a_long_cell_over_many_rows_is_written_once_and_a_short_one_in_each() -> None:
    rows = "<tr><td>2" * 50

    def text(words: str) -> str:
        page = f"<meta charset=utf-8><table><tr><th>甲<th>乙<tr><td rowspan=51>{words}<td>1{rows}</table>"
        return convert("a.html", page.encode(), DEFAULT_BUDGET).text

    assert text("长" * 1_000).count("长") == 1_000
    assert text("短").count("短") == 51


@pytest.mark.long
def test_names_that_make_a_text_too_long_put_the_file_aside() -> None:
    head = "".join(f"<th>{'名' * 100}{number}" for number in range(40))
    table = f"<meta charset=utf-8><table><tr>{head}{'<tr>' + '<td>1' * 40}" + f"<tr>{'<td>1' * 40}" * 1_500
    with pytest.raises(Quarantined, match="万字"):
        convert("a.html", table.encode(), DEFAULT_BUDGET)


def test_tables_nested_deep_keep_their_words() -> None:
    page = "<meta charset=utf-8>" + "<table><tr><td>甲<td>乙<tr><td>丙<td>" * 60 + "最里面" + "</table>" * 60
    assert "最里面" in convert("a.html", page.encode(), DEFAULT_BUDGET).text


def test_a_merged_cell_over_the_whole_sheet_is_read() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("全部")
        sheet.append(("标题",))
        sheet.merge_cells("A1:B2")

    parts = office_files.unzipped(office_files.xlsx_file(fill))
    parts = {name: content.replace(b'"A1:B2"', b'"A1:XFD1048576"') for name, content in parts.items()}
    assert any(b"XFD1048576" in content for content in parts.values())
    assert "标题" in convert("a.xlsx", office_files.zip_file(parts), DEFAULT_BUDGET).text


@pytest.mark.long
def test_more_merged_cells_than_an_office_has_take_no_more_places() -> None:
    parts = office_files.unzipped(office_files.xlsx_file())
    merges = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (row, row + 500) for row in range(1, 120_001))
    parts = {
        name: content.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
        if name == "xl/worksheets/sheet1.xml"
        else content
        for name, content in parts.items()
    }
    text = convert("a.xlsx", office_files.zip_file(parts), DEFAULT_BUDGET).text
    assert "项目" in text and len(text) < 1_000_000


def test_styles_that_build_on_one_another_for_ever_end() -> None:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def fill(document: Any) -> None:
        for number in range(3_000):
            above = (number + 1) % 3_000
            style = f"<w:style {names} w:type='paragraph' w:styleId='S{number}'><w:name w:val='S{number}'/>"
            document.styles.element.append(parse_xml(f"{style}<w:basedOn w:val='S{above}'/></w:style>"))
        for number in range(0, 3_000, 10):
            paragraph = document.add_paragraph(f"第{number}段。")
            paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:pStyle {names} w:val='S{number}'/>"))

    text = convert("a.docx", office_files.docx_file(fill), DEFAULT_BUDGET).text
    assert "第0段。" in text and "第2990段。" in text
