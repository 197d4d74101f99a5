"""Everything that several machines share is lost, and comes back from one backup: the drill of docs/operations.md."""

import io
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.retrieve import retrieve
from index.snapshots.errors import StoreError
from index.snapshots.served import load_served
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Reason
from qa.bootstrap.models import Models
from qa.bootstrap.refreshing import run_refresh
from qa.publishing import left_out
from qa.publishing.inputs import Order
from qa.publishing.report import Report
from qa.publishing.serving import shared_folder_of, store_of
from qa.publishing.shared.folder import MARK
from qa.runtime.settings import Settings, read
from qa.staff.accounts.accounts import Accounts
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import GoldenFile
from qa.storage.database import database_of, open_database
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

pytestmark = pytest.mark.long
PASSWORD = "青山 渡口 灯笼 七点半"
GOLDEN = '{"id": "g1", "question": "商会有多少家会员企业？", "must": [["237家"]], "tags": [], "answerable": true}'
ASKED = "INSERT INTO replies (id, asked_at, channel, question, status, snapshot, reply, documents, elapsed_ms, made_by)"


@dataclass
class Machine:
    """One of the machines, with its own disk."""

    settings: Settings

    @property
    def console(self) -> Console:
        models = Models(ToyEmbedder, lambda: SimilarityReader(ToyEmbedder()))
        return Console(self.settings, who="王芳", role=Role.ADMIN, models=models)

    def follow(self) -> None:
        shared = shared_folder_of(self.settings)
        assert shared
        shared.follow()

    def upload(self, name: str, text: str) -> None:
        self.console.documents.upload(name, io.BytesIO(text.encode()))

    def refresh(self) -> Report:
        return run_refresh(self.settings, Order(who="王芳"), lambda _: None, embedder=ToyEmbedder)

    def files(self) -> dict[str, str]:
        root = self.settings.documents
        found = [path for path in sorted(root.rglob("*")) if path.is_file() and path.name != MARK]
        return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found}

    def finds(self, question: str) -> str:
        snapshot = load_served(store_of(self.settings), model="toy-1").snapshot
        return retrieve(snapshot, ToyEmbedder(), question, count=1)[0].passage.text

    def holds(self) -> dict[str, object]:
        """What staff and citizens see on this machine."""
        console = self.console
        with closing(open_database(database_of(self.settings))) as database:
            asked = [tuple(row) for row in database.execute("SELECT id, question FROM replies ORDER BY id")]
        return {
            "files": self.files(),
            "golden": self.settings.golden.read_bytes(),
            "left out": left_out.read(self.settings.home),
            "snapshots": console.snapshots(),
            "accounts": [one.name for one in console.accounts.list()],
            "settings": {one.name: one.value for one in console.runtime_settings.list()},
            "withdrawn": [one.document for one in console.documents.withdrawn()],
            "asked": asked,
            "report": console.report(),
            "found": self.finds("商会有多少家会员企业？"),
        }


class Site:
    """A PostgreSQL and an object store of their own, and machines that share them."""

    def __init__(self, server: Server, objects: ObjectStore, folder: Path) -> None:
        self._where, self._objects, self._folder = server.new().get_secret_value(), objects.new(), folder

    def machine(self, name: str) -> Machine:
        documents = self._folder / name / "documents"
        documents.mkdir(parents=True)
        named = {"QA_HOME": str(self._folder / name / "home"), "QA_DOCUMENTS": str(documents)}
        shared = {"QA_DATABASE_URL": self._where, "QA_SNAPSHOTS_URL": self._objects, "QA_SHARE_DOCUMENTS": "yes"}
        models = {"QA_EMBEDDING_MODEL": "toy", "QA_READER": "similarity", "QA_ASKED_AGAIN": "0"}
        return Machine(read({**named, **shared, **models}))


def used(one: Machine, other: Machine) -> None:
    """Use two machines as an office does for a while."""
    one.upload("合作.txt", COOPERATION.text)
    other.follow()
    golden = GoldenFile(one.settings.golden, one.settings.home, who="王芳", shared=shared_folder_of(one.settings))
    with golden.held():
        golden.write([GOLDEN.encode()])
    other.upload("产业.txt", INDUSTRY.text)
    assert other.refresh().published == "snapshot-000001"
    one.upload("渡口.txt", "渡口在村头，每天两班船。")
    assert one.refresh().published == "snapshot-000002"
    other.follow()
    other.upload("草稿.txt", "草稿，待核实。")
    other.console.documents.leave_out(["草稿.txt"], why="待核实")
    Accounts(database_of(one.settings)).add("wangfang", Role.ADMIN, PASSWORD)
    one.console.runtime_settings.change("notice", "周六维护")
    other.console.documents.withdraw("产业.txt", why="有误")
    with closing(open_database(database_of(one.settings))) as database:
        row = (
            "q1",
            datetime.now(UTC).isoformat(),
            "chat",
            "有多少家？",
            Reason.NOT_IN_DOCUMENTS.value,
            "snapshot-000002",
        )
        database.execute(f"{ASKED} VALUES (?, ?, ?, ?, ?, ?, '{{}}', '{{}}', 1.0, '')", row)


def test_all_that_was_shared_comes_back_on_other_machines_from_a_backup_of_one(
    postgresql_server: Server, object_store: ObjectStore, tmp_path: Path
) -> None:
    before = Site(postgresql_server, object_store, tmp_path / "before")
    one, other = before.machine("one"), before.machine("other")
    used(one, other)
    backup = tmp_path / "all.zip"
    one.console.backup(backup)  # it has not seen yet what the other machine uploaded last
    expected = one.holds()
    assert len(one.files()) == 4 and expected["asked"] == [("q1", "有多少家？")] and expected["left out"]
    other.follow()
    assert other.holds() == expected

    after = Site(postgresql_server, object_store, tmp_path / "after")  # the old database and objects are gone
    third, fourth = after.machine("third"), after.machine("fourth")
    third.console.restore(backup, foreign=True)
    assert third.holds() == expected
    (fourth.settings.documents / "示例.txt").write_text("示例。", encoding="utf-8")
    fourth.follow()
    assert fourth.holds() == expected, "a machine that joins"
    for machine in (third, fourth):
        assert not any(machine.console.verify().values()) and machine.console.tampering() == []
        actions = [row.action for row in machine.console.audit()]
        assert {"upload", "leave out", "withdraw", "backup", "restore"} <= set(actions) and actions[-1] == "restore"

    assert fourth.refresh().built is None, "nothing has changed"
    fourth.upload("公园.txt", "公园在江边。")
    assert fourth.refresh().published == "snapshot-000003"
    third.follow()
    assert "公园.txt" in third.files() and "江边" in third.finds("公园在哪里？")


def test_a_backup_without_the_object_store_is_refused(
    postgresql_server: Server, object_store: ObjectStore, tmp_path: Path
) -> None:
    site = Site(postgresql_server, object_store, tmp_path)
    one, other = site.machine("one"), site.machine("other")
    one.upload("合作.txt", COOPERATION.text)
    object_store.stop()
    try:
        with pytest.raises(StoreError, match="对象存储"):
            other.console.backup(tmp_path / "all.zip")
    finally:
        object_store.start()
    assert not (tmp_path / "all.zip").exists()
    other.console.backup(tmp_path / "all.zip")
    assert len(other.files()) == 1
