"""Cells of PDF tables on several lines: what the width broke is one string, what somebody ended stays apart."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.page.open_tables.cell_lines import CellLine, cell_on_page, ended_lines, margin
from corpus.loaders.parts.page.open_tables.unmerged import Mark
from corpus.loaders.parts.page.open_tables.unmerged import lines_of as cells_lines
from tests.corpus.tables.test_open_tables import BARE, ROWS_ONLY, SHADING, THREE_LINES, Look, drawn, made, wrapped
from tests.corpus.visible.printing import SOFFICE, converted

_FONT, _SIZE, _STEP = "STSong-Light", 10, 13
Row = Sequence[str]
LEFT, MIDDLE, RIGHT = "left", "middle", "right"
NAMES = ("项目", "预算", "电话", "时限", "日期")


def ruled(rows: Sequence[Row], widths: Sequence[float], *, side: str = LEFT, padding: float = 5.4) -> str:
    """The text of a table with all rules, each cell broken at its width and at its line ends."""

    def draw(canvas: Canvas) -> None:
        xs = [60 + sum(widths[:column]) for column in range(len(widths) + 1)]
        ys = [700.0]
        canvas.setFont(_FONT, _SIZE)
        for row in rows:
            cells = [lines_of(text, width - 2 * padding) for text, width in zip(row, widths, strict=True)]
            for column, lines in enumerate(cells):
                for line, text in enumerate(lines):
                    put(
                        canvas,
                        (xs[column] + padding, xs[column + 1] - padding),
                        ys[-1] - _STEP * (line + 1),
                        text,
                        side,
                    )
            ys.append(ys[-1] - _STEP * max(map(len, cells)) - 6)
        for y in ys:
            canvas.line(xs[0], y, xs[-1], y)
        for x in xs:
            canvas.line(x, ys[0], x, ys[-1])

    return made(draw).text


def lines_of(text: str, width: float) -> list[str]:
    return [line for part in text.split("\n") for line in wrapped(part, width)]


def put(canvas: Canvas, space: tuple[float, float], y: float, text: str, side: str) -> None:
    free = space[1] - space[0] - pdfmetrics.stringWidth(text, _FONT, _SIZE)
    canvas.drawString(space[0] + {LEFT: 0.0, MIDDLE: free / 2, RIGHT: free}[side], y, text)


def said(*row: str, names: Row = NAMES) -> str:
    return "；".join(f"{name}：{value}" for name, value in zip(names, row, strict=True) if value) + "。"


BROKEN: Sequence[Row] = (
    NAMES,
    ("养老服务", "1,234.5万元", "0571-87126543", "15个工作日", "2025年3月1日"),
    ("道路改造工程", "12,345,678.90元", "13800138000", "当日办结", "2024-12-31"),
    ("供水", "98万元", "87120001", "30日", "2023年11月30日"),
)


@pytest.mark.parametrize("side", [LEFT, MIDDLE, RIGHT])
@pytest.mark.parametrize("width", [34, 41, 48, 60])
def test_what_the_width_of_a_cell_broke_is_one_string(width: float, side: str) -> None:
    text = ruled(BROKEN, (60, *[width] * 4), side=side)
    assert [row for row in BROKEN[1:] if said(*row) not in text] == []


@pytest.mark.parametrize("side", [LEFT, MIDDLE])
@pytest.mark.parametrize("width", [64, 90])
def test_lines_that_somebody_ended_stay_apart(width: float, side: str) -> None:
    rows = (
        ("项目", "预算", "电话", "材料"),
        ("养老", "98万元\n102万元", "87120001\n87120002", "身份证\n户口簿\n照片一张"),
        ("供水", "12.5\n13.8", "13800138000", "本人填写的申请表"),
        ("道路", "1200\n980", "87120003\n87120004", "身份证"),
    )
    text = ruled(rows, (60, width, width, width), side=side)
    parted = [[cell.replace("\n", " ") for cell in row] for row in rows[1:]]
    assert [row for row in parted if said(*row, names=rows[0]) not in text] == []


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("87120001\n87120002", "87120001 87120002"),
        ("87120001\n87120002\n87120003", "87120001 87120002 87120003"),
        ("0571-\n87120001\n0571-\n87120002", "0571-87120001 0571-87120002"),
        ("12800\n138000", "12800 138000"),
    ],
)
def test_values_in_a_column_as_narrow_as_they_are_stay_apart(cell: str, read: str) -> None:
    rows = (("项目", "电话"), ("养老服务", cell), ("供水管网", "87120003"), ("道路改造", "87120004"))
    width = pdfmetrics.stringWidth("87120001", _FONT, _SIZE) + 2 * 5.4
    assert f"电话：{read}。" in ruled(rows, (80, width))


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        (("12,345,6", "78.90", "元"), "12,345,678.90元"),
        (("13800138", "000"), "13800138000"),
        (("0571-871", "200", "01"), "0571-87120001"),
        (("33010219900101", "123X"), "33010219900101123X"),
        (("13800138000", "13900139000"), "13800138000 13900139000"),
        (("1,200", "980"), "1,200 980"),
    ],
)
def test_figures_tell_whether_they_are_one_where_the_room_does_not(parts: Sequence[str], read: str) -> None:
    lines = [CellLine(part, 0.0, 5.4 * len(part), 10.0) for part in parts]
    assert cell_on_page(lines, (0.0, 70.0), page=0).text == read


def test_a_written_blank_at_the_end_of_a_full_line_stays() -> None:
    lines = [CellLine("1380", 0.0, 20.0, 10.0, spaced=spaced) for spaced in (True, False)]
    below = CellLine("01", 0.0, 10.0, 10.0)
    assert [ended_lines([line, below], (0.0, 21.0)) for line in lines] == [["1380 01"], ["138001"]]


def test_a_paragraph_with_an_indent_is_no_list() -> None:
    rows = (
        ("项目", "说明"),
        ("养老", "\u3000\u3000投资收益损失以负号填列其他情况同样填列"),
        ("供水", "公允价值变动收益损失以负号填列"),
        ("道路", "资产处置收益"),
    )
    text = ruled(rows, (60, 120))
    assert "投资收益损失以负号填列其他情况同样填列" in text and "公允价值变动收益损失以负号填列" in text


def test_words_of_letters_keep_their_blank_and_addresses_have_none() -> None:
    rows = (
        ("项目", "网址", "名称"),
        ("养老", "www.zj.gov.cn/yanglao", "East Park"),
        ("供水", "gs@zj.gov.cn", "Water Works"),
        ("道路", "www.zj.gov.cn/daolu", "Road"),
    )
    text = ruled(rows, (60, 52, 120))
    assert "www.zj.gov.cn/yanglao" in text and "gs@zj.gov.cn" in text and "Water Works" in text


@pytest.mark.parametrize("look", [ROWS_ONLY, THREE_LINES, SHADING, BARE])
def test_a_broken_figure_of_a_table_without_rules_between_columns_is_one_string(look: Look) -> None:
    rows = (
        ("单位名称", "收入", "支出说明"),
        ("养老中心", "12,345,678.90元", "房屋修缮、设备购置和人员工资"),
        ("供水公司", "98.5元", "管网改造和抢修"),
        ("道路公司", "1,203.4元", "沥青路面大修工程、人行道铺装"),
    )

    def draw(canvas: Canvas) -> None:
        drawn(canvas, rows, look, widths=(120, 56, 120))

    text = made(draw).text
    assert [row for row in rows[1:] if said(*row, names=rows[0]) not in text] == []


def word_file(rows: Sequence[Row], widths: Sequence[float], alignment: WD_ALIGN_PARAGRAPH) -> bytes:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.autofit = False
    for column, width in enumerate(widths):
        table.columns[column].width = Cm(width)
        for number, row in enumerate(rows):
            cell = table.cell(number, column)
            cell.width = Cm(width)
            for at, line in enumerate(row[column].split("\n")):
                paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
                paragraph.alignment = alignment
                paragraph.add_run(line).font.size = Pt(10.5)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice")
def test_cells_that_libreoffice_broke_are_read_as_one_string(tmp_path: Path) -> None:
    rows = (*BROKEN, ("绿化", "98.5万元\n102.3万元", "0571-87120001\n0571-87120002", "20个工作日", "2021年5月6日"))
    widths = {"narrow": (1.5, 1.7, 1.6, 1.5), "wide": (2.2, 2.6, 2.2, 2.4)}
    alignments = (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY)
    files = {
        f"{name}{alignment.value}.docx": word_file(rows, (2.2, *own), alignment)
        for name, own in widths.items()
        for alignment in alignments
    }
    folder = converted(files, "pdf", tmp_path)
    expected = [said(*(cell.replace("\n", " ") for cell in row)) for row in rows[1:]]
    texts = {path.stem: convert(path.name, path.read_bytes(), DEFAULT_BUDGET).text for path in folder.iterdir()}
    assert len(texts) == len(files)
    assert {name: [row for row in expected if row not in text] for name, text in texts.items()} == dict.fromkeys(
        texts, []
    )


def test_a_word_broken_at_a_hyphen_within_a_cell_is_one_word() -> None:
    rows = (("项目", "名称"), ("养老", "infor-\nmation desk"), ("供水", "Hangzhou-\nShaoxing"), ("道路", "abc"))
    text = ruled(rows, (60, 90))
    assert "名称：information desk。" in text and "名称：Hangzhou-Shaoxing。" in text


@pytest.mark.long
def test_lines_without_number_cost_no_more_than_their_number() -> None:
    marks = [Mark("五" if number % 2 else "1", 10.0, 18.0, 12.0 * number, 10.0) for number in range(200_000)]
    lines = cells_lines(marks)
    assert len(lines) == len(marks)
    assert "".join(ended_lines(lines, (5.0, 23.0))) == "".join(mark.character for mark in marks)
    assert margin((5.0, 5.0 + number % 7, line) for number, line in enumerate(lines)) == 5.0
