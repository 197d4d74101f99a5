"""Archives of documents (ZIP): nothing is unpacked to disk, and names that lead out of the archive are refused."""

import zipfile

from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.containers.contents import Contents, Member
from corpus.loaders.parts.archive import DAMAGE, open_archive

_UTF8_NAME = 0x800
_CHINESE = "\u0800"
# Files that a Mac adds beside every packed file.
_LEFTOVERS = ("__MACOSX/",)
_DAMAGED = "压缩包里的这个文件已损坏；请重新压缩后再放入"


def unpack(name: str, content: bytes, budget: Budget) -> Contents:
    """Return the files of an archive. Raises `Quarantined` for a bomb, a password, links, names that lead out of it."""
    archive = open_archive(content, budget.limits, name_of=_name)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    members = tuple(_member(archive, entry) for entry in entries if not entry.filename.startswith(_LEFTOVERS))
    if not members:
        raise Quarantined("压缩包里没有文件；请核对后重新放入")
    return Contents(members)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    try:
        return Member(entry.filename, archive.read(entry))
    except DAMAGE as error:
        # The archive was cut off in the middle, or packed by an unusual method.
        reason = "压缩方式读不了；请用普通的ZIP方式重新压缩" if isinstance(error, NotImplementedError) else _DAMAGED
        return Member(entry.filename, problem=reason)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name as its author wrote it: without a UTF-8 flag, Chinese Windows writes GBK."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        text = raw.decode("utf-8")
        # The two bytes of a GBK character, such as those of 通知, may form one in UTF-8, but never a Chinese one.
        if all(character < "\x80" or character >= _CHINESE for character in text):
            return text
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return entry.filename
