"""The lexical index of snapshots before format 4, which bm25s wrote: still served, no longer written."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.files.mapping import is_mapped
from index.search.terms import terms

_DATA = "data.csc.index.npy"


class EarlierLexicalIndex:
    """BM25 by the scores that bm25s computed."""

    def __init__(self, index: Any, size: int) -> None:
        self._index = index
        self._size = size

    def __len__(self) -> int:
        return self._size

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """Return the BM25 score of every passage, (rows,); 0 without a shared term."""
        known = [term for term in terms(question) if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)


def is_earlier(folder: Path) -> bool:
    """Return whether bm25s wrote the index in a folder."""
    return (folder / _DATA).exists()


def load_earlier(folder: Path, *, size: int) -> EarlierLexicalIndex:
    mapped = is_mapped(folder / _DATA)
    return EarlierLexicalIndex(
        _bm25s().BM25.load(str(folder), load_corpus=False, allow_pickle=False, mmap=mapped), size
    )


def _bm25s() -> Any:
    import bm25s  # here, because a snapshot of today needs none

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG, which would show its progress on stderr
    return bm25s
