"""BM25 over the terms of passages (Robertson and Zaragoza 2009; Lucene's variant, as bm25s computes it)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial, reduce
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.search import counts as counting
from index.search.counts import Counts
from index.search.earlier_lexical import is_earlier, load_earlier
from index.search.terms import terms

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
_K1, _B = 1.5, 0.75  # the defaults of bm25s


class Lexical(Protocol):
    """An index of passages by their terms."""

    def __len__(self) -> int: ...
    def scores(self, question: str) -> Scores:
        """Return the BM25 score of every passage, (rows,); 0 without a shared term."""


class LexicalIndex:
    """Scores passages by the terms they share with a question.

    It holds counts, not scores: those of all passages change when one is added, the counts of others stay.
    """

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        lengths = counts.lengths
        mean = lengths.mean() if lengths.any() else 1.0
        self._weights = _K1 * ((1 - _B) + _B * lengths / mean)

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        return cls(counting.count(texts))

    def changed(self, kept: Rows, texts: Iterable[str]) -> "LexicalIndex":
        """Return the index of other passages: row i is `kept[i]` of this one, or where that is -1 the next of `texts`.

        Equal to building it. Raises `ValueError` if kept rows do not ascend.
        """
        return LexicalIndex(counting.joined(self._counts, kept, counting.count(texts)))

    def rows_with(self, wanted: Sequence[str]) -> Rows:
        """Return the rows that have all of these terms, one or more, ascending."""
        places = self._known(wanted)
        if len(places) < len(wanted):
            return np.empty(0, dtype=np.int64)
        starts = self._counts.starts
        found = sorted((self._counts.rows[starts[place] : starts[place + 1]] for place in places), key=len)
        return reduce(partial(np.intersect1d, assume_unique=True), found).astype(np.int64)

    def save(self, folder: Path) -> None:
        counting.save(self._counts, folder)

    def __len__(self) -> int:
        return len(self._counts.lengths)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LexicalIndex):
            return False
        columns = ((getattr(one._counts, name) for name in Counts._fields) for one in (self, other))
        return all(np.array_equal(own, given) for own, given in zip(*columns, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as for a list: too much to be a key

    def scores(self, question: str) -> Scores:
        """Return the BM25 score of every passage, (rows,); 0 without a shared term."""
        found = np.zeros(len(self), dtype=np.float32)
        for place in self._places(question):
            begin, end = self._counts.starts[place : place + 2].tolist()
            holding = self._counts.rows[begin:end]
            found[holding] += self._added(place, holding, self._counts.times[begin:end])
        return found

    def scores_of(self, question: str, rows: Rows) -> Scores:
        """Return what `scores` returns for some rows, to the last bit; it reads no others."""
        found, wanted = np.zeros(len(rows), dtype=np.float32), rows.astype(np.int32)
        for place in self._places(question):
            begin, end = self._counts.starts[place : place + 2].tolist()
            holding = self._counts.rows[begin:end]
            at = np.searchsorted(holding, wanted)
            inside = np.flatnonzero(holding[np.minimum(at, len(holding) - 1)] == wanted)
            times = self._counts.times[begin:end][at[inside]]
            found[inside] += self._added(place, wanted[inside], times)
        return found

    @property
    def size(self) -> int:
        """The number of different terms."""
        return len(self._counts.terms)

    def query(self, question: str) -> dict[int, float]:
        """Return a question as a sparse vector: how often it has each term, by the term's place among all.

        Its inner product with `vectors` is the score.
        """
        return {place: float(times) for place, times in Counter(self._places(question)).items()}

    def vectors(self, begin: int, end: int) -> Iterator[tuple[Rows, Scores]]:
        """Yield the sparse vector of each of these rows: the places of its terms, ascending, and their values."""
        inside = np.flatnonzero((self._counts.rows >= begin) & (self._counts.rows < end))
        places = np.searchsorted(self._counts.starts, inside, side="right") - 1
        rows, times = self._counts.rows[inside], self._counts.times[inside]
        often = times.astype(np.float32)
        rarities = np.array([self._rarity(place) for place in np.unique(places).tolist()], dtype=np.float32)
        values = rarities[np.searchsorted(np.unique(places), places)] * (often / (self._weights[rows] + often))
        order = np.argsort(rows, kind="stable")  # the places of each row ascend, as those of all did
        bounds = np.searchsorted(rows[order], np.arange(begin, end + 1))
        for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            yield places[order[first:last]], values[order[first:last]].astype(np.float32)

    def _places(self, question: str) -> list[int]:
        """Return the places of the terms of a question that any passage has, in their order."""
        return self._known(terms(question))

    def _known(self, wanted: Sequence[str]) -> list[int]:
        known = self._counts.terms
        hashes = np.fromiter(map(counting.hash_of, wanted), dtype=np.uint64)
        places = np.searchsorted(known, hashes).tolist()
        return [place for place, one in zip(places, hashes, strict=True) if place < len(known) and known[place] == one]

    def _rarity(self, place: int) -> np.float32:
        begin, end = self._counts.starts[place : place + 2].tolist()
        return np.float32(np.log(1 + (np.float64(len(self)) - (end - begin) + 0.5) / ((end - begin) + 0.5)))

    def _added(self, place: int, rows: npt.NDArray[np.int32], times: npt.NDArray[np.uint16]) -> Scores:
        """Return what a term adds to the scores of rows that hold it so often."""
        often = times.astype(np.float32)
        return (self._rarity(place) * (often / (self._weights[rows] + often))).astype(np.float32)


def load(folder: Path, *, size: int) -> Lexical:
    """Read what `LexicalIndex.save` wrote, now or before format 4. Raises `ValueError` or `OSError` otherwise."""
    return load_earlier(folder, size=size) if is_earlier(folder) else LexicalIndex(counting.load(folder))


def highest(scores: Scores, *, count: int) -> Rows:
    """Return the rows of the `count` highest scores above 0, the highest first, equal ones by row.

    A full sort of a million takes 66 ms, this 7.
    """
    if count < len(scores):
        # Not np.partition, which takes as long as sorting where most scores are 0.
        least = max(float(scores[np.argpartition(scores, -count)[-count:]].min()), 0.0)
        above = np.flatnonzero(scores > least)
        level = np.flatnonzero(scores == least)[: count - len(above)] if least > 0 else above[:0]
        rows = np.sort(np.concatenate([above, level]))
    else:
        rows = np.flatnonzero(scores > 0)
    return rows[np.argsort(-scores[rows], kind="stable")][:count].astype(np.int64)
