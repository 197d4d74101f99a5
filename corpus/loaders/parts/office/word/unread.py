"""Finds parts of a Word file without readable text: large pictures, embedded objects."""

from collections.abc import Iterator
from typing import Any

from corpus.loaders.parts.office.names import LARGE, WP, A, W, integer
from corpus.loaders.parts.office.word.words import shows

_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_CHARTEX = "http://schemas.microsoft.com/office/drawing/2014/chartex"


def unread(document: Any) -> Iterator[str]:
    """Yield sentences for staff about what was not read."""
    body = document.element.body
    pictures = sum(1 for each in body.iter(f"{WP}extent") if _large(each) and _is_picture(each.getparent()))
    objects = sum(1 for each in body.iter(f"{W}object") if shows(each))
    charts = sum(1 for each in body.iter(f"{A}graphicData") if each.get("uri") == _CHARTEX)
    if pictures:
        yield f"有{pictures}张大图片，图里的文字没有读入；如有要紧的内容请打进正文"
    if objects:
        yield f"有{objects}个嵌入的对象（如Excel表、公式），里面的文字没有读入；请把内容直接放进正文"
    if charts:
        yield f"有{charts}张新式图表（如瀑布图）的文字没有读入；请在正文里写明数据"


def _large(extent: Any) -> bool:
    return min(integer(extent.get("cx"), 0), integer(extent.get("cy"), 0)) >= LARGE


def _is_picture(drawing: Any) -> bool:
    return next(drawing.iter(f"{_PIC}pic"), None) is not None and shows(drawing[0])
