"""The effect of the threshold: at each value, wrong answers shown and right answers held back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial

from index.embedding.base import Embedder, Vectors
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import Reader
from qa.evaluation.golden import GoldenQuestion, judge

STEPS = tuple(step / 20 for step in range(20))


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts at one threshold: of `answerable` questions `right`, of `unanswerable` ones `refused`, `wrong` of all.

    `held_back` counts the right answers that the lowest threshold shows and this one does not.
    """

    threshold: float
    answerable: int
    right: int
    held_back: int
    unanswerable: int
    refused: int
    wrong: int

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def rates(
    golden: Sequence[GoldenQuestion],
    snapshot: Snapshot,
    embedder: Embedder,
    reader: Reader,
    synonyms: Synonyms,
    *,
    thresholds: Sequence[float] = STEPS,
) -> list[Rates]:
    """Ask the golden questions at each threshold, the lowest first."""
    remembering = _Remembering(embedder)
    counted: list[Rates] = []
    for threshold in sorted(thresholds):
        assistant = Assistant(partial(Loaded, snapshot), remembering, reader.at(threshold), synonyms)
        judgements = judge(golden, assistant.ask)
        answerable = [j for j in judgements if j.golden.answerable]
        right = sum(j.verdict == "right" for j in answerable)
        counted.append(
            Rates(
                threshold,
                len(answerable),
                right,
                (counted[0].right if counted else right) - right,
                len(judgements) - len(answerable),
                sum(j.verdict == "refused" for j in judgements if not j.golden.answerable),
                sum(j.verdict == "wrong" for j in judgements),
            )
        )
    return counted


class _Remembering:
    """An embedder that embeds each question once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queries: dict[tuple[str, ...], Vectors] = {}
        self.name = embedder.name
        self.max_tokens = embedder.max_tokens
        self.count_tokens = embedder.count_tokens
        self.encode_passages = embedder.encode_passages

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        key = tuple(texts)
        if key not in self._queries:
            self._queries[key] = self._embedder.encode_queries(texts)
        return self._queries[key]
