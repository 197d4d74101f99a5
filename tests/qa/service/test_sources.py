"""Documents behind citations, from the snapshot served and from those before it."""

from pathlib import Path

import pytest

from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from qa.service.sources import CHANGED, GONE, WITHDRAWN, Sources
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document

REWORDED = document("教育合作\n\n两地学校结成15对帮扶对子。\n")


def save(store: Store, *documents: object, publish: bool = True) -> Snapshot:
    built = snapshots.build(documents, ToyEmbedder(), max_tokens=160)  # type: ignore[arg-type]  # a test's own documents
    with store.writing():
        name = store.save(built)
        if publish:
            store.publish(name)
    return store.load(name, model="toy-1")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_document_of_the_snapshot_served_opens_without_a_note(store: Store) -> None:
    served = save(store, COOPERATION)
    found = Sources(lambda: Loaded(served), store).open(served.name, COOPERATION.name)
    assert found and (found.document.text, found.note) == (COOPERATION.text, "")


def test_an_older_one_opens_as_it_was_and_says_what_became_of_it(store: Store) -> None:
    old = save(store, COOPERATION, INDUSTRY)
    same = save(store, COOPERATION, INDUSTRY)
    changed = save(store, REWORDED)
    opened = Sources(lambda: Loaded(same), store).open(old.name, COOPERATION.name)
    assert opened and (opened.document.text, opened.note) == (COOPERATION.text, "")
    sources = Sources(lambda: Loaded(changed), store)
    notes = [sources.open(old.name, name) for name in (COOPERATION.name, INDUSTRY.name)]
    assert [source and (source.document.text, source.note) for source in notes] == [
        (COOPERATION.text, CHANGED),
        (INDUSTRY.text, WITHDRAWN),
    ]


def test_when_its_snapshot_is_kept_no_longer_the_document_of_today_opens(store: Store) -> None:
    served = save(store, REWORDED)
    found = Sources(lambda: Loaded(served), store).open("snapshot-000009", REWORDED.name)
    assert found and (found.document.text, found.note) == (REWORDED.text, GONE)


def test_what_was_never_published_does_not_open(store: Store) -> None:
    served = save(store, REWORDED)
    draft = save(store, COOPERATION, INDUSTRY, publish=False)
    sources = Sources(lambda: Loaded(served), store)
    assert sources.open(draft.name, INDUSTRY.name) is None
    with store.writing():
        store.publish(draft.name)
    assert sources.open(draft.name, INDUSTRY.name) is not None


@pytest.mark.parametrize("snapshot", ["", "../x", "snapshot-000001", "\x00", "CURRENT"])
@pytest.mark.parametrize("name", ["", "../../etc/passwd", "\x00", "无.txt"])
def test_a_document_that_is_none_is_not_found(store: Store, snapshot: str, name: str) -> None:
    served = save(store, COOPERATION)
    assert Sources(lambda: Loaded(served), store).open(snapshot, name) is None
