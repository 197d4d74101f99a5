"""Checks whether the bytes of a file fit its suffix."""

from codecs import BOM_UTF8

from corpus.errors import Quarantined

# First bytes of programs, archives, pictures and office files; no text begins so.
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "压缩包或新版Office文件"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版Office文件"),
    (b"\x89PNG\r\n\x1a\n", "PNG图片"),
    (b"\xff\xd8\xff", "JPEG图片"),
    (b"II*\x00", "TIFF图片"),
    (b"MM\x00*", "TIFF图片"),
    (b"GIF87a", "GIF图片"),
    (b"GIF89a", "GIF图片"),
    (b"MZ\x90\x00", "程序"),
    (b"\x7fELF", "程序"),
    (b"#!/", "程序"),
    (b"Rar!\x1a\x07", "RAR压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z压缩包"),
    (b"\x1f\x8b", "gzip压缩包"),
    (b"{\\rtf", "RTF文件"),
)
# How files begin that many systems write and call .xls or .doc; Office opens them, so nobody notices.
_WRITTEN: tuple[tuple[bytes, str, str], ...] = (
    (b"<html", "网页", "把扩展名改成.html，或用Excel、Word打开后另存"),
    (b"<!doctype html", "网页", "把扩展名改成.html，或用Excel、Word打开后另存"),
    (b"<table", "网页", "把扩展名改成.html，或用Excel、Word打开后另存"),
    (b"mime-version:", "网页存档", "把扩展名改成.mht，或用Word打开后另存"),
    (b"<?xml", "XML文件", "用Excel或Word打开后另存"),
)
_EXPECTED: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".pptx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".epub": (b"PK\x03\x04",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".rtf": (b"{\\rtf",),
    **dict.fromkeys((".odt", ".ods", ".odp", ".ofd"), (b"PK\x03\x04",)),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),  # the second one is empty
    **dict.fromkeys((".doc", ".xls", ".ppt", ".wps", ".et", ".dps"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
}
_BEGINNING = 1024  # bytes
_ARCHIVES = (".docx", ".pptx", ".xlsx", ".epub", ".odt", ".ods", ".odp", ".ofd", ".zip")
_END_OF_ARCHIVE = b"PK\x05\x06"
_END_LENGTH, _LONGEST_COMMENT = 22, 65_535
_OLE = _BINARY[2][0]
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def check_type(suffix: str, content: bytes) -> None:
    """Raise `Quarantined` for an empty file, for content of another type than the suffix, or of two types at once."""
    if not content:
        raise Quarantined("文件是空的，一个字节也没有；多半没有复制完，请重新放入")
    expected = _EXPECTED.get(suffix)
    start = content[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ") if suffix == ".pdf" else content[:16]
    if expected and not start.startswith(expected):
        if start.startswith(_OLE) and _ENCRYPTED_PACKAGE in content:
            raise Quarantined("文件有密码；请取消密码后另存再放入")
        raise Quarantined(f"扩展名是{suffix}，内容却{_what(content)}")
    if expected is None and _kind(content):
        raise Quarantined(f"扩展名是{suffix}，内容却{_what(content)}")
    if suffix not in _ARCHIVES and _ends_as_archive(content):
        raise Quarantined("文件末尾还附有一个压缩包，一个文件不能有两种内容；请核对来源并重新另存")


def _kind(content: bytes) -> str:
    return next((kind for magic, kind in _BINARY if content.startswith(magic)), "")


def _what(content: bytes) -> str:
    """Return what the content is instead, and what to do about it."""
    if kind := _kind(content):
        return f"是{kind}；请核对来源，改正扩展名或重新另存"
    start = content[:_BEGINNING].removeprefix(BOM_UTF8).lstrip().lower()
    told = (f"是{kind}；请核对来源，{advice}" for begins, kind, advice in _WRITTEN if start.startswith(begins))
    return next(told, "不是这种文件；请核对来源，改正扩展名或重新另存")


def _ends_as_archive(content: bytes) -> bool:
    """Return whether an archive ends at the end of the file: programs that look from there would open it as one."""
    at = content.rfind(_END_OF_ARCHIVE, max(0, len(content) - _END_LENGTH - _LONGEST_COMMENT))
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    return at >= 0 and at + _END_LENGTH + comment >= len(content)
