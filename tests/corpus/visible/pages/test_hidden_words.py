"""PDF words that are stored and do not show: blackened, under a picture, clipped, transparent, outside the page."""

from collections.abc import Callable
from functools import partial

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.test_pages import made, put, squeezed, text_page
from tests.support.files import hostile_pdfs

_LINE = "举报人张某，电话五七一二三四。"
_SEEN = "举报人张某，电话。"  # what is left where the figures are blackened


def _figures(canvas: Canvas, *, y: float = 600) -> tuple[float, float, float, float]:
    """Draws the line; returns left, bottom, width and height of its figures."""
    put(canvas, 90, y, _LINE)
    return 90 + 12 * 8, y - 2, 12 * 6, 14


def _black(canvas: Canvas) -> None:
    canvas.rect(*_figures(canvas), fill=1, stroke=0)


def _white(canvas: Canvas) -> None:
    box = _figures(canvas)
    canvas.setFillGray(1)
    canvas.rect(*box, fill=1, stroke=0)


def _low(canvas: Canvas) -> None:
    left, bottom, width, height = _figures(canvas)
    canvas.rect(left, bottom + 0.8, width, height - 2.5, fill=1, stroke=0)  # no higher than the words themselves


def _picture(canvas: Canvas) -> None:
    grey = ImageReader(Image.new("RGB", (40, 10), (90, 90, 90)))
    canvas.drawImage(grey, *_figures(canvas))


def _in_a_form(canvas: Canvas) -> None:
    left, bottom, width, height = _figures(canvas)
    canvas.beginForm("cover")
    canvas.rect(0, 0, width, height, fill=1, stroke=0)
    canvas.endForm()
    canvas.translate(left, bottom)
    canvas.doForm("cover")


@pytest.mark.parametrize("cover", [_black, _white, _low, _picture, _in_a_form])
def test_words_below_what_is_drawn_later_are_not_read(cover: Callable[[Canvas], object]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 700, "来信摘录如下，姓名和电话已经按照规定隐去。")
        cover(canvas)

    assert squeezed(made(draw)) == "来信摘录如下，姓名和电话已经按照规定隐去。" + _SEEN


def _retyped(canvas: Canvas) -> None:
    left, bottom, width, height = _figures(canvas)
    canvas.setFillGray(1)
    canvas.rect(left, bottom, width, height, fill=1, stroke=0)
    canvas.setFillGray(0)
    put(canvas, left, bottom + 2, "已经隐去")


def test_what_is_typed_over_a_cover_is_read_instead() -> None:
    text = made(_retyped).text
    assert "已经隐去" in text and "五七" not in text


def _box_first(canvas: Canvas) -> None:
    canvas.setFillGray(0.8)
    canvas.rect(80, 595, 300, 20, fill=1, stroke=0)
    canvas.setFillGray(0)
    put(canvas, 90, 600, _LINE)


def _marked(canvas: Canvas) -> None:
    box = _figures(canvas)
    canvas.setFillColorRGB(1, 1, 0, alpha=0.4)
    canvas.rect(*box, fill=1, stroke=0)


def _underlined(canvas: Canvas) -> None:
    left, bottom, width, _ = _figures(canvas)
    canvas.rect(left, bottom - 1, width, 2, fill=1, stroke=0)


def _framed(canvas: Canvas) -> None:
    canvas.rect(*_figures(canvas), fill=0, stroke=1)


def _clipped_wide(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(80, 590, 400, 30)
    canvas.clipPath(path, stroke=0)
    put(canvas, 90, 600, _LINE)


def _white_on_light(canvas: Canvas) -> None:
    canvas.setFillGray(0.93)
    canvas.rect(80, 590, 300, 30, fill=1, stroke=0)
    canvas.setFillGray(1)
    put(canvas, 90, 600, _LINE)


@pytest.mark.parametrize("draw", [_white_on_light, _box_first, _marked, _underlined, _framed, _clipped_wide])
def test_words_that_show_beside_and_on_shapes_are_read(draw: Callable[[Canvas], object]) -> None:
    assert made(draw).text.strip() == _LINE


@pytest.mark.parametrize("strips", [1, 8])
def test_recognised_words_below_the_picture_of_a_page_are_read(strips: int) -> None:
    def draw(canvas: Canvas) -> None:
        text_page(canvas)
        for strip in range(strips):
            picture = ImageReader(Image.new("L", (100, 140), 200))
            canvas.drawImage(picture, 0, 842 / strips * strip, 595, 842 / strips)

    assert "以上安排自明天起执行。" in made(draw).text


def test_recognised_words_that_lie_invisible_on_the_picture_of_a_page_are_read() -> None:
    scan = Image.new("L", (595, 842), 255)
    for x in range(80, 400, 4):
        ImageDraw.Draw(scan).line((x, 100, x, 300), fill=0)

    def draw(canvas: Canvas, *, scanned: bool) -> None:
        if scanned:
            canvas.drawImage(ImageReader(scan), 0, 0, 595, 842)
        else:
            put(canvas, 90, 300, "这一页上看得见的字都在这一行里面，没有别的。")
        words = canvas.beginText(90, 730)
        words.setFont("STSong-Light", 12)
        words.setTextRenderMode(3)
        for _ in range(5):
            words.textLine(_LINE)
        canvas.drawText(words)

    assert _LINE in squeezed(made(partial(draw, scanned=True)))
    assert _LINE not in squeezed(made(partial(draw, scanned=False)))


def _clipped_away(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 10, 10)
    canvas.clipPath(path, stroke=0)
    put(canvas, 90, 600, "密被裁掉")


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    put(canvas, 90, 600, "密全透明")


def _outside(canvas: Canvas) -> None:
    put(canvas, 90, -50, "密页面之下")
    put(canvas, 700, 400, "密页面之右")


def _tiny(canvas: Canvas) -> None:
    put(canvas, 90, 600, "密极小的字", 0.1)


def _cropped(canvas: Canvas) -> None:
    canvas.setCropBox((50, 400, 545, 842))
    put(canvas, 90, 100, "密裁切框外")


@pytest.mark.parametrize("hide", [_clipped_away, _transparent, _outside, _tiny, _cropped])
def test_words_that_leave_no_ink_on_the_page_are_not_read(hide: Callable[[Canvas], object]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 700, "看得见的一行。")
        canvas.saveState()
        hide(canvas)
        canvas.restoreState()

    assert made(draw).text.strip() == "看得见的一行。"


def test_a_table_on_a_cropped_page_stays_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((100, 300, 595, 842))
        rows = (("名称", "单价"), ("成人票", "2元"), ("学生票", "1元"))
        for row, (name, price) in enumerate(rows):
            put(canvas, 130, 700 - 20 * row, name)
            put(canvas, 230, 700 - 20 * row, price)
        for line in range(4):
            canvas.line(120, 715 - 20 * line, 320, 715 - 20 * line)
        for x in (120, 220, 320):
            canvas.line(x, 715, x, 655)

    assert made(draw).text.split() == ["名称：成人票；单价：2元。", "名称：学生票；单价：1元。"]


def test_words_below_a_black_annotation_are_not_read() -> None:
    content = "BT /F 12 Tf 50 700 Td (Shown words.) Tj ET BT /F 12 Tf 50 600 Td (Hidden words.) Tj ET"
    cover = "0 0 200 30 re f"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R]>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Annot/Subtype/Square/Rect[40 590 240 620]/F 4/AP<</N 7 0 R>>>>",
        f"<</Type/XObject/Subtype/Form/BBox[0 0 200 30]/Length {len(cover)}>>stream\n{cover}\nendstream",
    ]
    document = convert("涂黑.pdf", hostile_pdfs.pdf(objects), DEFAULT_BUDGET)
    assert document.text.split() == ["Shown", "words."]
