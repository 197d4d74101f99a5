"""txtai: paragraphs in one embeddings database with content, as its examples of question answering have them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from txtai import Embeddings
from txtai.pipeline import Segmentation

from benchmarks.peers.programs.measuring import SHOWN, Models, Shown, Text, run
from benchmarks.peers.programs.vectors import random_vectors


class TxtAi:
    """Embeddings with content; a change is told to it, for it does not compare documents itself."""

    def __init__(self, models: Models) -> None:
        instructions = {"query": "query: ", "data": "passage: "}
        self._embeddings = Embeddings(path=models.encoder, content=True, instructions=instructions, gpu=False)
        self._split = Segmentation(paragraphs=True)
        self._encode: Any = None

    def build(self, texts: Sequence[Text]) -> int:
        self._embeddings.index(self._rows(texts))
        return int(self._embeddings.count())

    def ask(self, question: str) -> Shown:
        found = self._embeddings.search(question, limit=SHOWN)
        return Shown(tuple((one["id"].rpartition("#")[0], one["text"]) for one in found))

    def seeding(self, on: bool) -> None:
        # The class, since an index that is built anew makes a new object of it.
        vectors: Any = type(self._embeddings.model)
        if on:
            self._encode = vectors.encode
            vectors.encode = lambda _self, data, category=None: random_vectors(len(data))
        else:
            vectors.encode = self._encode

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        self._path = str(folder / "index")
        self.build(texts)
        self._embeddings.save(self._path)

    def change(self, texts: Sequence[Text], place: int) -> None:
        rows = self._rows(texts[place : place + 1])
        # The old text had no more paragraphs than the new one, so that each is written over.
        self._embeddings.upsert(rows)
        self._embeddings.save(self._path)

    def _rows(self, texts: Sequence[Text]) -> list[tuple[str, str]]:
        return [
            (f"{text.name}#{number}", paragraph)
            for text in texts
            for number, paragraph in enumerate(self._split(text.text))
        ]


if __name__ == "__main__":
    run("txtai", ["txtai"], TxtAi)
