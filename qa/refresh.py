"""Refresh: read the documents, build beside, judge by the golden questions, publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.read import FileReport, read
from index import snapshot as snapshots
from index.embedder import Embedder
from index.snapshot import Snapshot
from index.store import Loaded, NoSnapshot, Store
from qa.assistant import Assistant
from qa.evaluate import GoldenQuestion, judge
from qa.reader import Reader
from qa.repair import Synonyms

# The best of the sizes measured (docs/decisions.md), and what the reader was trained to read.
PASSAGE_TOKENS = 160

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a refresh did; `published` is None when the snapshot was not published, and `why` says so."""

    published: str | None
    built: str | None
    documents: int
    passages: int
    embedded: int
    files: tuple[FileReport, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    golden_asked: int
    golden_right: int
    fallen: tuple[str, ...]
    why: str = ""

    @property
    def refused(self) -> bool:
        return self.published is None

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        files = [{"name": file.name, "status": file.status.value, "reason": file.reason} for file in self.files]
        return {**content, "files": files, "refused": self.refused}


@dataclass(frozen=True, slots=True)
class Judge:
    """Everything needed to ask a candidate the golden questions."""

    golden: Sequence[GoldenQuestion]
    reader: Reader
    synonyms: Synonyms

    def acceptable(self, snapshot: Snapshot, embedder: Embedder) -> set[str]:
        """The ids of the questions whose reply from `snapshot` is the one wanted."""
        assistant = Assistant(lambda: Loaded(snapshot), embedder, self.reader, self.synonyms)
        judgements = judge(self.golden, assistant.ask)
        return {judgement.golden.question_id for judgement in judgements if judgement.acceptable}


def refresh(
    folder: Path,
    store: Store,
    embedder: Embedder,
    judge: Judge,
    *,
    dry_run: bool = False,
    progress: Progress,
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """Publish a snapshot of the folder's documents, unless golden questions fall that are right today.

    A question in flight keeps its snapshot; whatever goes wrong, the published one stays. A candidate that is
    refused stays on disk. With `dry_run` nothing is written. Raises `DocumentsMissing` and `StoreBusy`.
    """
    progress(f"Reading {folder}")
    reading = read(folder, limits=limits)
    with store.writing():
        before = _served(store, embedder)
        last = 0

        def embedding(done: int, total: int) -> None:
            nonlocal last
            last = total
            progress(f"Embedding passages: {done} of {total}")

        candidate = snapshots.build(
            reading.documents,
            embedder,
            max_tokens=PASSAGE_TOKENS,
            reuse=before.vectors_by_text if before else None,
            progress=embedding,
        )
        added, changed, removed = _differences(before.documents if before else (), reading.documents)
        unchanged = before and before.recipe == candidate.recipe and not (added or changed or removed)
        name = before.name if before and unchanged else None
        if name is None and not dry_run:
            name = store.save(candidate)
            candidate = store.load(name, model=embedder.name)
        right, fallen = _judged(judge, before, candidate, embedder, progress)
        why = _why_not(fallen, dry_run)
        if not why and name:
            store.publish(name)
            store.prune()
    return Report(
        None if why else name,
        name,
        len(reading.documents),
        len(candidate.passages),
        last,
        reading.files,
        added,
        changed,
        removed,
        len(judge.golden),
        right,
        fallen,
        why,
    )


def _served(store: Store, embedder: Embedder) -> Snapshot | None:
    try:
        return store.load_served(model=embedder.name).snapshot
    except NoSnapshot:
        return None


def _differences(
    before: Sequence[Document], now: Sequence[Document]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    old = {document.name: document.content_hash for document in before}
    new = {document.name: document.content_hash for document in now}
    added = tuple(sorted(new.keys() - old.keys()))
    changed = tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name]))
    return added, changed, tuple(sorted(old.keys() - new.keys()))


def _judged(
    judge: Judge, before: Snapshot | None, candidate: Snapshot, embedder: Embedder, progress: Progress
) -> tuple[int, tuple[str, ...]]:
    if not judge.golden:
        progress("No golden questions: nothing to judge by")
        return 0, ()
    progress(f"Asking {len(judge.golden)} golden questions")
    now = judge.acceptable(candidate, embedder)
    was = judge.acceptable(before, embedder) if before and before.name != candidate.name else now
    return len(now), tuple(sorted(was - now))


def _why_not(fallen: Sequence[str], dry_run: bool) -> str:
    if fallen:
        return f"Not published: {len(fallen)} golden questions are answered worse than today ({', '.join(fallen[:5])})"
    return "Not published: dry run" if dry_run else ""
