"""A snapshot: the documents, passages and both indexes of one build, with its recipe."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from itertools import zip_longest
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.document import Document, Passage
from corpus.text import passages as splitting
from corpus.text.normalise import normalise
from corpus.text.passages import Splitter
from index.embedding.base import Embedder, Vectors
from index.passages import Passages, Rows
from index.search import terms as tokens
from index.search.asking import Asked, AskedHere
from index.search.dense import DenseIndex
from index.search.lexical import Lexical, LexicalIndex
from index.search.names import names_in
from index.snapshots.joining import joined

FORMAT = 4
READABLE = (2, 3, FORMAT)
_BATCH = 128  # passages embedded before they are written to disk: some seconds of work
_MOST_HEADINGS, _LONGEST_HEADING = 5, 60


class SnapshotDamaged(Exception):
    """A snapshot's files differ from what was written, or are not a snapshot at all."""


class SnapshotForeign(Exception):
    """A snapshot was built with another model, splitter or version than this program uses."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a build depends on besides the documents; equal recipes build equal indexes."""

    model: str
    dimensions: int
    max_tokens: int
    splitter: int = splitting.VERSION
    terms: int = tokens.VERSION
    format: int = FORMAT
    faiss: str = version("faiss-cpu")
    bm25s: str = version("bm25s")

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One build, in memory. Row i of both indexes is `passages[i]`; `elsewhere` may search for candidates instead."""

    recipe: Recipe
    built_at: datetime
    documents: tuple[Document, ...]
    passages: Passages
    dense: DenseIndex
    lexical: Lexical
    name: str = "unsaved"
    names: tuple[tuple[str, ...], ...] | None = None  # in each document; None where they were not gathered
    elsewhere: Callable[[str, Vectors], Asked] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not len(self.passages) == len(self.dense) == len(self.lexical):
            raise SnapshotDamaged(f"{self.name}已损坏：段落与索引的数目不一致")

    def holds(self, word: str) -> bool:
        """Return whether a normalised word of two Chinese characters or more stands in a title, heading or passage."""
        if not isinstance(self.lexical, LexicalIndex):  # of an earlier format
            return any(word in normalise(indexed_text(passage)) for passage in self.passages)
        rows = self.lexical.rows_with(tokens.bigrams_in(word)).tolist()
        return any(word in normalise(indexed_text(self.passages[row])) for row in rows)

    def asked(self, question: str, query: Vectors) -> Asked:
        """Put a question and its vector (dimensions,) to the indexes."""
        if self.elsewhere:
            return self.elsewhere(question, query)
        return AskedHere(self.dense, self.lexical, question, query)


class KnownVectors(Protocol):
    """Vectors kept between builds."""

    def get(self, text: str) -> Vectors | None: ...
    def add(self, vectors: Mapping[str, Vectors]) -> None: ...


# Embeds batches of texts, and yields the vectors of each by its texts, in any order.
Encoded = Callable[[Embedder, Sequence[Sequence[str]]], Iterable[Mapping[str, Vectors]]]


def encoded_here(embedder: Embedder, batches: Sequence[Sequence[str]]) -> Iterator[Mapping[str, Vectors]]:
    """Embed batches one after another, in this process."""
    for batch in batches:
        yield dict(zip(batch, embedder.encode_passages(batch), strict=True))


def indexed_text(passage: Passage) -> str:
    """Return what is embedded and counted for a passage: the title and the headings above it, then its words.

    A heading as long as text is cut, so that the encoder never cuts off the words.
    """
    above = [passage.document.title, *passage.headings[-_MOST_HEADINGS:]]
    unique = list(dict.fromkeys(part[:_LONGEST_HEADING] for part in above if part))
    return "\n".join([" › ".join(unique), passage.text])


def build(
    documents: Sequence[Document],
    embedder: Embedder,
    *,
    max_tokens: int,
    before: Snapshot | None = None,
    vectors: KnownVectors | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    encoded: Encoded = encoded_here,
) -> Snapshot:
    """Split, embed and index the documents; equal to what is built without `before`.

    Passages, terms and vectors of documents unchanged since `before` are taken over. Other texts are not embedded again
    if their document had them before, or if their vectors are known. `progress` receives (embedded, total) passages.
    `encoded` may have batches of them embedded elsewhere.
    """
    splitter = Splitter(embedder.count_tokens, max_tokens)
    passages, kept = _split(documents, splitter, embedder.name, before)
    texts = [indexed_text(passages[row]) for row in np.flatnonzero(kept < 0).tolist()]
    changed = {passages.document(row).name for row in np.flatnonzero(kept < 0).tolist()}
    earlier = _earlier(changed, embedder.name, before)
    rows = before.dense.vectors[kept] if before and (kept >= 0).any() else None
    if texts or rows is None:
        new = _embed(texts, partial(encoded, embedder), earlier, vectors, progress)
        rows = _with(rows, kept < 0, new)
    else:
        progress(0, 0)
    recipe = Recipe(embedder.name, int(rows.shape[1]), max_tokens)
    now = datetime.now(UTC).replace(microsecond=0)
    terms, names = _counted(passages, kept, texts, before), _named(documents, before)
    return Snapshot(recipe, now, tuple(documents), passages, DenseIndex.build(rows), terms, names=names)


def _split(
    documents: Sequence[Document], splitter: Splitter, model: str, before: Snapshot | None
) -> tuple[Passages, Rows]:
    """Return the passages, and the row of each in `before`, -1 for new ones."""
    known: dict[str, int] = {}
    # The recipe includes the model, because passages are sized in its tokens.
    if before and (before.recipe.model, before.recipe.max_tokens, before.recipe.splitter) == (
        model,
        splitter.max_tokens,
        splitting.VERSION,
    ):
        known = {document.content_hash: number for number, document in enumerate(before.documents)}
    fresh = [document for document in documents if document.content_hash not in known]
    new = Passages.of(fresh, (passage for document in fresh for passage in splitter.split(document)))
    if not known or not before:
        return new, np.full(len(new), -1, dtype=np.int64)
    numbers = iter(range(len(fresh)))
    places = [
        (0, known[document.content_hash]) if document.content_hash in known else (1, next(numbers))
        for document in documents
    ]
    passages, rows = joined(documents, [before.passages, new], places)
    return passages, np.where(rows < len(before.passages), rows, -1)


def _with(rows: Vectors | None, is_new: npt.NDArray[np.bool_], new: Vectors) -> Vectors:
    """Return the vectors of all passages, (passages, dimensions), with the new ones in their places."""
    if rows is None:
        return new
    rows[is_new] = new
    return rows


def _counted(passages: Passages, kept: Rows, texts: Sequence[str], before: Snapshot | None) -> LexicalIndex:
    known = before.lexical if before and before.recipe.terms == tokens.VERSION else None
    if isinstance(known, LexicalIndex) and (np.diff(kept[kept >= 0]) > 0).all():
        return known.changed(kept, texts)
    return LexicalIndex.build(texts if len(texts) == len(passages) else map(indexed_text, passages))


def _named(documents: Sequence[Document], before: Snapshot | None) -> tuple[tuple[str, ...], ...]:
    known: dict[str, tuple[str, ...]] = {}
    if before and before.names and before.recipe.terms == tokens.VERSION:
        hashes = (document.content_hash for document in before.documents)
        known = dict(zip(hashes, before.names, strict=True))
    return tuple(
        known[document.content_hash] if document.content_hash in known else names_in(document.text)
        for document in documents
    )


def _embed(
    texts: Sequence[str],
    encoded: Callable[[Sequence[Sequence[str]]], Iterable[Mapping[str, Vectors]]],
    earlier: Mapping[str, Vectors],
    vectors: KnownVectors | None,
    progress: Callable[[int, int], None],
) -> Vectors:
    """Return the vectors of new passages; of those that are not known already, the encoder's."""
    known: dict[str, Vectors] = {}
    for text in dict.fromkeys(texts):
        vector = earlier.get(text)
        vector = vectors.get(text) if vectors and vector is None else vector
        if vector is not None:
            known[text] = vector
    new = sorted(set(texts) - known.keys(), key=lambda text: (len(text), text))
    done = 0
    progress(done, len(new))
    for made in encoded(_in_turn([new[begin : begin + _BATCH] for begin in range(0, len(new), _BATCH)])):
        if vectors:
            vectors.add(made)
        known |= made
        done += len(made)
        progress(done, len(new))
    return np.stack([known[text] for text in texts]).astype(np.float32)


def _earlier(names: Iterable[str], model: str, before: Snapshot | None) -> dict[str, Vectors]:
    """Return the vectors that documents of these names had before, by their texts."""
    if before is None or before.recipe.model != model:
        return {}
    rows = before.passages.rows_of(names)
    return {indexed_text(before.passages[row]): before.dense.vector(row) for row in rows}


def _in_turn(batches: list[list[str]]) -> list[list[str]]:
    """Return the batches alternately from both ends, so that the pace so far predicts the rest."""
    middle = (len(batches) + 1) // 2
    pairs = zip_longest(batches[:middle], reversed(batches[middle:]))
    return [batch for pair in pairs for batch in pair if batch]
