"""Ours, as shipped: its own encoder and reader, the threshold that they come with.

A citizen who gets no answer is shown the nearest passages; those are its passages then.
"""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.peers.programs.measuring import Models, Shown, Text, run
from benchmarks.peers.programs.vectors import random_vectors
from corpus.read import read
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding import bundled_model
from index.embedding.base import Embedder, Vectors
from index.embedding.sentence_transformer import open_embedder
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded, load_served
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader import opening
from qa.answering.reply import Answer
from qa.publishing.board import Board
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.progress import Progress
from qa.publishing.refresh.running import refresh

# One day for all runs: what is in force must not change between two of them.
TODAY = date(2026, 11, 28)


class Ours:
    """The assistant over an index in memory; a change goes through the refresh that staff run."""

    def __init__(self, models: Models) -> None:
        home = Path(models.home)
        self._embedder = _Embedder(open_embedder(bundled_model.NAME, home))
        self._reader = opening.open_reader(bundled_model.unpack(home), home)
        self._synonyms = Synonyms.read()
        self._aside = home / "peers" / str(os.getpid())
        self._built = 0

    def build(self, texts: Sequence[Text]) -> int:
        self._built += 1
        folder = self._aside / str(self._built)
        _write(texts, folder)
        self._serve(snapshots.build(read(folder).documents, self._embedder, max_tokens=PASSAGE_TOKENS))
        return len(self._snapshot.passages)

    def ask(self, question: str) -> Shown:
        reply = self._assistant.ask(question)
        if isinstance(reply, Answer):
            said = reply.short or reply.text
            return Shown(tuple((one.document, one.text) for one in reply.citations), answer=said)
        return Shown(tuple((one.document, one.text) for one in reply.nearest), refused=True)

    def seeding(self, on: bool) -> None:
        self._embedder.seeded = on

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        self._home = folder
        _write(texts, folder / "documents")
        self._store = Store(folder / "snapshots")
        self._refresh()
        self._serve(load_served(self._store, model=self._embedder.name).snapshot)

    def change(self, texts: Sequence[Text], place: int) -> None:
        # The file is what staff change; that is not our time.
        _write(texts[place : place + 1], self._home / "documents")
        self._refresh()

    def _serve(self, built: Snapshot) -> None:
        self._snapshot = built
        self._assistant = Assistant(
            lambda: Loaded(built), self._embedder, self._reader, self._synonyms, today=lambda: TODAY
        )
        self._assistant.prepare(built)

    def _refresh(self) -> None:
        means = RefreshInputs(
            folder=self._home / "documents",
            home=self._home,
            store=self._store,
            model=self._embedder.name,
            embedder=lambda: self._embedder,
            gate=None,
        )
        refresh(means, Order(who="bench"), Progress(Board(self._home), who="bench", pid=os.getpid()))


class _Embedder:
    """Our encoder, random while `seeded`."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.max_tokens = embedder.name, embedder.max_tokens
        self.count_tokens, self.encode_queries = embedder.count_tokens, embedder.encode_queries
        self._embedder = embedder
        self.seeded = False

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return random_vectors(len(texts)) if self.seeded else self._embedder.encode_passages(texts)


def _write(texts: Sequence[Text], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        (folder / text.name).write_text(text.text, encoding="utf-8")


if __name__ == "__main__":
    run("ours", [], Ours)
