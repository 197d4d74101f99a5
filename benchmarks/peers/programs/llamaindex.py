"""LlamaIndex: documents, its own splitter and vector index as its starter example with a local encoder has them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.peers.programs.measuring import SHOWN, Models, Shown, Text, run
from benchmarks.peers.programs.vectors import random_vectors


class _Embedding(HuggingFaceEmbedding):
    seeded: bool = False

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return random_vectors(len(texts)).tolist() if self.seeded else super()._get_text_embeddings(texts)


class LlamaIndex:
    """The starter example with its retriever in place of a query engine, which would want a language model."""

    def __init__(self, models: Models) -> None:
        self._embedding = _Embedding(
            model_name=models.encoder, device="cpu", query_instruction="query: ", text_instruction="passage: "
        )
        Settings.embed_model = self._embedding
        Settings.llm = None
        self._index: Any = None

    def build(self, texts: Sequence[Text]) -> int:
        self._index = VectorStoreIndex.from_documents(_documents(texts))
        self._retriever = self._index.as_retriever(similarity_top_k=SHOWN)
        return len(self._index.docstore.docs)

    def ask(self, question: str) -> Shown:
        found = self._retriever.retrieve(question)
        return Shown(tuple((one.metadata["file_name"], one.text) for one in found))

    def seeding(self, on: bool) -> None:
        self._embedding.seeded = on

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        self._folder = folder
        self.build(texts)
        self._index.storage_context.persist(persist_dir=str(folder))

    def change(self, texts: Sequence[Text], place: int) -> None:
        self._index.refresh_ref_docs(_documents(texts))
        self._index.storage_context.persist(persist_dir=str(self._folder))


def _documents(texts: Sequence[Text]) -> list[Document]:
    return [Document(text=text.text, id_=text.name, metadata={"file_name": text.name}) for text in texts]


if __name__ == "__main__":
    run("llamaindex", ["llama-index-core"], LlamaIndex)
