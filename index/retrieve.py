"""Hybrid retrieval: the passages nearest to a question by meaning and by terms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from corpus.document import Passage
from index.embedder import Embedder
from index.fusion import Scores, summed_z_scores
from index.snapshot import Snapshot

# From each index; passages beyond were never among the best five of either (docs/decisions.md).
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its fused score, what each index gave for it, and why its document is out of force, if it is."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    out_of_force: str = ""


def retrieve(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    *,
    count: int,
    query_terms: str | None = None,
    today: date | None = None,
    fuse: Callable[[Scores, Scores], Scores] = summed_z_scores,
) -> list[Hit]:
    """The `count` best passages for a question, the best first; `query_terms` replaces it in the lexical index.

    Given a day, passages of documents out of force on it come last and take no other passage's place: with them it may
    be up to twice `count`.
    """
    query = embedder.encode_queries([question])[0]
    lexical = snapshot.lexical.scores(query_terms or question)
    nearest = snapshot.dense.search(query, count=CANDIDATES)
    sharing = np.argsort(-lexical, kind="stable")[:CANDIDATES]
    rows = np.union1d(nearest, sharing[lexical[sharing] > 0]).astype(np.int64)
    dense = snapshot.dense.scores(query, rows)
    fused = fuse(dense, lexical[rows])
    best = [
        _hit(snapshot.passages[rows[i]], (float(fused[i]), float(dense[i]), float(lexical[rows[i]])), today)
        for i in np.argsort(-fused, kind="stable")
    ]
    in_force = [hit for hit in best if not hit.out_of_force]
    return in_force[:count] + [hit for hit in best[:count] if hit.out_of_force]


def _hit(passage: Passage, scores: tuple[float, float, float], today: date | None) -> Hit:
    return Hit(passage, *scores, out_of_force=passage.document.about.out_of_force(today) if today else "")
