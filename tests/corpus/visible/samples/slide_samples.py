"""Presentations with one thing each that is easily lost or wrongly read; hidden words begin with 密."""

import io
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.util import Cm

_XA = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def _box(slide: Any, text: str, left: float = 2, top: float = 6) -> Any:
    shape = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(10), Cm(1.5))
    shape.text_frame.text = text
    return shape


def _text(slide: Any) -> None:
    _box(slide, "窗口周一开放。")


def _notes(slide: Any) -> None:
    _box(slide, "公开的内容。")
    slide.notes_slide.notes_text_frame.text = "密讲稿。"


def _beside(slide: Any) -> None:
    _box(slide, "片内的字。")
    _box(slide, "密片外左。", left=-12)
    _box(slide, "密片外下。", top=25)


def _hidden(slide: Any) -> None:
    _box(slide, "看得见的框。")
    _box(slide, "密隐藏框。", top=9)._element.nvSpPr.cNvPr.set("hidden", "1")


def _group(slide: Any) -> None:
    group = slide.shapes.add_group_shape()
    for row, text in enumerate(("组内第一。", "组内第二。")):
        group.shapes.add_textbox(Cm(2), Cm(5 + 2 * row), Cm(8), Cm(1)).text_frame.text = text


def _group_beside(slide: Any) -> None:
    """A group drawn at half its size: of its boxes, one lies outside of the slide though its own numbers do not."""
    group = slide.shapes.add_group_shape()
    for left, text in ((2, "组内可见。"), (22, "组内也可见。"), (60, "密组内片外。"), (-30, "密组内片左。")):
        group.shapes.add_textbox(Cm(left), Cm(8), Cm(8), Cm(1)).text_frame.text = text
    places = group._element.grpSpPr.find(f"{_XA}xfrm")
    for name, value in (("off", ("x", -15)), ("ext", ("cx", 49)), ("chOff", ("x", -30)), ("chExt", ("cx", 98))):
        places.find(f"{_XA}{name}").set(value[0], str(Cm(value[1])))


def _master_table(slide: Any) -> None:
    _box(slide, "正文在此。")
    table = slide.shapes.add_table(2, 2, Cm(2), Cm(12), Cm(16), Cm(3))
    for place, text in enumerate(("事项", "时限", "登记", "三日")):
        table.table.cell(*divmod(place, 2)).text = text
    slide.slide_layout.slide_master.shapes._spTree.append(table._element)


def _shape(slide: Any) -> None:
    slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(2), Cm(5), Cm(8), Cm(3)).text_frame.text = "图形里的字"


def _table(slide: Any) -> None:
    table = slide.shapes.add_table(2, 2, Cm(2), Cm(5), Cm(16), Cm(3)).table
    for place, text in enumerate(("事项", "时限", "登记", "三日")):
        table.cell(*divmod(place, 2)).text = text


def _chart(slide: Any) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx types it in part
    data.categories = ["城关镇", "白石镇"]
    data.add_series("办件数", (30, 50))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(2), Cm(4), Cm(16), Cm(10), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "各镇办件情况"
    chart.plots[0].has_data_labels = True
    chart.plots[0].data_labels.show_value = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False


def _numbered(slide: Any, scheme: str) -> None:
    frame = _box(slide, "申请").text_frame
    for text in ("受理", "办结"):
        frame.add_paragraph().text = text
    for paragraph in frame.paragraphs:
        paragraph._p.get_or_add_pPr().append(parse_xml(f"<a:buAutoNum {_A} type='{scheme}'/>"))


def _breaks(slide: Any) -> None:
    _box(slide, "第一行\v第二行")


def _footer(slide: Any) -> None:
    _box(slide, "正文在此。")
    layout = slide.slide_layout
    source = next(each for each in layout.placeholders if each.placeholder_format.type == 15)
    slide.shapes._spTree.append(deepcopy(source._element))
    slide.shapes[-1].text_frame.text = "合作办编印"


def _two_forms(slide: Any) -> None:
    """A box that newer programs show in one form and older ones in another."""
    _box(slide, "框外一句。")
    shape = _box(slide, "两种写法的一句。", top=9)._element
    both = parse_xml(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:a14='
        '"http://schemas.microsoft.com/office/drawing/2010/main"><mc:Choice Requires="a14"/><mc:Fallback/>'
        "</mc:AlternateContent>"
    )
    shape.addprevious(both)
    both[1].append(deepcopy(shape))
    both[0].append(shape)


def _dated(slide: Any) -> None:
    _box(slide, "正文在此。")
    source = next(each for each in slide.slide_layout.placeholders if each.placeholder_format.type == 16)
    slide.shapes._spTree.append(deepcopy(source._element))
    slide.shapes[-1].text_frame.text = "二〇二四年三月"


def _symbols(slide: Any) -> None:
    run = _box(slide, "").text_frame.paragraphs[0].add_run()
    run.text, run.font.name = "\uf0fe", "Wingdings"
    _box(slide, "已办结", top=9)


def _rgb(figures: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(figures))  # type: ignore[no-untyped-call]  # python-pptx types it in part


def _colour(shape: Any, figures: str) -> Any:
    for paragraph in shape.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.color.rgb = _rgb(figures)
    return shape


def _filled(shape: Any, figures: str) -> Any:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(figures)
    return shape


def _white(slide: Any) -> None:
    _box(slide, "看得见的框。")
    _colour(_box(slide, "密白纸白字。", top=9), "FFFFFF")
    _filled(_colour(_box(slide, "密同色的字。", top=12), "1F3864"), "1F3864")
    _box(slide, "密主题白字。", top=15).text_frame.paragraphs[0].runs[
        0
    ].font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def _white_on_a_colour(slide: Any) -> None:
    _filled(_colour(_box(slide, "深框白字。"), "FFFFFF"), "1F3864")
    _filled(slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(1), Cm(9), Cm(14), Cm(3)), "800000")
    _colour(_box(slide, "色块上的白字。", top=9.5), "FFFFFF")
    table = slide.shapes.add_table(2, 2, Cm(2), Cm(14), Cm(16), Cm(3)).table
    for place, text in enumerate(("事项", "时限", "登记", "三日")):
        table.cell(*divmod(place, 2)).text = text
        if place < 2:
            _colour(table.cell(0, place), "FFFFFF")


def _white_on_a_dark_slide(slide: Any) -> None:
    _filled(slide.background, "1F3864")
    _colour(_box(slide, "深色页上的白字。"), "FFFFFF")
    _colour(slide.shapes.title, "FFFFFF")


_SLIDES: Mapping[str, Callable[[Any], None]] = {
    "text": _text,
    "notes": _notes,
    "beside": _beside,
    "hidden_shape": _hidden,
    "group": _group,
    "group_beside": _group_beside,
    "master_table": _master_table,
    "shape": _shape,
    "table": _table,
    "chart": _chart,
    "arabic_list": lambda slide: _numbered(slide, "arabicPeriod"),
    "letter_list": lambda slide: _numbered(slide, "alphaLcParenR"),
    "roman_list": lambda slide: _numbered(slide, "romanUcPeriod"),
    "breaks": _breaks,
    "footer": _footer,
    "symbols": _symbols,
    "two_forms": _two_forms,
    "dated": _dated,
    "white": _white,
    "white_on_a_colour": _white_on_a_colour,
    "white_on_a_dark_slide": _white_on_a_dark_slide,
}


def slide_samples() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and maker of each file; the last one has a hidden slide."""
    for name, fill in _SLIDES.items():
        yield name, partial(_file, fill)
    yield "hidden_slide", partial(_file, _text, hidden=True)


def _file(fill: Callable[[Any], None], *, hidden: bool = False) -> bytes:
    presentation: Any = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "办事流程"
    fill(slide)
    if hidden:
        other = presentation.slides.add_slide(presentation.slide_layouts[5])
        other.shapes.title.text = "密隐藏片"
        other._element.set("show", "0")
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()
