"""Snapshots made for measuring are what the program itself would build of their texts."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed.large import making
from index.search.lexical import LexicalIndex
from index.search.names import names_in
from index.snapshots.store import Store

TEXT = "第{0}所学校与浙江的学校结成对子。商会第{0}次会议昨天在涪陵召开。两地签订了{0}个合作项目！"
NEWS = "\n".join(json.dumps({"text": TEXT.format(number)}) for number in range(40))


def test_terms_counted_in_blocks_are_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_BLOCK", 7)
    (tmp_path / "news.jsonl").write_text(NEWS, encoding="utf-8")
    known = making.sentences(tmp_path / "news.jsonl")
    plan = making.plan(50, len(known))
    ours = LexicalIndex(making.lexical(plan, known))
    library = LexicalIndex.build(["".join(known[place] for place in passage) for passage in plan])
    for question in ("第7所学校", "商会会议召开", "浙江与涪陵的合作项目", "没有的词"):
        assert np.array_equal(ours.scores(question), library.scores(question))
    assert library.scores("浙江与涪陵的合作项目").any()
    _the_whole_is_loaded(tmp_path)


def _the_whole_is_loaded(folder: Path) -> None:
    real = np.random.default_rng(1).standard_normal((9, 16)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    store = folder / "store"
    making.write(store / "snapshot-000001", 50, folder / "news.jsonl", real, model="toy-1", max_tokens=60)
    loaded = Store(store).load("snapshot-000001", model="toy-1")
    assert loaded.names == tuple(names_in(document.text) for document in loaded.documents)
    assert any(loaded.names)
    assert len(loaded.passages) == 50 and loaded.passages[49].text.endswith(("。", "！"))
