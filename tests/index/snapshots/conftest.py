"""What the tests of snapshots share: small ones, published in a folder."""

from pathlib import Path

import pytest

from index.snapshots import snapshot as snapshots
from index.snapshots.snapshot import Snapshot
from index.snapshots.store import Store
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

MODEL = "toy-1"


def built(*documents: object) -> Snapshot:
    return snapshots.build(documents or (COOPERATION, INDUSTRY), ToyEmbedder(), max_tokens=60)  # type: ignore[arg-type]


def published(store: Store, snapshot: Snapshot) -> str:
    with store.writing():
        name = store.save(snapshot)
        store.publish(name)
    return name


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "snapshots")
