"""A store whose snapshots several machines share: its folder holds checked copies of them."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.document import Document
from index.files import locks
from index.snapshots import snapshot_files
from index.snapshots.collection_upkeep import Collections
from index.snapshots.coordination import NAME, Coordination
from index.snapshots.errors import SnapshotMissing, StoreBusy, StoreUnreachable
from index.snapshots.manifest import Manifest
from index.snapshots.notes import NoteFiles, Notes
from index.snapshots.shared.remote import Remote
from index.snapshots.snapshot import Snapshot, SnapshotDamaged
from index.snapshots.store import Store

logger = logging.getLogger(__name__)

_FETCHED = ".fetched-"
_FETCH_SECONDS = 1800.0  # another process of this machine may be fetching the same gigabytes


class SharedStore(Store):
    """Which snapshots there are, the `remote` says; the folder is this machine's copy of those that it has used."""

    def __init__(
        self,
        folder: Path,
        coordination: Coordination,
        *,
        remote: Remote,
        notes: Notes,
        collections: Collections | None = None,
    ) -> None:
        super().__init__(folder, coordination, notes=notes, collections=collections)
        self.remote = remote
        self._away = ""

    def names(self) -> list[str]:
        return self.remote.names()

    def digests(self) -> Mapping[str, str]:
        return self.remote.registry.stored()

    def at_hand(self) -> list[str]:
        return super().names()

    @property
    def is_tended(self) -> bool:
        return True

    def trouble(self) -> str:
        return super().trouble() or self._away

    def tend(self, snapshot: Snapshot, *, fill: bool) -> None:
        if fill:
            with suppress(StoreUnreachable):  # the database, which says so by itself
                before, self._away = self._away, self.remote.trouble(snapshot.name)
                if self._away != before:
                    logger.error("%s", self._away or "The object store can be reached again")
        super().tend(snapshot, fill=fill)

    def document(self, snapshot: str, name: str) -> Document | None:
        if snapshot in self.at_hand():
            return super().document(snapshot, name)
        # One old citation is no reason to fetch the indexes.
        found = self.remote.manifest(snapshot)
        if name not in found.documents:
            return None
        return snapshot_files.read_document(self.remote.file(found, snapshot_files.DOCUMENTS), name)

    def share(self) -> list[str]:
        """Store all snapshots that only this machine has, with their notes; return their names.

        Call within `refreshing` and `writing`.
        """
        known, files = set(self.remote.registry.ever()), NoteFiles(self.folder)
        news = [name for name in self.at_hand() if name not in known]
        for name in news:
            self.remote.store(self.folder / name, name)
            with suppress(FileNotFoundError):
                self.notes.write(name, files.read(name))
        return news

    def upload(self) -> dict[str, str]:
        """Store the objects of all snapshots in the folder; return the SHA-256 of their manifests, not known yet."""
        return {name: self.remote.upload(self.folder / name, name) for name in self.at_hand()}

    def gather(self, notes: Path) -> None:
        """Have all snapshots in the folder, and what is noted of them in files below `notes`."""
        files = NoteFiles(notes)
        for name in self.names():
            self.fetch(name)
            with suppress(FileNotFoundError):
                files.write(name, self.notes.read(name))
        with self._fetching(""):
            self._tidy()

    def fetch(self, name: str) -> None:
        """Have a checked copy of a snapshot in the folder.

        Copies of snapshots that were deleted go. Raises `SnapshotMissing`, `SnapshotDamaged`, `StoreUnreachable`.
        """
        with self._fetching(name):
            if name not in self.at_hand():
                self._tidy()
                self._fetch(name)

    @contextmanager
    def _fetching(self, name: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with locks.held(self.folder / ".fetching.lock", who="server", doing="fetch", wait=_FETCH_SECONDS):
                yield
        except locks.LockHeld as error:
            raise StoreBusy(f"{name}正由本机的另一个进程取来，等了太久；请稍后再试") from error

    def _fetch(self, name: str) -> None:
        aside = self.folder / f"{_FETCHED}{name}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            self.remote.fetch(name, aside)
            aside.rename(self.folder / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _tidy(self) -> None:
        for left in self.folder.glob(f"{_FETCHED}*"):
            shutil.rmtree(left)
        stored = self.remote.registry.stored()
        for name in set(self.remote.registry.ever()) - stored.keys():
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _local(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise SnapshotMissing(f"没有{name}，可能已被清理；请在版本的列表里核对")
        if name not in self.at_hand():
            self.fetch(name)
        return self.folder / name

    def checked(self, name: str) -> Manifest:
        """Return the manifest of the copy, which is fetched again if it is not what the registry knows."""
        expected = self.remote.registry.stored().get(name)
        if expected is None:
            raise SnapshotMissing(f"没有{name}，可能已被清理；请在版本的列表里核对")
        try:
            found = super().checked(name)
            if found.digest == expected:
                return found
        except SnapshotDamaged:
            pass
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return super().checked(name)

    def _used(self) -> list[str]:
        return [*super()._used(), *self.remote.registry.ever()]

    def _keep(self, aside: Path, name: str) -> None:
        self.remote.store(aside, name)

    def _delete(self, name: str) -> None:
        self.remote.drop(name)
        if name in self.at_hand():
            super()._delete(name)
