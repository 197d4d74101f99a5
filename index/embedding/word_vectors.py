"""The encoder's word vectors, read from its file where they lie: three networks would hold 384 MB of them each.

Only the rows of words that occur are read. A mapped file would count as the process's memory, with its neighbours.
"""

import json
import os
import weakref
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = "model.safetensors"
_NAME = "embeddings.word_embeddings.weight"


class WordVectors:
    """Looks up the vectors of token ids. Threads may share it."""

    def __init__(self, path: Path, start: int, *, words: int, dimensions: int) -> None:
        """Open the file `path`, in which a table of float32 (words, dimensions) begins at byte `start`."""
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        self._start = start
        self._words = words
        self.dimensions = dimensions

    def of(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the vectors of ids (texts, tokens), (texts, tokens, dimensions). Raises `IndexError`."""
        known, places = np.unique(ids, return_inverse=True)
        if known.size and not 0 <= known[0] <= known[-1] < self._words:
            raise IndexError(f"Token ids {known[0]} to {known[-1]} lie outside of {self._words} words")
        size = 4 * self.dimensions
        table = b"".join(os.pread(self._file, size, self._start + size * int(one)) for one in known)
        vectors = np.frombuffer(table, dtype="<f4").reshape(len(known), self.dimensions)
        return vectors[places.reshape(ids.shape)]


@lru_cache(maxsize=4)
def open_word_vectors(folder: Path) -> WordVectors:
    """Open the vectors of the encoder unpacked in `folder`, once for all its networks."""
    path = folder / FILE
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(size))[_NAME]
    start, _ = entry["data_offsets"]
    words, dimensions = entry["shape"]
    return WordVectors(path, 8 + size + start, words=words, dimensions=dimensions)
