"""A bomb for each parser: files that would grow, nest or loop without an end. Each ends as a text or as a reason.

A limit of time or memory that was reached is a reason; a process that crashed is none. The largest take half a minute.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.conversion.container import Converted, is_container
from corpus.conversion.converter import Converter
from corpus.errors import FileProblem
from corpus.files.scan import File
from corpus.limits import DEFAULT_LIMITS
from corpus.loaders import LOADERS
from corpus.loaders.parts import libreoffice
from tests.support.counts import some
from tests.support.files import office_files
from tests.support.files.packed_bombs import PACKED

pytestmark = pytest.mark.long
HEAD = "From: a@example.cn\nSubject: 通知\nMIME-Version: 1.0\n"
CONTROL = "周五放假。"
CRASHED = "异常中止"
BY_OTHERS = (".rtf", ".doc", ".xls", ".ppt", ".wps", ".et", ".dps", ".odt", ".ods", ".odp")


def _nested_multipart(depth: int) -> bytes:
    openings = (f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return (HEAD + "".join(openings) + f"Content-Type: text/plain\n\n{CONTROL}\n").encode()


def _nested_mails(depth: int) -> bytes:
    return (HEAD + "Content-Type: message/rfc822\n\n" * depth + f"Subject: x\n\n{CONTROL}\n").encode()


def _many_parts(count: int) -> bytes:
    part = "--b\nContent-Type: text/plain\n\nx\n"
    return (f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n' + part * count + "--b--\n").encode()


def _sheet(body: str) -> bytes:
    parts = office_files.unzipped(office_files.xlsx_file())
    name = "xl/worksheets/sheet1.xml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return office_files.zip_file({**parts, name: f'<worksheet xmlns="{space}">{body}</worksheet>'})


def _cell(at: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>字</t></is></c>'


def _corner() -> bytes:
    """Two cells of a sheet, at its first and its last place."""
    return _sheet(f'<sheetData><row r="1">{_cell("A1")}</row><row r="1048576">{_cell("XFD1048576")}</row></sheetData>')


def _merged() -> bytes:
    """One cell that is merged over the whole sheet."""
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return _sheet(f'<sheetData><row r="1">{_cell("A1")}</row></sheetData>{merge}')


def _document_xml(body: str) -> bytes:
    parts = office_files.unzipped(office_files.docx_file())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return office_files.zip_file({**parts, "word/document.xml": text})


def _tables_in_tables(depth: int) -> bytes:
    row = "<w:tbl><w:tr><w:tc>"
    return _document_xml(row * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth)


def _looping_ole() -> bytes:
    """An OLE file of which each table of sectors names itself as the next one."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\x00" * 6 + struct.pack("<IIIIIIIII", 0, 1, 0, 0, 4096, 0, 1, 0, 1)
    head += struct.pack("<I", 0) * 109
    return head.ljust(512, b"\x00") + struct.pack("<I", 0) * 4096


BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "csv: a million columns": (".csv", lambda: b"a," * 1_000_000 + b"\n1,2\n"),
    "csv: a field of quotes, as large as a file may be": (".csv", lambda: b'a,b\n"' + b'"' * 49_000_000),
    "csv: a quotation without an end": (".csv", lambda: b'a,b\n1,"' + b"x,\n" * 10_000_000),
    "csv: a million rows of other widths": (".csv", lambda: b"".join(b"," * (n % 97) + b"\n" for n in range(500_000))),
    "eml: parts in parts, ten thousand deep": (".eml", lambda: _nested_multipart(10_000)),
    "eml: mails in mails, ten thousand deep": (".eml", lambda: _nested_mails(10_000)),
    "eml: a million headers": (".eml", lambda: (HEAD + "X-A: b\n" * 1_000_000 + f"\n{CONTROL}").encode()),
    "eml: a header of a million lines": (".eml", lambda: (HEAD + "To: a\n" + " b@c,\n" * 1_000_000 + "\nx").encode()),
    "eml: a hundred thousand parts": (".eml", lambda: _many_parts(100_000)),
    "mht: parts in parts": (".mht", lambda: _nested_multipart(10_000)),
    "html: elements in elements": (".html", lambda: b"<div>" * 500_000 + CONTROL.encode()),
    "html: tables in tables": (".html", lambda: b"<table><tr><td>" * 5_000 + CONTROL.encode()),
    "html: a cell over a billion": (
        ".html",
        lambda: b"<table><tr><td rowspan=999999999 colspan=999999999>a</td><td>b</td></tr></table>" * 50,
    ),
    "md: quotations in quotations": (".md", lambda: b">" * 200_000 + CONTROL.encode()),
    "md: brackets": (".md", lambda: b"[" * 200_000 + b"](" * 200_000),
    "md: lists in lists": (".md", lambda: b"".join(b" " * (2 * n) + b"- a\n" for n in range(3_000))),
    "txt: one line": (".txt", lambda: "字".encode() * 16_000_000),
    "xlsx: the first cell and the last": (".xlsx", _corner),
    "xlsx: one cell over all": (".xlsx", _merged),
    "docx: tables in tables": (".docx", lambda: _tables_in_tables(2_000)),
    "docx: a hundred thousand empty cells": (
        ".docx",
        lambda: _document_xml("<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 100_000 + "</w:tr></w:tbl>"),
    ),
    "rtf: groups in groups": (".rtf", lambda: rb"{\rtf1 " + b"{" * 2_000_000),
    "rtf: a picture that announces two billion bytes": (
        ".rtf",
        lambda: rb"{\rtf1 {\pict\pngblip\picw2147483647\pich2147483647\bin2147483647 x}}",
    ),
    "rtf: a table of a million cells in a row": (
        ".rtf",
        lambda: rb"{\rtf1 \trowd" + rb"\cellx1" * 1_000_000 + rb"\intbl a\cell\row}",
    ),
    "doc: sectors that name themselves": (".doc", _looping_ole),
    "xls: sectors that name themselves": (".xls", _looping_ole),
    "ppt: sectors that name themselves": (".ppt", _looping_ole),
    "wps: sectors that name themselves": (".wps", _looping_ole),
    "et: sectors that name themselves": (".et", _looping_ole),
    "dps: sectors that name themselves": (".dps", _looping_ole),
    **PACKED,
}
# What has a limit of its own says so.
LIMITS = {
    "eml: a hundred thousand parts": "超过2000个",
    "txt: one line": "超过500万字",
    "xlsx: the first cell and the last": "超过10万行",
    "docx: a hundred thousand empty cells": "压缩比",
    "rtf: a picture that announces two billion bytes": "秒处理器时间",
    "epub: a chapter a hundred thousand times": CONTROL,
    "ofd: a page two hundred thousand times": "超过2000页",
    "png: ten billion points": "像素太多",
    "jpg: four billion points": "像素太多",
}
# One or two that are quick of each parser; those by LibreOffice take as long as they may.
PART = [
    "csv: a quotation without an end",
    "eml: parts in parts, ten thousand deep",
    "eml: mails in mails, ten thousand deep",
    "eml: a million headers",
    "eml: a hundred thousand parts",
    "docx: a hundred thousand empty cells",
    "html: tables in tables",
    "html: a cell over a billion",
    "md: quotations in quotations",
    "xlsx: one cell over all",
    "docx: tables in tables",
    "rtf: groups in groups",
    "doc: sectors that name themselves",
    "zip: one member two thousand times",
    "epub: a chapter a hundred thousand times",
    "ofd: a page two hundred thousand times",
    "pptx: groups in groups",
    "png: ten billion points",
    "tiff: pages in a circle",
    "pdf: a bomb in a bomb",
]


@pytest.fixture(scope="module")
def conversion() -> Iterator[Converter]:
    with Converter(replace(DEFAULT_LIMITS, memory_megabytes=512, seconds=20.0)) as converter:
        yield converter


def outcome(conversion: Converter, folder: Path, suffix: str, content: bytes) -> str:
    """The text of a file, or why there is none."""
    path = folder / f"文件{suffix}"
    path.write_bytes(content)
    file = File(path.name, path, "", len(content))
    try:
        read = conversion.open(file) if is_container(path.name) else [Converted(path.name, conversion.convert(file))]
    except FileProblem as problem:
        return f"refused: {problem}"
    return "\n".join(one.document.text if one.document else f"refused: {one.problem}" for one in read)


@pytest.mark.parametrize("name", some(BOMBS, part=PART))
def test_a_bomb_ends_as_a_text_or_a_reason_and_the_next_file_is_read(
    name: str, tmp_path: Path, conversion: Converter
) -> None:
    suffix, made = BOMBS[name]
    if suffix in BY_OTHERS and libreoffice.program() is None:
        pytest.skip("LibreOffice is not installed")
    said = outcome(conversion, tmp_path, suffix, made())
    print(f"{name}: {len(said)} characters, {said[:60]!r}")
    assert said and CRASHED not in said
    assert LIMITS.get(name, "") in said
    assert CONTROL in outcome(conversion, tmp_path, ".html", office_files.html_file(f"<p>{CONTROL}</p>"))


def test_every_parser_has_a_bomb() -> None:
    tried = {suffix for suffix, _ in BOMBS.values()}
    loaders = {LOADERS[suffix].name for suffix in tried}
    by_office = {suffix for suffix, loader in LOADERS.items() if loader.office}
    assert len(loaders) > 10 and {loader.name for loader in LOADERS.values()} == loaders and by_office <= tried


@pytest.mark.parametrize("suffix", [".csv", ".eml", ".html", ".md"])
def test_the_same_in_small_is_read(suffix: str, tmp_path: Path, conversion: Converter) -> None:
    small = {
        ".csv": f"事项,日期\n{CONTROL},1\n".encode(),
        ".eml": _nested_multipart(3),
        ".html": b"<table><tr><td>" * 3 + CONTROL.encode(),
        ".md": b"> > " + CONTROL.encode(),
    }
    assert CONTROL.rstrip("。") in outcome(conversion, tmp_path, suffix, small[suffix])
