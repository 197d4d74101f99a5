"""Inspects Office files from before 2007 (OLE) for passwords and macros, before a program opens them."""

import io
import struct

import olefile

from corpus.errors import Failed, Quarantined

_PASSWORD = "文件有密码；请取消密码后另存再放入"
_MACROS = "文件带有宏，可能有害；请另存为不带宏的文件再放入"
_DAMAGED = "文件已损坏或没有复制完整；请重新复制，或用原来的软件打开并重新保存"
# The stream that identifies each type; WPS Office writes the same streams under its own suffixes.
STREAMS = {
    ".doc": ("WordDocument",),
    ".wps": ("WordDocument",),
    ".xls": ("Workbook", "Book"),
    ".et": ("Workbook", "Book"),
    ".ppt": ("PowerPoint Document",),
    ".dps": ("PowerPoint Document",),
}
_WORD_FLAGS, _WORD_ENCRYPTED = 10, 0x0100  # [MS-DOC] 2.5.1, FibBase
_FILE_PASS = 0x002F  # [MS-XLS] 2.4.117; only BOF and write protection precede it
_RECORDS_LOOKED_AT = 8
_ENCRYPTED_TOKEN = 0xF3D1C4DF  # [MS-PPT] 2.3.2, CurrentUserAtom


def check_ole(suffix: str, content: bytes) -> None:
    """Raise `Quarantined` for a file with a password, with macros or of another type; `Failed` if damaged."""
    if suffix not in STREAMS:
        return
    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_FATAL) as ole:
            _check(suffix, ole)
    except (OSError, ValueError, IndexError, struct.error, TypeError, AttributeError, RecursionError) as error:
        raise Failed(_DAMAGED) from error


def _check(suffix: str, ole: olefile.OleFileIO) -> None:
    if ole.exists("EncryptedPackage") or ole.exists("EncryptedSummary"):
        raise Quarantined(_PASSWORD)
    names = [path[-1].lower() for path in ole.listdir(streams=True, storages=True)]
    if any(name in ("_vba_project", "_vba_project_cur", "vba") for name in names):
        raise Quarantined(_MACROS)
    found = next((name for name in STREAMS.get(suffix, ()) if ole.exists(name)), None)
    if found is None:
        raise Quarantined(f"扩展名是{suffix}，内容却不是；请核对来源，改正扩展名或重新另存")
    start = ole.openstream(found).read(4096)
    if found == "WordDocument" and struct.unpack_from("<H", start, _WORD_FLAGS)[0] & _WORD_ENCRYPTED:
        raise Quarantined(_PASSWORD)
    if found in ("Workbook", "Book") and _has_file_pass(start):
        raise Quarantined(_PASSWORD)
    if found == "PowerPoint Document" and ole.exists("Current User"):
        user = ole.openstream("Current User").read(16)
        if len(user) == 16 and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED_TOKEN:
            raise Quarantined(_PASSWORD)


def _has_file_pass(start: bytes) -> bool:
    at = 0
    for _ in range(_RECORDS_LOOKED_AT):
        if at + 4 > len(start):
            return False
        kind, length = struct.unpack_from("<HH", start, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + length
    return False
