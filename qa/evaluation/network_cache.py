"""Remembers the outputs of the networks for equal inputs, so that golden questions are not read twice.

Only the networks are skipped, and only if every number that enters them is the same as before. Retrieval, scores,
the choice of words and the verdict are computed again each time. A reply from memory is therefore the same reply.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.loaders.parts.packages import installed
from index.embedding.base import Embedder, Vectors
from index.files.record_cache import Cache, key_of
from qa.runtime.settings import ROOT

if TYPE_CHECKING:
    from index.embedding.running import Arrays, Run

# Everything that decides the outputs of reader and verifier, besides the inputs.
_MADE_OF = (
    "qa/answering/reader/**/*.safetensors",
    "qa/answering/reader/**/network.py",
    "index/embedding/weights.py",
    "index/embedding/openvino_runtime.py",
)
_RUN_BY = ("openvino", "torch", "transformers")
_SPARE = 2000  # readings kept besides those of the last refresh


class NetworkCache:
    """A memory of the networks of reader and verifier, and of the vectors of questions."""

    def __init__(self, path: Path, *, identity: str, keeps: bool = True) -> None:
        """`identity` names the reader; readings of another one are not found. One that does not keep only looks up."""
        self._cache = Cache(path)
        self._keeps = keeps
        self._identity = identity
        self.read = 0  # batches that went through the network

    def around(self, run: "Run") -> "Run":
        """Return the network, called only for inputs that are not remembered."""

        def remembered(arrays: "Arrays") -> Sequence[npt.NDArray[np.float32]]:
            parts = [
                part for name in sorted(arrays) for part in (name, str(arrays[name].shape), arrays[name].tobytes())
            ]
            key = key_of(self._identity, *parts)
            if (known := self._cache.get(key)) is not None:
                return _unpacked(known)
            outputs = [np.asarray(output, dtype=np.float32) for output in run(arrays)]
            self.read += 1
            if self._keeps:
                self._cache.add({key: _packed(outputs)})
            return outputs

        return remembered

    def embedder(self, embedder: Embedder) -> Embedder:
        """Return the embedder, called only for questions that are not remembered."""
        return _RememberingEmbedder(embedder, self._cache, self._keeps)

    def prune(self) -> None:
        """Drop what this refresh did not use, except for some spare readings."""
        self._cache.prune(most=len(self._cache.used) + _SPARE)


_KNOWN: ContextVar[NetworkCache | None] = ContextVar("known", default=None)


@contextmanager
def recalling(memory: NetworkCache) -> Iterator[None]:
    """Have the networks of a server, which are `recalled`, not called for what is remembered, during the block."""
    token = _KNOWN.set(memory)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def recalled(run: "Run") -> "Run":
    """Return a network that looks up what is remembered, while something is `recalling`."""

    def called(arrays: "Arrays") -> Sequence[npt.NDArray[np.float32]]:
        memory = _KNOWN.get()
        return memory.around(run)(arrays) if memory else run(arrays)

    return called


class _RememberingEmbedder:
    def __init__(self, embedder: Embedder, cache: Cache, keeps: bool) -> None:
        self._embedder, self._cache, self._keeps = embedder, cache, keeps
        self.name, self.max_tokens = embedder.name, embedder.max_tokens
        self.count_tokens, self.encode_passages = embedder.count_tokens, embedder.encode_passages

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        key = key_of("query", self.name, text)
        if (known := self._cache.get(key)) is not None:
            return np.frombuffer(known, dtype="<f4")
        vector: Vectors = self._embedder.encode_queries([text])[0]
        if self._keeps:
            self._cache.add({key: vector.astype("<f4").tobytes()})
        return vector


def reader_identity() -> str:
    """Return a hash of the networks' weights, the code and packages that run them, and the processor's abilities."""
    digest = hashlib.sha256()
    for pattern in _MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(" ".join(f"{package} {installed(package)}" for package in _RUN_BY).encode())
    digest.update(_processor())
    return digest.hexdigest()


def _processor() -> bytes:
    """Return the processor's abilities, which decide the precision of the networks."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return b""
    return next((line for line in lines if line.startswith((b"flags", b"Features"))), b"")


def _packed(arrays: Sequence[npt.NDArray[np.float32]]) -> bytes:
    shapes = np.array([len(arrays), *(size for array in arrays for size in (array.ndim, *array.shape))], dtype="<i4")
    return b"".join([len(shapes).to_bytes(4, "little"), shapes.tobytes(), *(a.astype("<f4").tobytes() for a in arrays)])


def _unpacked(content: bytes) -> list[npt.NDArray[np.float32]]:
    count = int.from_bytes(content[:4], "little")
    numbers = iter(np.frombuffer(content, "<i4", count, 4).tolist())
    position, arrays = 4 + 4 * count, []
    for _ in range(next(numbers)):
        shape = [next(numbers) for _ in range(next(numbers))]
        size = int(np.prod(shape))
        arrays.append(np.frombuffer(content, "<f4", size, position).reshape(shape))
        position += 4 * size
    return arrays
