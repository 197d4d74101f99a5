"""Damaged files: real ones with bytes changed, archives with parts changed inside, pictures with chunks that add up."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.support.files import container_files, ofd_files, office_files

SMALL = (200, 160)  # pixels: recognising costs by the area
_PNG = b"\x89PNG\r\n\x1a\n"
SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    ".md": lambda: [
        f"---\ntitle: 标题\n---\n# {office_files.TITLE}\n\n- 甲\n  1. 乙\n\n|a|b|\n|-|-|\n|1|2|\n\n> *引*\n".encode()
    ],
    ".txt": lambda: ["\n".join(office_files.SENTENCES).encode(), "第一章 总则\n\n文字。".encode("gb18030")],
    ".html": lambda: [
        office_files.html_file(),
        office_files.html_file("<ul><li>甲<li>乙</ul><table><tr><td>一<td>二</table>"),
    ],
    ".csv": lambda: [office_files.csv_file(), office_files.csv_file("utf-8")],
    ".docx": lambda: [office_files.docx_file()],
    ".pptx": lambda: [office_files.pptx_file()],
    ".xlsx": lambda: [office_files.xlsx_file()],
    ".epub": lambda: [office_files.epub_file()],
    ".ofd": lambda: [ofd_files.ofd_file()],
    ".eml": lambda: [
        container_files.eml_file(attachments={"表.csv": office_files.csv_file()}),
        container_files.eml_file(mails={"甲.eml": container_files.eml_file(html="<h1>甲</h1><p>乙。</p>")}),
    ],
    ".mht": lambda: [container_files.mht_file()],
    ".zip": lambda: [
        office_files.zip_file({"甲.html": office_files.html_file(), "乙/丙.txt": office_files.SENTENCES[0].encode()}),
        container_files.gbk_zip({"甲.csv": office_files.csv_file()}),
    ],
    ".pdf": lambda: [office_files.pdf_file(pages=2), office_files.pdf_file(compressed=False)],
    ".png": lambda: [office_files.image_file("PNG", size=SMALL)],
    ".jpg": lambda: [office_files.image_file("JPEG", size=SMALL)],
    ".tiff": lambda: [
        office_files.image_file("TIFF", size=SMALL),
        office_files.image_file("TIFF", pages=2, size=SMALL),
    ],
}
_INTERESTING = (
    b"\x00",
    b"\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"%n",
    b"<",
    b"]]>",
    b"0" * 400,
    b"-1",
    b"&#0;",
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight changes; of an archive, half of the time in one of its parts, packed again.

    A text stays one half of the time, and the chunks of a PNG get checksums that fit: otherwise few would come past the
    decoding.
    """
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.5:
        parts = office_files.unzipped(content)
        for name in chance.sample(sorted(parts), k=min(len(parts), chance.choice((1, 1, 2)))):
            parts[name] = _text_or_not(parts[name], chance)
        return office_files.zip_file(parts)
    changed = _text_or_not(content, chance)
    return _with_checksums(changed) if changed.startswith(_PNG) and chance.random() < 0.5 else changed


def _with_checksums(content: bytes) -> bytes:
    """A PNG whose every chunk has the checksum of what stands in it."""
    data, at = bytearray(content), len(_PNG)
    while at + 8 <= len(data):
        end = at + 8 + struct.unpack_from(">I", data, at)[0]
        if end + 4 > len(data):
            break
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
    return bytes(data)


def _text_or_not(content: bytes, chance: random.Random) -> bytes:
    changed = _changed(content, chance)
    return changed.decode("utf-8", "ignore").encode() if _is_text(content) and chance.random() < 0.5 else changed


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _changed(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 2, 4, 16, 64, 512))
        match chance.randrange(8):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + length] = chance.randbytes(length)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * chance.choice((1, 2, 30))
            case 4:
                data[at : at + length] = bytes(length)
            case 5:
                data[at:at] = chance.choice(_INTERESTING)
            case 6:
                del data[at:]
            case 7:
                other = chance.randrange(len(data) + 1)
                data[at:at] = data[other : other + length]
    return bytes(data)
