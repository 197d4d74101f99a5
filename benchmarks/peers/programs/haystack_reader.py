"""Haystack: its extractive question answering, with our reader's weights in the form that transformers reads.

Its splitter counts English words unless told otherwise; here it counts characters and cuts at Chinese full stops.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from haystack import Document
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

from benchmarks.peers.programs.measuring import SHOWN, Models, Shown, Text, run
from benchmarks.peers.programs.vectors import random_vectors

CHARACTERS = 400
READ = 5  # passages that the reader is given


class Haystack:
    """The pipeline of its tutorial on extractive question answering, called part by part."""

    def __init__(self, models: Models) -> None:
        encoder = {"model": models.encoder, "normalize_embeddings": True, "progress_bar": False}
        self._splitter = RecursiveDocumentSplitter(
            split_length=CHARACTERS, split_unit="char", separators=["\n\n", "\n", "。"]
        )
        self._embedder = SentenceTransformersDocumentEmbedder(prefix="passage: ", **encoder)
        self._questions = SentenceTransformersTextEmbedder(prefix="query: ", **encoder)
        self._reader = TransformersExtractiveReader(model=models.reader, top_k=SHOWN)
        for part in (self._splitter, self._embedder, self._questions, self._reader):
            part.warm_up()
        self._seeded = False

    def build(self, texts: Sequence[Text]) -> int:
        self._store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        self._retriever = InMemoryEmbeddingRetriever(self._store, top_k=READ)
        return self._store.write_documents(self._embedded(texts))

    def ask(self, question: str) -> Shown:
        embedding = self._questions.run(text=question)["embedding"]
        documents = self._retriever.run(query_embedding=embedding)["documents"]
        answers = self._reader.run(query=f"query: {question}", documents=documents)["answers"]
        said = [answer for answer in answers if answer.data]
        best = answers[0].data or "" if answers else ""
        passages = [(answer.document.meta["name"], answer.document.content) for answer in said]
        return Shown(tuple(passages), answer=best, refused=not best)

    def seeding(self, on: bool) -> None:
        self._seeded = on

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        self._path = str(folder / "documents.json")
        self.build(texts)
        self._store.save_to_disk(self._path)

    def change(self, texts: Sequence[Text], place: int) -> None:
        name = texts[place].name
        self._store.delete_by_filter({"field": "meta.name", "operator": "==", "value": name})
        self._store.write_documents(self._embedded(texts[place : place + 1]))
        self._store.save_to_disk(self._path)

    def _embedded(self, texts: Sequence[Text]) -> list[Document]:
        whole = [Document(content=text.text, meta={"name": text.name}) for text in texts]
        passages: list[Document] = self._splitter.run(documents=whole)["documents"]
        if not self._seeded:
            return list(self._embedder.run(documents=passages)["documents"])
        vectors = random_vectors(len(passages)).tolist()
        return [replace(passage, embedding=vector) for passage, vector in zip(passages, vectors, strict=True)]


if __name__ == "__main__":
    run("haystack", ["haystack-ai", "transformers-haystack", "sentence-transformers-haystack"], Haystack)
