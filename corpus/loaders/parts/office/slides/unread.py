"""Finds parts of a presentation without readable text: large pictures, embedded objects, charts of newer kinds."""

from collections.abc import Iterable, Iterator
from typing import Any

from pptx.oxml.ns import qn

from corpus.loaders.parts.office.names import LARGE, A

_CHARTEX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
_MOST_NUMBERS = 20
_SENTENCES = {
    "picture": "第{}张幻灯片有大图片，图里的文字没有读入；如有要紧的内容请打进文本框",
    "object": "第{}张幻灯片有嵌入的对象（如Excel表），里面的文字没有读入；请把内容直接放进幻灯片",
    "chart": "第{}张幻灯片有新式图表（如瀑布图），图里的文字没有读入；请在文本框里写明数据",
}


class Unread:
    """Collects the numbers of the slides that hold something unread."""

    def __init__(self) -> None:
        self._slides: dict[str, dict[int, None]] = {kind: {} for kind in _SENTENCES}

    def add(self, number: int, shapes: Iterable[Any]) -> None:
        """Look through the visible shapes of a slide."""
        for shape in shapes:
            for kind in _kinds(shape):
                self._slides[kind][number] = None

    def sentences(self) -> Iterator[str]:
        """Yield sentences for staff."""
        for kind, numbers in self._slides.items():
            if numbers:
                yield _SENTENCES[kind].format("、".join(map(str, list(numbers)[:_MOST_NUMBERS])))


def _kinds(shape: Any) -> Iterator[str]:
    if shape.element.tag == qn("p:pic") and min(shape.width or 0, shape.height or 0) >= LARGE:
        yield "picture"
    if next(shape.element.iter(qn("p:oleObj")), None) is not None:
        yield "object"
    if any(data.get("uri") == _CHARTEX for data in shape.element.iter(f"{A}graphicData")):
        yield "chart"
