"""文档: the files behind the answers, as staff list, upload, describe, look at, withdraw and delete them."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from corpus import metadata
from corpus.dates import read_day
from corpus.document import Document, Passage
from corpus.limits import Limits
from corpus.loaders.decoding import decode
from corpus.metadata import FIELDS
from corpus.problems import FileProblem, Quarantined
from corpus.scan import FileStatus, Scan, contents, file_hash, scan, side_file
from index.snapshot import SnapshotDamaged
from qa import history, withdrawals
from qa.history import Record
from qa.roles import Area, Overtaken, ReasonMissing, Role, StaffRefused, needs
from qa.serving import store_of
from qa.uploads import UploadRefused, check_content, stored_name
from qa.withdrawals import Withdrawal

LOCK = "documents.lock"


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
    withdrawn: Withdrawal | None = None


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
        withdrawn = {one.document: one for one in self.withdrawn()}
        rows = [replace(row, withdrawn=withdrawn.get(row.name)) for row in rows]
        return sorted(rows, key=lambda row: row.name)

    @needs(Role.EDITOR)
    def upload(self, name: str, content: BinaryIO, *, replacing: str = "") -> Uploaded:
        """Put a file into the folder; it is read at the next refresh.

        Raises `UploadRefused`, `DocumentExists`, and `Overtaken` when the file is not at the version `replacing`.
        """
        name = stored_name(name)
        with self._audit.action(self._who, "upload", target=name), self._folder() as folder:
            limits = Limits(megabytes=self._settings.max_file_megabytes)
            data = content.read(limits.max_bytes + 1)
            check_content(name, data, limits)
            path = folder / name
            if alike := _differing_in_case(folder, name):
                raise UploadRefused(f"{name}：已有只差大小写的{alike}；请改名，或按原名上传来替换它")
            version = _version(path)
            if version and not replacing:
                raise DocumentExists(name, version)
            if replacing and version != replacing:
                raise Overtaken(f"{name}已被别人改过或删除，没有替换；请刷新页面后再试")
            _write(path, data, replacing=bool(version))
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
        if unknown := [field for field in values if field not in FIELDS]:
            raise MetadataRefused(f"没有{'、'.join(unknown)}这个项目；可以写的有{'、'.join(FIELDS)}")
        kept = {field: " ".join(values.get(field, "").split()) for field in FIELDS}
        try:
            metadata.apply(Document(name, name, "文"), kept)
        except Quarantined as error:
            raise MetadataRefused(f"没有保存：{error}") from error
        with self._audit.action(self._who, "edit", target=name), self._folder():
            path = self._path(name)
            if _version(path) != version:
                raise Overtaken(f"{name}已被别人改过，您的改动没有保存；请重新打开后再改")
            lines = [f"{field}: {value}" for field, value in kept.items() if value] + _others(path)
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

    @needs(Role.EDITOR)
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """All documents that are withdrawn, whether their files are still there or not."""
        with self._database() as connection:
            return tuple(withdrawals.read(connection))

    @needs(Role.PUBLISHER)
    def withdraw(self, name: str, *, why: str) -> Withdrawal:
        """Quote a document no more, on all servers within seconds and whatever is refreshed, until it is reinstated.

        Raises `ReasonMissing`, `DocumentMissing`.
        """
        if not why.strip():
            raise ReasonMissing("撤下文件要写明原因，会记入审计")
        with self._audit.action(self._who, "withdraw", target=name, why=why), self._database() as connection:
            published = self._published()
            quoted = store_of(self._settings.home).document(published, name) if published else None
            file_sha256 = quoted.file_sha256 if quoted else _version(self._path(name))
            at = datetime.now(UTC).isoformat(timespec="seconds")
            withdrawal = Withdrawal(name, file_sha256, at, self._who, why.strip())
            withdrawals.add(connection, withdrawal)
            return withdrawal

    @needs(Role.PUBLISHER)
    def reinstate(self, name: str, *, why: str = "") -> None:
        """Let a document that was withdrawn be quoted again. Raises `DocumentMissing`."""
        with self._audit.action(self._who, "reinstate", target=name, why=why), self._database() as connection:
            if not withdrawals.remove(connection, name):
                raise DocumentMissing(f"{name}没有被撤下；请刷新页面")

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
            in_force_from=read_day(values.get("in_force_from", "")),
            in_force_until=read_day(values.get("in_force_until", "")),
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


def _differing_in_case(folder: Path, name: str) -> str:
    """A file that is the same to systems that do not tell capitals from small letters; empty when there is none."""
    return next((one.name for one in folder.iterdir() if one.name != name and one.name.lower() == name.lower()), "")


def _write(path: Path, data: bytes, *, replacing: bool = True) -> None:
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replacing:
            aside.replace(path)
        else:
            path.hardlink_to(aside)  # unlike a renaming it never takes another file's place
    finally:
        aside.unlink(missing_ok=True)


def _version(path: Path) -> str:
    """The hash of a file and its side file, as `corpus.scan` makes it; empty without the file."""
    try:
        return file_hash(*contents(path, limits=Limits(megabytes=200)))
    except OSError:
        return ""


def _others(path: Path) -> list[str]:
    """The lines of a side file for which there is no field; whoever wrote them keeps them."""
    known = {word for words in FIELDS.values() for word in words}
    return [f"{key}: {value}" for key, value in _parsed(path).items() if key not in known]


def _described(path: Path) -> dict[str, str]:
    """What the side file of a file says, by field."""
    known = {word: field for field, words in FIELDS.items() for word in words}
    return {known[key]: value for key, value in _parsed(path).items() if key in known}


def _parsed(path: Path) -> dict[str, str]:
    try:
        return metadata.parse(decode(side_file(path).read_bytes()))
    except (OSError, ValueError, FileProblem):
        return {}


def _status(status: FileStatus) -> DocumentStatus:
    return DocumentStatus.INDEXED if status is FileStatus.UNCHANGED else DocumentStatus(status.value)
