"""Snapshots on disk as they are read: no file is taken that is not as its manifest says."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from corpus.document import Document
from index.passages import Passages
from index.snapshots import manifest, snapshot_files
from index.snapshots.collection_upkeep import Collections
from index.snapshots.coordination import NAME, Coordination, OneFolder
from index.snapshots.errors import SnapshotMissing, StoreUnreachable
from index.snapshots.manifest import Manifest
from index.snapshots.notes import NoteFiles, Notes
from index.snapshots.snapshot import Snapshot, SnapshotDamaged


class StoredSnapshots:
    """A folder of snapshots, `snapshot-000001` and up; other names in it are ignored.

    All servers with the same `coordination` serve the same one: files in the folder, unless another is given. Where
    there are `collections`, those are searched instead of the indexes in this process.
    """

    def __init__(
        self,
        folder: Path,
        coordination: Coordination | None = None,
        *,
        notes: Notes | None = None,
        collections: Collections | None = None,
    ) -> None:
        self.folder = folder
        self.collections = collections
        self.coordination: Coordination = coordination or OneFolder(folder)
        self.notes: Notes = notes or NoteFiles(folder)

    def names(self) -> list[str]:
        """Return all snapshots, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir())

    def at_hand(self) -> list[str]:
        """Return the snapshots that this machine has a copy of, the oldest first."""
        return self.names()

    def published(self) -> str | None:
        """Return the name of the published snapshot; None if nothing was ever published. Raises `SnapshotDamaged`."""
        found = self.coordination.published()
        return found.snapshot if found else None

    def was_published(self, name: str) -> bool:
        """Return whether a snapshot is or ever was published."""
        return self.coordination.was_published(name)

    def signature(self) -> tuple[int, ...]:
        """Return a key that changes with every publication; it costs some microseconds."""
        return self.coordination.signature()

    def trouble(self) -> str:
        """Return in a sentence why a publication might not be noticed now, or why this process searches itself.

        Empty if all is well.
        """
        return self.coordination.trouble() or (self.collections.trouble() if self.collections else "")

    def digests(self) -> Mapping[str, str]:
        """Return the SHA-256 of the manifest of each snapshot, by name; without those that are damaged."""
        found = {}
        for name in self.names():
            with suppress(SnapshotDamaged):
                found[name] = manifest.read(self.folder / name).digest
        return found

    def manifest(self, name: str) -> Manifest:
        """Return the manifest of a snapshot; its files are not checked. Raises `SnapshotMissing`, `SnapshotDamaged`."""
        found = manifest.read(self._local(name))
        self._check_against_current(found)
        return found

    def damage(self, name: str) -> list[str]:
        """Return the faults of a snapshot's files; empty if they are as written."""
        try:
            return list(self.manifest(name).damage(self.folder / name))
        except (SnapshotDamaged, SnapshotMissing) as error:
            return [str(error)]

    def document(self, snapshot: str, name: str) -> Document | None:
        """Return one document of a snapshot, or None; its file is checked, the indexes are not read.

        Raises `SnapshotMissing`, `SnapshotDamaged`.
        """
        found = self.manifest(snapshot)
        if name not in found.documents:
            return None
        return snapshot_files.read_document(found.checked(self.folder / snapshot, snapshot_files.DOCUMENTS), name)

    def passages(self, name: str) -> Passages:
        """Return the passages of a snapshot without its indexes. Raises `SnapshotMissing`, `SnapshotDamaged`."""
        found = self.manifest(name)
        for file in found.files:
            if file.startswith((snapshot_files.DOCUMENTS, snapshot_files.PASSAGES)):
                found.checked(self.folder / name, file)
        return snapshot_files.read_passages(self.folder / name)

    def load(self, name: str, *, model: str, known: Sequence[Document] = ()) -> Snapshot:
        """Read a snapshot after comparing every file with its checksum.

        Documents in `known` that it was written from are taken as they are.

        Raises `SnapshotMissing`, `SnapshotDamaged`, or `SnapshotForeign` if `model` did not build it.
        """
        checked = self.checked(name)
        checked.check_recipe(model)
        try:
            written = {one.name: one for one in known if checked.documents.get(one.name) == one.content_hash}
            documents = [written.get(document) for document in checked.documents]
            snapshot = snapshot_files.read(
                self.folder / name, recipe=checked.recipe, built_at=checked.built_at, known=documents if known else ()
            )
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, OSError) as error:
            raise SnapshotDamaged(f"{name}读不出；请运行 python -m qa refresh --anew 重建") from error
        snapshot = replace(snapshot, name=name)
        return self.collections.attached(snapshot, checked.digest) if self.collections else snapshot

    def checked(self, name: str) -> Manifest:
        """Return the manifest of a snapshot after checking every file that it names.

        Raises `SnapshotMissing`, `SnapshotDamaged`.
        """
        found = self.manifest(name)
        for damage in found.damage(self.folder / name):
            raise SnapshotDamaged(f"{name}已损坏：{damage}")
        return found

    def _local(self, name: str) -> Path:
        """Return the folder of a snapshot on this machine. Raises `SnapshotMissing`."""
        if name not in self.names():
            raise SnapshotMissing(f"没有{name}，可能已被清理；请在版本的列表里核对")
        return self.folder / name

    def _check_against_current(self, found: Manifest) -> None:
        try:
            current = self.coordination.published()
        except (SnapshotDamaged, StoreUnreachable):
            return  # reported by `published`
        if current and current.snapshot == found.snapshot and current.manifest_sha256 not in (found.digest, ""):
            raise SnapshotDamaged(f"{found.snapshot}已损坏：清单不是发布时的那一份")
