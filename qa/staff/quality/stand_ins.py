"""What one member of staff wrote and citizens would read as the wrong reply to a golden question that is right today.

A refresh judges documents as they lie beside others. Who wrote one that contradicts another had it judged beside that
one; once the other is withdrawn, it answers alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from index.snapshots.errors import StoreError
from index.snapshots.snapshot import Snapshot, SnapshotDamaged, SnapshotForeign
from index.snapshots.store import Loaded
from qa.answering.assistant import Assistant
from qa.answering.overrides import Withdrawn
from qa.answering.query_rewriting import Synonyms
from qa.bootstrap.models import Models
from qa.bootstrap.refreshing import golden_of
from qa.evaluation.gate import ask_golden
from qa.evaluation.golden import GoldenQuestion
from qa.evaluation.squad import QuestionFileError
from qa.publishing.published import record_of
from qa.publishing.records import Record
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings
from qa.staff import loaded_snapshot
from qa.staff.documents.writers import took_part
from qa.storage import runtime_settings
from qa.storage.audit import Row
from qa.storage.database import database_of
from qa.storage.reviewed_answers import ReviewedAnswers


@dataclass(frozen=True, slots=True)
class Served:
    """What citizens are answered from: a snapshot, without the withdrawn documents."""

    snapshot: str
    withdrawn: Withdrawn


@dataclass(frozen=True, slots=True)
class StandIn:
    """A golden question that was right, and the documents of one member that would answer it wrongly."""

    question: str
    documents: tuple[str, ...]


class StandIns:
    """Looks for stand-ins by asking golden questions, with the models of the server or of the command."""

    def __init__(self, settings: Settings, models: Models) -> None:
        self._settings, self._models = settings, models
        self._store, self._synonyms = store_of(settings), Synonyms.read()

    def found(self, now: Served, was: Served, *, who: str, rows: Sequence[Row]) -> list[StandIn]:
        """Return what would stand in after a change from `was` to `now`, among the documents that `who` wrote.

        `rows` is the audit log. Models are opened only if `who` wrote anything that is served; questions are read
        again only if what is hidden was among the passages found for them, or cited.
        """
        try:
            record, golden = record_of(self._store, now.snapshot), golden_of(self._settings)
            snapshot = self._load(now.snapshot) if golden and record else None
        except (QuestionFileError, StoreError, SnapshotDamaged, SnapshotForeign):
            return []  # nothing is judged by them, or nothing is served from it
        if record is None or snapshot is None:
            return []
        names = (one.name for one in snapshot.documents if not now.withdrawn.hides(one))
        before = [row for row in rows if datetime.fromisoformat(row.at) <= snapshot.built_at]
        own = {name for name in names if took_part(before, name, who)}
        right = {one.question_id for one in record.golden if one.acceptable} | set(record.suspended)
        guarded = [one for one in golden if one.question_id in right]
        return list(self._asked(guarded, snapshot, record, now=now, was=was, own=own)) if own else []

    def _asked(
        self,
        guarded: Sequence[GoldenQuestion],
        snapshot: Snapshot,
        record: Record,
        *,
        now: Served,
        was: Served,
        own: set[str],
    ) -> Iterator[StandIn]:
        shown, hidden = _shown_and_hidden(now, was)
        gone = {one.name for one in snapshot.documents if hidden.hides(one) and not shown.hides(one)}
        cited = {one.question_id: set(one.documents) for one in record.golden}
        after, every = self._assistant(snapshot, now.withdrawn), self._assistant(snapshot, shown)
        for golden in guarded:
            found = {hit.passage.document.name for hit in every.search(golden.question)[1]}
            if not gone & (found | cited.get(golden.question_id, set())):
                continue
            given = ask_golden(golden, after)
            documents = tuple(name for name in given.documents if name in own)
            if given.acceptable or not documents:
                continue
            before = self._assistant(self._load(was.snapshot), was.withdrawn)
            if not given.same_as(ask_golden(golden, before)):
                yield StandIn(golden.question, documents)

    def _load(self, name: str) -> Snapshot:
        return loaded_snapshot.load(self._settings, name, model=self._models.embedder().name)

    def _assistant(self, snapshot: Snapshot, withdrawn: Withdrawn) -> Assistant:
        where, embedder = database_of(self._settings), self._models.embedder()
        switches = replace(runtime_settings.current(where), withdrawn=withdrawn)
        return Assistant(
            lambda: Loaded(snapshot),
            embedder,
            self._models.reader(),
            self._synonyms,
            reviewed=ReviewedAnswers(where, embedder, self._synonyms),
            switches=lambda: switches,
        )


def _shown_and_hidden(now: Served, was: Served) -> tuple[Withdrawn, Withdrawn]:
    """Return under which withdrawals all is found that the change hides or shows, and under which it is hidden."""
    if now.snapshot != was.snapshot:
        return Withdrawn(), now.withdrawn
    one, other = now.withdrawn, was.withdrawn
    return Withdrawn(one.names & other.names, one.files & other.files), one.and_also(other)
