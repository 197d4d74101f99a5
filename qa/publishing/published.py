"""What is published when a refresh looks: what it compares with, and whether somebody published meanwhile."""

from dataclasses import replace

from corpus.document import Document
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.base import Embedder
from index.embedding.vector_cache import VectorCache
from index.snapshots import snapshot as snapshots
from index.snapshots.errors import NoSnapshot, SnapshotMissing, StoreError
from index.snapshots.served import load_served
from index.snapshots.snapshot import Snapshot, SnapshotDamaged, SnapshotForeign
from index.snapshots.store import Store
from qa.publishing import plan, records
from qa.publishing.records import Record


def published(store: Store) -> str | None:
    """Return the name of the published snapshot; None if there is none, or if the note of its name is damaged."""
    try:
        return store.published()
    except SnapshotDamaged:
        return None


def served(store: Store, model: str) -> Snapshot | None:
    """Return the snapshot that a server would open now; None if it finds none."""
    try:
        return load_served(store, model=model).snapshot
    except NoSnapshot:
        return None


def documents_of(store: Store, name: str) -> tuple[Document, ...]:
    """Return the documents of a snapshot, whoever built it; none if they cannot be read."""
    try:
        return tuple(store.passages(name).documents)
    except (StoreError, SnapshotDamaged, ValueError, LookupError, TypeError, AttributeError, OSError):
        return ()


def rebuilt(
    store: Store, name: str, embedder: Embedder, *, vectors: VectorCache, encoded: snapshots.Encoded
) -> Snapshot | None:
    """Return a snapshot's documents as this program would index them; None if they cannot be read.

    It keeps its name and the moment of its building: nothing that was written since is in it.
    """
    documents = documents_of(store, name)
    if not documents:
        return None
    built_at = store.manifest(name).built_at
    built = snapshots.build(documents, embedder, max_tokens=PASSAGE_TOKENS, vectors=vectors, encoded=encoded)
    return replace(built, name=name, built_at=built_at)


def record_of(store: Store, name: str) -> Record | None:
    """Return the record of a snapshot; None if it has none or a damaged one."""
    try:
        return records.read(store, name)
    except SnapshotDamaged:
        return None  # `verify` reports it; without its record, the folder only counts as changed


def still_good(store: Store, model: str, name: str, record: Record | None) -> bool:
    """Return whether the published snapshot, of this record, is undamaged and equals what this program would build."""
    try:
        store.manifest(name).check_recipe(model)
    except (SnapshotDamaged, SnapshotMissing, SnapshotForeign):
        return False
    if record is None or record.loaders != plan.loader_identities():
        return False
    return not store.damage(name)


def same(before: Snapshot, candidate: Snapshot) -> bool:
    """Return whether two snapshots were built alike from documents of the same content."""
    return before.recipe == candidate.recipe and _hashes(before) == _hashes(candidate)


def _hashes(snapshot: Snapshot) -> list[str]:
    return [document.content_hash for document in snapshot.documents]


def taken_over(before: Snapshot | None, candidate: Snapshot) -> list[Document]:
    """Return the documents of a candidate that are those of the snapshot before, and not only equal to them."""
    old = {id(document) for document in before.documents} if before else set()
    return [document for document in candidate.documents if id(document) in old]


def overtaken(store: Store, compared_with: str | None) -> str:
    """Return, in Chinese, which snapshot was published since the refresh began; empty if none was."""
    now = published(store)
    return "" if now == compared_with else f"检验期间有人发布了{now}，请再做一次"
