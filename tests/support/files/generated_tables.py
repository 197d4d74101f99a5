"""Tables drawn by lot, of which every name and value is known, written by the libraries that offices' programs use."""

import csv
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import docx
import openpyxl
import pptx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pptx.util import Cm
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

PLACES = "青山 白石 河口 南坪 桃源 石门 双河 柳林 龙潭 金竹 凤岭 云台 古桥 马鞍 松柏 梅溪".split()  # noqa: SIM905  # reads better
KINDS = ("镇", "乡", "街道")
GROUPS = ("城镇居民", "农村居民", "企业职工", "灵活就业", "在校学生", "现役军属")
LEAVES = ("参保人数", "缴费金额", "补助金额", "办件数量", "服务面积", "发放户数", "建设投资", "库存数量", "平均价格")
ABOVE = ("上年完成", "本年计划", "本年完成", "上半年", "下半年", "调整前", "调整后")
TEXTS = (
    "电子社保卡发放",
    "银行转账",
    "社区代办",
    "上门服务",
    "网上申请",
    "窗口领取",
    "邮寄送达",
    "电话预约",
    "自助终端打印",
)
TITLES = ("城乡居民保险统计表", "便民服务情况一览表", "惠民补贴发放明细表", "重点项目建设情况表", "公共设施分布统计")
UNITS = ("万元", "人", "元", "平方米", "户")

Span = tuple[int, int, int, int]  # top, left, height, width


@dataclass(frozen=True, slots=True)
class Truth:
    """A value with all names that belong to it."""

    value: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figure: bool


@dataclass(frozen=True, slots=True)
class Generated:
    """A table: its cells, those merged, what stands around it, and what has to be found."""

    title: str
    unit: str
    note: str
    cells: tuple[tuple[str, ...], ...]
    merged: tuple[Span, ...]
    header: int
    truths: tuple[Truth, ...]


def generated(seed: int) -> Generated:
    """The table of a number, always the same one."""
    chance = random.Random(seed)
    levels = chance.choice((1, 1, 2, 2, 3))
    keys = chance.choice((1, 1, 2))
    paths = _years(chance) if levels == 1 and chance.random() < 0.4 else _paths(chance, levels)
    blank = keys == 1 and chance.random() < 0.3
    names = [("",)] if blank else [(name,) for name in ("乡镇", "人员类别")[:keys]]
    header, merged = _header([*names, *paths], levels)
    texts = chance.random() < 0.4 and levels == 1 and not paths[0][0][:1].isdigit()
    rows, own, truths = _body(chance, keys, paths, texts=texts)
    merged += [(top + levels, left, height, width) for top, left, height, width in own]
    title = f"{chance.choice(('2023', '2024', '2025'))}年{chance.choice(PLACES)}县{chance.choice(TITLES)}"
    unit = chance.choice(UNITS) if chance.random() < 0.5 else ""
    note = "注：数据截至年末，由各乡镇汇总上报。" if chance.random() < 0.4 else ""
    return Generated(title, unit, note, tuple(map(tuple, [*header, *rows])), tuple(merged), levels, tuple(truths))


def _years(chance: random.Random) -> list[tuple[str, ...]]:
    first, form = chance.randint(2015, 2021), chance.choice(("{}", "{}年"))
    return [(form.format(year),) for year in range(first, first + chance.randint(2, 5))]


def _paths(chance: random.Random, levels: int) -> list[tuple[str, ...]]:
    leaves = chance.sample(LEAVES, 4)
    if levels == 1:
        return [(leaf,) for leaf in leaves[: chance.randint(2, 4)]]
    above = chance.sample(ABOVE, 2)
    if levels == 2:
        paths: list[tuple[str, ...]] = [(group, leaf) for group in above for leaf in leaves[:2]]
    else:
        paths = [(group, kind, leaf) for group in above for kind in ("城区", "乡村") for leaf in leaves[:2]]
    return [*paths, (leaves[3],)] if chance.random() < 0.4 else paths


def _header(columns: list[tuple[str, ...]], levels: int) -> tuple[list[list[str]], list[Span]]:
    rows = [["" for _ in columns] for _ in range(levels)]
    merged: list[Span] = []
    for at, path in enumerate(columns):
        for level, name in enumerate(path):
            rows[level][at] = name
        if len(path) < levels and path[0]:
            merged.append((len(path) - 1, at, levels - len(path) + 1, 1))
    for level in range(levels - 1):
        start = 0
        while start < len(columns):
            stop = start + 1
            own = columns[start][: level + 1]
            while len(own) > level and stop < len(columns) and len(columns[stop]) > level + 1:
                if columns[stop][: level + 1] != own:
                    break
                rows[level][stop] = ""
                stop += 1
            if stop - start > 1:
                merged.append((level, start, 1, stop - start))
            start = stop
    return rows, merged


def _body(
    chance: random.Random, keys: int, paths: list[tuple[str, ...]], *, texts: bool
) -> tuple[list[list[str]], list[Span], list[Truth]]:
    places = [place + chance.choice(KINDS) for place in chance.sample(PLACES, chance.randint(3, 5))]
    figures = chance.sample(range(1_011, 9_999), 120)
    labels = iter(f"{chance.choice(TEXTS)}{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉")
    rows: list[list[str]] = []
    merged: list[Span] = []
    truths: list[Truth] = []
    decimals = chance.random() < 0.5
    for place in places:
        groups = chance.sample(GROUPS, chance.randint(2, 3)) if keys == 2 else [""]
        if keys == 2:
            merged.append((len(rows), 0, len(groups), 1))
        for number, group in enumerate(groups):
            row = [place if number == 0 else "", *([group] if keys == 2 else [])]
            for at, path in enumerate(paths):
                figure = not (texts and at == len(paths) - 1 and keys == 1)
                value = f"{figures.pop() / 10:.1f}" if decimals and figure else str(figures.pop())
                value = value if figure else next(labels)
                row.append(value)
                truths.append(Truth(value, (place, *([group] if group else [])), path, figure))
            rows.append(row)
    return rows, merged, truths


def xlsx_table(table: Generated, chance: random.Random) -> bytes:
    """A sheet with the table somewhere on it; now and then another one below."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    row = 1
    left = chance.choice((1, 1, 2))
    width = len(table.cells[0])
    for line in filter(None, (table.title, f"单位：{table.unit}" if table.unit else "")):
        sheet.cell(row, left, line)
        if chance.random() < 0.5:
            sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=left + width - 1)
        row += 1
    row += chance.choice((0, 0, 1))
    for number, cells in enumerate(table.cells):
        for column, text in enumerate(cells):
            cell = sheet.cell(row + number, left + column, _typed(text) if number >= table.header else text or None)
            if "." in text:
                cell.number_format = "0.0"
    for top, first, height, span in table.merged:
        sheet.merge_cells(
            start_row=row + top,
            start_column=left + first,
            end_row=row + top + height - 1,
            end_column=left + first + span - 1,
        )
    row += len(table.cells)
    if table.note:
        sheet.cell(row, left, table.note)
    if chance.random() < 0.4:
        beside: list[tuple[str, str | int | None]] = [
            ("另附：联系方式", None),
            ("窗口", "电话"),
            ("一号窗口", 72860001),
            ("二号窗口", 72860002),
        ]
        for number, pair in enumerate(beside):
            for column, value in enumerate(pair):
                sheet.cell(row + 2 + number, left + column, value)
    return _saved(workbook.save)


def csv_table(table: Generated, chance: random.Random) -> bytes:
    """Merged cells are blank but for the first."""
    delimiter = chance.choice((",", ";", "\t"))
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    padded = chance.random() < 0.5
    for line in filter(None, (table.title, f"单位：{table.unit}" if table.unit else "")):
        writer.writerow([line, *([""] * (len(table.cells[0]) - 1) if padded else [])])
    for cells in table.cells:
        writer.writerow([text.replace("领取", "领\n取") for text in cells])
    if table.note:
        writer.writerow([table.note])
    return buffer.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "gb18030")))


def markdown_table(table: Generated, chance: random.Random) -> bytes:
    """Merged cells are blank but for the first, as programs write them that turn other formats into Markdown."""
    mark = chance.choice(("", "**"))
    lines = [f"{mark}{table.title}{mark}", ""]
    lines += [f"单位：{table.unit}", ""] if table.unit else []
    rows = [f"| {' | '.join(cells)} |" for cells in table.cells]
    lines += [rows[0], "|---" * len(table.cells[0]) + "|", *rows[1:], ""]
    lines += [table.note] if table.note else []
    return "\n".join(lines).encode()


def html_table(table: Generated, chance: random.Random) -> bytes:
    """A page with a paragraph or a caption above the table."""
    cell = "th" if chance.random() < 0.5 else "td"
    caption = chance.random() < 0.5
    rows = []
    spans = {(top, left): (height, width) for top, left, height, width in table.merged}
    for row, cells in enumerate(table.cells):
        markup = ""
        for column, text in enumerate(cells):
            if any(_covers(span, row, column) for span in table.merged) and (row, column) not in spans:
                continue
            height, width = spans.get((row, column), (1, 1))
            tag = cell if row < table.header else "td"
            markup += f'<{tag} rowspan="{height}" colspan={width}>{escape(text)}</{tag}>'
        rows.append(f"<tr>{markup}</tr>")
    title, unit = escape(table.title), f"单位：{table.unit}" if table.unit else ""
    above = "" if caption else f"<p>{title}</p>" + (f"<p>{unit}</p>" if unit else "")
    inside = f"<caption>{title}{f'（{unit}）' if unit else ''}</caption>" if caption else ""
    note = f"<p>{table.note}</p>" if table.note else ""
    page = f"<h1>公开信息</h1><p>现将有关情况公布。</p>{above}<table>{inside}{''.join(rows)}</table>{note}"
    return f"<html><meta charset=utf-8><body>{page}</body></html>".encode()


def docx_table(table: Generated, chance: random.Random) -> bytes:
    """A report with the table's title and unit in paragraphs above it."""
    document = docx.Document()
    document.add_heading("公开信息", 1)
    document.add_paragraph("现将有关情况公布。")
    document.add_paragraph(table.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if table.unit:
        document.add_paragraph(f"单位：{table.unit}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    grid = document.add_table(rows=len(table.cells), cols=len(table.cells[0]))
    _fill(table, lambda row, column: grid.cell(row, column))
    document.add_paragraph(table.note or "以上由县政府办公室负责解释。")
    return _saved(document.save)


def pptx_table(table: Generated, chance: random.Random) -> bytes:
    """A slide with the table's title, and its unit in a box."""
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = table.title
    if table.unit:
        slide.shapes.add_textbox(Cm(18), Cm(4), Cm(5), Cm(1)).text_frame.text = f"单位：{table.unit}"
    size = len(table.cells), len(table.cells[0])
    grid = slide.shapes.add_table(*size, Cm(1), Cm(6), Cm(22), Cm(10)).table
    _fill(table, lambda row, column: grid.cell(row, column))
    return _saved(presentation.save)


def pdf_table(table: Generated, chance: random.Random) -> bytes:
    """A page on which rules draw the cells; now and then the rows go on over the end of the page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    wide = 500 / len(table.cells[0])
    y = chance.choice((760.0, 760.0, 290.0))
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(60, y + 60, "现将有关情况公布如下，请各乡镇对照执行。")
    canvas.drawCentredString(300, y + 35, table.title)
    if table.unit:
        canvas.drawRightString(550, y + 12, f"单位：{table.unit}")
    spans = {(top, left): (height, width) for top, left, height, width in table.merged}
    high, starts = 28.0, [row for row in range(table.header, len(table.cells) + 1) if _apart(table, row)]
    first = 0
    while first < len(table.cells):
        fitting = [row for row in starts if row > first and y - (row - first) * high > 40]
        stop = max(fitting, default=min((row for row in starts if row > first), default=len(table.cells)))
        canvas.setFont("STSong-Light", 8)
        for row in range(first, stop):
            for column, text in enumerate(table.cells[row]):
                if any(_covers(span, row, column) for span in table.merged) and (row, column) not in spans:
                    continue
                height, width = spans.get((row, column), (1, 1))
                left, top = 50 + column * wide, y - (row - first) * high
                canvas.rect(left, top - height * high, width * wide, height * high)
                fits = max(1, int((width * wide - 6) // 8)) if not text[:1].isdigit() else 99
                for number, start in enumerate(range(0, len(text), fits)):
                    canvas.drawString(left + 3, top - 10 - 9 * number, text[start : start + fits])
        first = stop
        if first < len(table.cells):
            canvas.showPage()
            y = 780.0
        else:
            y -= (len(table.cells)) * high
    if table.note:
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(60, max(y - 20, 20), table.note)
    canvas.save()
    return buffer.getvalue()


def _apart(table: Generated, row: int) -> bool:
    """Whether no merged cell reaches over the upper edge of a row."""
    return not any(top < row < top + height for top, _, height, _ in table.merged)


def _fill(table: Generated, at: Callable[[int, int], Any]) -> None:
    for top, left, height, width in table.merged:
        at(top, left).merge(at(top + height - 1, left + width - 1))
    for row, cells in enumerate(table.cells):
        for column, text in enumerate(cells):
            if text:
                at(row, column).text = text


def _covers(span: Span, row: int, column: int) -> bool:
    top, left, height, width = span
    return top <= row < top + height and left <= column < left + width


def _typed(text: str) -> str | int | float | None:
    if text.isdigit():
        return int(text)
    return float(text) if text.replace(".", "").isdigit() else text or None


def _saved(save: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


WRITERS: Mapping[str, Callable[[Generated, random.Random], bytes]] = {
    ".xlsx": xlsx_table,
    ".csv": csv_table,
    ".md": markdown_table,
    ".html": html_table,
    ".docx": docx_table,
    ".pptx": pptx_table,
    ".pdf": pdf_table,
}
