"""Blank columns and rows that keep the cells of a table apart neither split it nor shift the names of its columns."""

import io
from collections.abc import Callable, Sequence
from html import escape

import docx
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from reportlab.pdfgen.canvas import Canvas

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.tables.test_open_tables import made

Rows = Sequence[Sequence[str]]
ROOMS: Rows = (
    ("科室", "诊室", "联系电话", "开放时间"),
    ("内科", "一楼东", "87120001", "8:30"),
    ("外科", "二楼西", "87120002", "9:00"),
    ("骨科", "三楼", "87120003", "14:00"),
)
TOWNS: Rows = (
    ("乡镇", "户数", "金额"),
    ("青山镇", "1203", "58.20"),
    ("白石乡", "987", "41.05"),
    ("河口镇", "22", "3.7"),
)


def spaced(rows: Rows, *gaps: int, width: int = 1) -> list[list[str]]:
    """Rows with blank columns behind those of some numbers."""
    return [
        [cell for at, text in enumerate(row) for cell in (text, *[""] * (width if at in gaps else 0))] for row in rows
    ]


def lines(rows: Rows) -> list[str]:
    names, *values = rows
    return [
        "；".join(f"{name}：{value}" for name, value in zip(names, row, strict=True) if value) + "。" for row in values
    ]


def csv_of(rows: Rows) -> bytes:
    return "\n".join(map(",".join, rows)).encode()


def html_of(rows: Rows) -> bytes:
    cells = ("".join(f"<td>{escape(text) or '&nbsp;'}</td>" for text in row) for row in rows)
    return ("<h1>表格</h1><table border=1>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>").encode()


def docx_of(rows: Rows) -> bytes:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    return saved(document)


def xlsx_of(rows: Rows, narrow: Sequence[int] = (), merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([text or None for text in row])
    for column in narrow:
        sheet.column_dimensions[get_column_letter(column)].width = 1.5
    for cells in merged:
        sheet.merge_cells(cells)
    return saved(book)


def saved(file: object) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


FORMATS: dict[str, Callable[[Rows], bytes]] = {".csv": csv_of, ".html": html_of, ".docx": docx_of, ".xlsx": xlsx_of}


def read(suffix: str, content: bytes) -> Document:
    return convert(f"表{suffix}", content, DEFAULT_BUDGET)


def tabled(document: Document) -> list[tuple[str, ...]]:
    return [table.columns for table in document.tables]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("gaps", [(0, 1, 2), (0,), (1,), (2,)])
@pytest.mark.parametrize("width", [1, 2])
def test_blank_columns_leave_the_names_where_they_are(suffix: str, gaps: tuple[int, ...], width: int) -> None:
    document = read(suffix, FORMATS[suffix](spaced(ROOMS, *gaps, width=width)))
    assert [line for line in document.text.split("\n") if "：" in line] == lines(ROOMS)
    assert tabled(document) == [tuple(ROOMS[0])]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("below", [(0,), (0, 1, 2), (0, 2)])
def test_blank_rows_leave_the_names_above_the_rows(suffix: str, below: tuple[int, ...]) -> None:
    rows = [part for at, row in enumerate(ROOMS) for part in ((row, [""] * 4) if at in below else (row,))]
    document = read(suffix, FORMATS[suffix]([("表1 门诊一览表", "", "", ""), *rows]))
    assert [line for line in document.text.split("\n") if "：" in line] == lines(ROOMS)
    assert set(tabled(document)) == {tuple(ROOMS[0])}
    assert {table.title for table in document.tables} == {"表1 门诊一览表"}


def test_a_title_and_heads_of_groups_over_all_columns_hide_no_blank_column() -> None:
    rows = [["门诊一览表"], *spaced(ROOMS[:2], 0, 1, 2), ["外科楼"], *spaced(ROOMS[2:], 0, 1, 2)]
    text = read(".xlsx", xlsx_of(rows, merged=["A1:G1", "A4:G4"])).text
    assert lines(ROOMS)[0] in text
    assert [line for line in lines(ROOMS)[1:] if f"外科楼；{line}" not in text] == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_tables_side_by_side_stay_two(suffix: str) -> None:
    rows = [[*one, "", *other] for one, other in zip(ROOMS, TOWNS, strict=True)]
    document = read(suffix, FORMATS[suffix](rows))
    assert tabled(document) == [tuple(ROOMS[0]), tuple(TOWNS[0])]


def test_tables_side_by_side_with_names_in_common_or_of_other_heights_stay_two() -> None:
    sheet = (
        ("资产", "期末", "", "负债", "期末"),
        ("现金", "120", "", "借款", "80"),
        ("存货", "60", "", "应付", "100"),
    )
    assert tabled(read(".xlsx", xlsx_of(sheet, narrow=[3]))) == [("资产", "期末"), ("负债", "期末")]
    assert len(read(".csv", csv_of([*spaced(ROOMS, 1), ("儿科", "四楼", "", "", "")])).tables) == 2
    assert len(read(".csv", csv_of([("儿科", "四楼", "", "", ""), *spaced(ROOMS, 1)])).tables) == 2


def test_a_narrow_blank_column_of_a_sheet_parts_no_table_whose_columns_look_like_two() -> None:
    rows = (
        ("乡镇", "户数", "", "负责人", "电话"),
        ("青山镇", "12", "", "甲某", "871"),
        ("白石乡", "9", "", "乙某", "872"),
    )
    whole = [[cell for cell in row if cell] for row in rows]
    assert tabled(read(".xlsx", xlsx_of(rows))) == [("乡镇", "户数"), ("负责人", "电话")]
    assert [line for line in read(".xlsx", xlsx_of(rows, narrow=[3])).text.split("\n") if "：" in line] == lines(whole)


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (("表1 闸坝", "表2 泵站"), [("闸坝", "孔数"), ("泵站", "扬程")]),
        (("闸坝", "泵站"), [("闸坝", "孔数"), ("泵站", "扬程")]),
        (("负责", "管护"), [("负责闸坝", "负责孔数", "管护泵站", "管护扬程")]),
    ],
    ids=["titled", "of other heights", "names over columns"],
)
def test_a_narrow_blank_column_parts_tables_below_titles_of_their_own(
    titles: tuple[str, str], names: list[tuple[str, ...]]
) -> None:
    last = ("", "") if titles[0].endswith("闸坝") else ("松口站", "9")
    rows = (
        (titles[0], "", "", titles[1], ""),
        ("闸坝", "孔数", "", "泵站", "扬程"),
        ("上闸", "12", "", "河口站", "6"),
        ("中闸", "10", "", "桥头站", "7"),
        ("下闸", "8", "", *last),
    )
    assert tabled(read(".xlsx", xlsx_of(rows, narrow=[3]))) == names


def test_the_blank_places_of_a_form_are_no_spacers() -> None:
    rows = (("姓名", "", "性别", ""), ("出生日期", "", "民族", ""), ("住址", "", "电话", ""))
    document = read(".docx", docx_of(rows))
    assert document.text.split() == ["姓名；性别。", "出生日期；民族。", "住址；电话。"]
    assert [name for columns in tabled(document) for name in columns if name] == []


def boxes(rows: Rows, lefts: Sequence[float], *, step: float, high: float) -> Callable[[Canvas], None]:
    """Draw a box around each cell, its columns beginning at places; `step` is that from row to row."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        for number, row in enumerate(rows):
            for left, text in zip(lefts, row, strict=True):
                y = 700 - step * number
                canvas.drawString(left + 5, y + 5, text)
                for at in (y, y + high):
                    canvas.line(left, at, left + 80, at)
                for x in (left, left + 80):
                    canvas.line(x, y, x, y + high)

    return draw


def test_boxes_of_a_pdf_that_a_narrow_gap_keeps_apart_are_one_table() -> None:
    beside = made(boxes(ROOMS, (60, 140, 232, 312), step=20, high=20))
    below = made(boxes(ROOMS, (60, 140, 220, 300), step=26, high=20))
    for document in (beside, below):
        assert [line for line in document.text.split("\n") if "：" in line] == lines(ROOMS)
        assert tabled(document) == [tuple(ROOMS[0])]


def test_boxes_of_a_pdf_with_tables_of_their_own_stay_two() -> None:
    rows = [(*one[::2], *other[:2]) for one, other in zip(ROOMS, TOWNS, strict=True)]
    document = made(boxes(rows, (60, 140, 232, 312), step=20, high=20))
    assert tabled(document) == [("科室", "联系电话"), ("乡镇", "户数")]
