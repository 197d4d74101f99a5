"""Snapshots of any size: real sentences put together anew, and vectors between those of real passages.

The terms of each sentence are counted once, and BM25 is computed from those counts in blocks: the program's own way
would take an hour and many gigabytes for a million passages. `tests/project/test_large_snapshots.py` compares both.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
from bm25s.tokenization import Tokenized

from corpus.document import Document, Passage, Span
from index.embedding.base import Vectors
from index.passages import Passages
from index.search.counts import Counts, hash_of
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex
from index.search.names import names_in
from index.search.terms import terms
from index.snapshots import manifest, snapshot_files
from index.snapshots.snapshot import Recipe, indexed_text

IN_A_DOCUMENT, UNDER_A_HEADING, SENTENCES = 30, 5, (4, 7)  # passages, passages, sentences of a passage
_SENTENCE = re.compile(r"[^。！？\n]{12,90}[。！？]")
_BLOCK = 50_000  # passages counted at once

Numbers = npt.NDArray[np.int32]


def sentences(news: Path, *, most: int = 60_000) -> list[str]:
    """Return different sentences of 12 to 90 characters."""
    texts = (json.loads(line)["text"] for line in news.read_text(encoding="utf-8").splitlines())
    return list(dict.fromkeys(found for text in texts for found in _SENTENCE.findall(text)))[:most]


def plan(count: int, known: int) -> list[Numbers]:
    """Return for each passage which sentences it is made of."""
    chance = np.random.default_rng(count)
    return [chance.integers(0, known, size, dtype=np.int32) for size in chance.integers(*SENTENCES, size=count)]


def made_documents(passages: Sequence[Numbers], known: Sequence[str]) -> Passages:
    """Return passages in documents of 30, with a heading over every five."""
    lengths = np.array([len(sentence) for sentence in known])
    documents, places = [], []
    for number, begin in enumerate(range(0, len(passages), IN_A_DOCUMENT)):
        own = passages[begin : begin + IN_A_DOCUMENT]
        text = "".join(known[place] for passage in own for place in passage)
        documents.append(Document(f"文件{number:06d}.txt", f"第{number}号文件的标题", text))
        places.append(own)

    def every() -> Iterator[Passage]:
        for document, own in zip(documents, places, strict=True):
            at = 0
            for row, passage in enumerate(own):
                ends = at + np.cumsum(lengths[passage])
                starts = [at, *ends[:-1].tolist()]
                spans = tuple(Span(start, end) for start, end in zip(starts, ends.tolist(), strict=True))
                headings = (f"{document.title}之{row // UNDER_A_HEADING}",)
                yield Passage(document, Span(at, int(ends[-1])), headings, spans)
                at = int(ends[-1])

    return Passages.of(documents, every())


def made_vectors(count: int, real: Vectors) -> Vectors:
    """Return unit vectors (count, dimensions) between pairs of real ones, with a little noise."""
    chance = np.random.default_rng(count + 1)
    spread = real.std(axis=0) * 0.5
    vectors = np.empty((count, real.shape[1]), dtype=np.float32)
    for begin in range(0, count, _BLOCK):
        size = min(_BLOCK, count - begin)
        one, other = (real[chance.integers(0, len(real), size)] for _ in range(2))
        share = chance.uniform(0.5, 1.0, (size, 1)).astype(np.float32)
        block = share * one + (1 - share) * other + spread * chance.standard_normal(one.shape, dtype=np.float32)
        vectors[begin : begin + size] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def made_names(passages: Sequence[Numbers], known: Sequence[str]) -> Iterator[list[str]]:
    """Yield the names in each document of 30 passages, found sentence by sentence."""
    found = [names_in(sentence) for sentence in known]
    for begin in range(0, len(passages), IN_A_DOCUMENT):
        own = [found[place] for place in np.unique(np.concatenate(passages[begin : begin + IN_A_DOCUMENT]))]
        yield sorted({name for names in own for name in names})


def lexical(passages: Sequence[Numbers], known: Sequence[str]) -> Counts:
    """Return what counting these passages' terms gives, counted sentence by sentence."""
    vocabulary: dict[str, int] = {}
    counted = [
        np.array([vocabulary.setdefault(term, len(vocabulary)) for term in terms(sentence)], dtype=np.int32)
        for sentence in known
    ]
    hashes = np.fromiter(map(hash_of, vocabulary), dtype=np.uint64, count=len(vocabulary))
    rank = np.argsort(np.argsort(hashes)).astype(np.int32)
    counted = [rank[ids] for ids in counted]
    lengths = np.array([len(ids) for ids in counted])
    sizes = np.array([lengths[passage].sum() for passage in passages], dtype=np.int32)
    blocks = [_block(passages[at : at + _BLOCK], counted) for at in range(0, len(passages), _BLOCK)]
    in_block = [np.bincount(term, minlength=len(vocabulary)) for term, _, _ in blocks]
    starts = np.concatenate([[0], np.cumsum(np.sum(in_block, axis=0))]).astype(np.int64)
    rows, often = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.uint16)
    free = starts[:-1].copy()
    for number, count in enumerate(in_block):
        term, row, times = blocks[number]
        blocks[number] = (term[:0], row[:0], times[:0])
        place = free[term] + np.arange(len(term)) - (np.cumsum(count) - count)[term]
        rows[place], often[place] = row + number * _BLOCK, times
        free += count
    return Counts(np.sort(hashes), starts, rows, often, sizes)


def _block(passages: Sequence[Numbers], counted: Sequence[Numbers]) -> tuple[Numbers, Numbers, Numbers]:
    """Return (term, row, times) of a block of passages, by term and row."""
    found = [np.concatenate([counted[sentence] for sentence in passage]) for passage in passages]
    rows = np.repeat(np.arange(len(found), dtype=np.int64), [len(ids) for ids in found])
    packed, times = np.unique(np.concatenate(found).astype(np.int64) << 32 | rows, return_counts=True)
    return (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32), times.astype(np.int32)


def write(folder: Path, count: int, news: Path, real: Vectors, *, model: str, max_tokens: int) -> None:
    """Write a snapshot of `count` passages, one part after another, because all at once do not fit into memory."""
    known = sentences(news)
    passages = plan(count, len(known))
    (folder / snapshot_files.PASSAGES).mkdir(parents=True)
    (folder / "lexical").mkdir()
    DenseIndex.build(made_vectors(count, real)).save(folder)
    LexicalIndex(lexical(passages, known)).save(folder / "lexical")
    snapshot_files.write_passages(made_documents(passages, known), folder)
    snapshot_files.write_names(made_names(passages, known), folder)
    seal(folder, Recipe(model, real.shape[1], max_tokens))


def seal(folder: Path, recipe: Recipe) -> None:
    """Write the manifest over whatever files lie in the folder."""
    (folder / manifest.NAME).unlink(missing_ok=True)
    written = snapshot_files.read(folder, recipe=recipe.as_json(), built_at=datetime.now(UTC).replace(microsecond=0))
    (folder / manifest.NAME).write_bytes(manifest.content(written, folder))


def write_as_before(folder: Path, source: Path, recipe: Recipe) -> None:
    """Write the snapshot in `source` as the program before format 3 did; large files are shared."""
    folder.mkdir()
    for name in (snapshot_files.DOCUMENTS, "dense.faiss"):
        (folder / name).hardlink_to(source / name)
    passages = snapshot_files.read_passages(source)
    index = bm25s.BM25(method="lucene")  # as it was written then
    known: dict[str, int] = {}  # numbers that all passages share take a tenth of the memory of the terms
    numbers_of = [[known.setdefault(one, len(known)) for one in terms(indexed_text(passage))] for passage in passages]
    index.index(Tokenized(numbers_of, known), show_progress=False)
    index.save(str(folder / "lexical"), allow_pickle=False, show_progress=False)
    del index, numbers_of
    numbers = {document.name: number for number, document in enumerate(passages.documents)}
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
        for passage in passages:
            spans = [[span.start, span.end] for span in passage.sentences]
            entry = {
                "document": numbers[passage.document.name],
                "span": [passage.span.start, passage.span.end],
                "headings": list(passage.headings),
                "sentences": spans,
            }
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    del passages
    seal(folder, replace(recipe, format=2))
