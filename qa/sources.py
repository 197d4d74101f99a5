"""The documents behind citations, as they were when they were quoted."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from corpus.document import Document
from index.snapshot import Snapshot, SnapshotDamaged, SnapshotForeign
from index.store import Loaded, Store, StoreError

logger = logging.getLogger(__name__)

CHANGED, WITHDRAWN, GONE = "changed", "withdrawn", "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as a citation quotes it.

    `note` is empty while the document is the same today, else `CHANGED` or `WITHDRAWN` since, or `GONE`: its version is
    kept no longer, and this is the document of today, in which the citation's offsets mean nothing.
    """

    document: Document
    note: str = ""


class Sources:
    """Opens documents from the snapshot served, and from older ones while they are kept."""

    def __init__(self, serve: Callable[[], Loaded], store: Store, *, model: str) -> None:
        self._serve = serve
        self._store = store
        self._model = model
        self._lock = threading.Lock()
        self._older: Snapshot | None = None

    def open(self, snapshot: str, name: str) -> Source | None:
        """The document `name` of `snapshot`; None when there is none that could be shown."""
        served = self._serve().snapshot
        today = _document(served, name)
        if snapshot == served.name:
            return Source(today) if today else None
        older = self._load(snapshot)
        quoted = _document(older, name) if older else None
        if quoted is None:
            return Source(today, GONE) if today else None
        if today is None:
            return Source(quoted, WITHDRAWN)
        return Source(quoted, "" if today.content_hash == quoted.content_hash else CHANGED)

    def content_hash(self, snapshot: str, name: str) -> str:
        """What a document of a snapshot depends on, as one text; empty when it cannot be opened."""
        source = self.open(snapshot, name)
        return source.document.content_hash if source and source.note != GONE else ""

    def _load(self, name: str) -> Snapshot | None:
        """A snapshot that is served no longer; the last one opened is remembered."""
        with self._lock:
            if self._older is None or self._older.name != name:
                try:
                    self._older = self._store.load(name, model=self._model)
                except (StoreError, SnapshotDamaged, SnapshotForeign) as error:
                    logger.info("Not opened: %s", error)
                    return None
            return self._older


def _document(snapshot: Snapshot, name: str) -> Document | None:
    return next((document for document in snapshot.documents if document.name == name), None)
