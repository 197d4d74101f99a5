"""Inspects OpenDocument files (ODT, ODS, ODP) before a program opens them."""

import re

from corpus.errors import Failed, Quarantined
from corpus.limits import Limits
from corpus.loaders.parts.archive import DAMAGE, check_declarations, open_archive

# The entry `mimetype` after `application/vnd.oasis.opendocument.`; a template is read as the type it makes.
ODF = {".odt": b"text", ".ods": b"spreadsheet", ".odp": b"presentation"}
_MIME = b"application/vnd.oasis.opendocument."
_MANIFEST = "META-INF/manifest.xml"
_ENCRYPTED = re.compile(rb"encryption-data")
_SCRIPTS = ("Basic/", "Scripts/")
_DAMAGED = "文件已损坏或没有复制完整；请重新复制，或用原来的软件打开并重新保存"


def check_odf(suffix: str, content: bytes, limits: Limits) -> None:
    """Raise `Quarantined` for a bomb, a password, macros, entities or another type; `Failed` if damaged."""
    try:
        archive = open_archive(content, limits)
        names = set(archive.namelist())
        kind = archive.read("mimetype").strip().removeprefix(_MIME) if "mimetype" in names else b""
        manifest = archive.read(_MANIFEST) if _MANIFEST in names else b""
        if kind.removesuffix(b"-template") != ODF[suffix]:
            raise Quarantined(f"扩展名是{suffix}，内容却不是；请核对来源，改正扩展名或重新另存")
        if _ENCRYPTED.search(manifest):
            raise Quarantined("文件有密码；请取消密码后另存再放入")
        if any(name.startswith(_SCRIPTS) for name in names):
            raise Quarantined("文件带有宏，可能有害；请另存为不带宏的文件再放入")
        check_declarations(archive)
    except DAMAGE as error:
        raise Failed(_DAMAGED) from error
