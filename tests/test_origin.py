"""An old citation opens the words it quoted, from its own snapshot, and says what became of the document."""

from pathlib import Path

import pytest

from corpus.document import Document
from index import snapshot as snapshots
from index.snapshot import SnapshotDamaged
from index.store import SnapshotMissing, Store
from qa.origin import QuotationMissing, Standing, find
from tests.toy import INDUSTRY, ToyEmbedder, document

OLD = document("商会\n\n涪陵浙江商会有会员企业237家。\n")
START = OLD.text.index("237家")


def publish(store: Store, *documents: Document) -> str:
    snapshot = snapshots.build(documents, ToyEmbedder(), max_tokens=60)
    with store.writing():
        name = store.save(snapshot)
        store.publish(name)
    return name


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "snapshots")


def test_the_words_stand_in_their_surroundings(store: Store) -> None:
    found = find(store, publish(store, OLD, INDUSTRY), OLD.name, START, START + 4)
    assert (found.before + found.text + found.after, found.text) == (OLD.text, "237家")
    assert (found.standing, found.note) == (Standing.UNCHANGED, "")


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ([OLD, INDUSTRY], Standing.UNCHANGED),
        ([document(OLD.text + "又增加了。"), INDUSTRY], Standing.CHANGED),
        ([document(OLD.text.replace("237", "250")), INDUSTRY], Standing.REWORDED),
        ([INDUSTRY], Standing.WITHDRAWN),
    ],
)
def test_what_became_of_the_document_is_told(store: Store, now: list[Document], standing: Standing) -> None:
    then = publish(store, OLD, INDUSTRY)
    publish(store, *now)
    found = find(store, then, OLD.name, START, START + 4)
    assert (found.text, found.standing, bool(found.note)) == ("237家", standing, standing != Standing.UNCHANGED)


@pytest.mark.parametrize("span", [(0, 9999), (-1, 3), (5, 5), (7, 3)])
def test_a_place_that_is_none_is_refused(store: Store, span: tuple[int, int]) -> None:
    name = publish(store, OLD)
    with pytest.raises(QuotationMissing):
        find(store, name, OLD.name, *span)


def test_what_cannot_be_opened_is_named(store: Store, tmp_path: Path) -> None:
    name = publish(store, OLD)
    with pytest.raises(QuotationMissing):
        find(store, name, "../../etc/passwd", 0, 1)
    with pytest.raises(SnapshotMissing):
        find(store, "../snapshot-000001", OLD.name, 0, 1)
    path = tmp_path / "snapshots" / name / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("237", "999"), encoding="utf-8")
    with pytest.raises(SnapshotDamaged, match=r"documents\.jsonl"):
        find(store, name, OLD.name, START, START + 4)
