"""Files that several machines share: what is changed on one is there on the others, and nothing of it is lost."""

import io
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.files.objects import S3Objects
from index.snapshots.errors import StoreBusy, StoreError, StoreUnreachable
from qa.publishing import left_out
from qa.publishing.serving import shared_folder_of
from qa.publishing.shared.contents import ContentDamaged, hash_of
from qa.publishing.shared.folder import ASIDE, EQUAL, MARK, SharedFolder
from qa.runtime.settings import Settings, SettingsError, read
from qa.staff.console import Console
from qa.staff.documents.folder import NotShared
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import GoldenFile
from qa.storage.database import open_database
from qa.storage.shared.documents import SharedDocuments
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

pytestmark = pytest.mark.long


@dataclass
class Machine:
    """One of the machines, with its own disk."""

    settings: Settings
    who: str

    @property
    def folder(self) -> Path:
        return self.settings.documents

    @property
    def shared(self) -> SharedFolder:
        found = shared_folder_of(self.settings)
        assert found
        return found

    @property
    def console(self) -> Console:
        return Console(self.settings, who=self.who, role=Role.PUBLISHER)

    def upload(self, name: str, text: str, **options: str) -> None:
        self.console.documents.upload(name, io.BytesIO(text.encode()), **options)

    def exchange(self) -> None:
        self.shared.exchange(who=self.who)

    def files(self) -> dict[str, str]:
        found = [one for one in sorted(self.folder.rglob("*")) if one.is_file() and one.name != MARK]
        return {one.name: one.read_text(encoding="utf-8") for one in found}

    def aside(self) -> list[str]:
        return sorted(
            one.read_text(encoding="utf-8") for one in (self.settings.home / ASIDE).rglob("*.*") if one.is_file()
        )


@dataclass
class Office:
    one: Machine
    other: Machine
    objects: S3Objects
    where: SecretStr

    def contents(self) -> set[str]:
        return {name.rpartition("/")[2] for name in self.objects.names("documents")}


@pytest.fixture
def office(postgresql_server: Server, object_store: ObjectStore, tmp_path: Path) -> Office:
    where, address = postgresql_server.new(), object_store.new()

    def machine(name: str, who: str) -> Machine:
        folder = tmp_path / name / "documents"
        folder.mkdir(parents=True)
        named = {"QA_HOME": str(tmp_path / name / "home"), "QA_DOCUMENTS": str(folder), "QA_SHARE_DOCUMENTS": "yes"}
        further = {"QA_DATABASE_URL": where.get_secret_value(), "QA_SNAPSHOTS_URL": address, "QA_EMBEDDING_MODEL": "x"}
        return Machine(read({**named, **further}), who)

    return Office(machine("one", "王芳"), machine("other", "李明"), S3Objects(address), where)


def test_what_is_uploaded_described_replaced_and_deleted_on_either_is_so_on_both(office: Office) -> None:
    one, other = office.one, office.other
    one.upload("商会.txt", "商会有会员企业12家。")
    other.shared.follow()
    assert other.files() == {"商会.txt": "商会有会员企业12家。"}
    known = other.console.documents.metadata("商会.txt")
    other.console.documents.edit("商会.txt", {"title": "商会简介"}, version=known.version)
    one.upload("商会.txt", "商会有会员企业13家。", replacing=other.console.documents.metadata("商会.txt").version)
    other.shared.follow()
    assert (
        one.files() == other.files() == {"商会.txt": "商会有会员企业13家。", "商会.txt.meta.yaml": "title: 商会简介\n"}
    )
    other.console.documents.delete("商会.txt", version=other.console.documents.metadata("商会.txt").version)
    one.shared.follow()
    assert one.files() == other.files() == {} and one.aside() == other.aside() == []


def test_files_that_were_copied_or_deleted_by_hand_are_exchanged(office: Office) -> None:
    one, other = office.one, office.other
    (one.folder / "部门").mkdir()
    (one.folder / "部门" / "通知.txt").write_text("通知。", encoding="utf-8")
    (one.folder / ".隐藏.txt").write_text("不共享", encoding="utf-8")
    one.exchange()
    other.exchange()
    assert other.files() == {"通知.txt": "通知。"} and (other.folder / "部门" / "通知.txt").exists()
    (other.folder / "部门" / "通知.txt").unlink()
    (other.folder / "新.txt").write_text("新的。", encoding="utf-8")
    other.exchange()
    one.exchange()
    assert one.files() == {"新.txt": "新的。", ".隐藏.txt": "不共享"}


def test_what_was_changed_on_both_is_as_shared_first_and_the_other_is_kept_aside(office: Office) -> None:
    one, other = office.one, office.other
    one.upload("商会.txt", "第一版。")
    other.exchange()
    (other.folder / "商会.txt").write_text("李明的。", encoding="utf-8")
    (one.folder / "商会.txt").write_text("王芳的。", encoding="utf-8")
    one.exchange()
    other.exchange()
    assert one.files() == other.files() == {"商会.txt": "王芳的。"} and other.aside() == ["李明的。"]


def test_a_machine_that_joins_takes_what_is_shared_and_shares_nothing_that_it_had(office: Office) -> None:
    office.one.upload("商会.txt", "商会。")
    (office.other.folder / "示例.txt").write_text("示例。", encoding="utf-8")
    (office.other.folder / "商会.txt").write_text("旧的。", encoding="utf-8")
    office.other.exchange()
    office.one.exchange()
    assert office.one.files() == office.other.files() == {"商会.txt": "商会。"}
    assert office.other.aside() == ["旧的。", "示例。"]


def test_a_folder_that_vanished_is_fetched_again_and_deletes_nothing(office: Office) -> None:
    for name in ("甲.txt", "乙.txt"):
        office.one.upload(name, name)
    shutil.rmtree(office.one.folder)
    office.one.folder.mkdir()
    office.one.exchange()
    office.other.exchange()
    assert office.one.files() == office.other.files() == {"甲.txt": "甲.txt", "乙.txt": "乙.txt"}


def test_the_last_document_deleted_by_hand_stays_deleted(office: Office) -> None:
    one, other = office.one, office.other
    for name in ("甲.txt", "乙.txt"):
        one.upload(name, name)
    other.exchange()
    for name in ("甲.txt", "乙.txt"):
        (other.folder / name).unlink()
        other.exchange()
        one.shared.follow()
    assert one.files() == other.files() == {} and one.aside() == other.aside() == []
    one.upload("丙.txt", "丙。")
    other.exchange()
    assert other.files() == {"丙.txt": "丙。"}


def test_all_documents_deleted_by_hand_at_once_stay_deleted(office: Office) -> None:
    one, other = office.one, office.other
    (one.folder / "部门").mkdir()
    for name in ("甲.txt", "部门/乙.txt"):
        (one.folder / name).write_text(name, encoding="utf-8")
    one.exchange()
    other.exchange()
    (one.folder / "甲.txt").unlink()
    shutil.rmtree(one.folder / "部门")
    one.exchange()
    other.exchange()
    assert one.files() == other.files() == {}


def test_a_content_that_is_not_as_it_was_stored_is_refused_until_it_is_stored_again(office: Office) -> None:
    one, other = office.one, office.other
    one.upload("商会.txt", "商会有会员企业12家。")
    (sha256,) = office.contents()
    office.objects.put(f"documents/{sha256}", "商会有会员企业99家。".encode())
    with pytest.raises(ContentDamaged, match="商会.txt在对象存储里缺失或已损坏"):
        other.exchange()
    office.objects.delete([f"documents/{sha256}"])
    with pytest.raises(ContentDamaged):
        other.shared.follow()
    assert other.files() == {}
    one.upload("商会.txt", "商会有会员企业12家。", replacing=one.console.documents.metadata("商会.txt").version)
    other.shared.follow()
    assert other.files() == {"商会.txt": "商会有会员企业12家。"}


def test_an_upload_that_the_object_store_does_not_take_changes_nothing(
    office: Office, object_store: ObjectStore
) -> None:
    one, other = office.one, office.other
    one.upload("甲.txt", "甲。")
    object_store.stop()
    try:
        with pytest.raises(NotShared, match="没有改动：对象存储连不上"):
            one.upload("乙.txt", "乙。")
        with pytest.raises(StoreUnreachable):
            other.exchange()
    finally:
        object_store.start()
    assert one.files() == {"甲.txt": "甲。"} and other.files() == {}
    one.upload("乙.txt", "乙。")
    other.shared.follow()
    assert other.files() == one.files() == {"甲.txt": "甲。", "乙.txt": "乙。"}


def test_a_change_that_others_overtook_unseen_is_refused(office: Office) -> None:
    """As after a restart of the database, which loses the lock."""
    one, other = office.one, office.other
    one.upload("甲.txt", "甲。")
    with one.shared.changing(who="王芳"):
        SharedDocuments(office.where).change({b"documents/a": ("0" * 64, 1)}, (), since=(1, 0), who="李明")
        with pytest.raises(StoreBusy, match="请再试一次"):
            one.shared.put(one.folder / "乙.txt", "乙。".encode(), who="王芳")
    assert one.files() == {"甲.txt": "甲。"} and not (other.settings.home / EQUAL).exists()


def test_what_was_restored_on_a_machine_takes_the_place_of_what_was_shared(office: Office) -> None:
    one, other = office.one, office.other
    for name in ("甲.txt", "乙.txt"):
        one.upload(name, name)
    office.objects.delete(office.objects.names("documents"))  # lost with the object store
    (other.folder / "甲.txt").write_text("甲.txt", encoding="utf-8")
    (other.folder / "丙.txt").write_text("从备份来。", encoding="utf-8")
    other.shared.impose(who="李明")
    one.exchange()
    assert one.files() == other.files() == {"甲.txt": "甲.txt", "丙.txt": "从备份来。"}
    assert office.contents() == {hash_of(text.encode()) for text in ("甲.txt", "从备份来。")}


def test_golden_questions_are_shared_too(office: Office) -> None:
    one, other = office.one, office.other
    one.upload("甲.txt", "甲。")
    line = b'{"id": "g1", "question": "q", "answerable": false}'
    file = GoldenFile(one.settings.golden, one.settings.home, who="王芳", shared=one.shared)
    with file.held():
        file.write([line])
    other.exchange()
    assert other.settings.golden.read_bytes() == line + b"\n" and other.settings.golden != one.settings.golden


def test_what_is_left_out_on_one_is_left_out_on_the_other(office: Office) -> None:
    one, other = office.one, office.other
    one.upload("甲.txt", "甲。")
    one.console.documents.leave_out(["甲.txt"], why="待核实")
    other.shared.follow()
    assert [left.name for left in left_out.read(other.settings.home)] == ["甲.txt"]
    other.console.documents.put_back("甲.txt")
    one.exchange()
    assert left_out.read(one.settings.home) == ()


def test_contents_go_when_nothing_has_used_them_for_long(office: Office) -> None:
    one = office.one
    one.upload("甲.txt", "甲一。")
    one.upload("甲.txt", "甲二。", replacing=one.console.documents.metadata("甲.txt").version)
    office.objects.put("documents/" + "0" * 64, b"an upload that broke off")
    (one.folder / "乙.txt").write_text("乙。", encoding="utf-8")
    one.exchange()
    assert office.contents() == {hash_of(text.encode()) for text in ("甲一。", "甲二。", "乙。")}
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat(timespec="seconds")
    with_rows = open_database(office.where)
    with_rows.execute("UPDATE document_files SET until = ? WHERE until IS NOT NULL", (long_ago,))
    (one.folder / "丙.txt").write_text("丙。", encoding="utf-8")
    one.exchange()
    assert office.contents() == {hash_of(text.encode()) for text in ("甲二。", "乙。", "丙。")}


@pytest.mark.parametrize("name", [b"documents/../home/x", b"documents//etc/x", b"else"])
def test_a_name_that_leads_outside_is_refused(office: Office, name: bytes) -> None:
    content = "外。".encode()
    office.objects.put(f"documents/{hash_of(content)}", content)
    SharedDocuments(office.where).change({name: (hash_of(content), 3)}, (), since=(0, 0), who="?")
    with pytest.raises(StoreError, match="不是文件夹里的文件"):
        office.other.exchange()
    assert office.other.files() == {}


def test_it_needs_an_object_store(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="QA_SHARE_DOCUMENTS needs QA_SNAPSHOTS_URL"):
        read({"QA_HOME": str(tmp_path), "QA_SHARE_DOCUMENTS": "yes"})
