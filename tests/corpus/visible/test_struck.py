"""Words struck through are seen and hold no more: they are left out, and a remark says so."""

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from openpyxl.styles import Font
from pptx.util import Cm

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.samples.sheet_samples import with_runs

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HALVES = (("船票每位", False), ("35元", True), ("28元。", False))
_ROWS = (("船型", "每时"), ("手划船", "35元"), ("电瓶船", "90元"), ("脚踏船", "60元"))


def read(name: str, content: bytes) -> Document:
    return convert(name, content, DEFAULT_BUDGET)


def saved(file: Any) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _word(strike: str) -> Document:
    """A sentence and a table whose second row is struck, by this property or in this style."""
    document: Any = docx.Document()
    style = (
        f"<w:style {_W} w:type='character' w:styleId='Old'><w:name w:val='Old'/><w:rPr><w:strike/></w:rPr></w:style>"
    )
    document.styles.element.append(parse_xml(style))

    def write(paragraph: Any, text: str, struck: bool) -> None:
        run = paragraph.add_run(text)
        if struck:
            run._r.get_or_add_rPr().append(parse_xml(f"<w:{strike.replace(' ', f' {_W} ', 1)}/>"))

    sentence = document.add_paragraph()
    for text, struck in _HALVES:
        write(sentence, text, struck)
    table = document.add_table(len(_ROWS), 2)
    for number, row in enumerate(_ROWS):
        for cell, text in zip(table.rows[number].cells, row, strict=True):
            write(cell.paragraphs[0], text, number == 2)
    return read("船.docx", saved(document))


def _sheet(strike: bool | None) -> Document:
    workbook: Any = openpyxl.Workbook()
    sheet = workbook.active
    for row in _ROWS:
        sheet.append(row)
    for cell in sheet[3]:
        cell.font = Font(strike=strike)
    sheet["A7"] = "船票"
    struck = "<rPr><strike/></rPr>" if strike else "<rPr><b/></rPr>"
    runs = "".join(f"<r>{struck if old else ''}<t>{text}</t></r>" for text, old in _HALVES)
    return read("船.xlsx", with_runs(saved(workbook), "A7", runs))


def _slide(strike: str) -> Document:
    presentation: Any = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "划船"
    paragraph = slide.shapes.add_textbox(Cm(2), Cm(5), Cm(12), Cm(2)).text_frame.paragraphs[0]
    table = slide.shapes.add_table(len(_ROWS), 2, Cm(2), Cm(8), Cm(12), Cm(5)).table
    for text, struck in _HALVES:
        run = paragraph.add_run()
        run.text = text
        if struck:
            run._r.get_or_add_rPr().set("strike", strike)
    for number, row in enumerate(_ROWS):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
            if number == 2:
                run = table.cell(number, column).text_frame.paragraphs[0].runs[0]
                run._r.get_or_add_rPr().set("strike", strike)
    return read("船.pptx", saved(presentation))


def _page(before: str, after: str, style: str = "") -> Document:
    cells = ["".join(f"<td>{text}" for text in row) for row in _ROWS]
    cells[2] = "".join(f"<td>{before}{text}{after}" for text in _ROWS[2])
    sentence = "".join(f"{before}{text}{after}" if struck else text for text, struck in _HALVES)
    page = f"<meta charset=utf-8><style>{style}</style><p>{sentence}</p><table><tr>{'<tr>'.join(cells)}</table>"
    return read("船.html", page.encode())


def _markdown(before: str, after: str) -> Document:
    rows = [f"| {' | '.join(row)} |" for row in _ROWS]
    rows[2] = f"| {before}电瓶船{after} | {before}90元{after} |"
    sentence = "".join(f"{before}{text}{after}" if struck else text for text, struck in _HALVES)
    return read("船.md", "\n".join([sentence, "", rows[0], "|--|--|", *rows[1:]]).encode())


_STRUCK: dict[str, Callable[[], Document]] = {
    "word": lambda: _word("strike "),
    "word_twice": lambda: _word("dstrike "),
    "word_style": lambda: _word("rStyle w:val='Old'"),
    "sheet": lambda: _sheet(True),
    "slide": lambda: _slide("sngStrike"),
    "slide_twice": lambda: _slide("dblStrike"),
    "page_s": lambda: _page("<s>", "</s>"),
    "page_del": lambda: _page("<del>", "</del>"),
    "page_strike": lambda: _page("<strike>", "</strike>"),
    "page_style": lambda: _page("<span style='text-decoration: line-through'>", "</span>"),
    "page_sheet": lambda: _page("<b class=old>", "</b>", ".old{text-decoration-line:line-through}"),
    "markdown": lambda: _markdown("~~", "~~"),
    "markdown_page": lambda: _markdown("<del>", "</del>"),
}
_PLAIN: dict[str, Callable[[], Document]] = {
    "word": lambda: _word("strike w:val='0'"),
    "sheet": lambda: _sheet(None),
    "slide": lambda: _slide("noStrike"),
    "page_ins": lambda: _page("<ins>", "</ins>"),
    "page_underlined": lambda: _page("<span style='text-decoration:underline'>", "</span>"),
    "markdown": lambda: _markdown("", ""),
}


@pytest.mark.parametrize("name", _STRUCK)
def test_what_is_struck_through_is_left_out_and_a_remark_says_so(name: str) -> None:
    document = _STRUCK[name]()
    assert "35元28" not in document.text and "电瓶船" not in document.text and "90元" not in document.text
    assert "船票每位28元。" in document.text or "船票每位 28元。" in document.text
    assert "船型：手划船；每时：35元。" in document.text and "船型：脚踏船；每时：60元。" in document.text
    assert document.remark == "文件里有划掉的文字，没有读入；如仍有效请去掉删除线"


@pytest.mark.parametrize("name", _PLAIN)
def test_what_is_not_struck_is_read(name: str) -> None:
    document = _PLAIN[name]()
    assert "船票每位35元28元。" in document.text
    assert "船型：电瓶船；每时：90元。" in document.text
    assert document.remark == ""
