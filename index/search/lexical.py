"""BM25 over the terms of passages (Robertson and Zaragoza 2009; Lucene's variant, as bm25s computes it)."""

from collections.abc import Iterable
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
        found, size = np.zeros(len(self), dtype=np.float32), np.float64(len(self))
        known, starts, rows, times, _ = self._counts
        hashes = np.fromiter(map(counting.hash_of, terms(question)), dtype=np.uint64)
        for place, wanted in zip(np.searchsorted(known, hashes).tolist(), hashes, strict=True):
            if place == len(known) or known[place] != wanted:
                continue
            begin, end = int(starts[place]), int(starts[place + 1])
            holding, often = rows[begin:end], times[begin:end].astype(np.float32)
            rarity = np.float32(np.log(1 + (size - (end - begin) + 0.5) / ((end - begin) + 0.5)))
            found[holding] += (rarity * (often / (self._weights[holding] + often))).astype(np.float32)
        return found


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
