"""Snapshots on disk: written aside, checked on loading; `Coordination` knows which one is published."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Names
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from corpus.document import Document
from index.files import atomic, locks
from index.passages import Passages
from index.snapshots import manifest, snapshot_files
from index.snapshots.collection_search import Collection
from index.snapshots.collection_upkeep import FILLING, Collections
from index.snapshots.coordination import ANY, NAME, REFRESHING, WRITING, Coordination, OneFolder, Published
from index.snapshots.errors import (
    NoSnapshot,
    PublishedMeanwhile,
    SnapshotMissing,
    StoreBusy,
    StoreError,
    StoreUnreachable,
)
from index.snapshots.manifest import Manifest
from index.snapshots.notes import NoteFiles, Notes
from index.snapshots.snapshot import Snapshot, SnapshotDamaged, SnapshotForeign

__all__ = [
    "KEPT",
    "Loaded",
    "NoSnapshot",
    "PublishedMeanwhile",
    "SnapshotMissing",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreUnreachable",
]

logger = logging.getLogger(__name__)

T = TypeVar("T")

_PREFIX = "snapshot-"
KEPT = 5
WAIT = 10.0  # seconds to wait for another writer, which holds its lock for a few files
FILL_WAIT = 1800.0  # seconds to wait for a server that fills a collection


@dataclass(frozen=True, slots=True)
class Loaded:
    """The snapshot to serve; `alarm` says why it is not the published one, or may not be; empty if it is."""

    snapshot: Snapshot
    alarm: str = ""


class Store:
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

    def signature(self) -> tuple[int, ...]:
        """Return a key that changes with every publication; it costs some microseconds."""
        return self.coordination.signature()

    def trouble(self) -> str:
        """Return in a sentence why a publication might not be noticed now, or why this process searches itself.

        Empty if all is well.
        """
        return self.coordination.trouble() or (self.collections.trouble() if self.collections else "")

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
        self.coordination.publish(Published(name, self._check(name).digest), before=before, who=who)

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

    def digests(self) -> Mapping[str, str]:
        """Return the SHA-256 of the manifest of each snapshot, by name; without those that are damaged."""
        found = {}
        for name in self.names():
            with suppress(SnapshotDamaged):
                found[name] = manifest.read(self.folder / name).digest
        return found

    def searchable(self, snapshot: Snapshot, *, who: str, progress: Callable[[int, int], None]) -> Snapshot:
        """Return a snapshot of this store as servers search it, for its judges.

        `progress` receives (written, all) rows of a collection that has to be made. Raises `StoreUnreachable`.
        """
        if self.collections is None:
            return snapshot
        alone = self.collections.attached(snapshot, self.digests()[snapshot.name], alone=True)
        self.collections.provide(alone, lambda collection: self._fill(collection, progress, who=who, wait=FILL_WAIT))
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
            fills = partial(self._fill, progress=lambda done, total: None, who="server", wait=0.0)
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

    def was_published(self, name: str) -> bool:
        """Return whether a snapshot is or ever was published."""
        return self.coordination.was_published(name)

    def load(self, name: str, *, model: str, known: Sequence[Document] = ()) -> Snapshot:
        """Read a snapshot after comparing every file with its checksum.

        Documents in `known` that it was written from are taken as they are.

        Raises `SnapshotMissing`, `SnapshotDamaged`, or `SnapshotForeign` if `model` did not build it.
        """
        checked = self._check(name)
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

    def load_served(self, *, model: str) -> Loaded:
        """Return the published snapshot, or else the newest good one that was published once, with an alarm.

        A snapshot that the golden questions refused is never served. Raises `NoSnapshot`.
        """
        return self._first_good(lambda name, alarm: Loaded(self.load(name, model=model), alarm))

    def load_at_hand(self, *, model: str, away: StoreUnreachable) -> Loaded:
        """Return what `load_served` would of the snapshots on this machine, with an alarm: the others are `away`.

        Raises `away` if none of them is good.
        """
        try:
            found = self._first_good(lambda name, _: Loaded(self.load(name, model=model)), among=self.at_hand())
        except NoSnapshot:
            raise away from None
        return replace(found, alarm=f"{away}；先由本机的{found.snapshot.name}回答")

    def served(self, *, model: str) -> tuple[Manifest, str]:
        """Return the manifest of what `load_served` would load, and the alarm; no index is read.

        Raises `NoSnapshot`.
        """

        def check(name: str, alarm: str) -> tuple[Manifest, str]:
            self._check(name).check_recipe(model)
            return self.manifest(name), alarm

        return self._first_good(check)

    def _first_good(self, use: Callable[[str, str], T], *, among: Names[str] | None = None) -> T:
        try:
            published, alarm = self.published(), ""
        except SnapshotDamaged as error:
            published, alarm = None, str(error)
        # Those before the published one come first, because later ones were rolled back.
        every = self.coordination.once_published()
        once = sorted(every, key=lambda name: (name > (published or name), -int(name[-6:])))
        once = [name for name in once if name != published]
        if published is None and once:
            alarm = alarm or "CURRENT缺失；请用 python -m qa publish 重新发布一个版本"
        unfit: tuple[type[Exception], ...] = (SnapshotMissing, SnapshotDamaged, SnapshotForeign)
        if among is not None:
            once, published = [name for name in once if name in among], published if published in among else None
            unfit = (*unfit, StoreUnreachable)  # a copy that is damaged cannot be fetched again
        for name in [published, *once] if published else once:
            try:
                return use(name, alarm)
            except unfit as error:
                logger.error("%s", error)
                alarm = alarm or str(error)
        raise NoSnapshot(alarm or "还没有发布过索引；请运行 python -m qa refresh")

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

    def _local(self, name: str) -> Path:
        """Return the folder of a snapshot on this machine. Raises `SnapshotMissing`."""
        if name not in self.names():
            raise SnapshotMissing(f"没有{name}，可能已被清理；请在版本的列表里核对")
        return self.folder / name

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
        return [*Store.names(self), *self.coordination.once_published()]

    def _keep(self, aside: Path, name: str) -> None:
        """Keep a snapshot that was written aside elsewhere, too, before it appears."""

    def _no_collection(self, name: str, digest: str) -> bool:
        """Delete the collection of a snapshot; return whether there is none any more."""
        if self.collections and digest:
            try:
                self.collections.drop(name, digest)
            except StoreUnreachable as error:
                logger.error("The collection of %s stays: %s", name, error)
                return False
        return True

    def _fill(self, collection: Collection, progress: Callable[[int, int], None], *, who: str, wait: float) -> None:
        """Fill a collection, one process at a time. Raises `StoreUnreachable`."""
        try:
            with self.coordination.locked(FILLING, who=who, doing="filling", wait=wait):
                collection.fill(progress)
        except locks.LockHeld as error:
            raise StoreUnreachable("另一个服务正在写入向量库；写完以前由本机检索") from error

    def _delete(self, name: str) -> None:
        # Renamed first, because a half deleted snapshot is no longer one.
        aside = self.folder / f".{name}"
        (self.folder / name).rename(aside)
        shutil.rmtree(aside)

    def _check(self, name: str) -> Manifest:
        """Return the manifest of `name` after checking every file that it names."""
        found = self.manifest(name)
        for damage in found.damage(self.folder / name):
            raise SnapshotDamaged(f"{name}已损坏：{damage}")
        return found

    def _check_against_current(self, found: Manifest) -> None:
        try:
            current = self.coordination.published()
        except (SnapshotDamaged, StoreUnreachable):
            return  # reported by `published`
        if current and current.snapshot == found.snapshot and current.manifest_sha256 not in (found.digest, ""):
            raise SnapshotDamaged(f"{found.snapshot}已损坏：清单不是发布时的那一份")
