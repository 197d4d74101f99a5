"""The documents behind citations, as they were when they were quoted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from corpus.document import Document, named
from index.snapshots.errors import StoreError
from index.snapshots.served import Loaded
from index.snapshots.snapshot import SnapshotDamaged
from index.snapshots.store import Store

logger = logging.getLogger(__name__)

CHANGED, WITHDRAWN, GONE = "changed", "withdrawn", "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as a citation quotes it.

    `note` is empty if today's document is the same, else `CHANGED`, `WITHDRAWN` or `GONE`. `GONE`: the quoted version
    is no longer stored; this is today's document, in which the citation's offsets mean nothing.
    """

    document: Document
    note: str = ""


class Sources:
    """Opens documents from the served snapshot, and from older ones while they are stored."""

    def __init__(
        self, serve: Callable[[], Loaded], store: Store, hidden: Callable[[Document], bool] = lambda document: False
    ) -> None:
        """`hidden` documents are not opened; it is asked each time."""
        self._hidden = hidden
        self._serve = serve
        self._store = store

    def open(self, snapshot: str, name: str) -> Source | None:
        """Return the document `name` of `snapshot`; None if there is none that may be shown."""
        found = self._open(snapshot, name)
        return None if found is None or self._hidden(found.document) else found

    def served(self) -> list[Document]:
        """Return the documents that may be quoted today, in the order of their names."""
        found = [document for document in self._serve().snapshot.documents if not self._hidden(document)]
        return sorted(found, key=lambda document: document.name)

    def _open(self, snapshot: str, name: str) -> Source | None:
        served = self._serve().snapshot
        today = named(served.documents, name)
        if snapshot == served.name:
            return Source(today) if today else None
        quoted = self._older(snapshot, name)
        if quoted is None:
            return Source(today, GONE) if today else None
        if today is None:
            return Source(quoted, WITHDRAWN)
        return Source(quoted, "" if today.content_hash == quoted.content_hash else CHANGED)

    def content_hash(self, snapshot: str, name: str) -> str:
        """Return the content hash of a snapshot's document; empty if it cannot be opened."""
        source = self.open(snapshot, name)
        return source.document.content_hash if source and source.note != GONE else ""

    def _older(self, snapshot: str, name: str) -> Document | None:
        """Return a document of a snapshot that is no longer served.

        Snapshots that were never published are not for citizens.
        """
        try:
            return self._store.document(snapshot, name) if self._store.was_published(snapshot) else None
        except (StoreError, SnapshotDamaged) as error:
            logger.info("Not opened: %s", error)
            return None
