"""LangChain with FAISS: splitter, embeddings and vector store as its tutorial on retrieval chains them.

The separators are those that its page on languages without word boundaries gives; what changed is found by its
indexing interface, which keeps the hashes of all passages in a database.
"""

from collections.abc import Sequence
from pathlib import Path

import faiss
from langchain_classic.indexes import SQLRecordManager, index
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.programs.measuring import SHOWN, Models, Shown, Text, run
from benchmarks.peers.programs.vectors import DIMENSIONS, random_vectors

SEPARATORS = ["\n\n", "\n", " ", ".", ",", "\u200b", "\uff0c", "\u3001", "\uff0e", "\u3002", ""]


class _Embeddings(HuggingFaceEmbeddings):
    seeded: bool = False

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return random_vectors(len(texts)).tolist() if self.seeded else super().embed_documents(texts)


class LangChain:
    """The chain of the tutorial, without the language model at its end."""

    def __init__(self, models: Models) -> None:
        self._embeddings = _Embeddings(
            model_name=models.encoder,
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt_name": "document", "normalize_embeddings": True},
            query_encode_kwargs={"prompt_name": "query", "normalize_embeddings": True},
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200, add_start_index=True, separators=SEPARATORS
        )
        self._store: FAISS | None = None

    def build(self, texts: Sequence[Text]) -> int:
        passages = self._passages(texts)
        self._store = FAISS.from_documents(passages, self._embeddings)
        return len(passages)

    def ask(self, question: str) -> Shown:
        assert self._store
        found = self._store.similarity_search(question, k=SHOWN)
        return Shown(tuple((one.metadata["source"], one.page_content) for one in found))

    def seeding(self, on: bool) -> None:
        self._embeddings.seeded = on

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        self._folder = folder
        self._store = FAISS(self._embeddings, faiss.IndexFlatL2(DIMENSIONS), InMemoryDocstore(), {})
        self._records = SQLRecordManager("faiss/peers", db_url=f"sqlite:///{folder / 'records.sqlite'}")
        self._records.create_schema()
        self._bring_up(texts)

    def change(self, texts: Sequence[Text], place: int) -> None:
        self._bring_up(texts)

    def _bring_up(self, texts: Sequence[Text]) -> None:
        assert self._store
        passages = self._passages(texts)
        index(passages, self._records, self._store, cleanup="full", source_id_key="source", key_encoder="sha256")
        self._store.save_local(str(self._folder / "index"))

    def _passages(self, texts: Sequence[Text]) -> list[Document]:
        return self._splitter.split_documents(
            [Document(page_content=text.text, metadata={"source": text.name}) for text in texts]
        )


if __name__ == "__main__":
    run("langchain", ["langchain", "langchain-community", "faiss-cpu"], LangChain)
