"""Archives of documents (ZIP): nothing is unpacked to the disk, and names that lead elsewhere are refused."""

import zipfile
import zlib

from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.containers.contents import Contents, Member
from corpus.loaders.parts.archive import open_archive

_UTF8_NAME = 0x800
_CHINESE = "\u0800"
# Of systems, beside every file that a Mac packs.
_LEFTOVERS = ("__MACOSX/",)
_DAMAGED = "压缩包里的这个文件已损坏；请重新压缩后再放入"


def unpack(name: str, content: bytes, budget: Budget) -> Contents:
    """The files of an archive. Raises `Quarantined` for a bomb, a password, links and names that lead out of it."""
    archive = open_archive(content, budget.limits, name_of=_name)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    members = tuple(_member(archive, entry) for entry in entries if not entry.filename.startswith(_LEFTOVERS))
    if not members:
        raise Quarantined("压缩包里没有文件；请核对后重新放入")
    return Contents(members)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    try:
        return Member(entry.filename, archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as error:
        # Of an archive that was cut in the middle, or packed by a method of few programs.
        reason = "压缩方式读不了；请用普通的ZIP方式重新压缩" if isinstance(error, NotImplementedError) else _DAMAGED
        return Member(entry.filename, problem=reason)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: where the archive does not say UTF-8, Chinese Windows writes GBK."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        text = raw.decode("utf-8")
        # The two bytes of a character in GBK may be one in UTF-8, as those of 通知 are, but none of Chinese.
        if all(character < "\x80" or character >= _CHINESE for character in text):
            return text
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return entry.filename
