"""Reads the files that are new or changed, and builds the index that may be published."""

from collections.abc import Sequence
from datetime import UTC, datetime

from corpus.document import Document
from corpus.files.scan import Scan
from corpus.read import Reading, read
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.vector_cache import VectorCache
from index.files.record_cache import Cache
from index.snapshots import snapshot as snapshots
from index.snapshots.snapshot import Snapshot
from qa.publishing import plan
from qa.publishing import published as now
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.plan import Plan
from qa.publishing.progress import Progress
from qa.publishing.records import Record
from qa.publishing.shared.work import alone

CACHES = "caches"  # below the home: what may be lost


def read_changed(
    inputs: RefreshInputs, progress: Progress, *, found: Scan, known: Sequence[Document], held: frozenset[str]
) -> Reading:
    """Read the files that are new or changed; `known` are the published documents, of which the others are kept."""
    facts = Cache(inputs.home / CACHES / "facts.cache")
    reading = read(
        inputs.folder,
        found=found,
        memory=facts,
        before=known,
        progress=progress.count,
        limits=inputs.limits,
        held=held,
        converter=inputs.work.converter if inputs.work else alone,
    )
    facts.prune(most=2 * len(reading.documents))
    return reading


def rebuild(inputs: RefreshInputs, published: str) -> Snapshot | None:
    """Return the published documents in an index of this program; None if they cannot be read."""
    embedder = inputs.embedder()
    return now.rebuilt(
        inputs.store,
        published,
        embedder,
        vectors=VectorCache(inputs.home / CACHES, embedder.name),
        encoded=inputs.work.encoded if inputs.work else snapshots.encoded_here,
    )


def build(
    inputs: RefreshInputs,
    order: Order,
    progress: Progress,
    *,
    found: Scan,
    planned: Plan,
    reading: Reading,
    before: Snapshot | None,
) -> tuple[Snapshot, Record]:
    """Return the candidate, and its record so far."""
    progress.step("embed")
    embedder = inputs.embedder()
    vectors = VectorCache(inputs.home / CACHES, embedder.name)
    embedded = 0

    def count(done: int, total: int) -> None:
        nonlocal embedded
        embedded = total
        progress.count(done, total)
        if done >= total:
            progress.step("index")

    candidate = snapshots.build(
        reading.documents,
        embedder,
        max_tokens=PASSAGE_TOKENS,
        before=before,
        vectors=vectors,
        progress=count,
        encoded=inputs.work.encoded if inputs.work else snapshots.encoded_here,
    )
    vectors.prune(len(candidate.passages))
    sizes = plan.sources(found)
    return candidate, Record(
        who=order.who,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        documents=len(reading.documents),
        passages=len(candidate.passages),
        embedded=embedded,
        why=order.why,
        loaders=plan.loader_identities(),
        sources=sizes,
        files=reading.files,
        bytes_read=sum(sizes[name][1] for name in (*planned.added, *planned.changed)),
    )
