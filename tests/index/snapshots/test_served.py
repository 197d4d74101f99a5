"""What is served: the published snapshot while it is good, or else a good one that was published once."""

from pathlib import Path

import pytest

from index.snapshots.errors import NoSnapshot
from index.snapshots.served import load_served
from index.snapshots.store import Store
from tests.index.snapshots.conftest import MODEL, built, published
from tests.support.doubles.toy import COOPERATION

FILES = ["MANIFEST.json", "dense.faiss", "documents.jsonl", "passages/spans.npy", "lexical/rows.npy"]


def test_a_sound_snapshot_is_served_without_alarm(store: Store) -> None:
    published(store, built())
    assert load_served(store, model=MODEL).alarm == ""


def test_nothing_published_is_said(store: Store) -> None:
    with pytest.raises(NoSnapshot, match="refresh"):
        load_served(store, model=MODEL)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["truncate", "zero tail", "flip", "delete"])
def test_a_damaged_snapshot_is_named_and_the_one_before_is_served(
    store: Store, tmp_path: Path, file: str, damage: str
) -> None:
    first, second = published(store, built(COOPERATION)), published(store, built())
    path = tmp_path / "snapshots" / second / file
    content = path.read_bytes()
    middle = len(content) // 2
    match damage:
        case "truncate":
            path.write_bytes(content[:middle])
        case "zero tail":
            path.write_bytes(content[:-40] + bytes(40))
        case "flip":
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "delete":
            path.unlink()
    loaded = load_served(store, model=MODEL)
    assert (loaded.snapshot.name, second in loaded.alarm) == (first, True)


def test_a_damaged_current_is_reported_and_the_newest_snapshot_served(store: Store, tmp_path: Path) -> None:
    name = published(store, built())
    (tmp_path / "snapshots" / "CURRENT").write_text("{", encoding="utf-8")
    loaded = load_served(store, model=MODEL)
    assert loaded.snapshot.name == name
    assert "CURRENT" in loaded.alarm


def test_a_snapshot_that_was_refused_is_never_served(store: Store, tmp_path: Path) -> None:
    good = published(store, built(COOPERATION))
    with store.writing():
        store.save(built())  # the golden questions refused it: not published
    (tmp_path / "snapshots" / "CURRENT").write_text("garbage", encoding="utf-8")
    assert load_served(store, model=MODEL).snapshot.name == good


@pytest.mark.parametrize("content", ["{", "null", '{"snapshot": 5}', '{"snapshot": "../../models"}', "[" * 100_000])
def test_whatever_stands_in_current_a_sound_snapshot_is_served(store: Store, tmp_path: Path, content: str) -> None:
    name = published(store, built())
    (tmp_path / "snapshots" / "CURRENT").write_text(content, encoding="utf-8")
    loaded = load_served(store, model=MODEL)
    assert (loaded.snapshot.name, "CURRENT已损坏" in loaded.alarm) == (name, True)


def test_a_rolled_back_snapshot_is_the_last_to_stand_in(store: Store, tmp_path: Path) -> None:
    first, second, third = (published(store, built(COOPERATION)) for _ in range(3))
    with store.writing():
        store.publish(second)
    (tmp_path / "snapshots" / second / "dense.faiss").unlink()
    assert load_served(store, model=MODEL).snapshot.name == first
    (tmp_path / "snapshots" / first / "dense.faiss").unlink()
    assert load_served(store, model=MODEL).snapshot.name == third
