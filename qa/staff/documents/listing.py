"""Lists the files behind the answers, each with its state in the published snapshot."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import PurePosixPath

from corpus.conversion.container import is_container
from corpus.files.scan import FileReport, FileStatus, Scan, scan
from corpus.limits import Limits
from corpus.metadata.dates import read_day
from corpus.validity import About
from index.snapshots.manifest import NAME as MANIFEST
from index.snapshots.snapshot import SnapshotDamaged
from qa.publishing import left_out, records
from qa.publishing.left_out import LeftOut
from qa.publishing.records import Record
from qa.publishing.serving import store_of
from qa.staff import labels
from qa.staff.documents import side_files
from qa.staff.documents.remembered import HASHES, SCANNED, Last, signature, touched
from qa.staff.permissions import Area, Role, needs
from qa.storage import withdrawals
from qa.storage.withdrawals import Withdrawal


class DocumentStatus(StrEnum):
    """The state of a file, compared with the published snapshot."""

    INDEXED = "indexed"
    OUT_OF_FORCE = "out_of_force"
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    LEFT_OUT = "left_out"
    QUARANTINED = "quarantined"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return labels.FILES[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A file in the list. `version` hashes it and its side file; `passages` counts those in the published snapshot.

    Title, issuer and dates are those that staff wrote, or else those that the published snapshot read in the document.
    `seen` says of a withdrawn one what whoever reinstates it has looked at; see `seen_of`.
    """

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
    issuer: str = ""
    withdrawn: Withdrawal | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document in the published snapshot."""

    passages: int = 0
    about: About = About()
    title: str = ""


_INDEXED: Last[Mapping[str, Indexed]] = Last()
_LISTED: Last[tuple[DocumentRow, ...]] = Last()


class DocumentList(Area):
    """The folder of documents, as one member of staff sees it."""

    @needs(Role.EDITOR)
    def list(self) -> list[DocumentRow]:
        """Return every file of the folder and every document that is still quoted without its file, by name."""
        withdrawn, apart = self.withdrawn(), left_out.read(self._settings.home)
        key = (self._settings.home, self._settings.documents, signature(self._settings.documents), self._standing())
        rows = _LISTED.of((key, withdrawn, apart), lambda: self._rows(withdrawn, apart))
        return list(rows)

    def _standing(self) -> tuple[object, ...]:
        """Return a key that changes when another snapshot is published or held back, or one or its record touched."""
        store, known = store_of(self._settings), (self._published(), self._held_back())
        named = [name for name in known if name]
        manifests = (touched(store.folder / name / MANIFEST) for name in named)
        return (known, *(records.touched(store, name) for name in named), *manifests)

    def _held_back(self) -> str | None:
        """Return the newest snapshot if it was never published."""
        store = store_of(self._settings)
        names = store.names()
        return names[-1] if names and not store.was_published(names[-1]) else None

    def _unread(self, found: Scan) -> dict[str, FileReport]:
        """Return the files, as they are now, that the refresh which was held back could not read."""
        held = self._held_back()
        try:
            record = records.read(store_of(self._settings), held) if held else None
        except SnapshotDamaged:
            return {}
        if record is None:
            return {}
        same = {file.name for file in found.files if record.sources.get(file.name, ("", 0))[0] == file.sha256}
        unread = (one for one in record.files if one.status in (FileStatus.QUARANTINED, FileStatus.FAILED))
        return {one.name: one for one in unread if same.intersection(and_what_holds(one.name))}

    def _rows(self, withdrawn: Sequence[Withdrawal], apart: Sequence[LeftOut]) -> "tuple[DocumentRow, ...]":
        found, record = self._scan(), self._record()
        unread = self._unread(found)
        reports = unread | ({file.name: file for file in record.files} if record else {})
        sources = record.sources if record else {}
        indexed = self._indexed()
        rows = []
        for file in found.files:
            report = reports.get(file.name)
            known = sources.get(file.name)
            if (known is None or known[0] != file.sha256) and file.name in unread:
                status, reason = _status(unread[file.name].status), unread[file.name].reason
            elif known is None:
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
        rows += self._rows_within({file.name for file in found.files}, reports, indexed)
        names = {row.name for row in rows}
        for gone in indexed.keys() - names:
            rows.append(self._row(gone, DocumentStatus.REMOVED, "文件已不在，发布后不再引用", indexed))
        stopped = {one.document: one for one in withdrawn}
        waits = left_out.standing(apart, found)
        now = {file.name: file.sha256 for file in found.files}
        rows = [_stopped(_left(row, waits), stopped, now, sources) for row in rows]
        return tuple(sorted(rows, key=lambda row: row.name))

    @needs(Role.EDITOR)
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """Return all withdrawn documents, whether their files still exist or not."""
        with self._database() as connection:
            return tuple(withdrawals.read(connection))

    def _rows_within(
        self, files: Set[str], reports: Mapping[str, FileReport], indexed: Mapping[str, Indexed]
    ) -> Iterator[DocumentRow]:
        """Yield a row for each file within another, such as 包.zip/表.xlsx, as the last refresh found it.

        An archive within another has one, too, so that it can be withdrawn as a whole.
        """
        read = (indexed.keys() | reports.keys()) - files
        archives = {one for name in read for one in and_what_holds(name)[1:] if is_container(one)} - files
        for name in read | archives:
            report = reports.get(name)
            if holder := next((one for one in and_what_holds(name) if one in files), None):
                status = _status(report.status) if report else DocumentStatus.INDEXED
                reason = report.reason if report else ""
                yield self._row(name, status, "；".join(filter(None, [f"在{holder}里面", reason])), indexed)

    def _row(
        self,
        name: str,
        status: DocumentStatus,
        reason: str,
        indexed: Mapping[str, Indexed],
        *,
        size: int = 0,
        version: str = "",
        at: datetime | None = None,
    ) -> DocumentRow:
        values = side_files.described(self._settings.documents / name)
        known = indexed.get(name, Indexed())
        return DocumentRow(
            name=name,
            title=values.get("title", "") or known.title,
            status=status,
            reason=reason,
            size=size,
            passages=known.passages,
            in_force_from=read_day(values.get("in_force_from", "")) or known.about.in_force_from,
            in_force_until=read_day(values.get("in_force_until", "")) or known.about.in_force_until,
            changed_at=at,
            version=version,
            issuer=values.get("issuer", "") or known.about.issuer,
        )

    def _scan(self) -> Scan:
        limits, folder = Limits(megabytes=self._settings.max_file_mb), self._settings.documents
        return SCANNED.of((limits, folder, signature(folder)), lambda: scan(folder, limits=limits, hashed=HASHES))

    def _published(self) -> str | None:
        try:
            return store_of(self._settings).published()
        except SnapshotDamaged:
            return None

    def _record(self) -> Record | None:
        published = self._published()
        try:
            return records.read(store_of(self._settings), published) if published else None
        except SnapshotDamaged:
            return None

    def _indexed(self) -> Mapping[str, Indexed]:
        """Return the documents of the published snapshot, each with its passage count and metadata."""
        published = self._published()
        if not published:
            return {}
        store = store_of(self._settings)
        manifest = store.manifest(published)

        def read() -> dict[str, Indexed]:
            passages = store.passages(published)
            counts = passages.counts()
            held = [one for one in passages.documents if counts[one.name]]
            indexed = {one.name: Indexed(counts[one.name], one.about, one.title) for one in held}
            return dict.fromkeys(manifest.documents, Indexed()) | indexed

        return _INDEXED.of((self._settings.home, published, manifest.digest), read)


def _status(status: FileStatus) -> DocumentStatus:
    return DocumentStatus.INDEXED if status is FileStatus.UNCHANGED else DocumentStatus(status.value)


def _left(row: DocumentRow, left: Mapping[str, LeftOut]) -> DocumentRow:
    """Return the row of a file whose change staff left out of what is published as one that waits to be mended."""
    if row.name not in left or row.status not in (DocumentStatus.NEW, DocumentStatus.CHANGED, DocumentStatus.REMOVED):
        return row
    one = left[row.name]
    reason = f"{one.who}先不发布它（{one.why}）；改好再上传一次，就会跟着发布"
    return replace(row, status=DocumentStatus.LEFT_OUT, reason=reason)


def seen_of(withdrawal: Withdrawal, name: str, now: Mapping[str, str], published: Mapping[str, tuple[str, int]]) -> str:
    """Return a key of the withdrawal of a document, of its file as it is `now`, and as it is `published`.

    Whoever reinstates it answers for what citizens will read: with another key, they have not seen that.
    """
    files = ((now.get(one, ""), published.get(one, ("", 0))[0]) for one in and_what_holds(name))
    return hashlib.sha256(repr((withdrawal.at, *files)).encode()).hexdigest()[:16]


def _stopped(
    row: DocumentRow,
    stopped: Mapping[str, Withdrawal],
    now: Mapping[str, str],
    published: Mapping[str, tuple[str, int]],
) -> DocumentRow:
    one = _of(row.name, stopped)
    # Of a file within a withdrawn archive its own withdrawal, which may be ended together with that of the archive.
    own = stopped.get(row.name, one)
    return replace(row, withdrawn=one, seen=seen_of(own, row.name, now, published)) if one and own else row


def and_what_holds(name: str) -> list[str]:
    """Return the name and the names of all archives it may lie in, the innermost first."""
    return [name, *map(str, PurePosixPath(name).parents)]


def _of(name: str, withdrawn: Mapping[str, Withdrawal]) -> Withdrawal | None:
    """Return the withdrawal of a file; of one within an archive that is withdrawn as a whole, that of the archive."""
    return next((withdrawn[one] for one in reversed(and_what_holds(name)) if one in withdrawn), None)
