"""A snapshot that takes over what did not change equals one that is built from nothing."""

import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.loaders import text
from index.search.counts import count, joined
from index.search.lexical import LexicalIndex
from index.search.names import names_in
from index.search.terms import terms
from index.snapshots import snapshot as snapshots
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from tests.support import counts
from tests.support.doubles.toy import ToyEmbedder

PARTS = ("商会", "揭牌", "成立", "学校", "结对", "涪陵", "浙江", "2024年", "奖金", "5000元", "。", "，")
WORDS = [*PARTS, "\n\n", "问：几家？\n答：三家。\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
FOLDERS = st.dictionaries(st.sampled_from([f"{number}.txt" for number in range(6)]), TEXTS, min_size=1)


def documents(folder: dict[str, str]) -> list[Document]:
    texts = {name: f"第{name}号文件\n\n{content}本文完。" for name, content in folder.items()}
    return [text.load(name, content.encode()) for name, content in sorted(texts.items())]


def built(of: Sequence[Document], before: Snapshot | None = None) -> Snapshot:
    return snapshots.build(of, ToyEmbedder(), max_tokens=30, before=before)


def equal(columns: Iterable[object], others: Iterable[object]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(columns, others, strict=True))  # type: ignore[arg-type]


def files(store: Store, name: str) -> object:
    return store.manifest(name).files


@pytest.mark.long
@settings(max_examples=counts.count(20, whole=60), deadline=None)
@given(st.lists(FOLDERS, min_size=2, max_size=4))
def test_after_any_changes_a_snapshot_is_the_one_built_from_nothing(folders: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        store, before = Store(Path(place)), None
        known: dict[str, Document] = {}
        for folder in folders:
            found = [known.get(one.content_hash, one) for one in documents(folder)]  # as a refresh takes them over
            candidate, fresh = built(found, before), built(found)
            assert candidate.passages == fresh.passages
            assert equal(candidate.passages.columns, fresh.passages.columns)
            assert candidate.passages.headings == fresh.passages.headings
            assert candidate.lexical == fresh.lexical
            assert candidate.names == fresh.names == tuple(names_in(document.text) for document in found)
            assert np.array_equal(candidate.dense.vectors, fresh.dense.vectors)
            with store.writing():
                name, other = store.save(candidate, before=before), store.save(fresh)
            read, whole = store.load(name, model="toy-1", known=list(known.values())), store.load(other, model="toy-1")
            assert files(store, name) == files(store, other)
            assert (read.documents, read.passages, read.lexical) == (whole.documents, whole.passages, whole.lexical)
            assert read.names == whole.names == fresh.names
            before, known = read, {one.content_hash: one for one in read.documents}


@settings(max_examples=counts.count(20, whole=100), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12), st.randoms())
def test_counts_of_exchanged_passages_are_those_of_all_counted_again(texts: list[str], chance: random.Random) -> None:
    kept, now = [], []
    for row in sorted(chance.sample(range(len(texts)), chance.randrange(len(texts) + 1))):
        while chance.random() < 0.4:
            kept.append(-1)
            now.append("".join(chance.choices(WORDS, k=5)))
        kept.append(row)
        now.append(texts[row])
    rows = np.array(kept, dtype=np.int64)
    fresh = [one for one, row in zip(now, kept, strict=True) if row < 0]
    assert equal(joined(count(texts), rows, count(fresh)), count(now))


def test_kept_passages_in_another_order_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        joined(count(["商会", "学校"]), np.array([1, 0]), count([]))


def test_scores_are_those_of_bm25s_to_the_last_bit() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices(WORDS, k=chance.randrange(1, 60))) for _ in range(200)]
    library = bm25s.BM25(method="lucene")
    library.index([terms(one) for one in texts], show_progress=False)
    index, seen = LexicalIndex.build(texts), Counter[bool]()
    for _ in range(100):
        question = "".join(chance.choices([*WORDS, "没有的词"], k=6))
        known = [term for term in terms(question) if term in library.vocab_dict]
        wanted = library.get_scores(known) if known else np.zeros(len(texts), dtype=np.float32)
        assert index.scores(question).tobytes() == np.asarray(wanted, dtype=np.float32).tobytes()
        seen[bool(wanted.any())] += 1
    assert seen[True] > 90
