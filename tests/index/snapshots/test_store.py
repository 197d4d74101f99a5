"""Snapshots on disk: what is written is whole, checked, and survives whatever happens to a writer."""

import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus.loaders import text
from corpus.text.passages import Splitter
from index.search.terms import terms
from index.snapshots import snapshot as snapshots
from index.snapshots import snapshot_files
from index.snapshots.errors import SnapshotMissing, StoreBusy
from index.snapshots.served import load_served
from index.snapshots.snapshot import SnapshotDamaged, SnapshotForeign, indexed_text
from index.snapshots.store import Store
from tests.index.snapshots.conftest import MODEL, built, published
from tests.support.counts import count
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document

FAQ = text.load("问答.txt", "常见问题\n\n问：商会何时成立？\n答：2021年3月成立。\n".encode())


def test_a_snapshot_read_back_equals_the_one_saved(store: Store) -> None:
    snapshot = built()
    loaded = store.load(published(store, snapshot), model=MODEL)
    assert (loaded.documents, loaded.passages, loaded.recipe) == (
        snapshot.documents,
        snapshot.passages,
        snapshot.recipe,
    )
    assert np.array_equal(loaded.dense.vectors, snapshot.dense.vectors)
    assert np.array_equal(loaded.lexical.scores("商会成立"), snapshot.lexical.scores("商会成立"))


def as_format_2(folder: Path) -> None:
    """Rewrite a snapshot as the program before format 3 wrote it: passages as lines of JSON, terms by bm25s."""
    passages = snapshot_files.read_passages(folder)
    shutil.rmtree(folder / "lexical")
    index = bm25s.BM25(method="lucene")
    index.index([terms(indexed_text(passage)) for passage in passages], show_progress=False)
    index.save(str(folder / "lexical"), allow_pickle=False, show_progress=False)
    numbers = {document.name: number for number, document in enumerate(passages.documents)}
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
        for passage in passages:
            entry = {
                "document": numbers[passage.document.name],
                "span": [passage.span.start, passage.span.end],
                "headings": list(passage.headings),
                "sentences": [[span.start, span.end] for span in passage.sentences],
            }
            if passage.pair:
                pair = (passage.pair.question, passage.pair.answer)
                entry["pair"] = [[span.start, span.end] for span in pair]
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    shutil.rmtree(folder / "passages")
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    manifest["recipe"]["format"] = 2
    kept = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    kept.remove("MANIFEST.json")
    manifest["files"] = {name: snapshots_file(folder / name) for name in kept}
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_snapshot_of_the_format_before_is_served_and_built_upon(store: Store, tmp_path: Path) -> None:
    snapshot = built(COOPERATION, FAQ)
    assert any(passage.pair for passage in snapshot.passages)
    with store.writing():
        name = store.save(snapshot)
        as_format_2(tmp_path / "snapshots" / name)
        store.publish(name)
    served = load_served(store, model=MODEL)
    assert (served.alarm, served.snapshot.recipe.format) == ("", 2)
    question = "商会何时成立"
    assert np.array_equal(served.snapshot.lexical.scores(question), snapshot.lexical.scores(question))
    assert served.snapshot.passages == store.passages(name) == snapshot.passages
    embedder = ToyEmbedder()
    again = snapshots.build((COOPERATION, FAQ), embedder, max_tokens=60, before=served.snapshot)
    assert (embedder.encoded, again.passages, again.recipe.format) == (0, snapshot.passages, 4)
    assert again.lexical == snapshot.lexical


def test_a_snapshot_of_an_unknown_format_is_refused(store: Store, tmp_path: Path) -> None:
    name = published(store, built())
    path = tmp_path / "snapshots" / name / "MANIFEST.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 4', '"format": 5'), encoding="utf-8")
    (tmp_path / "snapshots" / "CURRENT").unlink()
    with pytest.raises(SnapshotForeign, match="format：5，现在是4"):
        store.load(name, model=MODEL)


def test_publishing_an_older_snapshot_rolls_back(store: Store) -> None:
    first, second = published(store, built(COOPERATION)), published(store, built())
    assert load_served(store, model=MODEL).snapshot.name == second
    with store.writing():
        store.publish(first)
    assert load_served(store, model=MODEL).snapshot.name == first


def test_a_snapshot_of_another_model_is_refused_by_name(store: Store) -> None:
    name = published(store, built())
    with pytest.raises(SnapshotForeign, match=f"{name}.*toy-1，现在是toy-2"):
        store.load(name, model="toy-2")


def test_a_snapshot_that_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(SnapshotMissing, match="snapshot-000009"):
        store.load("snapshot-000009", model=MODEL)
    with store.writing(), pytest.raises(SnapshotMissing):
        store.publish("../snapshot-000001")


def test_an_orphan_number_is_never_used_again(store: Store) -> None:
    published(store, built(COOPERATION))
    with store.writing():
        orphan = store.save(built())
    assert published(store, built()) > orphan


def test_the_oldest_go_but_never_the_published_one(store: Store) -> None:
    first = published(store, built(COOPERATION))
    with store.writing():
        for _ in range(3):
            store.save(built(COOPERATION))
        store.prune(keep=2)
    assert store.names() == [first, "snapshot-000003", "snapshot-000004"]


def test_what_was_held_back_again_and_again_pushes_out_nothing_to_go_back_to(store: Store) -> None:
    kept = [published(store, built(COOPERATION)) for _ in range(3)]
    with store.writing():
        for _ in range(4):
            store.save(built(COOPERATION))
        assert store.prune(keep=2) == [kept[0], "snapshot-000004", "snapshot-000005"]
    assert store.names() == [*kept[1:], "snapshot-000006", "snapshot-000007"]


def test_two_writers_cannot_write_at_once(store: Store, tmp_path: Path) -> None:
    with store.writing(), pytest.raises(StoreBusy, match="refresh"), Store(tmp_path / "snapshots").writing(wait=0):
        pass


def test_a_vector_is_not_computed_twice() -> None:
    embedder = ToyEmbedder()
    first = snapshots.build((COOPERATION,), embedder, max_tokens=60)
    before = embedder.encoded
    second = snapshots.build((COOPERATION, INDUSTRY), embedder, max_tokens=60, before=first)
    assert embedder.encoded - before == len(second.passages) - len(first.passages)
    fresh = snapshots.build((COOPERATION, INDUSTRY), ToyEmbedder(), max_tokens=60)
    assert np.array_equal(second.dense.vectors, fresh.dense.vectors)


def test_a_heading_as_long_as_a_text_leaves_room_for_the_words() -> None:
    long = document("题" * 23 + "\n\n" + "正文在此。", title="长" * 900)
    (passage,) = Splitter(ToyEmbedder().count_tokens).split(long)
    assert len(indexed_text(passage)) < 200
    assert indexed_text(passage).endswith("正文在此。")


def test_a_text_that_is_not_the_indexed_one_is_refused(store: Store, tmp_path: Path) -> None:
    """Even when someone edits the manifest to fit."""
    name = published(store, built())
    folder = tmp_path / "snapshots" / name
    lines = (folder / "documents.jsonl").read_text(encoding="utf-8").replace("13对", "99对")
    (folder / "documents.jsonl").write_text(lines, encoding="utf-8")
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    manifest["files"]["documents.jsonl"] = snapshots_file(folder / "documents.jsonl")
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(SnapshotDamaged):
        store.load(name, model=MODEL)


def snapshots_file(path: Path) -> dict[str, object]:
    from hashlib import sha256

    return {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes()).hexdigest()}


def _publish_forever(folder: str, ready: object) -> None:
    store, snapshot = Store(Path(folder)), built()
    ready.set()  # type: ignore[attr-defined]
    while True:
        published(store, snapshot)
        with store.writing():
            store.prune(keep=3)


def test_a_writer_killed_at_any_moment_leaves_a_sound_store(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    store = Store(folder)
    newest = published(store, built())
    context = multiprocessing.get_context("spawn")
    chance = random.Random(1)
    for _ in range(count(3, whole=8)):
        ready = context.Event()
        writer = context.Process(target=_publish_forever, args=(str(folder), ready))
        writer.start()
        assert ready.wait(60)
        time.sleep(chance.uniform(0.05, 0.4))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        loaded = load_served(store, model=MODEL)
        assert loaded.alarm == ""
        assert loaded.snapshot.name >= newest
        newest = loaded.snapshot.name
    assert published(store, built()) > newest
    assert newest > "snapshot-000001"
    assert not list(folder.glob(".snapshot-*"))


def test_what_is_no_snapshot_of_ours_is_left_alone(store: Store, tmp_path: Path) -> None:
    foreign = ["snapshot-abc", "snapshot-000001.bak", "snapshot-", "snapshot-٣", "snapshot-0_1", "snapshot-1"]
    for name in foreign:
        (tmp_path / "snapshots" / name).mkdir(parents=True)
    for _ in range(3):
        published(store, built(COOPERATION))
    with store.writing():
        store.prune(keep=2)
    assert store.names() == ["snapshot-000002", "snapshot-000003"]
    assert all((tmp_path / "snapshots" / name).is_dir() for name in foreign)


def test_the_name_of_a_deleted_snapshot_is_not_used_again(store: Store, tmp_path: Path) -> None:
    published(store, built(COOPERATION))
    second = published(store, built())
    shutil.rmtree(tmp_path / "snapshots" / second)
    assert published(store, built()) == "snapshot-000003"
