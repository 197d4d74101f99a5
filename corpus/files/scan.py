"""Scans a folder: its files with their hashes, and those that will not be read. Nothing is converted."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath

from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import LOADERS
from corpus.text.cleaning import printable

SIDE_FILE = ".meta.yaml"
# Leftovers of editors and systems, never documents.
_LEFTOVERS = ("~$", "thumbs.db", "desktop.ini")
_MAX_SIDE_FILE = 65_536
_PART = 1 << 20  # bytes read at once


class DocumentsMissing(Exception):
    """The documents' folder does not exist, cannot be listed, or holds no readable document."""


class FileStatus(StrEnum):
    """The outcome of reading a file."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    OUT_OF_FORCE = "out_of_force"


@dataclass(frozen=True, slots=True)
class FileReport:
    """The outcome for a file; `reason` says in Chinese what is wrong and what to do, empty if nothing is wrong.

    `again` says that memory, a library or time was lacking, so that the next refresh tries the file again.
    """

    name: str
    status: FileStatus
    reason: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be a document. The hash covers it and its side file `NAME.meta.yaml`."""

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of a folder in the order of their names, and those that are not accepted."""

    files: tuple[File, ...]
    not_taken: tuple[FileReport, ...]


def hash_of(path: Path, limits: Limits) -> str:
    """Return the hash of a file with its side file. Raises `OSError`; `BlockingIOError` if one is too long."""
    return file_hash(*contents(path, limits=limits))


def scan(folder: Path, *, limits: Limits = DEFAULT_LIMITS, hashed: Callable[[Path, Limits], str] = hash_of) -> Scan:
    """List every file below `folder` except hidden ones, each hashed by `hashed`.

    Raises `DocumentsMissing` if it is not a folder.
    """
    if not folder.is_dir():
        raise DocumentsMissing(f"文件夹{folder}不存在；请把 QA_DOCUMENTS 设为存放文件的文件夹")
    root = folder.resolve()
    files: list[File] = []
    not_taken: list[FileReport] = []
    used: set[str] = set()
    for name, path in _paths(root, not_taken):
        outcome = _file(root, path, name, limits=limits, hashed=hashed)
        while outcome.name in used:  # two names that look alike, such as 甲\x01.txt and 甲\x02.txt
            alike = PurePosixPath(outcome.name)
            outcome = replace(outcome, name=alike.with_stem(f"{alike.stem}\ufffd").as_posix())
        used.add(outcome.name)
        if isinstance(outcome, File):
            files.append(outcome)
        else:
            not_taken.append(outcome)
    return Scan(tuple(files), tuple(sorted(not_taken, key=lambda report: report.name)))


def side_file(path: Path) -> Path:
    """Return the path of a file's side file, which holds metadata that the file itself cannot."""
    return path.with_name(path.name + SIDE_FILE)


def contents(path: Path, *, limits: Limits) -> tuple[bytes, bytes]:
    """Return the bytes of a file and its side file. Raises `OSError`; `BlockingIOError` if one is too long."""
    try:
        content = _bytes(os.fspath(path), limits.max_bytes)
    except OSError as error:
        if error.errno != errno.ELOOP:  # a link
            raise
        content = _bytes(os.path.realpath(path), limits.max_bytes)
    side = os.fspath(path) + SIDE_FILE
    return content, _bytes(side, _MAX_SIDE_FILE) if os.path.lexists(side) else b""


def file_hash(content: bytes, side: bytes) -> str:
    """Return the SHA-256 of a file; with a side file, of both hashes, so that bytes cannot move between them."""
    digest = hashlib.sha256(content)
    if side:
        digest = hashlib.sha256(digest.digest() + hashlib.sha256(side).digest())
    return digest.hexdigest()


def _paths(root: Path, not_taken: list[FileReport]) -> Iterator[tuple[str, str]]:
    """Yield name and path of the files below a folder, except hidden ones; report unreadable folders and links."""

    def unlisted(error: OSError) -> None:
        name = display_name(Path(error.filename).relative_to(root))
        not_taken.append(FileReport(name, FileStatus.FAILED, "文件夹打不开；请检查访问权限"))

    for parent, folders, names in os.walk(root, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(parent) / name).is_symlink():
                label = display_name((Path(parent) / name).relative_to(root))
                reason = "这是指向别的文件夹的链接，不会跟着读；请把文件本身复制进来"
                not_taken.append(FileReport(label, FileStatus.QUARANTINED, reason))
        beside = set(names)
        above = os.path.relpath(parent, root)
        within = "" if above == "." else f"{above}/"
        for name in sorted(names):
            if not ignored(name, beside):
                yield within + name, os.path.join(parent, name)  # noqa: PTH118  # a tenth of the time of a Path


def suffix_of(name: str) -> str:
    """Return the suffix of a name in small letters, as `PurePosixPath` has it, in a tenth of its time."""
    stem, _, suffix = name.rpartition("/")[2].rpartition(".")
    return f".{suffix}".lower() if stem and suffix else ""


def ignored(name: str, beside: set[str]) -> bool:
    """Return whether a file is not a document: hidden, a leftover of editors, or a side file of one `beside` it."""
    if name.endswith(SIDE_FILE) and name.removesuffix(SIDE_FILE) in beside:
        return True
    return name.startswith((".", _LEFTOVERS[0])) or name.lower() in _LEFTOVERS


def _file(
    root: Path, place: str, raw: str, *, limits: Limits, hashed: Callable[[Path, Limits], str]
) -> File | FileReport:
    path, name = Path(place), display_name(raw)
    quarantined, failed = FileStatus.QUARANTINED, FileStatus.FAILED
    if place.endswith(SIDE_FILE):
        return FileReport(
            name, failed, f"旁边没有它所说明的文件；请按“文件全名{SIDE_FILE}”命名，如：通知.pdf{SIDE_FILE}"
        )
    try:
        known = os.lstat(place)
        if stat.S_ISLNK(known.st_mode):
            if not _inside(root, path):
                return FileReport(name, quarantined, "这是指向文件夹之外的链接，不会读取；请把文件本身复制进来")
            known = path.stat()
        if suffix_of(raw) not in LOADERS:
            return FileReport(name, failed, unsupported(path.suffix))
        if not stat.S_ISREG(known.st_mode):
            return FileReport(name, failed, "这不是普通文件；请删除")  # reading a pipe or a device would never end
        if known.st_size > limits.max_bytes:
            reason = f"文件有{known.st_size / 1e6:.0f} MB，超过{limits.megabytes} MB的上限；请拆分或压缩图片后再放入"
            return FileReport(name, quarantined, reason)
        return File(name, path, hashed(path, limits), known.st_size)
    except BlockingIOError:
        return FileReport(name, failed, "文件正在变大；请等复制完成后再试")
    except OSError as error:
        return FileReport(name, failed, f"文件打不开（{error.strerror}）；请检查访问权限")


# In the words of a clerk; a list of thirty suffixes is read by nobody.
USABLE = "Word、WPS、Excel、PPT、PDF、OFD、ODF、文本、表格（.csv）、网页、电子书（.epub）、图片、邮件（.eml）和.zip"


def unsupported(suffix: str) -> str:
    """Return why a file of this suffix is not read, and what to do."""
    return f"不支持{suffix or '没有扩展名的'}{'这种' if suffix else ''}文件；{_instead(suffix)}"


def _instead(suffix: str) -> str:
    match suffix.lower():
        case ".docm" | ".dotm":
            return "请另存为不带宏的.docx再放入"
        case ".xlsm" | ".xlsb":
            return "请另存为不带宏的.xlsx再放入"
        case ".pptm" | ".ppsm":
            return "请另存为不带宏的.pptx再放入"
        case ".bmp" | ".gif" | ".webp" | ".heic":
            return "请另存为.png或.jpg再放入"
        case ".caj":
            return "请导出为PDF再放入"
        case ".msg":
            return "请在邮件软件里另存为.eml再放入"
        case ".rar" | ".7z":
            return "请解压后放入其中的文件，或改用.zip"
        case _:
            return f"可以用的有{USABLE}"


def _inside(root: Path, path: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _bytes(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file, whatever the path has become since it was checked."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    parts, left = [], limit + 1
    try:
        while left and (part := os.read(descriptor, min(left, _PART))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(descriptor)
    if not left:
        raise BlockingIOError
    return b"".join(parts)


def display_name(path: PurePath | str) -> str:
    """Return the path for people: GBK bytes of Windows archives are decoded, control characters become �."""
    text = path if isinstance(path, str) else path.as_posix()
    if text.isprintable():
        return text
    text = os.fsencode(text).decode("gb18030" if _undecoded(text) else "utf-8", "replace")
    return printable(text)


def _undecoded(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)
