"""One question put to the indexes of a snapshot: the seam between those in this process and a search server."""

from functools import cached_property
from typing import Protocol

from index.embedding.base import Vectors
from index.search.dense import DenseIndex, Rows
from index.search.lexical import Lexical, Scores, highest


class Asked(Protocol):
    """One question; rows come the best first."""

    def nearest(self, count: int) -> Rows:
        """Return the rows nearest in meaning, `count` at most."""

    def sharing(self, count: int) -> Rows:
        """Return the rows that score highest by the terms they share, `count` at most, none without a shared term."""

    def lexical(self, rows: Rows) -> Scores:
        """Return the BM25 score of each of these rows."""


class AskedHere:
    """One question put to the indexes in this process; their scores are exact, however candidates are found."""

    def __init__(self, dense: DenseIndex, lexical: Lexical, question: str, query: Vectors) -> None:
        self._dense = dense
        self._lexical = lexical
        self._question = question
        self._query = query

    def nearest(self, count: int) -> Rows:
        return self._dense.search(self._query, count=count)

    def sharing(self, count: int) -> Rows:
        return highest(self._scores, count=count)

    def lexical(self, rows: Rows) -> Scores:
        return self._scores[rows]

    @cached_property
    def _scores(self) -> Scores:
        return self._lexical.scores(self._question)
