"""The snapshot being served, exchanged for a newly published one without a pause."""

import logging
import threading
import time
from dataclasses import replace
from pathlib import Path

from index.snapshot import SnapshotDamaged
from index.store import Loaded, NoSnapshot, Store

logger = logging.getLogger(__name__)

CHECK_EVERY = 2.0  # seconds


class ServedSnapshot:
    """Calling it gives the snapshot to answer from; CURRENT is looked at every few seconds, in the background."""

    def __init__(self, store: Store, *, model: str) -> None:
        """Load what is published. Raises `NoSnapshot`."""
        self._store = store
        self._model = model
        self._published = self._name()
        self._loaded = store.load_served(model=model)
        self._checked = time.monotonic()
        self._checking = threading.Lock()

    def __call__(self) -> Loaded:
        if time.monotonic() - self._checked > CHECK_EVERY and self._checking.acquire(blocking=False):
            self._checked = time.monotonic()
            threading.Thread(target=self._check, name="snapshot-check", daemon=True).start()
        return self._loaded

    def _check(self) -> None:
        try:
            published = self._name()
            if published != self._published:
                self._loaded = self._store.load_served(model=self._model)
                self._published = published
                logger.info("Now serving %s", self._loaded.snapshot.name)
        except (NoSnapshot, OSError) as error:
            logger.error("Still serving %s: %s", self._loaded.snapshot.name, error)
            self._loaded = replace(self._loaded, alarm=f"The store cannot be read: {error}")
        finally:
            self._checking.release()

    def _name(self) -> str | None:
        try:
            return self._store.published()
        except SnapshotDamaged as error:
            return f"damaged: {error}"


def store_of(home: Path) -> Store:
    """The store below the folder of everything the program makes."""
    return Store(home / "snapshots")
