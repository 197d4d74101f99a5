"""The inputs of a refresh: what is read and where it goes, and the order of the member of staff who wants it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.limits import DEFAULT_LIMITS, Limits
from index.embedding.base import Embedder
from index.snapshots.store import KEPT, Store
from qa.evaluation.gate import Gate
from qa.evaluation.golden import GoldenQuestion
from qa.publishing.shared.work import SharedWork
from qa.storage.audit import Audit
from qa.storage.database import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshInputs:
    """The inputs of a refresh. Models are opened only when something has changed.

    `model` is the embedder's name; `gate` is None without questions. With `look_first` a snapshot that answers
    citizens' questions which had no answer waits until staff have looked, unless a golden question confirms each. With
    `work` other machines help to convert and to embed.
    """

    folder: Path
    home: Path
    store: Store
    model: str
    embedder: Callable[[], Embedder]
    gate: Callable[[], Gate] | None
    golden: Sequence[GoldenQuestion] = ()
    limits: Limits = DEFAULT_LIMITS
    keep: int = KEPT
    key_file: Path | None = None
    database: Where | None = None
    look_first: bool = True
    work: SharedWork | None = None

    @property
    def audit(self) -> Audit:
        return Audit(self.home, self.key_file, self.database)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order of staff: who and why; `anew` reads every file again.

    `force` publishes against the gate; with `four_eyes` another person has to agree first.
    """

    who: str
    why: str = ""
    force: bool = False
    anew: bool = False
    four_eyes: bool = False

    def __post_init__(self) -> None:
        if self.force and not self.why.strip():
            raise ValueError("To publish in spite of the golden questions needs a reason")
