"""The files behind the answers as staff list them: how each stands to the published snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from corpus.files.scan import FileStatus, Scan, scan
from corpus.limits import Limits
from corpus.metadata.dates import read_day
from index.snapshots.snapshot import SnapshotDamaged
from qa.publishing import records
from qa.publishing.records import Record
from qa.publishing.serving import store_of
from qa.staff.documents import side_files
from qa.staff.permissions import Area, Role, needs
from qa.storage import withdrawals
from qa.storage.withdrawals import Withdrawal


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


class DocumentList(Area):
    """The folder of documents, as one member of staff sees it."""

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
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """All documents that are withdrawn, whether their files are still there or not."""
        with self._database() as connection:
            return tuple(withdrawals.read(connection))

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
        values = side_files.described(self._settings.documents / name)
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
        return scan(self._settings.documents, limits=Limits(megabytes=self._settings.max_file_mb))

    def _published(self) -> str | None:
        try:
            return store_of(self._settings.home).published()
        except SnapshotDamaged:
            return None

    def _record(self) -> Record | None:
        published = self._published()
        try:
            return records.read(store_of(self._settings.home), published) if published else None
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


def _status(status: FileStatus) -> DocumentStatus:
    return DocumentStatus.INDEXED if status is FileStatus.UNCHANGED else DocumentStatus(status.value)
