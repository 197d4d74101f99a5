"""试一试: asks one question of any snapshot and shows all that was found and read. What is served stays untouched."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.files import atomic, locks
from index.files.locks import Holder
from index.retrieve import Hit
from index.snapshots.errors import NoSnapshot
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.reply import Reply, Turn
from qa.evaluation import thresholds
from qa.evaluation.golden import read_golden
from qa.evaluation.network_cache import reader_identity
from qa.evaluation.thresholds import Rates
from qa.runtime.errors import StaffRefused, Unfit
from qa.staff import loaded_snapshot
from qa.staff.permissions import ModelArea, Role, needs
from qa.storage import runtime_settings
from qa.storage.database import database_of
from qa.storage.reviewed_answers import ReviewedAnswers

FILE, LOCK = "thresholds.json", "thresholds.lock"
MOST_KEPT = 20


class Counting(StaffRefused):
    """Error rates are being counted already; a second count would only slow both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedHit:
    """A hit of a trial: its place, the score of each index, and the reader's confidence (0–1) that it answers."""

    rank: int
    document: str
    title: str
    headings: tuple[str, ...]
    place: str
    start: int
    end: int
    text: str
    dense: float
    lexical: float
    fused: float
    reader: float
    out_of_force: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The result of a trial: the passages read above and below the threshold, and the reply a citizen would see.

    `asked_as` is the copy of the question that was searched with.
    """

    snapshot: str
    question: str
    asked_as: str
    threshold: float
    above: tuple[TriedHit, ...]
    below: tuple[TriedHit, ...]
    reply: Reply


class Trials(ModelArea):
    """Tries questions; the snapshot tried last stays in memory."""

    @needs(Role.EDITOR)
    def ask(
        self, question: str, *, snapshot: str = "", threshold: float | None = None, history: Sequence[Turn] = ()
    ) -> Trial:
        """Ask a question of `snapshot` (default: the published one) at `threshold` (0–1; default: the one in use).

        Raises `SnapshotMissing`, `SnapshotDamaged`, `SnapshotForeign`, `NoSnapshot`, `Unfit`.
        """
        if threshold is not None and not 0 <= threshold <= 1:
            raise Unfit(f"显示答案的门槛应在0和1之间，而不是{threshold}")
        loaded, embedder = self._loaded(snapshot), self._models.embedder()
        reader = self._models.reader() if threshold is None else self._models.reader().at(threshold)
        reviewed = ReviewedAnswers(database_of(self._settings), embedder, self._synonyms)
        switched = runtime_settings.current(database_of(self._settings))
        assistant = Assistant(
            lambda: Loaded(loaded), embedder, reader, self._synonyms, reviewed=reviewed, switches=lambda: switched
        )
        reply = assistant.ask(question, history)
        copy, hits = assistant.search(reply.standalone_question)
        tried = [_tried(rank, hit, reader.read(copy, [hit]).confidence) for rank, hit in enumerate(hits, start=1)]
        return Trial(
            snapshot=loaded.name,
            question=question,
            asked_as=copy,
            threshold=reader.threshold,
            above=tuple(hit for hit in tried if hit.reader >= reader.threshold),
            below=tuple(hit for hit in tried if hit.reader < reader.threshold),
            reply=reply,
        )

    @needs(Role.EDITOR)
    def threshold(self) -> float:
        """Return the threshold in use (0–1)."""
        return self._models.reader().threshold

    @needs(Role.PUBLISHER)
    def rates(self, snapshot: str = "", *, begun: Callable[[], None] = lambda: None) -> tuple[Rates, ...]:
        """Count both error rates at every threshold over the golden questions; takes minutes unless stored before.

        They are the reader's own rates: reviewed answers are left out because no threshold moves them. `begun` is
        called once the count can no longer be refused. Raises `Counting` while somebody else counts.
        """
        if (known := self.known_rates(snapshot)) is not None:
            begun()
            return known
        name = self._name(snapshot)
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with locks.held(self._lock, who=self._who, doing=name):
                loaded, golden, models = self._loaded(name), read_golden(self._settings.golden), self._models
                begun()
                counted = thresholds.rates(golden, loaded, models.embedder(), models.reader(), self._synonyms)
                self._keep(self._key(name), counted)
                return tuple(counted)
        except locks.LockHeld as error:
            raise Counting(f"{error.holder.who if error.holder else '有人'}正在计算，请等它算完") from error

    @needs(Role.EDITOR)
    def counting(self) -> Holder | None:
        """Return who is counting error rates now; `doing` names the snapshot. None if nobody is."""
        return locks.holder(self._lock)

    @needs(Role.EDITOR)
    def known_rates(self, snapshot: str = "") -> tuple[Rates, ...] | None:
        """Return the stored error rates for this snapshot, these golden questions and this reader; None if missing."""
        known = self._kept().get(self._key(self._name(snapshot)))
        return tuple(Rates(**rates) for rates in known) if known else None

    @property
    def _lock(self) -> Path:
        return self._settings.home / "caches" / LOCK

    def _name(self, snapshot: str) -> str:
        name = snapshot or self._store.published()
        if not name:
            raise NoSnapshot("还没有发布过版本；请先发布")
        return name

    def _loaded(self, snapshot: str) -> Snapshot:
        return loaded_snapshot.load(self._settings, self._name(snapshot), model=self._models.embedder().name)

    def _key(self, snapshot: str) -> str:
        golden = self._settings.golden
        digest = hashlib.sha256(golden.read_bytes() if golden.is_file() else b"")
        manifest = self._store.manifest(snapshot).digest
        digest.update(f"{snapshot} {manifest} {self._settings.reader} {reader_identity()}".encode())
        return digest.hexdigest()

    def _kept(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads((self._settings.home / "caches" / FILE).read_text(encoding="utf-8"))
            return kept
        except (OSError, ValueError):
            return {}

    def _keep(self, key: str, counted: Sequence[Rates]) -> None:
        kept = {**self._kept(), key: [rates.as_json() for rates in counted]}
        for old in list(kept)[:-MOST_KEPT]:
            del kept[old]
        path = self._settings.home / "caches" / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.replace(path, json.dumps(kept).encode())


def _tried(rank: int, hit: Hit, reader: float) -> TriedHit:
    passage = hit.passage
    return TriedHit(
        rank=rank,
        document=passage.document.name,
        title=passage.document.title,
        headings=passage.headings,
        place=passage.document.place(passage.span.start),
        start=passage.span.start,
        end=passage.span.end,
        text=passage.text,
        dense=round(hit.dense, 4),
        lexical=round(hit.lexical, 4),
        fused=round(hit.score, 4),
        reader=round(reader, 4),
        out_of_force=hit.out_of_force,
    )
