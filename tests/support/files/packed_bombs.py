"""Bombs in formats that pack what they hold: archives, books, OFD, OpenDocument, slides, pictures, PDF."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image

from tests.support.files import hostile_pdfs, ofd_files, office_files

_SAVED = Path(__file__).parent / "saved"
_WORDS = "周五放假。"


def _overlapping(count: int) -> bytes:
    """An archive whose directory names one and the same member so many times: Fifield's bomb in small."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a0000.txt", _WORDS * 5_000)
    content = buffer.getvalue()
    at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entries = [content[at:end].replace(b"a0000.txt", f"a{number:04}.txt".encode()) for number in range(count)]
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, len(entries[0]) * count, at, 0)
    return content[:at] + b"".join(entries) + b"PK\x05\x06" + tail


def _between(content: bytes, part: str, opening: str, closing: str, *, put: str) -> bytes:
    """The archive with other text between two marks of a part; stored, so that no rate of compression tells of it."""
    parts: dict[str, str | bytes] = {**office_files.unzipped(content)}
    before, _, rest = office_files.unzipped(content)[part].decode().partition(opening)
    assert rest, f"no {opening} in {part}"
    parts[part] = f"{before}{opening}{put}{closing}{rest.partition(closing)[2]}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _book(chapter: str, *, times: int = 1) -> bytes:
    """A book of one chapter that its spine names so many times."""
    named = '<itemref idref="c0.xhtml"/>' * times
    content = _between(office_files.epub_file(), "OEBPS/content.opf", "<spine>", "</spine>", put=named)
    return _between(content, "OEBPS/0.xhtml", "<body>", "</body>", put=chapter)


def _ofd(page: str, *, times: int = 1) -> bytes:
    """An OFD file of one page that its list of pages names so many times."""
    listed = '<ofd:Page ID="0" BaseLoc="Pages/Page_0/Content.xml"/>' * times
    content = _between(ofd_files.ofd_file(), "Doc_0/Document.xml", "<ofd:Pages>", "</ofd:Pages>", put=listed)
    return _between(
        content, "Doc_0/Pages/Page_0/Content.xml", '<ofd:Layer ID="2" Type="Body">', "</ofd:Layer>", put=page
    )


def _step(count: int) -> str:
    """A text object of one character after the other, whose steps are named once for a billion."""
    opening = '<ofd:TextObject ID="1" Boundary="0 0 200 9" Font="1" Size="4"><ofd:TextCode X="0" Y="4"'
    return f'{opening} DeltaX="g 1000000000 0.0001">{_WORDS * count}</ofd:TextCode></ofd:TextObject>'


def _open_document(suffix: str, body: str) -> bytes:
    """A file of OpenDocument with this body in the place of its own."""
    content = lzma.decompress((_SAVED / f"report{suffix}.xz").read_bytes())
    return _between(content, "content.xml", "<office:body>", "</office:body>", put=body)


def _sheet(rows: int, columns: int) -> bytes:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}<text:p>字</text:p></table:table-cell>'
    table = f'<table:table table:name="表">{row}</table:table-row></table:table>'
    return _open_document(".ods", f"<office:spreadsheet>{table}</office:spreadsheet>")


def _slide(shapes: str) -> bytes:
    """Slides whose first one shows these shapes in the place of its own."""
    head = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    content, slide = office_files.pptx_file(), "ppt/slides/slide1.xml"
    return _between(content, slide, "<p:spTree>", "</p:spTree>", put=head + shapes)


def _groups(depth: int) -> str:
    """Groups of shapes in one another."""
    named = '<p:nvGrpSpPr><p:cNvPr id="9" name="组"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    return f"<p:grpSp>{named}" * depth + "</p:grpSp>" * depth


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 10_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _jpeg() -> bytes:
    """A picture whose head announces the largest size that the format knows."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "JPEG")
    content = bytearray(buffer.getvalue())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    return bytes(content)


def _circling_tiff() -> bytes:
    """A picture of which each page names itself as the next one."""
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "TIFF")
    content = bytearray(buffer.getvalue())
    (first,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * count, first)
    return bytes(content)


PACKED: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "zip: one member two thousand times": (".zip", lambda: _overlapping(2_000)),
    "epub: a chapter a hundred thousand times": (".epub", lambda: _book(f"<p>{_WORDS}</p>" * 1_000, times=100_000)),
    "epub: elements in elements": (".epub", lambda: _book("<div>" * 100_000)),
    "ofd: a page two hundred thousand times": (".ofd", lambda: _ofd(_step(1), times=200_000)),
    "ofd: steps for a billion characters": (".ofd", lambda: _ofd(_step(100_000))),
    "ofd: blocks in blocks": (".ofd", lambda: _ofd("<ofd:PageBlock>" * 50_000 + "</ofd:PageBlock>" * 50_000)),
    "odt: two billion blanks": (
        ".odt",
        lambda: _open_document(".odt", '<office:text><text:p><text:s text:c="2000000000"/>x</text:p></office:text>'),
    ),
    "ods: a cell over the whole sheet": (".ods", lambda: _sheet(1_048_576, 16_384)),
    "odp: pages in pages": (
        ".odp",
        lambda: _open_document(".odp", f"<office:presentation>{'<draw:page>' * 50_000}</office:presentation>"),
    ),
    "pptx: groups in groups": (".pptx", lambda: _slide(_groups(3_000))),
    "png: ten billion points": (".png", lambda: _png(100_000, 100_000)),
    "jpg: four billion points": (".jpg", _jpeg),
    "tiff: pages in a circle": (".tiff", _circling_tiff),
    "pdf: a bomb in a bomb": (".pdf", hostile_pdfs.HOSTILE_PDFS["a bomb in a bomb"]),
}
