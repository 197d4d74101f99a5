"""Over real documents, the best six passages from 8-bit candidates are those of exact search."""

from dataclasses import replace

import pytest

from index.embedding import bundled_model
from index.embedding.sentence_transformer import open_embedder
from index.retrieve import retrieve
from index.search import dense
from index.search.dense import DenseIndex
from index.snapshots.served import load_served
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.evaluation.golden import read_golden
from qa.runtime.settings import ROOT
from tests.support.counts import count
from tests.support.programs.serving import Served

EVERY = count(12, whole=1)  # of the golden questions


def test_the_best_six_are_those_of_exact_search(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = open_embedder(bundled_model.NAME, served.home)
    exact = load_served(Store(served.home / "snapshots"), model=embedder.name).snapshot
    monkeypatch.setattr(dense, "LARGE", 1)
    rough = replace(exact, dense=DenseIndex.build(exact.dense.vectors))
    assert exact.dense._eight_bit is None and rough.dense._eight_bit is not None
    monkeypatch.setattr("index.retrieve.CANDIDATES", 10)  # a small part, as 50 are of many passages
    asked = [one.question for one in read_golden(ROOT / "corpus" / "golden.jsonl")][::EVERY]
    assert len(asked) > 10

    def six(snapshot: Snapshot, question: str) -> list[tuple[str, int]]:
        hits = retrieve(snapshot, embedder, question, count=6)
        return [(hit.passage.document.name, hit.passage.span.start) for hit in hits]

    assert [question for question in asked if six(rough, question) != six(exact, question)] == []
