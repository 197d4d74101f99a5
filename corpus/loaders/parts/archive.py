"""Checks archives (DOCX, PPTX, XLSX and EPUB are some) before anything is unpacked."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from corpus.errors import Failed, Quarantined
from corpus.limits import MEGABYTE, Limits

_ENCRYPTED = 0x1
# Small parts compress well by nature, such as a sheet of equal cells or an empty picture.
_RATIO_FROM = 1 * MEGABYTE
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|\x00")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/.-]+)")
_MACROS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/")
_DECLARATIONS_WITHIN = 65_536
# What `zipfile` raises for damaged archives. NotImplementedError is its word for a packing method or a version of the
# format that it does not know: damage may write any number there, and so may an unusual packing program.
DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)


def open_archive(
    content: bytes, limits: Limits, *, name_of: Callable[[zipfile.ZipInfo], str] = lambda entry: entry.filename
) -> zipfile.ZipFile:
    """Open an archive after checking its directory, so that unpacking cannot exceed the declared sizes.

    `name_of` returns the name of each entry from now on. Raises `Quarantined` for a bomb, for names that lead out of
    it, links or passwords; `Failed` if damaged.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGE as error:
        raise Failed("文件已损坏或没有复制完整；请重新复制，或用原来的软件打开并重新保存") from error
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise Quarantined(f"压缩包里有{len(entries)}个部分，超过{limits.entries}个的上限；请核对来源，不要直接打开")
    if min((entry.header_offset for entry in entries), default=0) != 0:
        raise Quarantined("压缩包前面还有别的内容，一个文件不能有两种内容；请核对来源并重新另存")
    if sum(entry.file_size for entry in entries) > limits.expanded_megabytes * MEGABYTE:
        raise Quarantined(f"解压后超过{limits.expanded_megabytes} MB的上限，像是压缩炸弹；请核对来源，不要直接打开")
    for entry in entries:
        entry.filename = name_of(entry)
        _check_entry(entry, limits)
    if len({entry.filename for entry in entries}) < len(entries):
        raise Quarantined("压缩包里有同名的部分；请核对来源，用原来的软件重新保存")
    return archive


def transitional(content: bytes, limits: Limits) -> bytes:
    """Return an office file with the names that the libraries know, if it was saved as “Strict Open XML”.

    Raises what `open_archive` raises.
    """
    archive = open_archive(content, limits)
    if not any(_STRICT in archive.read(name) for name in archive.namelist() if name.endswith("_rels/.rels")):
        return content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name in archive.namelist():
            part = archive.read(name)
            if name.lower().endswith((".xml", ".rels")):
                part = _STRICT_NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", part)
            written.writestr(name, part)
    return buffer.getvalue()


def check_office(archive: zipfile.ZipFile, part: str, content_type: str) -> None:
    """Raise `Quarantined` if an office file is not of `content_type`, has macros or declares entities."""
    names = archive.namelist()
    if "[Content_Types].xml" not in names:
        raise Quarantined("扩展名与内容不符：里面不是Office文档；请核对来源，改正扩展名或重新另存")
    types = archive.read("[Content_Types].xml")
    lowered = types.lower()
    if any(macro in name.lower() for name in names for macro in _MACROS) or b"macroenabled" in lowered:
        raise Quarantined("文件带有宏，可能有害；请另存为不带宏的文件再放入")
    if part not in names or content_type.encode() not in lowered:
        raise Quarantined("扩展名与内容不符；请核对来源，改正扩展名或重新另存")
    check_declarations(archive)


def check_declarations(archive: zipfile.ZipFile) -> None:
    """Raise `Quarantined` if a part declares entities."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with archive.open(name) as file:
                start = file.read(_DECLARATIONS_WITHIN).replace(b"\x00", b"")  # UTF-16 too
            if _DECLARATION.search(start):
                raise Quarantined("文件里有Office不会写的实体声明，可能有害；请核对来源，用原来的软件重新保存")


def _check_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    name = entry.filename
    if _OUTSIDE.search(name) or ".." in PurePosixPath(name).parts:
        raise Quarantined("压缩包里有指向文件夹之外的路径；请核对来源，不要直接打开")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Quarantined("压缩包里有链接；请核对来源，不要直接打开")
    if entry.flag_bits & _ENCRYPTED:
        raise Quarantined("文件有密码；请取消密码后另存再放入")
    if entry.file_size > _RATIO_FROM and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        raise Quarantined(f"压缩比超过{limits.ratio}倍，像是压缩炸弹；请核对来源，不要直接打开")
