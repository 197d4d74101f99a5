"""One snapshot's passages on a Milvus: candidates come from there, and their order from the scores of this process.

So the same candidates are the same passages in the same order, and while the server is away this process finds them.
"""

import logging
from collections.abc import Callable

import numpy as np

from index.embedding.base import Vectors
from index.search.asking import Asked, AskedHere
from index.search.dense import RANKED_AGAIN, DenseIndex, Rows
from index.search.lexical import LexicalIndex, Scores
from index.search.milvus import MOST, Milvus, MilvusAway
from index.snapshots.errors import StoreUnreachable

logger = logging.getLogger(__name__)

# Scores that differ by less may be in another order there, where sums are rounded otherwise.
_ROUNDING = np.float32(1e-4)
_WIDER = 4


class Readiness:
    """Which collections could be searched when they were used last. All threads of a process share it."""

    def __init__(self) -> None:
        self._ready: frozenset[str] = frozenset()
        self.why = ""

    def __contains__(self, name: str) -> bool:
        return name in self._ready

    def found(self, name: str) -> None:
        if name not in self._ready:
            logger.info("Searching in %s", name)
        self._ready |= {name}

    def lost(self, name: str, why: str) -> None:
        """Note, in a sentence, why a collection cannot be searched; told once."""
        if why != self.why or name in self._ready:
            logger.error("%s", why)
        self._ready, self.why = self._ready - {name}, why


class Collection:
    """The collection of one snapshot; called with a question and its vector, it puts both to the server."""

    def __init__(
        self, name: str, milvus: Milvus, readiness: Readiness, indexes: tuple[DenseIndex, LexicalIndex], *, alone: bool
    ) -> None:
        """With `alone`, questions are put to the server or not at all."""
        self.name = name
        self.dense, self.lexical = indexes
        self._milvus = milvus
        self._readiness = readiness
        self._alone = alone

    def __call__(self, question: str, query: Vectors) -> Asked:
        return _AskedThere(self, question, query)

    def fill(self, progress: Callable[[int, int], None]) -> None:
        """Make it anew. Raises `StoreUnreachable`."""
        try:
            self._milvus.fill(self.name, self.dense, self.lexical, progress)
        except MilvusAway as error:
            raise away(error) from error

    def best(self, count: int, find: Callable[[Milvus, int], Rows], score: Callable[[Rows], Scores]) -> Rows | None:
        """Return the `count` rows of the highest score that the server finds; None where they are to be found here.

        Raises `StoreUnreachable` instead if it is used alone.
        """
        wanted = RANKED_AGAIN * count
        while wanted <= MOST and self.name in self._readiness:
            try:
                found = np.unique(find(self._milvus, wanted))
            except MilvusAway as error:
                self._readiness.lost(self.name, str(away(error)))
                break
            rows = found[(found >= 0) & (found < len(self.dense))]
            scores = score(rows)
            order = np.argsort(-scores, kind="stable")
            # What was left out may score as high as the last that is wanted.
            if len(rows) < wanted or scores[order[-1]] < scores[order[count - 1]] - _ROUNDING:
                return rows[order[:count]]
            wanted *= _WIDER
        if self._alone and self.name not in self._readiness:
            raise StoreUnreachable(self._readiness.why)
        return None


class _AskedThere:
    """See `index.search.asking.Asked`."""

    def __init__(self, collection: Collection, question: str, query: Vectors) -> None:
        self._collection = collection
        self._question = question
        self._query = query
        self._here = AskedHere(collection.dense, collection.lexical, question, query)

    def nearest(self, count: int) -> Rows:
        name, query = self._collection.name, self._query
        found = self._collection.best(
            count,
            lambda milvus, wanted: milvus.nearest(name, query, wanted),
            lambda rows: self._collection.dense.scores(query, rows),
        )
        return self._here.nearest(count) if found is None else found

    def sharing(self, count: int) -> Rows:
        name, asked = self._collection.name, self._collection.lexical.query(self._question)
        if not asked:
            return np.empty(0, dtype=np.int64)
        found = self._collection.best(count, lambda milvus, wanted: milvus.sharing(name, asked, wanted), self.lexical)
        return self._here.sharing(count) if found is None else found

    def lexical(self, rows: Rows) -> Scores:
        return self._collection.lexical.scores_of(self._question, rows)


def away(error: MilvusAway) -> StoreUnreachable:
    """Return the sentence of a server that cannot be used."""
    return StoreUnreachable(f"向量库（QA_SEARCH_URL）现在用不上（{error}）：由本机检索，照常回答；请检查它和网络")
