"""PDF tables without rules between their columns: rows are told by rules, shades or alignment, or stay lines."""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from tests.support.counts import count
from tests.support.files.generated_tables import Generated, generated

_FONT = "STSong-Light"
_SIZE, _STEP, _PADDING = 10, 13, 5
Row = Sequence[str]
WRAPPED: Sequence[Row] = (
    ("事项", "办理条件", "材料", "时限"),
    ("居住证", "在本市居住半年以上，有合法稳定就业或者住所", "身份证、照片、就业或者住所证明原件", "15个工作日"),
    ("敬老卡", "年满六十五周岁的本市户籍老年人", "身份证、一寸照片两张", "当日"),
    ("残疾证", "经指定医院评定残疾等级，由本人或者监护人申请", "身份证、户口簿、残疾评定表、照片", "30日"),
)
FIGURES: Sequence[Row] = (
    ("乡镇", "参保人数", "缴费金额", "备注"),
    ("青山镇", "1203", "58.20", "含社区"),
    ("白石乡", "987", "41.05", ""),
    ("河口镇", "2210", "103.70", "含林场"),
    ("合计", "4400", "202.95", ""),
)


@dataclass(frozen=True)
class Look:
    """What is drawn of a table, and how its cells lie."""

    every: bool = False  # a rule below each row
    three: bool = False  # rules above and below, and below the names
    sides: bool = False  # a frame around
    shaded: bool = False  # every second row
    down: bool = False  # rules between the columns of every second row, as the style “Light List” prints
    middle: bool = False  # cells are centred in the height of their row
    gap: float = 0.0  # points between rows
    figures_right: bool = False


LIGHT_LIST = Look(every=True, three=True, sides=True, down=True)
ROWS_ONLY = Look(every=True, three=True)
THREE_LINES = Look(three=True)
SHADING = Look(shaded=True, three=True)
BARE = Look(gap=6.0)


def drawn(
    canvas: Canvas, rows: Sequence[Row], look: Look, *, top: float = 700.0, widths: Sequence[float] = ()
) -> float:
    """Draw a table, each cell's lines one after the other, and return where it ends."""
    widths = widths or [450 / len(rows[0])] * len(rows[0])
    xs = [60 + sum(widths[:column]) for column in range(len(widths) + 1)]
    ys = [top]
    canvas.setFont(_FONT, _SIZE)
    for number, row in enumerate(rows):
        cells = [wrapped(text, width - 2 * _PADDING) for text, width in zip(row, widths, strict=True)]
        high = _STEP * max(map(len, cells)) + 4 + look.gap
        if look.shaded and number % 2:
            canvas.setFillGray(0.85)
            for left, right in zip(xs, xs[1:], strict=False):
                canvas.rect(left, ys[-1] - high, right - left, high, stroke=0, fill=1)
            canvas.setFillGray(0)
        for column, lines in enumerate(cells):
            low = (high - _STEP * len(lines)) / 2 - 2 if look.middle else 0.0
            for line, text in enumerate(lines):
                y = ys[-1] - low - _STEP * (line + 1) + 1
                if look.figures_right and number and text[:1].isdigit():
                    canvas.drawRightString(xs[column + 1] - _PADDING, y, text)
                else:
                    canvas.drawString(xs[column] + _PADDING, y, text)
        if look.down and number % 2:
            for x in xs[1:-1]:
                canvas.line(x, ys[-1], x, ys[-1] - high)
        ys.append(ys[-1] - high)
    ruled = ys if look.every else [ys[0], ys[1], ys[-1]] if look.three else []
    for y in ruled:
        canvas.line(xs[0], y, xs[-1], y)
    for x in (xs[0], xs[-1]) if look.sides else ():
        canvas.line(x, ys[0], x, ys[-1])
    return ys[-1]


def wrapped(text: str, width: float) -> list[str]:
    """The lines of a cell; an empty cell has one."""
    lines = [""]
    for character in text:
        if pdfmetrics.stringWidth(lines[-1] + character, _FONT, _SIZE) > width:
            lines.append("")
        lines[-1] += character
    return lines


def made(*pages: Callable[[Canvas], object]) -> Document:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return convert("表.pdf", buffer.getvalue(), DEFAULT_BUDGET)


def report(rows: Sequence[Row], look: Look, unit: str = "") -> Document:
    """A page with a title, a table and a sentence below it."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(_FONT, _SIZE)
        canvas.drawString(60, 780, "下列事项可以在便民中心办理。")
        canvas.drawCentredString(285, 750, "表1 便民中心办事一览表")
        canvas.drawRightString(510, 725, f"单位：{unit}" if unit else "")
        end = drawn(canvas, rows, look)
        canvas.drawString(60, end - 40, "以上事项周末不办理。")

    return made(draw)


def line(names: Row, row: Row, unit: str = "") -> str:
    cells = [f"{name}：{value}" for name, value in zip(names, row, strict=True) if value]
    return "；".join([*cells, *([f"单位：{unit}"] if unit else [])]) + "。"


@pytest.mark.parametrize("look", [LIGHT_LIST, ROWS_ONLY, THREE_LINES, SHADING, BARE])
def test_each_row_of_wrapped_cells_is_one_statement(look: Look) -> None:
    document = report(WRAPPED, look)
    lines = document.text.split("\n")
    assert [line(WRAPPED[0], row) for row in WRAPPED[1:]] == [text for text in lines if "；" in text]
    assert document.tables[0].title == "表1 便民中心办事一览表"


@pytest.mark.parametrize("look", [LIGHT_LIST, ROWS_ONLY, SHADING])
def test_cells_in_the_middle_of_their_row_belong_to_it(look: Look) -> None:
    text = report(WRAPPED, replace(look, middle=True)).text
    assert [row[0] for row in WRAPPED[1:] if line(WRAPPED[0], row) not in text] == []


@pytest.mark.parametrize("look", [LIGHT_LIST, ROWS_ONLY, THREE_LINES, SHADING, BARE])
def test_figures_at_the_right_have_the_name_at_the_left_of_their_column_and_the_unit(look: Look) -> None:
    text = report(FIGURES, replace(look, figures_right=True), unit="万元").text
    assert [row for row in FIGURES[1:] if line(FIGURES[0], row, "万元") not in text] == []


SQUEEZED: Sequence[Row] = (
    ("乡镇", "参保户数", "缴费金额", "备注"),
    ("青山镇", "12", "58.20", "含社区"),
    ("白石乡", "98", "41.05", ""),
    ("河口镇", "22", "103.70", "含林场"),
)


@pytest.mark.parametrize("look", [ROWS_ONLY, THREE_LINES, SHADING, BARE])
@pytest.mark.parametrize("middle", [False, True])
def test_a_name_with_a_character_a_line_is_that_of_its_column(look: Look, middle: bool) -> None:
    def draw(canvas: Canvas) -> None:
        drawn(canvas, SQUEEZED, replace(look, middle=middle), widths=(120, 24, 60, 120))

    text = made(draw).text
    assert [row for row in SQUEEZED[1:] if line(SQUEEZED[0], row) not in text] == []


def test_words_on_their_side_within_a_table_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        drawn(canvas, FIGURES, ROWS_ONLY)
        canvas.translate(500, 630)
        canvas.rotate(90)
        canvas.drawString(0, 0, "镇村两级")

    text = made(draw).text
    assert "镇村两级" in text and line(FIGURES[0], FIGURES[2]) in text


def test_a_table_goes_on_over_the_end_of_a_page_with_its_names() -> None:
    task = "负责小区的停车、保洁、绿化和公共收益的公示"
    rows = [(f"第{number}小区", f"{chr(0x4E59 + number)}主任{task}", f"7286{number:04}") for number in range(12)]

    def first(canvas: Canvas) -> None:
        drawn(canvas, [("小区", "负责人和职责", "电话"), *rows[:8]], ROWS_ONLY, top=360)

    document = made(first, lambda canvas: drawn(canvas, rows[8:], ROWS_ONLY, top=780))
    assert [row for row in rows if line(("小区", "负责人和职责", "电话"), row) not in document.text] == []


def test_names_over_several_columns_belong_to_each() -> None:
    rows = (
        ("青山镇", "120", "131", "140", "150"),
        ("白石乡", "80", "79", "90", "95"),
        ("河口镇", "60", "66", "70", "72"),
    )

    def draw(canvas: Canvas) -> None:
        canvas.setFont(_FONT, _SIZE)
        canvas.drawString(65, 716, "乡镇")
        for middle, year in ((240, "2023年"), (420, "2024年")):
            canvas.drawCentredString(middle, 722, year)
            canvas.line(middle - 80, 717, middle + 80, 717)
            canvas.drawString(middle - 85, 704, "计划")
            canvas.drawString(middle + 5, 704, "完成")
        for y in (735, 700, 620):
            canvas.line(60, y, 510, y)
        drawn(canvas, rows, Look(gap=4), top=698, widths=(90, 90, 90, 90, 90))

    text = made(draw).text
    names = ("乡镇", "2023年计划", "2023年完成", "2024年计划", "2024年完成")
    assert [row for row in rows if line(names, row) not in text] == []


def test_rows_between_two_rules_of_a_grid_are_rows() -> None:
    def draw(canvas: Canvas) -> None:
        drawn(canvas, FIGURES, THREE_LINES)
        for x in (60, 172.5, 285, 397.5, 510):
            canvas.line(x, 700, x, 700 - 5 * 17)

    text = made(draw).text
    assert "乡镇：白石乡；参保人数：987；缴费金额：41.05。" in text
    assert not [found for found in text.split("\n") if "1203" in found and "987" in found]


def test_a_unit_on_the_line_below_its_figure_is_of_the_same_cell() -> None:
    rows = (
        ("样品名称", "受检单位", "不合格项目", "结果", "限值"),
        ("干制香菇", "青山镇山货批发\n市场", "二氧化硫残留", "0.62\ng/100g", "≤0.5\ng/100g"),
        ("酱腌萝卜条", "白石乡集贸市场", "苯甲酸", "检出", "不得检出"),
        ("鲜切鱼片", "河口镇水产店", "恩诺沙星", "0.31\nmg/kg", "≤0.1\nmg/kg"),
    )

    def draw(canvas: Canvas) -> None:
        canvas.setFont(_FONT, _SIZE)
        y = 700.0
        for row in rows:
            for x, text in zip((60, 140, 230, 320, 390), row, strict=True):
                for number, words in enumerate(text.split("\n")):
                    canvas.drawString(x, y - _STEP * number, words)
            y -= _STEP * (1 + max(text.count("\n") for text in row)) + 6

    found = [one for one in made(draw).text.split("\n") if "：" in one]
    written = [tuple(text.replace("发\n", "发").replace("\n", " ") for text in row) for row in rows]
    assert found == [line(written[0], row) for row in written[1:]]


def two_columns(canvas: Canvas) -> None:
    text = "县里决定从下个月起调整公共汽车票价成人票由两元降为一元学生凭证件半价老人继续免费乘坐请大家相互转告办理"
    canvas.setFont(_FONT, _SIZE)
    for left in (60, 300):
        for row in range(20):
            canvas.drawString(left, 690 - 18 * row, (text[row:] + text)[:20])
    for y in (710, 340):
        canvas.line(60, y, 510, y)


def paragraphs_between_rules(canvas: Canvas) -> None:
    canvas.setFont(_FONT, _SIZE)
    for row in range(6):
        y = 700 - 50 * row
        canvas.line(60, y, 510, y)
        canvas.drawString(60, y - 15, f"第{row + 1}条　　申请人应当如实提供材料，材料不齐的应当一次告知，补正之后")
        canvas.drawString(60, y - 30, "重新计算时限，逾期没有补正的视为放弃，可以重新申请。")


def placed(rows: Sequence[Row], xs: Sequence[float]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(_FONT, _SIZE)
        for number, row in enumerate(rows):
            for x, text in zip(xs, row, strict=True):
                canvas.drawString(x, 700 - 18 * number, text)

    return draw


SIGNATURES = (
    ("甲方（盖章）：", "乙方（盖章）："),
    ("法定代表人：王某", "法定代表人：李某某"),
    ("地址：杭州市解放路", "地址：涪陵区兴华路"),
    ("日期：2024年3月1日", "日期：2024年3月2日"),
)
CONTENTS = [(f"第{number}章　若干规定", str(3 * number)) for number in range(1, 9)]
NAMES = (
    ("王小明", "李大海", "赵一一", "钱二三"),
    ("孙四五", "周六六", "吴七八", "郑九十"),
    ("冯十一", "陈十二", "褚十三", "卫十四"),
)
ADDRESSES = (("便民中心", "王小明先生"), ("解放路十二号", "兴华路四号"), ("城南街道办事处", "涪陵区"), ("请寄", "收"))
ITEMS = [("•", f"带身份证和复印件{number}份") for number in range(1, 6)]


@pytest.mark.parametrize(
    "draw",
    [
        two_columns,
        paragraphs_between_rules,
        placed(SIGNATURES, (60, 300)),
        placed(CONTENTS, (60, 480)),
        placed(NAMES, (60, 180, 300, 420)),
        placed(ADDRESSES, (60, 330)),
        placed(ITEMS, (60, 85)),
    ],
)
def test_what_only_stands_in_columns_is_no_table(draw: Callable[[Canvas], None]) -> None:
    assert made(draw).tables == ()
    beside = made(draw, lambda canvas: drawn(canvas, WRAPPED, BARE))
    assert len(beside.tables) == 1


def test_lines_that_may_be_one_row_or_two_stay_lines() -> None:
    rows = (
        ("名称", "办法", "地点"),
        ("居民养老保险", "到窗口或者自助", "城南街道办事处"),
        ("登记和变更", "终端机上申请", "二楼大厅"),
    )
    document = made(lambda canvas: placed(rows, (60, 200, 340))(canvas))
    assert not [text for text in document.text.split("\n") if "：" in text]
    assert made(lambda canvas: drawn(canvas, (*rows, ("挂失", "打电话", "一楼")), LIGHT_LIST)).tables


@pytest.mark.long
@pytest.mark.parametrize("look", [LIGHT_LIST, ROWS_ONLY, THREE_LINES, SHADING, BARE])
def test_every_value_of_a_generated_table_has_its_name_and_no_value_of_another_row(look: Look) -> None:
    missing = []
    tables = [(seed, table) for seed in range(count(20, whole=120)) if is_plain(table := generated(seed))]
    for seed, table in tables:
        look = replace(look, figures_right=random.Random(seed).random() < 0.5)
        lines = report(table.cells, look, table.unit).text.split("\n")
        owners = {truth.value: truth.rows for truth in table.truths}
        for text in lines:
            values = [cell.rsplit("：", 1)[-1] for cell in text.rstrip("。").split("；")]
            assert len({owners[value] for value in values if value in owners}) < 2, (seed, text)
        forms = [
            (f"{truth.columns[-1]}：{truth.value}", f"{truth.columns[-1]}年：{truth.value}") for truth in table.truths
        ]
        missing += [pair for pair in forms if not any(form in text for form in pair for text in lines)]
    assert tables and not missing


def is_plain(table: Generated) -> bool:
    return table.header == 1 and not table.merged and bool(table.cells[0][0])
