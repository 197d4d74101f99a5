"""Nearest vectors by FAISS, inner product of unit vectors: candidates by 8-bit copies, ranked by the vectors."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.embedding.base import Vectors
from index.files.mapping import is_mapped

LARGE = 10_000  # vectors; below, comparing all of them exactly takes some milliseconds
# For each row wanted, so many are compared exactly (docs/decisions/vector-search.md).
RANKED_AGAIN = 2
_EXACT, _EIGHT_BIT = "dense.faiss", "dense8.faiss"

# The library's types leave it out.
_WRITER: Any = vars(faiss)["PyCallbackIOWriter"]

Rows = npt.NDArray[np.int64]


class DenseIndex:
    """Vectors by row. `eight_bit` holds a copy of each in a quarter of the memory; None if there are few."""

    def __init__(self, exact: faiss.IndexFlat, eight_bit: faiss.Index | None) -> None:
        self._exact = exact
        self._eight_bit = eight_bit

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        exact = faiss.IndexFlatIP(vectors.shape[1])
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        exact.add(vectors)
        return cls(exact, _in_eight_bits(vectors) if len(vectors) >= LARGE else None)

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read what `save` wrote, now or before there were 8-bit copies. Raises `RuntimeError` for anything else."""
        # A large file stays on the disk: only the vectors of candidates are ever read.
        how = faiss.IO_FLAG_MMAP_IFC if is_mapped(folder / _EXACT) else 0
        exact: Any = faiss.read_index(str(folder / _EXACT), how)
        if (folder / _EIGHT_BIT).exists():
            return cls(exact, faiss.read_index(str(folder / _EIGHT_BIT)))
        return cls(exact, _in_eight_bits(_rows(exact)) if exact.ntotal >= LARGE else None)

    def save(self, folder: Path) -> None:
        for name, index in ((_EXACT, self._exact), (_EIGHT_BIT, self._eight_bit)):
            if index is not None:
                # Not by its name: on a full disk FAISS would raise RuntimeError, or nothing at all.
                with (folder / name).open("wb") as file:
                    faiss.write_index(index, _WRITER(file.write))

    def __len__(self) -> int:
        return int(self._exact.ntotal)

    @property
    def dimensions(self) -> int:
        return int(self._exact.d)

    @property
    def vectors(self) -> Vectors:
        """All vectors, (rows, dimensions)."""
        vectors: Vectors = self._exact.reconstruct_n(0, len(self))
        return vectors

    def between(self, begin: int, end: int) -> Vectors:
        """Return the vectors of the rows from `begin` to `end`, (rows, dimensions)."""
        vectors: Vectors = self._exact.reconstruct_n(begin, end - begin)
        return vectors

    def vector(self, row: int) -> Vectors:
        """Return one vector, (dimensions,)."""
        return np.asarray(self._exact.reconstruct(row), dtype=np.float32)

    def search(self, query: Vectors, *, count: int) -> Rows:
        """Return the rows nearest to one query vector (dimensions,), the nearest first, `count` at most."""
        if self._eight_bit is None:
            return _nearest(self._exact, query, min(count, len(self)))
        rows = np.sort(_nearest(self._eight_bit, query, min(RANKED_AGAIN * count, len(self))))
        return rows[np.argsort(-self.scores(query, rows), kind="stable")[:count]]

    def scores(self, query: Vectors, rows: Rows) -> npt.NDArray[np.float32]:
        """Return the inner product of one query vector with each of `rows`."""
        return np.asarray(self._exact.reconstruct_batch(rows) @ query, dtype=np.float32)


def _nearest(index: faiss.Index, query: Vectors, count: int) -> Rows:
    _, rows = index.search(query.reshape(1, -1), count)
    return np.asarray(rows[0], dtype=np.int64)


def _in_eight_bits(vectors: Vectors) -> faiss.Index:
    index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    return index


def _rows(index: faiss.IndexFlat) -> Vectors:
    """Return the vectors of an index where they lie; it must outlive them."""
    rows: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)
    return rows
