"""Keeps the snapshot that staff looked into last, so that the next look need not load it again."""

import threading

from index.snapshots.snapshot import Snapshot
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings


class _Latest:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[object, ...] = ()
        self._snapshot: Snapshot | None = None

    def load(self, settings: Settings, name: str, model: str) -> Snapshot:
        store = store_of(settings)
        with self._lock:
            key = (settings.home, name, model, store.manifest(name).digest)
            if self._snapshot is None or self._key != key:
                self._snapshot = None  # frees the old one first: two would double the memory
                self._snapshot = store.load(name, model=model)
                self._key = key
            return self._snapshot


_LATEST = _Latest()


def load(settings: Settings, name: str, *, model: str) -> Snapshot:
    """Return a snapshot, from memory if it was the last one. Raises as `Store.load` does."""
    return _LATEST.load(settings, name, model)
