"""Over the shipped documents and with the real model, a Milvus finds what this process finds, in the same order."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.read import read
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding import bundled_model
from index.embedding.sentence_transformer import open_embedder
from index.retrieve import retrieve
from index.search.milvus import Milvus
from index.snapshots import snapshot as snapshots
from index.snapshots.collection_upkeep import Collections
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.evaluation.golden import read_golden
from qa.runtime.settings import ROOT
from tests.support.counts import count
from tests.support.machines.milvus import MilvusServer
from tests.support.programs.converted import Converted

EVERY = count(2, whole=1)  # of the golden questions and of those of development
SETS = (ROOT / "corpus" / "golden.jsonl", ROOT.parent / "shared" / "eval" / "gold_dev.jsonl")


@pytest.mark.slow
def test_the_same_questions_find_the_same_passages_in_the_same_order(
    milvus_server: MilvusServer, converted: Converted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted.lend(tmp_path)
    embedder = open_embedder(bundled_model.NAME, tmp_path)
    store = Store(tmp_path / "snapshots", collections=Collections(Milvus(milvus_server.new())))
    with store.writing():
        documents = read(ROOT / "corpus" / "documents").documents
        store.publish(store.save(snapshots.build(documents, embedder, max_tokens=PASSAGE_TOKENS)))
    there = store.load_served(model=embedder.name).snapshot
    store.tend(there, fill=True)
    assert store.trouble() == ""
    asked = [one.question for path in SETS if path.is_file() for one in read_golden(path)[::EVERY]]
    assert len(asked) > 50

    def passages(snapshot: Snapshot, question: str) -> list[tuple[str, int, float, float]]:
        hits = retrieve(snapshot, embedder, question, count=20)
        return [(hit.passage.document.name, hit.passage.span.start, hit.dense, hit.lexical) for hit in hits]

    here = replace(there, elsewhere=None)
    expected = {question: passages(here, question) for question in asked}

    def fails(*_: object) -> None:
        raise AssertionError("searched in this process")

    monkeypatch.setattr("index.snapshots.collection_search.AskedHere.nearest", fails)
    monkeypatch.setattr("index.snapshots.collection_search.AskedHere.sharing", fails)
    assert [question for question in asked if passages(there, question) != expected[question]] == []
