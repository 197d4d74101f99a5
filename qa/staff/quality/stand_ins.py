"""What a decision of one member of staff would have golden questions answered wrongly by; also what he wrote himself.

A refresh judges documents as they lie beside others. Who wrote one that contradicts another had it judged beside that
one; once the other is withdrawn, it answers alone.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime

from corpus.conversion.container import lies_in
from index.embedding.base import ModelMissing
from index.embedding.bundled_model import BundledModelMissing
from index.embedding.weight_file import WeightsError
from index.snapshots.errors import StoreError
from index.snapshots.snapshot import SnapshotDamaged, SnapshotForeign
from qa.answering.overrides import Withdrawn, Withheld
from qa.answering.query_rewriting import Synonyms
from qa.bootstrap.models import Models
from qa.bootstrap.refreshing import golden_of, readings_of
from qa.evaluation.ahead import Lookahead, View, WrongReply, wordings
from qa.evaluation.gate import wrong_in_words
from qa.evaluation.golden import GoldenQuestion, golden_hash
from qa.evaluation.network_cache import NetworkCache, recalling
from qa.evaluation.squad import QuestionFileError
from qa.publishing import records, unjudged
from qa.publishing.published import record_of
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings
from qa.staff import loaded_snapshot
from qa.storage import reviewed_answers, runtime_settings
from qa.storage.audit import Row
from qa.storage.audit_log.writers import copied, took_part
from qa.storage.database import database_of, open_database
from qa.storage.reviewed_answers import ONCE, ReviewedAnswers
from qa.storage.runtime_settings import Withholding, merged

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """What citizens are answered from: a snapshot, without the withdrawn documents and the `stopped` answers.

    `withheld` is answered with nothing besides what the switches withhold.
    """

    snapshot: str
    withdrawn: Withdrawn
    stopped: frozenset[int] = frozenset()
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class StandIn:
    """A golden question that was right, and the documents of one member that would answer it wrongly."""

    question: str
    documents: tuple[str, ...]


class StandIns:
    """Asks golden questions before a decision, with the models of the server or of the command."""

    def __init__(self, settings: Settings, models: Models) -> None:
        self._settings, self._models = settings, models
        self._store, self._synonyms = store_of(settings), Synonyms.read()

    def found(self, now: Served, was: Served, *, who: str, rows: Sequence[Row]) -> list[StandIn]:
        """Return what would stand in after a change from `was` to `now`, among the documents that `who` wrote.

        `rows` is the audit log. Models are opened only if `who` wrote anything that is served; questions are read
        again only if what changes is among the passages found for them.
        """
        shown, before = self._shown(now, rows)
        own = {name for name in shown if took_part(before, name, who)}
        wrong = self._wrong(now, was, by=frozenset(own)) if own else []
        cited = ((one.question, tuple(name for name in one.documents if name in own)) for one in wrong)
        return [StandIn(question, names) for question, names in cited if names]

    def withheld(
        self, now: Served, was: Served, *, because: str, rows: Sequence[Row], but: str = ""
    ) -> tuple[Withholding, ...]:
        """Return what is answered with nothing after a change, for a document of no known writer would answer wrongly.

        Such a document is copied into the folder, maybe by whoever makes the change. `but` names one that another
        person answers for.
        """
        shown, before = self._shown(now, rows)
        by = frozenset(name for name in copied(before, shown) if not (but and lies_in(name, but)))
        golden = {one.question_id: one for one in self._golden()} if by else {}
        found: tuple[Withholding, ...] = ()
        while golden:
            known = tuple(Withheld(one.questions, one.contents) for one in found)
            try:
                wrong = self._wrong(replace(now, withheld=known), was, by=by, golden=list(golden.values()))
            except (ModelMissing, BundledModelMissing, WeightsError) as error:
                # In an emergency a file is withdrawn all the same; without its models no server answers either.
                logger.error("No golden question was asked of what is withdrawn or stopped: %s", error)
                break
            more = merged(found, [self._withholding(golden[one.question_id], one, now, because) for one in wrong])
            # Behind the wrong reply of today another one may wait, of another document or of a later day.
            grown = _contents(more) != _contents(found)
            golden = {one.question_id: golden[one.question_id] for one in wrong} if grown else {}
            found = more
        return found

    def _withholding(self, golden: GoldenQuestion, reply: WrongReply, now: Served, because: str) -> Withholding:
        contents = self._store.manifest(now.snapshot).documents
        return Withholding(
            golden=golden_hash([golden]),
            question_id=golden.question_id,
            questions=wordings(golden),
            contents=tuple(contents[name] for name in reply.documents),
            documents=reply.documents,
            because=because,
            snapshot=now.snapshot,
        )

    def _shown(self, now: Served, rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
        """Return the documents that are served, and the rows of the audit log from before they were indexed."""
        try:
            manifest = self._store.manifest(now.snapshot)
        except (StoreError, SnapshotDamaged, SnapshotForeign):
            return [], []  # nothing is served from it
        before = [row for row in rows if datetime.fromisoformat(row.at) <= manifest.built_at]
        return [name for name in manifest.documents if not now.withdrawn.covers(name, "")], before

    def footing(self, wished: str, served: Served) -> tuple[str, ...]:
        """Return what a wish for a version rests on that is expressed while this is served."""
        answers = unjudged.at_stake(self._store, wished, served.snapshot, database_of(self._settings))
        return records.footing(served.snapshot, golden_hash(self._golden()), served.withdrawn, answers)

    def why_not(self, now: Served, was: Served) -> str:
        """Return, in Chinese, which golden questions would be answered wrongly after a change; empty if none would.

        Nothing is asked if the refresh that built the snapshot has asked the same already: its reason holds, unless
        an answer of staff was written or stopped since.
        """
        record, golden = record_of(self._store, now.snapshot), self._golden()
        if not was.snapshot or now.snapshot == was.snapshot or not golden:
            return ""
        same = record and (record.judged_beside, record.golden_hash) == (was.snapshot, golden_hash(golden))
        alike = same and record and not record.judged_without and now.withdrawn == Withdrawn()
        if alike and record and (record.why_not or not self._answered_since(record.made_at)):
            return record.why_not
        found = self._wrong(now, was)
        tolerated = len(found) <= self._settings.golden_tolerance
        return "" if tolerated else f"换成这一版，{wrong_in_words(found, date.today())}"

    def _wrong(
        self,
        now: Served,
        was: Served,
        *,
        by: frozenset[str] | None = None,
        golden: Sequence[GoldenQuestion] | None = None,
    ) -> list[WrongReply]:
        """Return the golden questions that would be answered wrongly, where told only by some documents."""
        golden = self._golden() if golden is None else golden
        try:
            # The one published last, so that it is the one that stays in memory.
            before = self._view(was) if golden else None
            after = self._view(now) if before else None
        except (StoreError, SnapshotDamaged, SnapshotForeign):
            return []  # nothing is served from it
        if not (before and after):
            return []
        readings = readings_of(self._settings, keeps=False)
        with recalling(readings):
            return list(self._lookahead(golden, readings).wrong(after, before, by=by))

    def _lookahead(self, golden: Sequence[GoldenQuestion], readings: NetworkCache) -> Lookahead:
        where, embedder = database_of(self._settings), readings.embedder(self._models.embedder())
        return Lookahead(
            golden=golden,
            embedder=embedder,
            reader=self._models.reader(),
            synonyms=self._synonyms,
            # Each view leaves out what is withdrawn in it; an answer may have held before a source was withdrawn.
            reviewed=ReviewedAnswers(where, embedder, self._synonyms, seconds=ONCE, whole=True),
            switches=runtime_settings.current(where),
        )

    def _answered_since(self, at: str) -> bool:
        """Return whether an answer of staff was changed at this second or later."""
        since = datetime.fromisoformat(at)
        with closing(open_database(database_of(self._settings))) as database:
            return any(datetime.fromisoformat(one.changed_at) >= since for one in reviewed_answers.read(database))

    def _golden(self) -> list[GoldenQuestion]:
        try:
            return golden_of(self._settings)
        except QuestionFileError:
            return []  # nothing is judged by them

    def _view(self, one: Served) -> View:
        snapshot = loaded_snapshot.load(self._settings, one.snapshot, model=self._models.embedder().name)
        return View(snapshot=snapshot, withdrawn=one.withdrawn, stopped=one.stopped, withheld=one.withheld)


def _contents(withheld: Sequence[Withholding]) -> set[tuple[str, frozenset[str]]]:
    return {(one.golden, frozenset(one.contents)) for one in withheld}
