"""Decides which files staff may upload, by name, size and first bytes. The refresh reads their content apart."""

import re
import unicodedata
from pathlib import PurePosixPath

from corpus.errors import Quarantined
from corpus.files.file_type import check_type
from corpus.files.scan import SIDE_FILE, unsupported
from corpus.limits import Limits
from corpus.loaders import LOADERS
from corpus.text.cleaning import printable
from corpus.text.decoding import UnknownEncoding, decode
from qa.runtime.errors import StaffRefused

MOST_NAME = 180  # bytes; file systems take 255, and a side file's name is longer
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)[ .].*", re.IGNORECASE)
# Characters that some program reads as part of a path.
_PATH = re.compile(r"[/\\:]|\.\.|%(?:2e|2f|5c|00)", re.IGNORECASE)
# Blanks of Chinese keyboards and of web pages, which people see as the usual one.
_BLANKS = str.maketrans("\u3000\xa0", "  ")
_SIGNS = frozenset('<>"|?*')
_TEXTS = (".md", ".markdown", ".txt", ".html", ".htm", ".csv")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class UploadRefused(StaffRefused):
    """The file was not accepted; the message names it and says what to do."""


def rules(megabytes: int) -> str:
    """Return the rules that staff read before they choose files; `megabytes` is the limit."""
    kinds = f"可以上传{'、'.join(LOADERS)}；.zip里的文件和.eml的附件会分别收录；文件名最多约60个汉字，不能带路径；"
    return f"{kinds}每个文件、一次上传的全部文件合起来，都不能超过{megabytes} MB。"


def stored_name(name: str) -> str:
    """Return the name under which a file is stored. Raises `UploadRefused`."""
    name = unicodedata.normalize("NFC", name).translate(_BLANKS).strip()
    shown = printable(name)[:60]
    suffix = PurePosixPath(name).suffix
    if _PATH.search(name):
        raise UploadRefused(f"{shown}：文件名里不能有路径，也不能有冒号和连着的两个点，请改名后再上传")
    if not name.isprintable() or any(unicodedata.category(char) in ("Cf", "Cs", "Co") for char in name):
        raise UploadRefused(f"{shown}：文件名里有看不见的字符，请改名后再上传")
    if found := sorted(_SIGNS & set(name)):
        raise UploadRefused(f"{shown}：文件名里不能有{' '.join(found)}，请改名后再上传")
    if len(name.encode()) > MOST_NAME:
        raise UploadRefused(f"{shown}……：文件名太长，最多约60个汉字，请改短后再上传")
    if name.startswith((".", "~$")) or _RESERVED.fullmatch(name) or name.endswith(SIDE_FILE):
        raise UploadRefused(f"{shown}：这个文件名不能用，请改名后再上传")
    if suffix.lower() not in LOADERS or not name.removesuffix(suffix).strip(". "):
        raise UploadRefused(f"{shown}：{unsupported(suffix)}")
    return name


def check_content(name: str, data: bytes, limits: Limits) -> None:
    """Raise `UploadRefused` for a file that is empty, too large, or whose first bytes do not fit its suffix."""
    suffix = PurePosixPath(name).suffix.lower()
    if not data:
        raise UploadRefused(f"{name}：文件是空的（0字节），请检查后再上传")
    if len(data) > limits.max_bytes:
        raise UploadRefused(f"{name}：超过{limits.megabytes} MB的上限，请拆分或压缩图片后再上传")
    try:
        check_type(suffix, data)
    except Quarantined as error:
        raise UploadRefused(f"{name}：{error}") from error
    if suffix in _TEXTS and b"\x00" in data and not data.startswith(_UTF16):
        try:
            decode(data)
        except UnknownEncoding:
            raise UploadRefused(f"{name}：内容不是文字；请用原来的程序重新保存后再上传") from None
