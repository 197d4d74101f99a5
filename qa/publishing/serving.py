"""The served snapshot; a newly published one replaces it without a pause."""

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from corpus.limits import Limits
from index.files import locks
from index.files.objects import S3Objects
from index.search.milvus import Milvus
from index.snapshots.collection_upkeep import Collections
from index.snapshots.coordination import Coordination
from index.snapshots.errors import StoreBusy, StoreError, StoreUnreachable
from index.snapshots.served import Loaded, load_at_hand, load_served
from index.snapshots.shared.remote import Remote
from index.snapshots.shared.store import SharedStore
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.publishing.shared.folder import SharedFolder
from qa.runtime.settings import Settings
from qa.storage.shared.coordination import SharedCoordination
from qa.storage.shared.documents import SharedDocuments
from qa.storage.shared.registry import SharedNotes, SharedRegistry

logger = logging.getLogger(__name__)

WATCH_EVERY = 1.0  # seconds between two checks while nobody asks
TEND_EVERY = 5.0  # seconds between two looks at the object store, and at what is searched on another server
SERVING = ".serving.lock"
SNAPSHOTS = "snapshots"
RETRY_AFTER = 5.0  # seconds after a failed load


class ServedSnapshot:
    """Calling it returns the snapshot to answer from; each call looks which is published, in some microseconds.

    A newly published snapshot is loaded in the background while the old one goes on answering.
    """

    def __init__(self, store: Store, *, model: str) -> None:
        """Load the published snapshot; while that cannot be had, an older one that is here. Raises `StoreError`."""
        self._store = store
        self._model = model
        self._seen: tuple[int, ...] | None = store.signature()
        self._retry_at = 0.0
        try:
            self._loaded = load_served(store, model=model)
        except StoreUnreachable as error:
            self._loaded = load_at_hand(store, model=model, away=error)
            logger.error("%s", self._loaded.alarm)
            self._seen, self._retry_at = None, time.monotonic() + RETRY_AFTER
        store.tend(self._loaded.snapshot, fill=False)
        self._loading = threading.Lock()
        # Makes whatever else the first question would have to wait for.
        self.prepare: Callable[[Snapshot], None] = lambda snapshot: None

    def __call__(self) -> Loaded:
        self.look()
        loaded, trouble = self._loaded, self._store.trouble()
        return replace(loaded, alarm=trouble) if trouble and not loaded.alarm else loaded

    def look(self) -> None:
        """Begin to load a newly published snapshot, unless one is being loaded."""
        if self._store.signature() == self._seen or time.monotonic() < self._retry_at:
            return
        if self._loading.acquire(blocking=False):
            threading.Thread(target=self._exchange, name="snapshot-load", daemon=True).start()

    def watch(self) -> None:
        """Check every second from now on, so that a question after a quiet time finds the new snapshot loaded."""
        watching = (weakref.ref(self), self._store.coordination)
        threading.Thread(target=_watch, args=watching, name="snapshot-watch", daemon=True).start()
        if self._store.is_tended:
            threading.Thread(target=_tend, args=(watching[0],), name="store-watch", daemon=True).start()

    def tend(self) -> None:
        """Look whether what the served snapshot needs elsewhere can be reached; have it ready again, if it is not."""
        try:
            self._store.tend(self._loaded.snapshot, fill=True)
        except OSError as error:  # of this machine's disk
            logger.error("What is searched is not looked after: %s", error)

    def _exchange(self) -> None:
        try:
            # Before loading, so that a later publication is noticed next time.
            seen = self._store.signature()
            loaded = load_served(self._store, model=self._model)
            if loaded.snapshot.name == self._loaded.snapshot.name:
                loaded = replace(loaded, snapshot=self._loaded.snapshot)
            else:
                self.prepare(loaded.snapshot)
                self._store.tend(loaded.snapshot, fill=False)
                logger.info("Now serving %s", loaded.snapshot.name)
            self._loaded, self._seen, self._retry_at = loaded, seen, 0.0
        except (StoreError, OSError, MemoryError) as error:
            logger.error("Still serving %s: %s", self._loaded.snapshot.name, error)
            self._loaded = replace(self._loaded, alarm=f"读不出新发布的版本：{error}")
            self._retry_at = time.monotonic() + RETRY_AFTER
        finally:
            self._loading.release()


def _watch(served: "weakref.ref[ServedSnapshot]", coordination: Coordination) -> None:
    while (one := served()) is not None:
        one.look()
        del one
        coordination.wait(WATCH_EVERY)
    coordination.close()


def _tend(served: "weakref.ref[ServedSnapshot]") -> None:
    while (one := served()) is not None:
        one.tend()
        del one
        time.sleep(TEND_EVERY)


@contextmanager
def serving(home: Path) -> Iterator[bool]:
    """Keep backups from being restored below `home` during the block; several servers may serve. Raises `StoreBusy`.

    Yields whether no other server was serving at the beginning.
    """
    home.mkdir(parents=True, exist_ok=True)
    alone = _nobody_holds(home / SERVING)
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.shared(home / SERVING))
        except locks.LockHeld as error:
            raise StoreBusy("正在恢复备份；请等它结束后再启动服务") from error
        yield alone


def _nobody_holds(lock: Path) -> bool:
    try:
        with locks.held(lock, who="server", doing="start"):
            return True
    except locks.LockHeld:
        return False


def store_of(settings: Settings) -> Store:
    """Return the store of an installation: below its home, agreed on by its PostgreSQL where the settings name one.

    Where they name an object store, that holds the snapshots, and the home checked copies; where they name a Milvus,
    that finds candidates. Raises `ObjectsUnfit`, `MilvusUnfit`.
    """
    folder, where, collections = settings.home / SNAPSHOTS, settings.database_url, collections_of(settings)
    if not where:
        return Store(folder, collections=collections)
    if not settings.snapshots_url:
        return Store(folder, SharedCoordination(where), collections=collections)
    return shared_store_of(settings)


def shared_store_of(settings: Settings) -> SharedStore:
    """Return the store of an installation whose settings name an object store.

    Raises `ObjectsUnfit`, `MilvusUnfit`.
    """
    where = settings.database_url
    remote = Remote(objects_of(settings), SharedRegistry(where))
    coordination, notes = SharedCoordination(where), SharedNotes(where)
    return SharedStore(
        settings.home / SNAPSHOTS, coordination, remote=remote, notes=notes, collections=collections_of(settings)
    )


def collections_of(settings: Settings) -> Collections | None:
    """Return the collections of an installation's snapshots; None without a Milvus. Raises `MilvusUnfit`."""
    return _collections(settings.search_url.get_secret_value()) if settings.search_url else None


@lru_cache(maxsize=4)
def _collections(address: str) -> Collections:
    return Collections(Milvus(address))


def shared_folder_of(settings: Settings) -> SharedFolder | None:
    """Return the files of an installation as its servers share them; None where they do not. Raises `ObjectsUnfit`."""
    if not settings.share_documents:
        return None
    where = settings.database_url
    return SharedFolder(
        SharedDocuments(where),
        objects_of(settings),
        SharedCoordination(where),
        folder=settings.documents,
        golden=settings.golden,
        home=settings.home,
        most_bytes=Limits(megabytes=settings.max_file_mb).max_bytes,
    )


def objects_of(settings: Settings) -> S3Objects:
    """Return the object store that the settings name. Raises `ObjectsUnfit`."""
    return _objects(settings.snapshots_url.get_secret_value())


@lru_cache(maxsize=4)
def _objects(address: str) -> S3Objects:
    return S3Objects(address)
