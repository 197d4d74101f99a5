"""The collections on a Milvus: one of each snapshot that is served or judged, dropped as the snapshot is."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from index.files import locks
from index.search.lexical import LexicalIndex
from index.search.milvus import Milvus, MilvusAway
from index.snapshots.collection_search import Collection, Readiness, away
from index.snapshots.coordination import Coordination
from index.snapshots.errors import StoreError, StoreUnreachable
from index.snapshots.snapshot import Snapshot

logger = logging.getLogger(__name__)

# The lock of whoever fills a collection.
_FILLING: Final = "filling"

Fill = Callable[[Collection], None]


class Collections:
    """The collections of an installation's snapshots. All threads of a process share it."""

    def __init__(self, milvus: Milvus) -> None:
        self._milvus = milvus
        self._readiness = Readiness()
        self._served = ""

    def attached(self, snapshot: Snapshot, digest: str, *, alone: bool = False) -> Snapshot:
        """Return the snapshot of that manifest, whose questions are put to its collection while that is ready.

        With `alone` they are put to it or not at all. A snapshot of an earlier format has none.
        """
        if not isinstance(snapshot.lexical, LexicalIndex):
            return snapshot
        name, indexes = name_of(snapshot.name, digest), (snapshot.dense, snapshot.lexical)
        return replace(snapshot, elsewhere=Collection(name, self._milvus, self._readiness, indexes, alone=alone))

    def provide(self, snapshot: Snapshot, fill: Fill | None) -> None:
        """Have the collection of an attached snapshot ready; one that is missing is made by `fill`.

        Raises `StoreUnreachable`, and what `fill` raises.
        """
        collection, rows = snapshot.elsewhere, len(snapshot.passages)
        if not isinstance(collection, Collection):
            return
        try:
            self._milvus.check()
            ready = self._milvus.ready(collection.name, rows)
            if not ready and fill:
                if collection.name == self._served:
                    self._readiness.lost(collection.name, f"正在把{snapshot.name}写入向量库，写完以前由本机检索")
                fill(collection)
                ready = self._milvus.ready(collection.name, rows)
        except MilvusAway as error:
            raise away(error) from error
        if not ready:
            raise StoreUnreachable(f"向量库里还没有{snapshot.name}，由本机检索，照常回答；服务会把它写进去")
        self._readiness.found(collection.name)

    def tend(self, snapshot: Snapshot, fill: Fill | None) -> None:
        """Have the collection of the served snapshot ready as `provide` does; a fault is told by `trouble`."""
        served = snapshot.elsewhere
        self._served = served.name if isinstance(served, Collection) else ""
        try:
            self.provide(snapshot, fill)
        except StoreError as error:
            self._readiness.lost(self._served, str(error))

    def trouble(self) -> str:
        """Return why the served snapshot is searched in this process, in a sentence; empty if it is not."""
        return self._readiness.why if self._served and self._served not in self._readiness else ""

    def drop(self, snapshot: str, digest: str) -> bool:
        """Delete the collection of a snapshot; return whether there is none any more. One that stays is told."""
        try:
            self._milvus.drop(name_of(snapshot, digest))
        except MilvusAway as error:
            logger.error("The collection of %s stays: %s", snapshot, away(error))
            return False
        return True

    def release(self, snapshots: Mapping[str, str]) -> None:
        """Have the collections of snapshots, by their manifests' hashes, kept on the disk only, as far as may be."""
        with suppress(MilvusAway):
            for snapshot, digest in snapshots.items():
                self._milvus.release(name_of(snapshot, digest))


def filling(coordination: Coordination, progress: Callable[[int, int], None], *, who: str, wait: float) -> Fill:
    """Return what fills a collection, one process at a time. It raises `StoreUnreachable`."""

    def fill(collection: Collection) -> None:
        try:
            with coordination.locked(_FILLING, who=who, doing="filling", wait=wait):
                collection.fill(progress)
        except locks.LockHeld as error:
            raise StoreUnreachable("另一个服务正在写入向量库；写完以前由本机检索") from error

    return fill


def name_of(snapshot: str, digest: str) -> str:
    """Return the name of the collection of a snapshot: it names the content, too."""
    return f"wenda_{snapshot.replace('-', '_')}_{digest[:16]}"
