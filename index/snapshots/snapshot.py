"""A snapshot: the documents, passages and both indexes of one build, with its recipe."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from corpus import document_json
from corpus.document import Document, Passage, QuestionAnswer, Span
from corpus.text import passages as splitting
from corpus.text.passages import Splitter
from index.embedding.base import Embedder, Vectors
from index.passages import Passages
from index.search import terms as tokens
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex

FORMAT = 3
READABLE = (2, FORMAT)
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
    """One build, in memory. Row i of both indexes is `passages[i]`."""

    recipe: Recipe
    built_at: datetime
    documents: tuple[Document, ...]
    passages: Passages
    dense: DenseIndex
    lexical: LexicalIndex
    name: str = "unsaved"

    def __post_init__(self) -> None:
        if not len(self.passages) == len(self.dense) == len(self.lexical):
            raise SnapshotDamaged(f"{self.name}已损坏：段落与索引的数目不一致")

    @property
    def vectors_by_text(self) -> Mapping[str, Vectors]:
        """Return the vector (dimensions,) of each passage by its indexed text, for the next build to reuse."""
        rows = self.dense.vectors
        return {indexed_text(passage): rows[i] for i, passage in enumerate(self.passages)}


class KnownVectors(Protocol):
    """Vectors kept between builds."""

    def get(self, text: str) -> Vectors | None: ...
    def add(self, vectors: Mapping[str, Vectors]) -> None: ...


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
) -> Snapshot:
    """Split, embed and index the documents.

    Documents unchanged since `before` are not split again. Texts that it holds, or whose vectors are known, are not
    embedded again. `progress` receives (embedded, total) passages.
    """
    passages = _split(documents, Splitter(embedder.count_tokens, max_tokens), embedder.name, before)
    texts = [indexed_text(passage) for passage in passages]
    rows = _embed(texts, embedder, before, vectors, progress)
    recipe = Recipe(embedder.name, int(rows.shape[1]), max_tokens)
    now = datetime.now(UTC).replace(microsecond=0)
    return Snapshot(recipe, now, tuple(documents), passages, DenseIndex.build(rows), LexicalIndex.build(texts))


def _split(documents: Sequence[Document], splitter: Splitter, model: str, before: Snapshot | None) -> Passages:
    known: dict[str, str] = {}
    # The recipe includes the model, because passages are sized in its tokens.
    if before and (before.recipe.model, before.recipe.max_tokens, before.recipe.splitter) == (
        model,
        splitter.max_tokens,
        splitting.VERSION,
    ):
        known = {document.content_hash: document.name for document in before.documents}

    def split(document: Document) -> Sequence[Passage]:
        name = known.get(document.content_hash) if known else None
        found = before.passages.of_document(name) if before and name else ()
        return found or splitter.split(document)

    return Passages.of(documents, (replace(p, document=document) for document in documents for p in split(document)))


def _embed(
    texts: Sequence[str],
    embedder: Embedder,
    before: Snapshot | None,
    vectors: KnownVectors | None,
    progress: Callable[[int, int], None],
) -> Vectors:
    reused = before.vectors_by_text if before and before.recipe.model == embedder.name else {}
    known: dict[str, Vectors] = {}
    for text in dict.fromkeys(texts):
        vector = vectors.get(text) if vectors else None
        vector = reused.get(text) if vector is None else vector
        if vector is not None:
            known[text] = vector
    new = sorted(set(texts) - known.keys(), key=lambda text: (len(text), text))
    done = 0
    progress(done, len(new))
    for batch in _in_turn([new[begin : begin + _BATCH] for begin in range(0, len(new), _BATCH)]):
        made = dict(zip(batch, embedder.encode_passages(batch), strict=True))
        if vectors:
            vectors.add(made)
        known |= made
        done += len(batch)
        progress(done, len(new))
    return np.stack([known[text] for text in texts]).astype(np.float32)


def _in_turn(batches: list[list[str]]) -> list[list[str]]:
    """Return the batches alternately from both ends, so that the pace so far predicts the rest."""
    middle = (len(batches) + 1) // 2
    pairs = zip_longest(batches[:middle], reversed(batches[middle:]))
    return [batch for pair in pairs for batch in pair if batch]


def write(snapshot: Snapshot, folder: Path) -> None:
    """Write the snapshot's files except the manifest into an empty folder."""
    (folder / PASSAGES).mkdir()
    write_passages(snapshot.passages, folder)
    snapshot.dense.save(folder)
    (folder / "lexical").mkdir()
    snapshot.lexical.save(folder / "lexical")


def write_passages(passages: Passages, folder: Path) -> None:
    """Write the documents and their passages into a folder that has one for the passages."""
    with (folder / DOCUMENTS).open("w", encoding="utf-8", newline="\n") as file:
        for document in passages.documents:
            entry = {**document_json.as_json(document), "sha256": document.content_hash}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    passages.save(folder / PASSAGES)


def read(folder: Path, *, recipe: Mapping[str, Any], built_at: datetime) -> Snapshot:
    """Read what `write` wrote. The files must have been checked against the manifest before."""
    passages = read_passages(folder)
    return Snapshot(
        Recipe(**recipe),
        built_at,
        passages.documents,
        passages,
        DenseIndex.load(folder),
        LexicalIndex.load(folder / "lexical", size=len(passages)),
        name=folder.name,
    )


def read_passages(folder: Path) -> Passages:
    """Return the documents and passages that `write` wrote, without the indexes.

    The files must have been checked before.
    """
    documents = tuple(map(_document, _lines(folder / DOCUMENTS)))
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
