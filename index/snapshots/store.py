"""The store of snapshots: written aside, then published, by one writer at a time; the oldest go."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from index.files import atomic, locks
from index.snapshots import manifest, snapshot_files
from index.snapshots.collection_upkeep import filling
from index.snapshots.coordination import ANY, REFRESHING, WRITING, Published
from index.snapshots.errors import SnapshotMissing, StoreBusy, StoreError, StoreUnreachable
from index.snapshots.snapshot import Snapshot, SnapshotDamaged
from index.snapshots.stored import StoredSnapshots

_PREFIX = "snapshot-"
KEPT = 5
WAIT = 10.0  # seconds to wait for another writer, which holds its lock for a few files
FILL_WAIT = 1800.0  # seconds to wait for a server that fills a collection


class Store(StoredSnapshots):
    """Snapshots that may be written, published and deleted, and their collections kept ready."""

    @contextmanager
    def writing(self, *, who: str = "?", wait: float = WAIT) -> Iterator[None]:
        """Hold the lock of the one writer for a moment; remove leftovers of dead writers. Raises `StoreBusy`."""
        with self._locked(WRITING, who=who, doing="writing", wait=wait):
            for path in self.folder.glob(f".{_PREFIX}*"):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                elif path.suffix == ".new":
                    path.unlink()
            yield

    @contextmanager
    def refreshing(self, *, who: str) -> Iterator[None]:
        """Hold the lock of the one refresh; others may publish, but not refresh or prune. Raises `StoreBusy`."""
        with self._locked(REFRESHING, who=who, doing="refresh"):
            yield

    def refresher(self) -> locks.Holder | None:
        """Return who is refreshing now; None if nobody is."""
        return self.coordination.holder(REFRESHING)

    def save(self, snapshot: Snapshot, *, before: Snapshot | None = None) -> str:
        """Write a snapshot and return its name; it appears whole or not at all. Call within `writing`.

        Documents taken over from `before`, which is on the disk, are copied from there.
        """
        # Numbered after the highest, orphans included: a name is never used twice.
        number = max((int(name.removeprefix(_PREFIX)) for name in self._used()), default=0) + 1
        name = f"{_PREFIX}{number:06d}"
        aside = self.folder / f".{name}"
        try:
            aside.mkdir()
            snapshot_files.write(snapshot, aside, self._lines(snapshot, before))
            (aside / manifest.NAME).write_bytes(manifest.content(snapshot, aside))
            for path in [*aside.rglob("*"), aside]:
                atomic.sync(path)
            self._keep(aside, name)
            aside.rename(self.folder / name)
        except (OSError, StoreError):
            shutil.rmtree(aside, ignore_errors=True)  # frees room on a full disk
            raise
        atomic.sync(self.folder)
        return name

    def publish(self, name: str, *, before: str | None = ANY, who: str = "?") -> None:
        """Serve `name` from now on. Publishing an older snapshot is how staff roll back. Call within `writing`.

        `before` is what was published at the decision. Raises `PublishedMeanwhile` if another one is now.
        """
        self.coordination.publish(Published(name, self.checked(name).digest), before=before, who=who)

    def prune(self, *, keep: int = KEPT) -> list[str]:
        """Delete the oldest snapshots beyond `keep`, never the published one; return their names.

        Those that were never published are counted by themselves: held back again and again, they must not push out
        what staff may go back to. One whose collection cannot be deleted stays until the next time. Call within
        `refreshing` and `writing`.
        """
        published, names = self.published(), self.names()
        kinds = ([name for name in names if self.was_published(name) is was] for was in (True, False))
        old = sorted(name for kind in kinds for name in kind[:-keep] if name != published)
        digests = self.digests()
        gone = [name for name in old if self._no_collection(name, digests.get(name, ""))]
        for name in gone:
            self._delete(name)
        return gone

    def searchable(self, snapshot: Snapshot, *, who: str, progress: Callable[[int, int], None]) -> Snapshot:
        """Return a snapshot of this store as servers search it, for its judges.

        `progress` receives (written, all) rows of a collection that has to be made. Raises `StoreUnreachable`.
        """
        if self.collections is None:
            return snapshot
        alone = self.collections.attached(snapshot, self.digests()[snapshot.name], alone=True)
        self.collections.provide(alone, filling(self.coordination, progress, who=who, wait=FILL_WAIT))
        return alone

    @property
    def is_tended(self) -> bool:
        """Whether `tend` is to be called every few seconds."""
        return self.collections is not None

    def tend(self, snapshot: Snapshot, *, fill: bool) -> None:
        """Have what is searched for a served snapshot ready, which takes minutes if it is to be filled.

        A fault is told by `trouble`; until then the indexes in this process are searched.
        """
        if self.collections:
            fills = filling(self.coordination, lambda done, total: None, who="server", wait=0.0)
            self.collections.tend(snapshot, fills if fill else None)

    def rest(self) -> None:
        """Take little memory for snapshots that no server searches; call when all is published that is to be."""
        if self.collections:
            with suppress(SnapshotDamaged, StoreUnreachable):
                # The one before is searched for some seconds more.
                used = {self.published(), *self.coordination.once_published()[-2:]}
                self.collections.release({name: one for name, one in self.digests().items() if name not in used})

    def drop_collections(self, snapshots: Mapping[str, str]) -> None:
        """Delete the collections of snapshots that are no longer here, by the hashes of their manifests.

        One that cannot be deleted is told and stays.
        """
        here = self.digests()
        for name, digest in snapshots.items() if self.collections else ():
            if here.get(name) != digest:
                self._no_collection(name, digest)

    @contextmanager
    def _locked(self, lock: str, *, who: str, doing: str, wait: float = 0.2) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with self.coordination.locked(lock, who=who, doing=doing, wait=wait):
                yield
        except locks.LockHeld as error:
            by = error.holder
            told = f"{by.who}（进程{by.pid}）自{by.since}起正在刷新" if by else "另一个刷新正在进行"
            raise StoreBusy(
                f"{told}；等它结束后再运行 python -m qa refresh，或用 python -m qa cancel 取消它"
            ) from error

    def _lines(self, snapshot: Snapshot, before: Snapshot | None) -> dict[str, bytes]:
        """Return the lines of the documents that are those of `before`, by name; their file is checked again."""
        if before is None or before.recipe != snapshot.recipe:
            return {}
        try:
            content = self.manifest(before.name).checked(self._local(before.name), snapshot_files.DOCUMENTS)
        except (SnapshotMissing, SnapshotDamaged):
            return {}
        lines = content.splitlines(keepends=True)  # of bytes, it knows no other ends of lines than a text file here
        if len(lines) != len(before.documents):
            return {}
        numbers = {id(document): number for number, document in enumerate(before.documents)}
        return {one.name: lines[numbers[id(one)]] for one in snapshot.documents if id(one) in numbers}

    def _used(self) -> list[str]:
        """Return all names that a new snapshot must not have."""
        return [*self.at_hand(), *self.coordination.once_published()]

    def _keep(self, aside: Path, name: str) -> None:
        """Keep a snapshot that was written aside elsewhere, too, before it appears."""

    def _no_collection(self, name: str, digest: str) -> bool:
        """Delete the collection of a snapshot; return whether there is none any more."""
        return not (self.collections and digest) or self.collections.drop(name, digest)

    def _delete(self, name: str) -> None:
        # Renamed first, because a half deleted snapshot is no longer one.
        aside = self.folder / f".{name}"
        (self.folder / name).rename(aside)
        shutil.rmtree(aside)
