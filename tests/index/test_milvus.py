"""Candidates from a Milvus: the same passages as from the indexes here, and these while it is away or lacks them."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.document import Document
from index.retrieve import Hit, retrieve
from index.search import milvus as client
from index.search.lexical import LexicalIndex
from index.search.milvus import Milvus, MilvusAway, MilvusUnfit
from index.snapshots import snapshot as snapshots
from index.snapshots.collection_upkeep import Collections, name_of
from index.snapshots.errors import StoreUnreachable
from index.snapshots.served import load_served
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document
from tests.support.machines.milvus import MilvusServer

MODEL = "toy-1"
PLACES, MATTERS = ("涪陵", "白涛", "浙江", "杭州", "宁波", "江东"), ("商会", "学校", "医院", "渡口", "公园", "档案")
# More than are candidates of either index, each with words of its own.
MANY = [
    document(
        f"{place}的{matter}\n\n{place}有{matter}{10 * row + 3}处，第{row}年建成。\n", name=f"{row:02d}.txt", title=place
    )
    for row, (place, matter) in enumerate(product(PLACES, MATTERS))
] + [document(f"通知\n\n{number}号文件说明第{number}件事。\n", name=f"通知{number}.txt") for number in range(60)]
QUESTIONS = ["涪陵有多少学校？", "杭州的档案", "渡口在第3年建成吗？", "第17号文件", "qwerty", "的", "有多少处"]


def texts(*words: str) -> LexicalIndex:
    return LexicalIndex.build(words)


def test_some_rows_score_as_all_rows_do() -> None:
    index = texts(*(one.text for one in MANY))
    rows = np.array([3, 90, 7, 0, 61], dtype=np.int64)
    for question in QUESTIONS:
        assert np.array_equal(index.scores_of(question, rows), index.scores(question)[rows])
    assert index.scores_of("涪陵", rows[:0]).shape == (0,)


def test_the_product_of_sparse_vectors_is_the_score() -> None:
    index = texts(*(one.text for one in MANY), "的")  # the last has no term
    vectors = [*index.vectors(0, 50), *index.vectors(50, len(index))]
    assert len(vectors) == len(index) and len(vectors[-1][0]) == 0
    for question in QUESTIONS:
        query = index.query(question)
        scores = [sum(query.get(int(place), 0.0) * value for place, value in zip(*row, strict=True)) for row in vectors]
        np.testing.assert_allclose(scores, index.scores(question), atol=1e-5)
    assert index.query("涪陵涪陵") == {place: 2 * times for place, times in index.query("涪陵").items()} | index.query(
        "陵涪"
    )


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("http://10.0.0.5:19530", {"uri": "http://10.0.0.5:19530", "token": "", "db_name": ""}),
        ("http://milvus.example", {"uri": "http://milvus.example:19530", "token": "", "db_name": ""}),
        (
            "https://wenda:ge%40heim@milvus.example:443/office",
            {"uri": "https://milvus.example:443", "token": "wenda:ge@heim", "db_name": "office"},
        ),
        ("http://[::1]:19530/", {"uri": "http://[::1]:19530", "token": "", "db_name": ""}),
    ],
)
def test_an_address_is_read(address: str, read: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "find_spec", lambda name: name)
    assert client._read(address) == read


@pytest.mark.parametrize(
    "address",
    ["/srv/lite.db", "milvus.example:19530", "http://:19530", "http://wenda@m.example", "http://a:geheim@m.example:x"],
)
def test_another_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "find_spec", lambda name: name)
    with pytest.raises(MilvusUnfit, match="QA_SEARCH_URL 读不懂") as refused:
        Milvus(address)
    assert "geheim" not in str(refused.value)


def test_without_its_packages_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MilvusUnfit, match="requirements-milvus.txt"):
        Milvus("http://127.0.0.1:19530")


@dataclass
class Office:
    """A store whose snapshots a Milvus searches, and another face of the same store, of a second process."""

    store: Store
    other: Store
    milvus: Milvus

    def published(self, *documents: Document) -> Snapshot:
        """Publish a snapshot and return it as a server serves it."""
        with self.store.writing():
            name = self.store.save(snapshots.build(documents or MANY, ToyEmbedder(), max_tokens=60))
            self.store.publish(name)
        return load_served(self.store, model=MODEL).snapshot

    def collection(self, name: str) -> str:
        return name_of(name, self.store.digests()[name])


@pytest.fixture
def office(milvus_server: MilvusServer, tmp_path: Path) -> Iterator[Office]:
    address, folder = milvus_server.new(), tmp_path / "snapshots"
    one, other = Milvus(address), Milvus(address)
    yield Office(Store(folder, collections=Collections(one)), Store(folder, collections=Collections(other)), one)


def found(snapshot: Snapshot, question: str, hidden: Callable[[Document], bool] | None = None) -> list[Hit]:
    return retrieve(snapshot, ToyEmbedder(), question, count=6, hidden=hidden)


def here(snapshot: Snapshot) -> Snapshot:
    """The same snapshot, searched in this process."""
    return replace(snapshot, elsewhere=None)


def fails(*_: object) -> None:
    raise AssertionError("searched in this process")


@pytest.fixture
def only_there(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have whoever searches in this process fail from now on."""

    def begin() -> None:
        monkeypatch.setattr("index.snapshots.collection_search.AskedHere.nearest", fails)
        monkeypatch.setattr("index.snapshots.collection_search.AskedHere.sharing", fails)

    return begin


def test_it_finds_the_same_passages_in_the_same_order_with_the_same_scores(
    office: Office, only_there: Callable[[], None]
) -> None:
    snapshot = office.published()
    assert len(snapshot.passages) > 90
    expected = [found(here(snapshot), question) for question in QUESTIONS]
    office.store.tend(snapshot, fill=True)
    assert office.store.trouble() == ""
    only_there()
    assert [found(snapshot, question) for question in QUESTIONS] == expected


def test_hidden_documents_take_no_place_however_many_there_are(office: Office) -> None:
    snapshot = office.published()
    office.store.tend(snapshot, fill=True)
    for shown in ("35.txt", "通知7.txt"):

        def hidden(one: Document, shown: str = shown) -> bool:
            return one.name != shown

        assert found(snapshot, "学校", hidden) == found(here(snapshot), "学校", hidden) != []


def test_many_equal_passages_are_searched_wider_and_the_first_of_them_come_first(
    office: Office, only_there: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = office.published(*(replace(COOPERATION, name=f"{number:03d}.txt") for number in range(150)), INDUSTRY)
    office.store.tend(snapshot, fill=True)
    asked = snapshot.asked("浙江商会有多少会员企业", ToyEmbedder().encode_queries(["商会"])[0])
    expected = here(snapshot).asked("浙江商会有多少会员企业", ToyEmbedder().encode_queries(["商会"])[0]).sharing(50)
    lexical = snapshot.lexical
    assert isinstance(lexical, LexicalIndex)
    scores = lexical.scores("浙江商会有多少会员企业")

    def the_last_of_equals(milvus: Milvus, name: str, query: object, count: int) -> np.ndarray[Any, Any]:
        """As any server may answer; milvus-lite names the first."""
        return np.lexsort((-np.arange(len(scores)), -scores))[: min(count, np.count_nonzero(scores))]

    only_there()
    assert asked.sharing(50).tolist() == expected.tolist()
    monkeypatch.setattr(Milvus, "sharing", the_last_of_equals)
    assert asked.sharing(50).tolist() == expected.tolist()
    monkeypatch.undo()
    monkeypatch.setattr("index.snapshots.collection_search.MOST", 120)
    assert asked.sharing(50).tolist() == expected.tolist(), "too many are equal: searched here"


def test_a_collection_that_is_missing_is_searched_here_and_filled(office: Office) -> None:
    snapshot = office.published()
    office.store.tend(snapshot, fill=False)
    assert "由本机检索" in office.store.trouble()
    assert found(snapshot, QUESTIONS[0]) == found(here(snapshot), QUESTIONS[0])
    office.store.tend(snapshot, fill=True)
    assert office.store.trouble() == ""
    office.milvus.drop(office.collection(snapshot.name))
    assert found(snapshot, QUESTIONS[0]) == found(here(snapshot), QUESTIONS[0]) and office.store.trouble()
    office.store.tend(snapshot, fill=True)
    assert office.store.trouble() == ""


def test_a_half_filled_collection_is_made_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = office.published()
    monkeypatch.setattr(client, "_BATCH", 40)

    def stop(done: int, total: int) -> None:
        if done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.other.searchable(snapshot, who="王芳", progress=stop)
    office.store.tend(snapshot, fill=False)
    assert "还没有" in office.store.trouble()
    seen: list[tuple[int, int]] = []
    office.other.searchable(snapshot, who="王芳", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(snapshot.passages), len(snapshot.passages)) and len(seen) > 2
    office.store.tend(snapshot, fill=False)
    assert office.store.trouble() == "" and found(snapshot, QUESTIONS[0]) == found(here(snapshot), QUESTIONS[0])


def test_one_process_fills_at_a_time(office: Office) -> None:
    snapshot = office.published()
    with office.other.coordination.locked("filling", who="王芳", doing="filling", wait=0.2):
        office.store.tend(snapshot, fill=True)
        assert "另一个服务正在写入" in office.store.trouble()
    office.store.tend(snapshot, fill=True)
    assert office.store.trouble() == ""


def test_while_it_is_away_it_is_searched_here_and_judged_nowhere(
    office: Office, milvus_server: MilvusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = office.published()
    judged = office.store.searchable(snapshot, who="王芳", progress=lambda done, total: None)
    office.store.tend(snapshot, fill=True)
    expected = [found(here(snapshot), question) for question in QUESTIONS]
    assert [found(judged, question) for question in QUESTIONS] == expected
    milvus_server.stop()
    try:
        monkeypatch.setattr(client, "_CONNECT_SECONDS", 1.0)
        assert [found(snapshot, question) for question in QUESTIONS] == expected
        assert "QA_SEARCH_URL" in office.store.trouble() and "照常回答" in office.store.trouble()
        with pytest.raises(StoreUnreachable, match="QA_SEARCH_URL"):
            found(judged, QUESTIONS[0])
        office.store.tend(snapshot, fill=True)
        assert office.store.trouble()
        with pytest.raises(StoreUnreachable, match="QA_SEARCH_URL"):
            office.other.searchable(snapshot, who="王芳", progress=lambda done, total: None)
    finally:
        monkeypatch.undo()  # one that runs may take its time
        milvus_server.start()
    office.store.tend(snapshot, fill=True)
    assert office.store.trouble() == "" and [found(judged, question) for question in QUESTIONS] == expected


@pytest.mark.parametrize("version", ["v2.3.5", "2.4.15", "unknown"])
def test_another_version_is_told(office: Office, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr("pymilvus.MilvusClient.get_server_version", lambda self, **_: version)
    with pytest.raises(MilvusAway, match=f"Milvus 是 {version} 版，需要 2.5 或更新"):
        office.milvus.check()
    for fit in ("v2.5.0", "2.6.3-dev", "milvus_lite-3.2.2"):
        monkeypatch.setattr("pymilvus.MilvusClient.get_server_version", lambda self, fit=fit, **_: fit)
        office.milvus.check()


def test_collections_go_as_their_snapshots_do_and_snapshots_wait_for_them(
    office: Office, milvus_server: MilvusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, collections = [], []
    for number in range(3):
        snapshot = office.published(*MANY[number:])
        office.store.tend(snapshot, fill=True)
        names.append(snapshot.name)
        collections.append(office.collection(snapshot.name))
    with office.store.refreshing(who="王芳"), office.store.writing():
        milvus_server.stop()
        try:
            with monkeypatch.context() as away:
                away.setattr(client, "_CONNECT_SECONDS", 1.0)
                assert office.store.prune(keep=2) == [] and office.store.names() == names
        finally:
            milvus_server.start()
        assert office.store.prune(keep=2) == names[:1]
    listed = office.milvus._connected().list_collections()
    assert sorted(listed) == sorted(collections[1:])


def test_what_nobody_searches_rests_and_is_loaded_again_when_it_is_served(office: Office) -> None:
    first, second, third = (office.published(*MANY[number:]) for number in range(3))
    for snapshot in (first, second, third):
        office.store.tend(snapshot, fill=True)
    office.store.rest()
    states = office.milvus._connected().get_load_state

    def loaded(snapshot: Snapshot) -> bool:
        return bool(states(office.collection(snapshot.name))["state"].name == "Loaded")

    assert [loaded(one) for one in (first, second, third)] == [False, True, True]
    with office.store.writing():
        office.store.publish(first.name)
    office.other.tend(first, fill=False)
    assert office.other.trouble() == "" and loaded(first)


def test_rows_that_are_none_of_ours_are_left_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes to the server can hide passages, but neither break a search nor have other words quoted."""
    snapshot = office.published()
    office.store.tend(snapshot, fill=True)
    monkeypatch.setattr(Milvus, "nearest", lambda *_: np.array([5, -1, 10**9, 5], dtype=np.int64))
    monkeypatch.setattr(Milvus, "sharing", lambda *_: np.array([10**9], dtype=np.int64))
    assert [hit.passage for hit in found(snapshot, QUESTIONS[0])] == [snapshot.passages[5]]
