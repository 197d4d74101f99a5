"""A snapshot: the documents, passages and both indexes of one build, with its recipe."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus import document_json
from corpus.document import Document, Passage, QuestionAnswer, Span
from corpus.text import passages as splitting
from corpus.text.passages import Splitter
from index.embedding.base import Embedder, Vectors
from index.passages import Passages, Rows
from index.search import lexical
from index.search import terms as tokens
from index.search.asking import Asked, AskedHere
from index.search.dense import DenseIndex
from index.search.lexical import Lexical, LexicalIndex
from index.snapshots.joining import joined

FORMAT = 4
READABLE = (2, 3, FORMAT)
DOCUMENTS, PASSAGES = "documents.jsonl", "passages"
_PASSAGES_OF_FORMAT_2 = "passages.jsonl"
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
    elsewhere: Callable[[str, Vectors], Asked] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not len(self.passages) == len(self.dense) == len(self.lexical):
            raise SnapshotDamaged(f"{self.name}已损坏：段落与索引的数目不一致")

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
    terms = _counted(passages, kept, texts, before)
    return Snapshot(recipe, now, tuple(documents), passages, DenseIndex.build(rows), terms)


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


def write(snapshot: Snapshot, folder: Path, lines: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Write the snapshot's files except the manifest into an empty folder; `lines` are known ones of documents."""
    (folder / PASSAGES).mkdir()
    write_passages(snapshot.passages, folder, lines)
    snapshot.dense.save(folder)
    (folder / "lexical").mkdir()
    assert isinstance(snapshot.lexical, LexicalIndex)  # one of an earlier format is only read
    snapshot.lexical.save(folder / "lexical")


def write_passages(passages: Passages, folder: Path, lines: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Write the documents and their passages into a folder that has one for the passages."""
    with (folder / DOCUMENTS).open("wb") as file:
        file.writelines(lines.get(document.name) or _line(document) for document in passages.documents)
    passages.save(folder / PASSAGES)


def _line(document: Document) -> bytes:
    entry = {**document_json.as_json(document), "sha256": document.content_hash}
    return f"{json.dumps(entry, ensure_ascii=False)}\n".encode()


def read(
    folder: Path, *, recipe: Mapping[str, Any], built_at: datetime, known: Sequence[Document | None] = ()
) -> Snapshot:
    """Read what `write` wrote. The files must have been checked against the manifest before.

    `known` holds, in their order, the documents that need not be read: those that the files were written from.
    """
    passages = read_passages(folder, known)
    return Snapshot(
        Recipe(**recipe),
        built_at,
        passages.documents,
        passages,
        DenseIndex.load(folder),
        lexical.load(folder / "lexical", size=len(passages)),
        name=folder.name,
    )


def read_passages(folder: Path, known: Sequence[Document | None] = ()) -> Passages:
    """Return the documents and passages that `write` wrote, without the indexes; `known` as for `read`.

    The files must have been checked before.
    """
    documents = tuple(_documents(folder / DOCUMENTS, known))
    if (folder / PASSAGES).is_dir():
        return Passages.load(folder / PASSAGES, documents)
    entries = _lines(folder / _PASSAGES_OF_FORMAT_2)
    return Passages.of(documents, (_passage(entry, documents) for entry in entries))


def read_document(content: bytes, name: str) -> Document:
    """Return one document from the content of `DOCUMENTS`. Raises `SnapshotDamaged` if it is missing."""
    wanted = json.dumps(name, ensure_ascii=False)  # the other lines need not be parsed
    for line in content.decode("utf-8", "surrogatepass").split("\n"):
        if wanted in line and (entry := json.loads(line))["name"] == name:
            return _document(entry)
    raise SnapshotDamaged(f"{DOCUMENTS}里没有{name}")


def _documents(path: Path, known: Sequence[Document | None]) -> Iterator[Document]:
    if not known:
        yield from map(_document, _lines(path))
        return
    with path.open("rb") as file:
        for document, line in zip(known, file, strict=True):
            yield document or _document(json.loads(line.decode("utf-8", "surrogatepass")))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    # Not splitlines(): a document may hold U+2028, which JSON leaves as it is.
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def _document(entry: Mapping[str, Any]) -> Document:
    document = document_json.from_json(entry)
    if document.content_hash != entry["sha256"]:
        raise SnapshotDamaged(f"{document.name}的文字不是建索引时的文字")
    return document


def _passage(entry: Mapping[str, Any], documents: Sequence[Document]) -> Passage:
    sentences = tuple(Span(start, end) for start, end in entry["sentences"])
    pair = QuestionAnswer(*(Span(*span) for span in entry["pair"])) if "pair" in entry else None
    return Passage(documents[entry["document"]], Span(*entry["span"]), tuple(entry["headings"]), sentences, pair)
