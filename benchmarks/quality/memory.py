"""What the networks gave for inputs of earlier runs, pair by pair, so that a change of anything else is measured soon.

Keyed by the weights and by every number that goes in; retrieval, scores and words are worked out anew each time.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.base import Embedder, Vectors
from index.embedding.running import Arrays, Run
from index.files.record_cache import Cache, key_of

_AT_ONCE = 200  # values written together: each writing waits for the disk
_CLOSED = -1e4  # in place of a logit beyond a pair's own tokens


class Memory:
    """A memory of the reader's network and of the vectors of questions; while `paused`, everything is computed."""

    def __init__(self, path: Path, *, identity: str) -> None:
        """`identity` names the weights; values of others are not found."""
        self._cache = Cache(path)
        self._identity = identity
        self._new: dict[bytes, bytes] = {}
        self.paused = False

    def around(self, run: Run) -> Run:
        """Return the network, called for one pair at a time and only for new pairs."""

        def remembered(arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
            if self.paused:
                return run(arrays)
            names = sorted(arrays)
            rows = []
            for number in range(len(arrays["input_ids"])):
                one = {name: arrays[name][number : number + 1] for name in names}
                key = key_of(self._identity, *(one[name][0, : _tokens(one)].tobytes() for name in names))
                rows.append(self._known(key) or self._computed(key, run, one))
            return _stacked(rows, width=arrays["input_ids"].shape[1])

        return remembered

    def embedder(self, embedder: Embedder) -> Embedder:
        """Return the embedder, called only for new questions."""
        return _Embedder(embedder, self)

    def vector(self, embedder: Embedder, text: str) -> Vectors:
        """Return the vector (dimensions,) of a question."""
        key = key_of("query", embedder.name, text)
        known = None if self.paused else self._get(key)
        if known is not None:
            return np.frombuffer(known, dtype="<f4")
        vector: Vectors = embedder.encode_queries([text])[0]
        self._add({key: vector.astype("<f4").tobytes()})
        return vector

    def close(self) -> None:
        """Write what is not on the disk yet."""
        self._cache.add(self._new)
        self._new = {}

    def _computed(self, key: bytes, run: Run, one: Arrays) -> list[npt.NDArray[np.float32]]:
        length = _tokens(one)
        # A few lengths only: the runtime prepares, and keeps, what it needs for each shape.
        width = min(one["input_ids"].shape[1], -(-length // 32) * 32)
        outputs = run({name: values[:, :width] for name, values in one.items()})
        row = [output[0, :length] if output.ndim > 1 else output[:1] for output in outputs]
        self._add({key: b"".join(_packed(part) for part in row)})
        return row

    def _known(self, key: bytes) -> list[npt.NDArray[np.float32]] | None:
        content = self._get(key)
        if content is None:
            return None
        row, place = [], 0
        while place < len(content):
            size = int.from_bytes(content[place : place + 4], "little")
            row.append(np.frombuffer(content, "<f4", size, place + 4))
            place += 4 + 4 * size
        return row

    def _get(self, key: bytes) -> bytes | None:
        return self._new.get(key) or self._cache.get(key)

    def _add(self, values: Mapping[bytes, bytes]) -> None:
        self._new |= values
        if len(self._new) >= _AT_ONCE:
            self.close()


class _Embedder:
    def __init__(self, embedder: Embedder, memory: Memory) -> None:
        self._embedder, self._memory = embedder, memory
        self.name, self.max_tokens = embedder.name, embedder.max_tokens
        self.count_tokens, self.encode_passages = embedder.count_tokens, embedder.encode_passages

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._memory.vector(self._embedder, text) for text in texts])


def _tokens(one: Arrays) -> int:
    return int(one["attention_mask"].sum())


def _packed(values: npt.NDArray[np.float32]) -> bytes:
    return len(values).to_bytes(4, "little") + values.astype("<f4").tobytes()


def _stacked(rows: Sequence[Sequence[npt.NDArray[np.float32]]], *, width: int) -> list[npt.NDArray[np.float32]]:
    """Return the outputs of single pairs as those of one batch: (pairs, width), or (pairs,) for single numbers."""
    outputs = []
    for parts in zip(*rows, strict=True):
        if all(len(part) == 1 for part in parts):
            outputs.append(np.concatenate(parts))
            continue
        whole = np.full((len(parts), width), _CLOSED, dtype=np.float32)
        for row, part in enumerate(parts):
            whole[row, : len(part)] = part
        outputs.append(whole)
    return outputs
