"""BM25 over the terms of passages, by bm25s, which is imported where it is used: a list of snapshots needs none."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.search.terms import terms


class LexicalIndex:
    """Scores passages by the terms they share with a question (Robertson and Zaragoza 2009)."""

    def __init__(self, index: Any, size: int) -> None:
        self._index = index
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        index = _bm25s().BM25(method="lucene")
        index.index([terms(text) for text in texts], show_progress=False)
        return cls(index, len(texts))

    @classmethod
    def load(cls, folder: Path, *, size: int) -> "LexicalIndex":
        return cls(_bm25s().BM25.load(str(folder), load_corpus=False, allow_pickle=False), size)

    def save(self, folder: Path) -> None:
        self._index.save(str(folder), allow_pickle=False, show_progress=False)

    def __len__(self) -> int:
        return self._size

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """Return the BM25 score of every passage, (rows,); 0 without a shared term."""
        known = [term for term in terms(question) if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG, which would show its progress on stderr
    return bm25s
