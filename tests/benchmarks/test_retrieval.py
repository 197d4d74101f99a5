"""The ways to index and fuse that the study of retrieval compares."""

import numpy as np

from benchmarks.studies.retrieval import bigrams, reciprocal_ranks


def test_reciprocal_ranks_put_first_what_both_rankings_put_high() -> None:
    dense, lexical = np.array([0.9, 0.8, 0.1], dtype=np.float32), np.array([0.0, 2.0, 9.0], dtype=np.float32)
    # Ranks 1 and 3, 2 and 2, 3 and 1: the sums of 1 / (60 + rank) differ only from the fourth digit on.
    fused = reciprocal_ranks(dense, lexical)
    assert int(np.argmin(fused)) == 1 and fused[0] == fused[2]
    assert int(np.argmax(reciprocal_ranks(dense, dense))) == 0


def test_character_pairs_are_of_the_normalised_copy_and_cross_no_mark() -> None:
    assert bigrams("浙涪，合作。") == ["浙涪", "合作"]
