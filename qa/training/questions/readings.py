"""What the reader finds for written questions, asked over folders of every size as the product asks them."""

import random
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Document, Span
from corpus.text.normalise import Normal, digits, normalise
from index.embedding.base import Embedder
from index.retrieve import Hit, retrieve
from index.snapshots import snapshot as snapshots
from index.snapshots.snapshot import Snapshot
from qa.answering.query_rewriting import Names, Synonyms, matching_copy
from qa.answering.reader.extractive import ExtractiveReader, Reckoning
from qa.training.questions.written import WrittenDocument, WrittenQuestion

# Documents of the folders that the same questions are asked over; 0 for all of them.
FOLDERS = (1, 5, 0)


@dataclass(frozen=True, slots=True)
class Readings:
    """A question on a document, its search form `copy`, and each passage found for it as the reader read it."""

    document: Document
    question: WrittenQuestion
    copy: Normal
    found: Sequence[Reckoning]


def readings(
    documents: Sequence[WrittenDocument],
    reader: ExtractiveReader,
    embedder: Embedder,
    synonyms: Synonyms,
    *,
    max_tokens: int,
    count: int,
    folders: Sequence[int],
    every: int = 1,
    seed: int = 7,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Readings]:
    """Ask every so many-th question over folders of each size, of `folders` documents; yield what is read for it.

    `count` passages of a folder are read for a question, of at most `max_tokens` each, and none twice.
    """
    chance = random.Random(seed)
    snapshot = snapshots.build([written.document for written in documents], embedder, max_tokens=max_tokens)
    names = Names.of(snapshot)
    asked = [(written.document, question) for written in documents for question in written.questions][::every]
    for number, (document, question) in enumerate(asked):
        copy = normalise(names.mend(digits(matching_copy(question.text, synonyms))))
        hits = _hits(snapshot, embedder, document, copy, count=count, folders=folders, chance=chance)
        yield Readings(document, question, copy, reader.reckon(copy, hits))
        progress(number + 1, len(asked))


def _hits(
    snapshot: Snapshot,
    embedder: Embedder,
    document: Document,
    copy: str,
    *,
    count: int,
    folders: Sequence[int],
    chance: random.Random,
) -> list[Hit]:
    others = [other.name for other in snapshot.documents if other is not document]
    found: dict[tuple[str, Span], Hit] = {}
    for size in folders:
        shown = {document.name, *(chance.sample(others, min(size - 1, len(others))) if size else others)}
        hits = retrieve(snapshot, embedder, copy, count=count, hidden=_all_but(shown))
        found |= {(hit.passage.document.name, hit.passage.span): hit for hit in hits}
    return list(found.values())


def _all_but(shown: Container[str]) -> Callable[[Document], bool]:
    return lambda document: document.name not in shown
