"""Hybrid retrieval: the passages nearest to a question by meaning and by terms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corpus.document import Passage
from index.embedder import Embedder
from index.fusion import Scores, summed_z_scores
from index.snapshot import Snapshot

# From each index; passages beyond were never among the best five of either (docs/decisions.md).
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its fused score, and what each index gave for it."""

    passage: Passage
    score: float
    dense: float
    lexical: float


def retrieve(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    *,
    count: int,
    query_terms: str | None = None,
    fuse: Callable[[Scores, Scores], Scores] = summed_z_scores,
) -> list[Hit]:
    """The `count` best passages for a question, the best first; `query_terms` replaces it in the lexical index."""
    query = embedder.encode_queries([question])[0]
    lexical = snapshot.lexical.scores(query_terms or question)
    nearest = snapshot.dense.search(query, count=CANDIDATES)
    sharing = np.argsort(-lexical, kind="stable")[:CANDIDATES]
    rows = np.union1d(nearest, sharing[lexical[sharing] > 0]).astype(np.int64)
    dense = snapshot.dense.scores(query, rows)
    fused = fuse(dense, lexical[rows])
    best = np.argsort(-fused, kind="stable")[:count]
    return [Hit(snapshot.passages[rows[i]], float(fused[i]), float(dense[i]), float(lexical[rows[i]])) for i in best]
