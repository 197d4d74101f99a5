"""Small stand-ins for tests: an embedder of characters, and documents made by hand."""

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from corpus.document import Document
from corpus.text.headings.plain import plain_headings
from index.embedding.base import Vectors
from index.snapshots import snapshot as snapshots
from qa.answering.query_rewriting import Names


class ToyEmbedder:
    """Deterministic and quick: a text is the sum of a fixed direction for each of its characters."""

    max_tokens = 512

    def __init__(self, name: str = "toy-1") -> None:
        self.name = name
        self.encoded = 0

    def count_tokens(self, text: str) -> int:
        return len("".join(text.split()))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return self.encode_queries(texts)

    def _vector(self, text: str) -> Vectors:
        total = np.full(32, 1e-3, dtype=np.float32)
        for char in text:
            total += _direction(char)
        return total / np.float32(np.linalg.norm(total))


@cache
def _direction(char: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(char.encode("utf-8", "surrogatepass")).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(32).astype(np.float32)


def document(text: str, *, name: str = "合作.txt", title: str = "合作") -> Document:
    """A plain text document with its headings found."""
    return Document(name, title, text, tuple(plain_headings(text)))


def names_of(*texts: str) -> Names:
    """Return the names in documents of these texts."""
    documents = [document(text, name=f"{number}.txt") for number, text in enumerate(texts)]
    return Names.of(snapshots.build(documents, ToyEmbedder(), max_tokens=60))


COOPERATION = document(
    """教育合作

两地学校结成13对帮扶对子。浙江的教师每年来涪陵交流。

医疗合作

涪陵建成卫生院29个，村民看病更近了。

商会

涪陵浙江商会于2020年11月21日揭牌成立，有会员企业237家。
"""
)
INDUSTRY = document("产业园\n\n华峰产业园在白涛，落户12年。\n", name="产业.txt", title="产业")
