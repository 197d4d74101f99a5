"""Over the shipped documents and with the real model, a Milvus finds what this process finds, in the same order."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.embedding import bundled_model
from index.embedding.sentence_transformer import open_embedder
from index.retrieve import retrieve
from index.search.milvus import Milvus
from index.snapshots.collection_upkeep import Collections
from index.snapshots.served import load_served
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.evaluation.golden import read_golden
from qa.runtime.settings import ROOT
from tests.support.counts import count
from tests.support.machines.milvus import MilvusServer
from tests.support.programs.serving import Served

EVERY = count(3, whole=1)  # of the golden questions and of those of development
SETS = (ROOT / "corpus" / "golden.jsonl", ROOT.parent / "shared" / "eval" / "gold_dev.jsonl")


def test_the_same_questions_find_the_same_passages_in_the_same_order(
    milvus_server: MilvusServer, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = open_embedder(bundled_model.NAME, served.home)
    shipped = load_served(Store(served.home / "snapshots"), model=embedder.name).snapshot
    store = Store(tmp_path / "snapshots", collections=Collections(Milvus(milvus_server.new())))
    with store.writing():
        store.publish(store.save(shipped))
    there = load_served(store, model=embedder.name).snapshot
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
