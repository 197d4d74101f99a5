"""Writes a snapshot into a folder, and reads it from there."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus import document_json
from corpus.document import Document, Passage, QuestionAnswer, Span
from index.passages import Passages
from index.search import lexical
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex
from index.snapshots.snapshot import Recipe, Snapshot, SnapshotDamaged

DOCUMENTS, PASSAGES, NAMES = "documents.jsonl", "passages", "names.jsonl"
_PASSAGES_OF_FORMAT_2 = "passages.jsonl"


def write(snapshot: Snapshot, folder: Path, lines: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Write the snapshot's files except the manifest into an empty folder; `lines` are known ones of documents."""
    (folder / PASSAGES).mkdir()
    write_passages(snapshot.passages, folder, lines)
    snapshot.dense.save(folder)
    (folder / "lexical").mkdir()
    assert isinstance(snapshot.lexical, LexicalIndex)  # one of an earlier format is only read
    snapshot.lexical.save(folder / "lexical")
    if snapshot.names is not None:
        write_names(snapshot.names, folder)


def write_names(names: Iterable[Sequence[str]], folder: Path) -> None:
    """Write the names in each document, a line each."""
    with (folder / NAMES).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{json.dumps(one, ensure_ascii=False)}\n" for one in names)


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
        names=_names(folder / NAMES, len(passages.documents)),
    )


def _names(path: Path, count: int) -> tuple[tuple[str, ...], ...] | None:
    """Return the names in each document; None where an earlier program did not write them."""
    if not path.exists():
        return None
    # The same names stand in many documents: each is held once.
    found = tuple(tuple(map(sys.intern, names)) for names in _lines(path))
    if len(found) != count:
        raise ValueError(f"{len(found)} lines of names for {count} documents")
    return found


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


def _lines(path: Path) -> Iterator[Any]:
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
