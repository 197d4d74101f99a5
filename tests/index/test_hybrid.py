"""Dense and lexical search, and what comes of both."""

import logging
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus.document import Document
from corpus.text.normalise import normalise
from corpus.validity import About
from index.embedding.base import Vectors
from index.files import mapping
from index.retrieve import retrieve
from index.search import dense
from index.search import lexical as lexical_search
from index.search.dense import DenseIndex
from index.search.fusion import summed_z_scores
from index.search.lexical import LexicalIndex, highest
from index.search.terms import bigrams_in, terms, words
from index.snapshots import snapshot as snapshots
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document


@pytest.mark.parametrize(
    ("text", "copy"), [("涪陵浙江商會何時成立？", "涪陵浙江商会何时成立?"), ("ＧＤＰ２０２１", "gdp2021")]
)
def test_matching_copies_are_simplified_and_of_one_width(text: str, copy: str) -> None:
    assert normalise(text) == copy


def test_terms_are_words_and_character_pairs_without_function_words() -> None:
    assert "商会" in words("涪陵的浙江商会是什么")
    assert not {"的", "是", "什么"} & set(words("涪陵的浙江商会是什么"))
    assert bigrams_in("浙涪，合作") == ["浙涪", "合作"]
    assert set(terms("浙涪合作")) >= {"合作", "浙涪"}


def test_dense_search_gives_the_exact_nearest() -> None:
    vectors = np.eye(4, dtype=np.float32)
    index = DenseIndex.build(vectors)
    query = np.array([0.1, 0.2, 0.9, 0.0], dtype=np.float32)
    assert index.search(query, count=2).tolist() == [2, 1]
    assert index.scores(query, np.array([1, 2])).tolist() == pytest.approx([0.2, 0.9])


def clustered(count: int) -> Vectors:
    """Unit vectors in a few clusters."""
    chance = np.random.default_rng(3)
    centres = chance.standard_normal((40, 64))
    vectors = centres[chance.integers(0, 40, count)] + 0.4 * chance.standard_normal((count, 64))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_many_vectors_are_searched_in_eight_bits_and_ranked_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered(5_000)
    exact = DenseIndex.build(vectors)
    monkeypatch.setattr(dense, "LARGE", 5_000)
    index = DenseIndex.build(vectors)
    for query in vectors[:50] + np.float32(0.02):
        assert index.search(query, count=50).tolist() == exact.search(query, count=50).tolist()
    monkeypatch.setattr(dense, "RANKED_AGAIN", 1)
    rough = [index.search(query, count=50).tolist() == exact.search(query, count=50).tolist() for query in vectors[:50]]
    assert not all(rough), "eight bits alone lose none, so nothing shows that they were used"


def test_an_index_comes_back_with_its_eight_bit_copies_or_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = clustered(500)
    monkeypatch.setattr(dense, "LARGE", 500)
    monkeypatch.setattr(mapping, "LARGE", 0)
    DenseIndex.build(vectors).save(tmp_path)
    kept = DenseIndex.load(tmp_path)
    (tmp_path / "dense8.faiss").unlink()
    for index in (kept, DenseIndex.load(tmp_path)):
        assert index._eight_bit is not None and np.array_equal(index.vectors, vectors)
        assert index.search(vectors[7], count=3).tolist() == kept.search(vectors[7], count=3).tolist()


def test_the_highest_scores_are_those_of_a_full_sort() -> None:
    chance = np.random.default_rng(5)
    for levels, count in [(3, 5), (3, 200), (1000, 7), (2, 1), (1, 4), (50, 300)]:
        scores = chance.integers(0, levels, 300).astype(np.float32)
        sorted_rows = np.argsort(-scores, kind="stable")
        assert highest(scores, count=count).tolist() == [row for row in sorted_rows[:count] if scores[row] > 0]


def test_a_lexical_index_on_the_disk_scores_as_the_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LexicalIndex.build(["商会揭牌成立", "学校结成对子", "商会有会员"])
    index.save(tmp_path)
    in_memory = lexical_search.load(tmp_path, size=3)
    monkeypatch.setattr(mapping, "LARGE", 0)
    on_disk = lexical_search.load(tmp_path, size=3)
    assert isinstance(on_disk, LexicalIndex) and isinstance(on_disk._counts.rows, np.memmap)
    assert isinstance(in_memory, LexicalIndex) and not isinstance(in_memory._counts.rows, np.memmap)
    for loaded in (in_memory, on_disk):
        assert np.array_equal(loaded.scores("商会何时成立"), index.scores("商会何时成立"))


def test_lexical_search_scores_shared_terms_only() -> None:
    scores = LexicalIndex.build(["商会揭牌成立", "学校结成对子"]).scores("商会何时成立")
    assert scores[0] > scores[1] == 0
    assert LexicalIndex.build(["商会揭牌成立"]).scores("qwerty").tolist() == [0.0]


def test_an_index_of_an_earlier_format_is_read_and_nothing_is_logged_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever the settings of logging that a test before this one made.
    monkeypatch.setattr(logging.getLogger("bm25s"), "disabled", False)
    monkeypatch.setattr(logging.getLogger("bm25s"), "propagate", True)
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    logging.getLogger("bm25s").setLevel(logging.DEBUG)  # as the library sets it when it is imported
    texts = ["商会揭牌成立", "学校结成对子"]
    earlier = bm25s.BM25(method="lucene")
    earlier.index([terms(text) for text in texts], show_progress=False)
    earlier.save(str(tmp_path), allow_pickle=False, show_progress=False)
    caplog.clear()
    logging.getLogger("bm25s").debug("positive control")
    index = lexical_search.load(tmp_path, size=2)
    assert len(index) == 2 and not index.scores("qwerty").any()
    assert np.array_equal(index.scores("商会何时成立"), LexicalIndex.build(texts).scores("商会何时成立"))
    assert [record.message for record in caplog.records if record.name == "bm25s"] == ["positive control"]


def test_a_passage_that_both_rank_first_is_first() -> None:
    dense, lexical = np.array([0.9, 0.8, 0.7], dtype=np.float32), np.array([3.0, 0.0, 1.0], dtype=np.float32)
    assert int(np.argmax(summed_z_scores(dense, lexical))) == 0


def test_equal_scores_add_nothing() -> None:
    assert summed_z_scores(np.ones(2, dtype=np.float32), np.zeros(2, dtype=np.float32)).tolist() == [0.0, 0.0]


def test_retrieval_finds_the_passage_with_the_words_asked_for() -> None:
    snapshot = snapshots.build((COOPERATION, INDUSTRY), ToyEmbedder(), max_tokens=60)
    hits = retrieve(snapshot, ToyEmbedder(), "浙江商会有多少会员企业", count=2)
    assert "237家" in hits[0].passage.text
    assert len(hits) == 2


def test_retrieval_from_one_passage_works() -> None:
    snapshot = snapshots.build((INDUSTRY,), ToyEmbedder(), max_tokens=60)
    assert len(retrieve(snapshot, ToyEmbedder(), "在哪里", count=5)) == 1


def test_passages_out_of_force_on_the_day_come_last_and_take_no_other_place() -> None:
    expired = replace(COOPERATION, name="旧.txt", about=About(in_force_until=date(2025, 12, 31)))
    snapshot = snapshots.build((expired, COOPERATION, INDUSTRY), ToyEmbedder(), max_tokens=60)
    found = [
        [(hit.passage.document.name, bool(hit.out_of_force)) for hit in hits]
        for day in (date(2025, 12, 31), date(2026, 1, 1))
        if (hits := retrieve(snapshot, ToyEmbedder(), "浙江商会有多少会员企业", count=2, today=day))
    ]
    assert sorted(found[0]) == [(COOPERATION.name, False), ("旧.txt", False)]
    assert [out for _, out in found[1]] == [False, False, True]


def test_hidden_documents_take_no_place_from_later_candidates() -> None:
    """However many of the best rows are hidden, as many others are found as there are."""
    many = [replace(COOPERATION, name=f"{number:03d}.txt") for number in range(60)]
    snapshot = snapshots.build((*many, INDUSTRY), ToyEmbedder(), max_tokens=60)
    question = "浙江商会有多少会员企业"
    assert all(hit.passage.document is not INDUSTRY for hit in retrieve(snapshot, ToyEmbedder(), question, count=20))
    shown = retrieve(snapshot, ToyEmbedder(), question, count=20, hidden=lambda document: document is not INDUSTRY)
    assert [hit.passage.document for hit in shown] == [INDUSTRY] * len(snapshot.passages.of_document(INDUSTRY.name))


@pytest.mark.parametrize("question", ["结成多少对", "卫生院有几个", "第三条"])
def test_searching_one_document_is_searching_without_the_others(question: str) -> None:
    documents = [COOPERATION, document("工业合作\n\n签约13个项目。建成厂房29座。", name="工业.txt")]
    snapshot = snapshots.build(documents, ToyEmbedder(), max_tokens=30)
    for name in ("合作.txt", "工业.txt"):
        others = {one.name for one in documents} - {name}
        alone = retrieve(snapshot, ToyEmbedder(), question, count=6, within=[name])
        others_hidden = retrieve(snapshot, ToyEmbedder(), question, count=6, hidden=partial(_is_one_of, others))
        assert alone == others_hidden and alone
    assert len(retrieve(snapshot, ToyEmbedder(), question, count=6)) > len(alone), "the control"


def _is_one_of(names: set[str], document: Document) -> bool:
    return document.name in names
