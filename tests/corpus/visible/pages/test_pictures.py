"""Pages that are pictures, and pictures beside the words of a page: recognised, or told."""

from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import ofd
from corpus.loaders.parts import ocr
from tests.corpus.visible.test_pages import made, put, text_page
from tests.support.files.ofd_files import ofd_file, text_object

_FOOTER = "本文件由云溪县政务服务中心扫描，如有疑问请拨打电话。"


def _picture(canvas: Canvas, left: float, bottom: float, width: float, height: float) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 220)), left, bottom, width, height)


def _scan(canvas: Canvas) -> None:
    _picture(canvas, 0, 0, 595, 842)


def _in_strips(canvas: Canvas) -> None:
    for strip in range(8):
        _picture(canvas, 0, 105 * strip, 595, 106)


@pytest.mark.parametrize("draw", [_scan, _in_strips])
@pytest.mark.parametrize("y", [20, 820])
def test_a_scan_with_a_long_line_in_its_margin_is_one(
    draw: Callable[[Canvas], object], y: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)

    def page(canvas: Canvas) -> None:
        draw(canvas)
        put(canvas, 90, y, _FOOTER, 9)

    assert made(text_page, page).remark.startswith("第2页是扫描图像，未读入")


def _ground(canvas: Canvas) -> None:
    _scan(canvas)
    text_page(canvas, footer=_FOOTER)


def _seal(canvas: Canvas) -> None:
    put(canvas, 90, 700, "今天停水。")
    _picture(canvas, 300, 500, 100, 100)


@pytest.mark.parametrize("draw", [text_page, _ground, _seal])
def test_pages_with_words_are_read_and_have_no_remark(
    draw: Callable[[Canvas], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    document = made(draw)
    assert document.remark == ""
    assert ("今天停水。" if draw is _seal else "以上安排自明天起执行。") in document.text


def _beside(canvas: Canvas) -> None:
    text_page(canvas)
    _picture(canvas, 90, 250, 400, 250)


def test_a_large_picture_beside_the_words_of_a_page_is_told() -> None:
    document = made(text_page, _beside)
    assert document.remark == "第2页有大图片，图里的文字没有读入；如有要紧的内容请打进正文"
    assert document.text.count("以上安排自明天起执行。") == 2


_LINES = [text_object(f"第{number}条 办理时要带身份证和户口本。", 20, 40 + 8 * number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("objects", "remark"),
    [
        (
            ['<ofd:ImageObject ID="3" Boundary="0 0 210 297"/>', text_object(_FOOTER, 20, 290)],
            "第1页是扫描图像，未读入",
        ),
        ([*_LINES, '<ofd:ImageObject ID="3" Boundary="20 120 150 90"/>'], "第1页有大图片，图里的文字没有读入"),
        ([*_LINES, '<ofd:ImageObject ID="3" Boundary="20 120 40 40"/>'], ""),
        (['<ofd:ImageObject ID="3" Boundary="0 0 210 297"/>', *_LINES], ""),
        ([*_LINES, '<ofd:ImageObject ID="3" Boundary="20 120 150 90" Visible="false"/>'], ""),
    ],
)
def test_pictures_of_ofd_pages_are_told(objects: list[str], remark: str) -> None:
    document = ofd.load("文.ofd", ofd_file([objects]), DEFAULT_BUDGET)
    assert document.remark.split("；")[0] == remark
