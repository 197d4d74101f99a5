"""Slides: what heads them, the order of what lies on them, and what is told to staff because it cannot be read."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Cm, Pt

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from corpus.text.headings.paths import headings_at

Box = tuple[str, float, float, float, float]


def read(*fills: Callable[[Any], None], layout: int = 5) -> Document:
    """Read a presentation with one slide for each function that fills it."""
    presentation: Any = pptx.Presentation()
    for fill in fills:
        fill(presentation.slides.add_slide(presentation.slide_layouts[layout]))
    buffer = io.BytesIO()
    presentation.save(buffer)
    return convert("讲稿.pptx", buffer.getvalue(), DEFAULT_BUDGET)


def boxes(*places: Box, title: str = "办事流程", size: int = 18) -> Callable[[Any], None]:
    """Fill a slide with boxes: words, left, top, width, height (cm)."""

    def fill(slide: Any) -> None:
        if slide.shapes.title is not None:
            slide.shapes.title.text = title
        for text, *place in places:
            box(slide, text, place, size)

    return fill


def box(slide: Any, text: str, place: Any, size: int) -> Any:
    shape = slide.shapes.add_textbox(*map(Cm, place))
    shape.text_frame.text = text
    shape.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    return shape


def words(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line]


def headed(heading: str, sentence: str) -> Callable[[Any], None]:
    def fill(slide: Any) -> None:
        box(slide, heading, (2, 1, 20, 2), 30)
        box(slide, sentence, (2, 6, 20, 2), 18)

    return fill


def test_words_in_the_largest_type_at_the_top_head_a_slide_without_a_title() -> None:
    slides = (headed("社保政策解读", "区人社局编印。"), headed("医疗保险", "住院报销八成。"), headed("80%", "是比例。"))
    document = read(*slides, layout=6)
    assert document.title == "社保政策解读"
    path = [headings_at(document, document.text.index(each)) for each in ("八成", "是比例")]
    assert path == [("医疗保险",), ("医疗保险",)]  # a figure heads nothing


def test_words_as_large_as_others_or_at_the_bottom_head_nothing() -> None:
    first = headed("社保政策解读", "区人社局编印。")
    alike = boxes(("医疗保险", 2, 1, 20, 2), ("住院报销八成。", 2, 6, 20, 2))
    below = boxes(("住院报销八成。", 2, 1, 20, 2))

    def at_the_bottom(slide: Any) -> None:
        below(slide)
        box(slide, "谢谢大家", (2, 15, 20, 2), 40)

    assert [heading.level for heading in read(first, alike, at_the_bottom, layout=6).headings] == [1]


@pytest.mark.parametrize(("line", "title"), [("区政务中心搬迁公告", "区政务中心搬迁公告"), ("各单位：", "讲稿")])
def test_a_heading_of_a_later_slide_is_not_the_title(line: str, title: str) -> None:
    first = boxes((line, 2, 8, 20, 2), ("我中心本月迁址。", 2, 11, 20, 2))
    assert read(first, headed("五、电话", "电话不变。"), layout=6).title == title


def test_a_title_outside_of_the_slide_is_not_read() -> None:
    def fill(slide: Any) -> None:
        boxes(("可见的字。", 2, 6, 10, 2), title="片外标题")(slide)
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = map(Cm, (1, -6, 10, 3))

    assert words(read(fill)) == ["可见的字。"]


def test_a_box_with_the_number_of_the_title_is_read() -> None:
    def fill(slide: Any) -> None:
        boxes(("同号的框。", 2, 6, 10, 2))(slide)
        slide.shapes[-1]._element.nvSpPr.cNvPr.set("id", str(slide.shapes.title.shape_id))

    assert words(read(fill)) == ["办事流程", "同号的框。"]


CARDS = [("甲", 1, 5, 7, 1.2), ("乙", 9, 5, 7, 1.2), ("子", 1, 6.3, 7, 4), ("丑", 9, 6.3, 7, 4)]
LABELS = [("名", 2, 5, 3, 1.2), ("值", 5.2, 5.01, 12, 1.2), ("项", 2, 8.01, 3, 1.2), ("数", 5.2, 8, 12, 1.2)]


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (CARDS, "甲子乙丑"),
        (LABELS, "名值项数"),
        ([("左", 1, 5.02, 11, 2), ("右", 13, 5, 11, 2), ("下", 1, 9, 23, 2)], "左右下"),
        ([("上", 1, 5, 11, 2), ("叠", 2, 6, 11, 2), ("底", 1.5, 7.5, 11, 2)], "上叠底"),
    ],
)
def test_cards_are_read_one_after_the_other_and_rows_across(places: list[Box], order: str) -> None:
    assert "".join(words(read(boxes(*places)))[1:]) == order
    assert "".join(words(read(boxes(*reversed(places))))[1:]) == order


def grouped(*cards: tuple[Box, Box], nested: bool = False) -> Callable[[Any], None]:
    """Fill a slide with cards, each a group of two boxes in the order given; `nested` in one group."""

    def fill(slide: Any) -> None:
        boxes()(slide)
        around = slide.shapes.add_group_shape() if nested else slide
        for card in cards:
            group = around.shapes.add_group_shape()
            for text, *place in card:
                box(group, text, place, 18)

    return fill


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("figure", ["0.5个工作日", "91.4%", "26处", "约3.2万人", "12345", "¥1,200"])
def test_a_figure_and_its_label_in_a_group_are_one_line(figure: str, nested: bool) -> None:
    left = ((figure, 1, 5, 7, 2), ("企业开办", 1, 7.1, 7, 1))
    right = (("施工许可核发：", 10, 5, 7, 1), ("3个工作日", 10, 6.1, 7, 2))
    for cards in ((left, right), (right[::-1], left[::-1])):
        assert words(read(grouped(*cards, nested=nested)))[1:] == [f"企业开办：{figure}", "施工许可核发：3个工作日"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("01", "工作总结"),
        ("2024年", "工作总结"),
        ("全程网办", "年审"),
        ("26处", "38处"),
        ("26处", "今年建成自助区，明年再建。"),
        ("第2步", "提交材料"),
    ],
)
def test_other_words_in_a_group_stay_apart(one: str, other: str) -> None:
    card = ((one, 1, 5, 7, 2), (other, 1, 7.1, 7, 1))
    assert words(read(grouped(card)))[1:] == [one, other]


def test_a_figure_beside_two_labels_belongs_to_neither() -> None:
    def fill(slide: Any) -> None:
        grouped((("26处", 1, 5, 7, 2), ("自助区", 1, 7.1, 7, 1)))(slide)
        box(slide.shapes[-1], "窗口", (1, 8.2, 7, 1), 18)

    assert words(read(fill))[1:] == ["26处", "自助区", "窗口"]


def test_a_formula_is_read_on_one_line() -> None:
    names = 'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    names += 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    fraction = "<m:f><m:num><m:r><m:t>甲</m:t></m:r></m:num><m:den><m:r><m:t>乙</m:t></m:r></m:den></m:f>"

    def fill(slide: Any) -> None:
        boxes(("比率为", 2, 6, 10, 2))(slide)
        slide.shapes[-1].text_frame.paragraphs[0]._p.append(
            parse_xml(f"<a14:m {names}><m:oMath>{fraction}</m:oMath></a14:m>")
        )

    assert words(read(fill)) == ["办事流程", "比率为甲/乙"]


def test_an_embedded_workbook_and_a_chart_of_a_newer_kind_are_a_remark() -> None:
    def embedded(slide: Any) -> None:
        boxes(("见下表。", 2, 4, 10, 2))(slide)
        content = io.BytesIO()
        openpyxl.Workbook().save(content)
        content.seek(0)
        slide.shapes.add_ole_object(content, "Excel.Sheet.12", Cm(2), Cm(6), Cm(8), Cm(5))

    def newer(slide: Any) -> None:
        embedded(slide)
        data = next(
            slide.shapes[-1]._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData")
        )
        data.set("uri", "http://schemas.microsoft.com/office/drawing/2014/chartex")
        data.remove(data[0])

    assert read(boxes(("一句。", 2, 6, 10, 2))).remark == ""
    remark = read(boxes(("一句。", 2, 6, 10, 2)), embedded, newer).remark
    assert "第2张幻灯片有嵌入的对象" in remark and "第3张幻灯片有新式图表" in remark


_STEPS = ("报名", "初审", "笔试")


def test_dates_in_a_row_of_boxes_stand_behind_the_labels_above_them() -> None:
    dates = ("5月6日—9日", "5月20日", "6月8日9:00")
    found = read(
        boxes(
            *((words, 1.0 + 8 * at, 5.0, 6.0, 1.5) for at, words in enumerate(_STEPS)),
            *((words, 1.0 + 8 * at, 7.5, 6.0, 1.5) for at, words in enumerate(dates)),
        )
    )
    assert words(found)[1:] == ["报名：5月6日—9日", "初审：5月20日", "笔试：6月8日9:00"]


@pytest.mark.parametrize("below", [("5月6日", "5月20日"), ("甲组", "乙组", "丙组")])
def test_boxes_below_labels_stay_apart_where_some_is_missing_or_none_holds_a_figure(below: tuple[str, ...]) -> None:
    found = read(
        boxes(
            *((words, 1.0 + 8 * at, 5.0, 6.0, 1.5) for at, words in enumerate(_STEPS)),
            *((words, 1.0 + 8 * at, 7.5, 6.0, 1.5) for at, words in enumerate(below)),
        )
    )
    assert not any("：" in line for line in words(found))


def test_each_value_of_a_chart_of_one_series_says_of_what_it_is() -> None:
    def fill(slide: Any) -> None:
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx types it in part
        data.categories = ["2023", "2024"]
        data.add_series("垃圾清运量（万吨）", (3.2, 3.5))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(2), Cm(4), Cm(16), Cm(10), data).chart
        chart.plots[0].has_data_labels = True
        chart.plots[0].data_labels.show_value = True

    assert words(read(fill))[-2:] == ["2023年垃圾清运量：3.2万吨。", "2024年垃圾清运量：3.5万吨。"]
