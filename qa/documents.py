"""文档: the files behind the answers: listed, uploaded, described, looked at, deleted. Nothing is parsed here."""

import fcntl
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from corpus import metadata
from corpus.document import Document, Passage
from corpus.limits import Limits
from corpus.loaders import LOADERS
from corpus.metadata import FIELDS
from corpus.problems import Quarantined
from corpus.scan import SIDE_FILE, FileStatus, Scan, contents, file_hash, scan, side_file
from index.snapshot import SnapshotDamaged
from qa import history
from qa.history import Record
from qa.roles import Area, Overtaken, Role, StaffRefused, needs
from qa.serving import store_of

LOCK = "documents.lock"
MOST_NAME = 180  # bytes; file systems take 255, and a side file's name is longer
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_ARCHIVES = (".docx", ".pptx", ".xlsx", ".epub")
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    **dict.fromkeys(_ARCHIVES, (b"PK\x03\x04",)),
    ".png": (b"\x89PNG\r\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
}
_PDF_WITHIN = 1024  # bytes in which a PDF has to say that it is one
_TEXTS = (".md", ".markdown", ".txt", ".html", ".htm", ".csv")


UPLOAD_RULES = (
    f"可以上传{'、'.join(LOADERS)}；文件名最多约60个汉字，不能带路径。"
    "大小上限见设置QA_MAX_FILE_MB（缺省50 MB），一次上传的全部文件合起来也不能超过它。"
)


class UploadRefused(StaffRefused):
    """A file is not taken; the message names it and says what to do."""


class DocumentMissing(StaffRefused):
    """There is no such file, or no such document in the snapshot."""


class MetadataRefused(StaffRefused):
    """A field of a document cannot hold this."""


class DocumentExists(StaffRefused):
    """There is a file of this name; `version` is what to give to replace it."""

    def __init__(self, name: str, version: str) -> None:
        super().__init__(f"{name}：已有同名文件；要替换它，请明确选择替换")
        self.name = name
        self.version = version


class DocumentStatus(StrEnum):
    """How a file stands to the published snapshot."""

    INDEXED = "indexed"
    OUT_OF_FORCE = "out_of_force"
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    QUARANTINED = "quarantined"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "indexed": "已收录",
    "out_of_force": "不在有效期",
    "new": "待刷新（新增）",
    "changed": "待刷新（改过）",
    "removed": "待刷新（已删除）",
    "quarantined": "已隔离",
    "failed": "读不出",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A file in the list; `version` is the hash of it and its side file, `passages` those of the published snapshot."""

    name: str
    title: str
    status: DocumentStatus
    reason: str
    size: int
    passages: int
    in_force_from: date | None
    in_force_until: date | None
    changed_at: datetime | None
    version: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was taken."""

    name: str
    size: int
    version: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the side file of a document says, by field."""

    name: str
    values: Mapping[str, str]
    version: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as the snapshot holds it; `outdated` says that its file is another one today."""

    document: Document
    passages: tuple[Passage, ...]
    snapshot: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """A file that is gone, and how many passages the published snapshot still has of it."""

    name: str
    passages: int


class Documents(Area):
    """The folder of documents, as one member of staff may change it."""

    @needs(Role.EDITOR)
    def list(self) -> list[DocumentRow]:
        """Every file of the folder, and every document that is quoted though its file is gone, by name."""
        found, record = self._scan(), self._record()
        reports = {file.name: file for file in record.files} if record else {}
        sources = record.sources if record else {}
        indexed = self._indexed()
        rows = []
        for file in found.files:
            report = reports.get(file.name)
            known = sources.get(file.name)
            if known is None:
                status, reason = DocumentStatus.NEW, ""
            elif known[0] != file.sha256:
                status, reason = DocumentStatus.CHANGED, ""
            else:
                status = _status(report.status) if report else DocumentStatus.INDEXED
                reason = report.reason if report else ""
            changed = datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
            rows.append(self._row(file.name, status, reason, indexed, size=file.size, version=file.sha256, at=changed))
        for left in found.not_taken:
            rows.append(self._row(left.name, _status(left.status), left.reason, indexed))
        names = {row.name for row in rows}
        for gone in indexed.keys() - names:
            rows.append(self._row(gone, DocumentStatus.REMOVED, "文件已不在，刷新后不再引用", indexed))
        return sorted(rows, key=lambda row: row.name)

    @needs(Role.EDITOR)
    def upload(self, name: str, content: BinaryIO, *, replacing: str = "") -> Uploaded:
        """Put a file into the folder; it is read at the next refresh.

        Raises `UploadRefused`, `DocumentExists`, and `Overtaken` when the file is not at the version `replacing`.
        """
        name = _fit_name(name)
        with self._audit.action(self._who, "upload", target=name), self._folder() as folder:
            limits = Limits(megabytes=self._settings.max_file_megabytes)
            data = content.read(limits.max_bytes + 1)
            _check(name, data, limits)
            path = folder / name
            version = _version(path)
            if version and not replacing:
                raise DocumentExists(name, version)
            if replacing and version != replacing:
                raise Overtaken(f"{name}已被别人改过或删除，没有替换；请刷新页面后再试")
            _write(path, data)
            return Uploaded(name, len(data), _version(path), bool(version))

    @needs(Role.EDITOR)
    def metadata(self, name: str) -> Metadata:
        """What the side file says. Raises `DocumentMissing`."""
        path = self._path(name)
        return Metadata(name, _described(path), _version(path))

    @needs(Role.EDITOR)
    def edit(self, name: str, values: Mapping[str, str], *, version: str) -> Metadata:
        """Write the side file anew; a field with an empty value goes.

        Raises `Overtaken`, `MetadataRefused`, `DocumentMissing`.
        """
        kept = {field: " ".join(values.get(field, "").split()) for field in FIELDS}
        try:
            metadata.apply(Document(name, name, "文"), kept)
        except Quarantined as error:
            raise MetadataRefused(f"没有保存：{error}") from error
        with self._audit.action(self._who, "edit", target=name), self._folder():
            path = self._path(name)
            if _version(path) != version:
                raise Overtaken(f"{name}已被别人改过，您的改动没有保存；请重新打开后再改")
            lines = [f"{field}: {value}" for field, value in kept.items() if value]
            if lines:
                _write(side_file(path), ("\n".join(lines) + "\n").encode())
            else:
                side_file(path).unlink(missing_ok=True)
        return self.metadata(name)

    @needs(Role.EDITOR)
    def preview(self, name: str, *, snapshot: str = "") -> Preview:
        """A document with its passages, of the published snapshot unless one is named. Raises `DocumentMissing`."""
        store = store_of(self._settings.home)
        snapshot = snapshot or self._published() or ""
        document = store.document(snapshot, name) if snapshot else None
        if document is None:
            raise DocumentMissing(f"现行版本里没有{name}；刷新之后才能预览")
        passages = tuple(passage for passage in store.passages(snapshot) if passage.document.name == name)
        record = self._record()
        known = record.sources.get(name, ("", 0))[0] if record else ""
        return Preview(document, passages, snapshot, known != _version(self._settings.documents / name))

    @needs(Role.EDITOR)
    def original(self, name: str) -> Path:
        """The file itself, to be sent as an attachment. Raises `DocumentMissing`."""
        return self._path(name)

    @needs(Role.PUBLISHER)
    def delete(self, name: str, *, version: str, why: str = "") -> Deleted:
        """Delete a file with its side file. Answers quote it until the next refresh. Raises `Overtaken`."""
        with self._audit.action(self._who, "delete", target=name, why=why), self._folder():
            path = self._path(name)
            if _version(path) != version:
                raise Overtaken(f"{name}已被别人改过，没有删除；请重新打开后再试")
            path.unlink()
            side_file(path).unlink(missing_ok=True)
            return Deleted(name, self._indexed().get(name, 0))

    def _row(
        self,
        name: str,
        status: DocumentStatus,
        reason: str,
        indexed: Mapping[str, int],
        *,
        size: int = 0,
        version: str = "",
        at: datetime | None = None,
    ) -> DocumentRow:
        values = _described(self._settings.documents / name)
        return DocumentRow(
            name=name,
            title=values.get("title", ""),
            status=status,
            reason=reason,
            size=size,
            passages=indexed.get(name, 0),
            in_force_from=_day(values.get("in_force_from", "")),
            in_force_until=_day(values.get("in_force_until", "")),
            changed_at=at,
            version=version,
        )

    def _scan(self) -> Scan:
        return scan(self._settings.documents, limits=Limits(megabytes=self._settings.max_file_megabytes))

    def _published(self) -> str | None:
        try:
            return store_of(self._settings.home).published()
        except SnapshotDamaged:
            return None

    def _record(self) -> Record | None:
        published = self._published()
        try:
            return history.read(store_of(self._settings.home), published) if published else None
        except SnapshotDamaged:
            return None

    def _indexed(self) -> dict[str, int]:
        """The documents of the published snapshot with the number of their passages."""
        published = self._published()
        if not published:
            return {}
        store = store_of(self._settings.home)
        counts = dict.fromkeys(store.manifest(published).documents, 0)
        for passage in store.passages(published):
            counts[passage.document.name] = counts.get(passage.document.name, 0) + 1
        return counts

    def _path(self, name: str) -> Path:
        """The file that the list shows as `name`; what is not in the list is not opened."""
        for file in self._scan().files:
            if file.name == name:
                return file.path
        raise DocumentMissing(f"文件夹里没有{name}；请刷新页面")

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """The folder, while nobody else writes into it through the console."""
        self._settings.home.mkdir(parents=True, exist_ok=True)
        with (self._settings.home / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._settings.documents


def _fit_name(name: str) -> str:
    """The name under which a file is kept. Raises `UploadRefused`."""
    name = unicodedata.normalize("NFC", name).strip()
    shown = "".join(char if char.isprintable() else "\ufffd" for char in name)[:60]
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, which may be no path
    if "/" in name or "\\" in name or ".." in name or ":" in name:
        raise UploadRefused(f"{shown}：文件名里不能有路径")
    if not name.isprintable() or any(unicodedata.category(char) in ("Cf", "Cs", "Co") for char in name):
        raise UploadRefused(f"{shown}：文件名里有看不见的字符，请改名后再上传")
    if len(name.encode()) > MOST_NAME:
        raise UploadRefused(f"{shown}……：文件名太长，最多约60个汉字，请改短后再上传")
    if not stem.strip(". ") or name.startswith((".", "~$")) or _RESERVED.fullmatch(name) or name.endswith(SIDE_FILE):
        raise UploadRefused(f"{shown}：这个文件名不能用，请改名后再上传")
    if suffix.lower() not in LOADERS:
        raise UploadRefused(f"{shown}：不支持{suffix or '没有扩展名的文件'}；可以用的有{'、'.join(LOADERS)}")
    return name


def _check(name: str, data: bytes, limits: Limits) -> None:
    suffix = Path(name).suffix.lower()
    if not data:
        raise UploadRefused(f"{name}：文件是空的（0字节），请检查后再上传")
    if len(data) > limits.max_bytes:
        raise UploadRefused(f"{name}：超过{limits.megabytes} MB的上限，请拆分或压缩图片后再上传")
    beginnings = _BEGINNINGS.get(suffix, ())
    fits = data.startswith(beginnings) if beginnings else True
    if suffix == ".pdf":
        fits = b"%PDF-" in data[:_PDF_WITHIN]
    if suffix in _TEXTS:
        fits = b"\x00" not in data or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not fits:
        raise UploadRefused(f"{name}：内容不是{suffix}文件，可能改过扩展名或已损坏；请用原来的程序重新保存后再上传")


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _version(path: Path) -> str:
    """The hash of a file and its side file, as `corpus.scan` makes it; empty without the file."""
    try:
        return file_hash(*contents(path, limits=Limits(megabytes=200)))
    except OSError:
        return ""


def _described(path: Path) -> dict[str, str]:
    """What the side file of a file says, by field."""
    try:
        values = metadata.parse(side_file(path).read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}
    known = {word: field for field, words in FIELDS.items() for word in words}
    return {known[key]: value for key, value in values.items() if key in known}


def _status(status: FileStatus) -> DocumentStatus:
    return DocumentStatus.INDEXED if status is FileStatus.UNCHANGED else DocumentStatus(status.value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
