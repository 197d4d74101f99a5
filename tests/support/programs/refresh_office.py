"""An office that refreshes a folder of documents into a store, with the toy embedder."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from index.embedding.base import Embedder
from index.snapshots.store import Store
from qa.answering.overrides import Switches
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.evaluation.gate import Gate, GateLimits
from qa.evaluation.golden import GoldenQuestion
from qa.publishing.board import Board
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.progress import Progress, State
from qa.publishing.refresh.running import refresh
from qa.publishing.report import Report, keep
from qa.storage import runtime_settings
from qa.storage.database import DATABASE
from qa.storage.reviewed_answers import ONCE, ReviewedAnswers
from tests.support.doubles.toy import ToyEmbedder

GOLDEN = [
    GoldenQuestion("g1", "浙江商会有多少家会员企业？", (("237家",),), True, ("direct",)),
    GoldenQuestion("g2", "两地学校结成多少对帮扶对子？", (("13对",),), True, ("direct",)),
]


class RefreshOffice:
    """A folder of documents, a store, and everything to refresh one from the other."""

    def __init__(self, home: Path, bar: GateLimits | None = None) -> None:
        self.home = home
        self.folder = home / "documents"
        self.folder.mkdir(exist_ok=True)
        self.store = Store(home / "snapshots")
        self.embedder = ToyEmbedder()
        self.opened = 0
        self.golden = GOLDEN
        self.bar = bar or GateLimits()
        self.asked: list[str] = []
        self.threshold = 0.0
        self.look_first = True
        self.four_eyes = False
        self.states: list[State] = []
        self.each: Callable[[State], None] = lambda state: None

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def keep_golden(self) -> None:
        """Write the golden questions where the settings of a console look for them."""
        lines = (json.dumps({**asdict(one), "id": one.question_id}, ensure_ascii=False) for one in self.golden)
        (self.home / "golden.jsonl").write_text("\n".join(lines), encoding="utf-8")

    @property
    def means(self) -> RefreshInputs:
        reader = SimilarityReader(self.embedder)
        reader.threshold = self.threshold

        def embedder() -> Embedder:
            self.opened += 1
            return self.embedder

        where = self.home / DATABASE

        def judge() -> Gate:
            switches = runtime_settings.current(where) if where.exists() else Switches()
            frozen = ReviewedAnswers(where, self.embedder, Synonyms([]), seconds=ONCE)
            reviewed = frozen if where.exists() else None
            return Gate(
                self.golden, reader, Synonyms([]), self.bar, reviewed=reviewed, switches=switches, asked=self.asked
            )

        return RefreshInputs(
            folder=self.folder,
            home=self.home,
            store=self.store,
            model=self.embedder.name,
            embedder=embedder,
            gate=judge,
            golden=self.golden,
            look_first=self.look_first,
            database=where if where.exists() else None,
        )

    def refresh(self, *, who: str = "王芳", why: str = "", force: bool = False, anew: bool = False) -> Report:
        def show(state: State) -> None:
            self.states.append(state)
            self.each(state)

        progress = Progress(Board(self.home), who=who, pid=1, show=show)
        return refresh(self.means, Order(who=who, why=why, force=force, anew=anew, four_eyes=self.four_eyes), progress)

    def refresh_and_report(self, *, who: str) -> None:
        """Refresh and keep the report, as the job of the pages does."""
        before = self.store.published()
        keep(Board(self.home), self.refresh(), who=who, before=before)
