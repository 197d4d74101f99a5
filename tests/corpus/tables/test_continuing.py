"""Tables that go on in another one below take the names of their columns from the first."""

import io
from collections.abc import Callable, Sequence

import docx
import pytest
from docx.enum.section import WD_SECTION

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET

Part = Sequence[str]
NAMES = "线路|站点|发车时间|电话"
FIRST = (NAMES, "1号线|石门小学|6:50|57110001", "2号线|双桥中学|6:35|57110002")
SECOND = ("3号线|茶场小学|7:05|57110003", "7号线|岩口小学|7:00|57110007", "4号线|黑石中学|6:40|57110004")
THIRD = ("5号线|南岭小学|7:10|57110005", "6号线|枣树小学|7:20|57110006", "8号线|白果小学|7:25|57110008")
LAST = "线路：4号线；站点：黑石中学；发车时间：6:40；电话：57110004"


def word(*parts: Part | str) -> Document:
    """Read a Word file of tables and paragraphs, a new section before each."""
    document = docx.Document()
    document.add_paragraph("校车线路表")
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        cells = [row.split("|") for row in part]
        table = document.add_table(len(cells), len(cells[0]))
        for row, own in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, own, strict=True):
                cell.text = text
        document.add_section(WD_SECTION.NEW_PAGE)
    buffer = io.BytesIO()
    document.save(buffer)
    return convert("表.docx", buffer.getvalue(), DEFAULT_BUDGET)


def page(*parts: Part | str) -> Document:
    written = "<p>校车线路表</p>"
    for part in parts:
        rows = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in part)
        written += f"<p>{part.replace(chr(10), '</p><p>')}</p>" if isinstance(part, str) else f"<table>{rows}</table>"
    return convert("表.html", f"<html><body>{written}</body></html>".encode(), DEFAULT_BUDGET)


def plain(*parts: Part | str) -> Document:
    lines = [part if isinstance(part, str) else "\n".join(part).replace("|", "\t") for part in parts]
    return convert("表.txt", "\n\n".join(["校车线路表", *lines]).encode(), DEFAULT_BUDGET)


@pytest.mark.parametrize("read", [word, page, plain])
@pytest.mark.parametrize("caption", ["（续表）", "续表", "续表1", "校车线路表（续）", "（接上表）", "续表\n单位：人"])
def test_a_table_goes_on_under_words_that_say_so(read: Callable[..., Document], caption: str) -> None:
    document = read(FIRST, caption, SECOND, caption, THIRD)
    assert LAST in document.text and "站点：南岭小学" in document.text
    assert {table.title for table in document.tables} == {"校车线路表"}
    assert "线路：3号线" not in read(FIRST, "另有线路：", SECOND).text


@pytest.mark.parametrize("read", [word, page])
def test_a_table_goes_on_directly_behind_the_one_that_names_its_columns(read: Callable[..., Document]) -> None:
    assert LAST in read(FIRST, SECOND).text


@pytest.mark.parametrize("caption", ["续表", ""])
@pytest.mark.parametrize(
    "second",
    [
        ("3号线|茶场小学|7:05", "4号线|黑石中学|6:40"),
        ("3号线|57110003|茶场小学|王某", "4号线|57110004|黑石中学|李某"),
        ("路段|单位|开工日期|投资", "南环路|市政处|2025年3月|300", "北环路|公路局|2025年4月|500"),
    ],
)
def test_another_table_below_does_not_go_on(second: Part, caption: str) -> None:
    assert "站点：" not in word(FIRST, *filter(None, [caption]), second).text.split(second[0].split("|")[0], 1)[1]


def test_words_go_on_only_where_it_is_said() -> None:
    first, second = ("姓名|单位|职务", "张三|财政局|科长"), ("李四|民政局|主任", "王五|教育局|科员")
    assert "姓名：李四；单位：民政局；职务：主任。" in word(first, "续表", second).text
    assert "姓名：李四" not in word(first, second).text


def test_what_goes_on_of_another_table_names_it() -> None:
    assert LAST in word("表1 校车", FIRST, "表1（续）", SECOND).text
    assert LAST not in word("表1 校车", FIRST, "表2（续）", SECOND).text


def test_names_that_are_repeated_are_no_row_and_the_title_stays() -> None:
    document = word(FIRST, "（续表）", (NAMES, *SECOND))
    assert LAST in document.text and [table.title for table in document.tables] == ["校车线路表"] * 2
