"""Dense and lexical search, and what comes of both."""

import logging
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from corpus.text.normalise import normalise
from corpus.validity import About
from index.retrieve import retrieve
from index.search.dense import DenseIndex
from index.search.fusion import summed_z_scores
from index.search.lexical import LexicalIndex
from index.search.terms import bigrams_in, terms, words
from index.snapshots import snapshot as snapshots
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder


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


def test_lexical_search_scores_shared_terms_only() -> None:
    scores = LexicalIndex.build(["商会揭牌成立", "学校结成对子"]).scores("商会何时成立")
    assert scores[0] > scores[1] == 0
    assert LexicalIndex.build(["商会揭牌成立"]).scores("qwerty").tolist() == [0.0]


def test_building_an_index_logs_nothing_of_its_progress(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("bm25s").setLevel(logging.DEBUG)  # as the library sets it when it is imported
    logging.getLogger("bm25s").debug("positive control")
    LexicalIndex.build(["商会揭牌成立"])
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
