"""Tables that go on over slides: their rows have the names of the columns and the title of the first slide."""

import io
from collections.abc import Sequence
from typing import Any

import pptx
import pytest
from pptx.util import Cm

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET

Rows = Sequence[Sequence[str]]
NAMES = ("科室", "诊室", "联系电话", "开放时间")
FIRST = (("内科", "一楼东", "87120001", "8:30"), ("外科", "二楼西", "87120002", "9:00"))
SECOND = (("儿科", "四楼", "87120003", "8:00"), ("眼科", "五楼", "87120004", "8:30"))
DUTY = (("张某", "内科", "87120005", "全天"), ("李某", "外科", "87120006", "全天"))


def read(*slides: tuple[str, Rows, str], widths: Sequence[float] = (5, 5, 5, 5)) -> Document:
    """Read slides, each with a title, a table and words above the table; `widths` (cm) are those of the last one."""
    presentation: Any = pptx.Presentation()
    for number, (title, rows, above) in enumerate(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        if title:
            slide.shapes.title.text = title
        if above:
            slide.shapes.add_textbox(Cm(2), Cm(4), Cm(15), Cm(1)).text_frame.text = above
        if not rows:
            continue
        table = slide.shapes.add_table(len(rows), len(rows[0]), Cm(2), Cm(6), Cm(20), Cm(5)).table
        for column in range(len(rows[0])):
            table.columns[column].width = Cm(widths[column] if number == len(slides) - 1 else 20 / len(rows[0]))
            for row, cells in enumerate(rows):
                table.cell(row, column).text = cells[column]
    buffer = io.BytesIO()
    presentation.save(buffer)
    return convert("讲稿.pptx", buffer.getvalue(), DEFAULT_BUDGET)


def said(rows: Rows, names: Sequence[str] = NAMES) -> list[str]:
    return ["；".join(f"{name}：{value}" for name, value in zip(names, row, strict=True)) + "。" for row in rows]


def rows_of(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line.endswith("。")]


@pytest.mark.parametrize("title", ["门诊安排（续）", "门诊安排", "门诊安排（2/2）", "续 门诊安排", ""])
@pytest.mark.parametrize("rows", [SECOND, SECOND[:1], (NAMES, *SECOND), (NAMES, SECOND[0])])
def test_rows_on_the_next_slide_have_the_names_of_their_columns(title: str, rows: Rows) -> None:
    document = read(("门诊安排", (NAMES, *FIRST), ""), (title, rows, ""))
    below = [row for row in rows if row != NAMES]
    assert rows_of(document) == said((*FIRST, *below))
    assert [table.columns for table in document.tables] == [NAMES, NAMES]
    assert [len(table.rows) for table in document.tables] == [len(FIRST), len(below)]
    assert document.pages[1].start <= document.text.index(below[0][0])


def test_a_table_goes_on_over_three_slides_with_title_and_unit() -> None:
    names, parts = (
        ("乡镇", "人数"),
        [(("甲镇", "120"), ("乙镇", "98")), (("丙镇", "77"),), (("丁镇", "65"), ("戊镇", "51"))],
    )
    document = read(
        ("参保", (names, *parts[0]), "表1 参保人数一览表 单位：人"),
        ("参保（续）", parts[1], "续表1"),
        ("", parts[2], ""),
        widths=(10, 10),
    )
    assert rows_of(document) == [f"乡镇：{town}；人数：{number}；单位：人。" for part in parts for town, number in part]
    assert all("参保人数一览表" in table.title for table in document.tables)


def test_words_that_two_slides_have_at_the_top_are_names_whatever_they_say() -> None:
    names, first, second = ("楼栋", "楼长"), (("甲栋", "张某"), ("乙栋", "李某")), (("丙栋", "王某"), ("丁栋", "赵某"))
    document = read(("楼长", (names, *first), ""), ("楼长（续）", (names, *second), ""), widths=(10, 10))
    assert rows_of(document) == said((*first, *second), names)


@pytest.mark.parametrize(
    ("title", "rows", "widths"),
    [
        ("值班人员", SECOND, (5, 5, 5, 5)),
        ("", (("部门", "窗口", "服务热线", "办公时间"), *SECOND, *FIRST), (5, 5, 5, 5)),
        ("", SECOND, (2, 8, 5, 5)),
        ("", DUTY, (5, 5, 5, 5)),
        ("", (("单位", "2023年", "2024年", "2025年"), ("一中", "2", "3", "4")), (5, 5, 5, 5)),
        ("", (("8:30", "张某", "东门", "开门"), ("9:00", "李某", "西门", "关门")), (5, 5, 5, 5)),
    ],
)
def test_another_table_on_the_next_slide_has_none_of_these_names(
    title: str, rows: Rows, widths: Sequence[float]
) -> None:
    document = read(("门诊安排", (NAMES, *FIRST), ""), (title, rows, ""), widths=widths)
    assert rows_of(document)[:2] == said(FIRST)
    assert [row for row in rows_of(document)[2:] if "科室：" in row or "诊室：" in row] == []


def test_a_slide_between_ends_a_table() -> None:
    document = read(("门诊安排", (NAMES, *FIRST), ""), ("备注", (), "节假日停诊。"), ("门诊安排", SECOND, ""))
    assert [row for row in rows_of(document) if row in said(SECOND)] == []
