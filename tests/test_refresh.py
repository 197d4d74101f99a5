"""A refresh embeds what changed, is judged, and publishes or says why not."""

from pathlib import Path

import pytest

from corpus.read import DocumentsMissing
from index.store import Store
from qa.evaluate import GoldenQuestion
from qa.reader.similarity import SimilarityReader
from qa.refresh import Judge, Report, refresh
from qa.repair import Synonyms
from tests.toy import COOPERATION, ToyEmbedder

GOLDEN = [
    GoldenQuestion("g1", "浙江商会有多少家会员企业？", (("237家",),), True, ("direct",)),
    GoldenQuestion("g2", "两地学校结成多少对帮扶对子？", (("13对",),), True, ("direct",)),
]


class Office:
    """A folder of documents, a store, and everything to refresh one from the other."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "documents"
        self.folder.mkdir()
        self.store = Store(home / "snapshots")
        self.embedder = ToyEmbedder()
        self.write("合作.txt", COOPERATION.text)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def refresh(self, *, dry_run: bool = False) -> Report:
        reader = SimilarityReader(self.embedder)
        reader.threshold = 0.0
        judge = Judge(GOLDEN, reader, Synonyms([]))
        return refresh(self.folder, self.store, self.embedder, judge, dry_run=dry_run, progress=lambda _: None)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_first_refresh_publishes(office: Office) -> None:
    report = office.refresh()
    assert report.published == office.store.published() == "snapshot-000001"
    assert (report.added, report.embedded, report.golden_right) == (("合作.txt",), 3, 2)


def test_a_refresh_without_change_builds_nothing(office: Office) -> None:
    office.refresh()
    report = office.refresh()
    assert (report.published, report.embedded, office.store.names()) == ("snapshot-000001", 0, ["snapshot-000001"])


def test_only_what_changed_is_embedded(office: Office) -> None:
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("29个", "30个"))
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    report = office.refresh()
    assert (report.added, report.changed, report.embedded) == (("产业.txt",), ("合作.txt",), 2)
    assert office.store.published() == "snapshot-000002"


def test_a_candidate_that_answers_worse_is_kept_but_not_published(office: Office) -> None:
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    report = office.refresh()
    assert (report.published, report.fallen) == (None, ("g1",))
    assert "g1" in report.why
    assert office.store.published() == "snapshot-000001"
    assert report.built in office.store.names()


def test_a_dry_run_writes_nothing(office: Office) -> None:
    report = office.refresh(dry_run=True)
    assert (report.published, report.golden_right, office.store.names()) == (None, 2, [])


def test_a_missing_folder_changes_nothing(office: Office) -> None:
    office.refresh()
    (office.folder / "合作.txt").unlink()
    with pytest.raises(DocumentsMissing):
        office.refresh()
    assert office.store.published() == "snapshot-000001"
