"""Hybrid retrieval: the passages nearest to a question by meaning and by terms."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np

from corpus.document import Document, Passage
from index.embedding.base import Embedder, Vectors
from index.passages import Rows
from index.search.articles import article_rows
from index.search.asking import Asked
from index.search.fusion import Scores, summed_z_scores
from index.snapshots.snapshot import Snapshot

# From each index. Later passages were never among the best five of either (docs/decisions/score-fusion.md).
CANDIDATES = 50

# An article asked for by number precedes everything else; scores in standard deviations stay far below this.
_ARTICLE = np.float32(100.0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its fused score, the score of each index, and why its document is out of force (empty if in)."""

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
    today: date | None = None,
    hidden: Callable[[Document], bool] | None = None,
    within: Collection[str] | None = None,
    fuse: Callable[[Scores, Scores], Scores] = summed_z_scores,
) -> list[Hit]:
    """Return the `count` best passages for a question, the best first.

    With `today`, passages of documents out of force come last and take no place from others: the list may then hold up
    to twice `count`. Passages of `hidden` documents are not found and do not count as candidates, nor do those of other
    documents than `within` names.
    """
    query = embedder.encode_queries([question])[0]
    asked = snapshot.asked(question, query)
    exact = _shown(snapshot, article_rows(snapshot.passages, question), hidden)
    if within is None:
        nearest = _candidates(snapshot, asked.nearest, hidden)
        sharing = _candidates(snapshot, asked.sharing, hidden)
    else:
        inside = np.array(snapshot.passages.rows_of(within), dtype=np.int64)
        nearest, sharing = _candidates_inside(snapshot, asked, query, inside, hidden)
        exact = np.intersect1d(exact, inside)
    rows = np.union1d(np.union1d(nearest, sharing), exact).astype(np.int64)
    if not len(rows):
        return []
    dense, lexical = snapshot.dense.scores(query, rows), asked.lexical(rows)
    fused = fuse(dense, lexical) + _ARTICLE * np.isin(rows, exact)
    best = [
        _hit(snapshot.passages[rows[i]], (float(fused[i]), float(dense[i]), float(lexical[i])), today)
        for i in np.argsort(-fused, kind="stable")
    ]
    in_force = [hit for hit in best if not hit.out_of_force]
    return in_force[:count] + [hit for hit in best[:count] if hit.out_of_force]


def _candidates(snapshot: Snapshot, find: Callable[[int], Rows], hidden: Callable[[Document], bool] | None) -> Rows:
    """Return the best rows of one index; the search is widened until enough of them are not hidden."""
    count = CANDIDATES
    while True:
        found = find(count)
        shown = _shown(snapshot, found, hidden)
        if len(shown) >= CANDIDATES or len(found) < count or count >= len(snapshot.passages):
            return shown[:CANDIDATES]
        count = min(4 * count, len(snapshot.passages))


def _candidates_inside(
    snapshot: Snapshot, asked: Asked, query: Vectors, rows: Rows, hidden: Callable[[Document], bool] | None
) -> tuple[Rows, Rows]:
    """Return the best of some rows by either index, without asking it for the others."""
    dense, lexical = snapshot.dense.scores(query, rows), asked.lexical(rows)
    nearest, sharing = np.argsort(-dense, kind="stable"), np.argsort(-lexical, kind="stable")
    sharing = sharing[lexical[sharing] > 0]
    return _shown(snapshot, rows[nearest], hidden)[:CANDIDATES], _shown(snapshot, rows[sharing], hidden)[:CANDIDATES]


def _shown(snapshot: Snapshot, rows: Rows, hidden: Callable[[Document], bool] | None) -> Rows:
    """Return the rows whose documents are not hidden, in order, at most `CANDIDATES`."""
    if hidden is None:
        return rows
    shown = (row for row in rows if not hidden(snapshot.passages.document(row)))
    return np.fromiter(islice(shown, CANDIDATES), dtype=np.int64)


def _hit(passage: Passage, scores: tuple[float, float, float], today: date | None) -> Hit:
    return Hit(passage, *scores, out_of_force=passage.document.about.out_of_force(today) if today else "")
