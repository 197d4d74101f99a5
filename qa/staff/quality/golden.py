"""检验题: the golden questions as staff keep them, each with its results from two snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.text.normalise import normalise
from index.snapshots.errors import SnapshotMissing
from index.snapshots.snapshot import SnapshotDamaged
from qa.evaluation.results import GoldenResult
from qa.publishing import records
from qa.publishing.published import record_of
from qa.publishing.serving import store_of
from qa.staff.permissions import Role, needs
from qa.staff.quality.golden_file import GoldenEntry, entry_of, place_of
from qa.staff.quality.golden_review import GoldenReview
from qa.storage import runtime_settings, withdrawals
from qa.storage.runtime_settings import Withholding


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """A golden question with its results from two snapshots; None where it was not asked in its present form.

    `gates` is True when the published snapshot answers it acceptably: a refresh that loses it is not published.
    """

    entry: GoldenEntry
    published: GoldenResult | None
    candidate: GoldenResult | None

    @property
    def gates(self) -> bool:
        return self.published is not None and self.published.acceptable


@dataclass(frozen=True, slots=True)
class PastResult:
    """The result of a golden question on one snapshot; `made_at` is when the snapshot was made."""

    snapshot: str
    made_at: str
    given: GoldenResult


class GoldenManagement(GoldenReview):
    """The golden questions with their results, and the changes that wait for another person."""

    @needs(Role.EDITOR)
    def rows(self, *, text: str = "", tag: str = "") -> list[GoldenRow]:
        """Return the questions in the order of their file. Raises `QuestionFileError` if the file cannot be read."""
        published, candidate = self.compared()
        was, now = self._given(published), self._given(candidate)
        return [
            GoldenRow(entry, _of(was, entry), _of(now, entry))
            for entry in map(entry_of, self._file.lines())
            if normalise(text.strip()) in normalise(entry.question) and (not tag or tag in entry.tags)
        ]

    @needs(Role.EDITOR)
    def compared(self) -> tuple[str, str]:
        """Return the published snapshot and the newest unpublished one built after it; empty where missing."""
        store = store_of(self._settings)
        try:
            published = store.published() or ""
        except SnapshotDamaged:
            published = ""
        newer = [name for name in store.names() if name > published]
        return published, newer[-1] if newer else ""

    @needs(Role.EDITOR)
    def get(self, golden_id: str) -> GoldenEntry:
        """Return one question. Raises `Missing`."""
        lines = self._file.lines()
        return entry_of(lines[place_of(lines, golden_id)])

    @needs(Role.EDITOR)
    def history(self, golden_id: str) -> list[PastResult]:
        """Return the results of a question on the snapshots that are kept, the newest first."""
        store = store_of(self._settings)
        found: list[PastResult] = []
        for snapshot in reversed(store.names()):
            try:
                record = records.read(store, snapshot)
            except SnapshotDamaged:
                continue
            given = [one for one in record.golden if one.question_id == golden_id] if record else []
            found += [PastResult(snapshot, record.made_at, one) for one in given if record]
        return found

    @needs(Role.EDITOR)
    def withheld(self) -> tuple[Withholding, ...]:
        """Return the questions that are answered with nothing for now, since documents would answer them wrongly."""
        with self._database() as database:
            known, withdrawn = runtime_settings.withheld(database), withdrawals.withdrawn(database)
        published = self.compared()[0] if known else ""
        record = record_of(store_of(self._settings), published) if published else None
        right = {one.question_id for one in record.golden if one.acceptable} if record else set()
        return tuple(
            one
            for one in known
            if one.because
            and not all(withdrawn.covers(name, "") for name in one.documents)
            # What was published since may answer it from another document.
            and not (published > one.snapshot and one.question_id in right)
        )

    @needs(Role.EDITOR)
    def uncovered(self) -> list[str]:
        """Return the published documents that no golden question is answered from, by name."""
        store = store_of(self._settings)
        try:
            published = store.published()
            documents = store.manifest(published).documents if published else {}
        except (SnapshotDamaged, SnapshotMissing):
            return []
        given = self._given(published or "").values()
        covered = {name for one in given if one.answerable and one.acceptable for name in one.documents}
        return sorted(documents.keys() - covered)

    def _given(self, snapshot: str) -> Mapping[str, GoldenResult]:
        try:
            record = records.read(store_of(self._settings), snapshot) if snapshot else None
        except SnapshotDamaged:
            return {}
        return {given.question_id: given for given in record.golden} if record else {}


def _of(given: Mapping[str, GoldenResult], entry: GoldenEntry) -> GoldenResult | None:
    """Return the result of a question if it was asked in its present words, else None."""
    found = given.get(entry.id)
    same = found and (found.question, found.answerable) == (entry.question, entry.answerable)
    return found if same else None
