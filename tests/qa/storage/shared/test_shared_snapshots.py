"""Snapshots in an object store: two machines read the same ones, and nothing that is not as it was stored."""

import hashlib
import json
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.files.objects import S3Objects
from index.snapshots.errors import SnapshotMissing, StoreUnreachable
from index.snapshots.served import load_served
from index.snapshots.shared.remote import Remote
from index.snapshots.shared.store import SharedStore
from index.snapshots.snapshot import SnapshotDamaged
from qa.publishing import serving
from qa.publishing.serving import ServedSnapshot
from qa.service.sources import Sources
from qa.storage.shared.coordination import SharedCoordination
from qa.storage.shared.registry import SharedNotes, SharedRegistry
from tests.index.snapshots.conftest import MODEL, built
from tests.support.doubles.toy import COOPERATION, INDUSTRY
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

pytestmark = pytest.mark.long
FIRST, SECOND = "snapshot-000001", "snapshot-000002"


@dataclass
class Office:
    """Two servers on two machines."""

    one: SharedStore
    other: SharedStore
    objects: S3Objects

    def published(self, *documents: object) -> str:
        with self.one.writing():
            name = self.one.save(built(*documents))
            self.one.publish(name)
        return name


@pytest.fixture
def office(postgresql_server: Server, object_store: ObjectStore, tmp_path: Path) -> Office:
    where, objects = postgresql_server.new(), S3Objects(object_store.new())

    def server(name: str) -> SharedStore:
        remote = Remote(objects, SharedRegistry(where))
        return SharedStore(tmp_path / name, SharedCoordination(where), remote=remote, notes=SharedNotes(where))

    return Office(server("one"), server("other"), objects)


def test_what_one_server_stored_another_serves(office: Office) -> None:
    name = office.published(COOPERATION)
    served = load_served(office.other, model=MODEL)
    assert (served.snapshot.name, served.alarm) == (name, "")
    assert served.snapshot.documents == office.one.load(name, model=MODEL).documents
    assert office.one.names() == office.other.names() == [name]
    assert office.other.damage(name) == []


def test_no_name_is_given_twice_whoever_gives_it(office: Office) -> None:
    with office.one.writing():
        first = office.one.save(built(COOPERATION))
    with office.other.writing():
        second = office.other.save(built(INDUSTRY))
    shutil.rmtree(office.one.folder)
    with office.one.writing():
        assert [first, second, office.one.save(built(COOPERATION))] == [FIRST, SECOND, "snapshot-000003"]


@pytest.mark.parametrize("fault", ["changed", "cut", "missing", "manifest"])
def test_a_damaged_object_is_refused_and_the_old_snapshot_goes_on(office: Office, fault: str) -> None:
    first = office.published(COOPERATION)
    served = ServedSnapshot(office.other, model=MODEL)
    with office.one.writing():
        second = office.one.save(built(COOPERATION, INDUSTRY))
    named = "MANIFEST.json" if fault == "manifest" else "documents.jsonl"
    (found,) = [one for one in office.objects.names("snapshots") if second in one and one.endswith(named)]
    content = b"".join(office.objects.get(found))
    if fault == "missing":
        office.objects.delete([found])
    else:
        office.objects.put(found, content[:-9] if fault == "cut" else content.replace(b"7", b"8"))
    with office.one.writing():
        office.one.publish(second)
    with pytest.raises(SnapshotDamaged, match=second):
        office.other.load(second, model=MODEL)
    served._loading.acquire()
    served._exchange()
    assert served().snapshot.name == first and second in served().alarm
    assert office.other.at_hand() == [first], "nothing of it is left as a copy"
    # Mended: the same snapshot is taken over.
    office.objects.put(found, content)
    assert office.other.load(second, model=MODEL).name == second


def test_objects_that_fit_each_other_but_are_others_are_refused(office: Office) -> None:
    """Whoever can write there, but not into the database, serves nothing."""
    name = office.published(COOPERATION)
    objects = {one.rpartition("/")[2]: one for one in office.objects.names("snapshots")}
    forged = b"".join(office.objects.get(objects["documents.jsonl"])).replace("237家".encode(), "999家".encode())
    manifest = json.loads(b"".join(office.objects.get(objects["MANIFEST.json"])))
    assert office.other.document(name, COOPERATION.name) == COOPERATION
    manifest["files"]["documents.jsonl"] = {"bytes": len(forged), "sha256": hashlib.sha256(forged).hexdigest()}
    office.objects.put(objects["documents.jsonl"], forged)
    office.objects.put(objects["MANIFEST.json"], json.dumps(manifest).encode())
    with pytest.raises(SnapshotDamaged, match="清单不是当初存入的那一份"):
        office.other.document(name, COOPERATION.name)
    with pytest.raises(SnapshotDamaged):
        office.other.load(name, model=MODEL)


def test_a_damaged_copy_is_fetched_again(office: Office) -> None:
    name = office.published(COOPERATION)
    office.other.load(name, model=MODEL)
    (office.other.folder / name / "documents.jsonl").write_bytes(b"{}")
    assert load_served(office.other, model=MODEL).alarm == ""
    assert office.other.damage(name) == []


def test_a_copy_of_another_snapshot_of_that_name_is_fetched_again(office: Office, tmp_path: Path) -> None:
    name = office.published(COOPERATION)
    elsewhere = office.other
    elsewhere.load(name, model=MODEL)
    shutil.rmtree(elsewhere.folder / name)
    shutil.copytree(office.one.folder / name, elsewhere.folder / name)
    path = elsewhere.folder / name / "MANIFEST.json"
    path.write_bytes(path.read_bytes() + b"\n")  # whole in itself
    assert elsewhere.load(name, model=MODEL).name == name
    assert not path.read_bytes().endswith(b"\n")


def test_a_store_that_is_killed_in_an_upload_leaves_no_snapshot(
    office: Office, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.published(COOPERATION)
    put, left = S3Objects.put, [3]

    def killing(self: S3Objects, name: str, content: Path | bytes) -> None:
        left[0] -= 1
        if not left[0]:
            object_store.stop()
        put(self, name, content)

    try:
        with monkeypatch.context() as patched, office.one.writing():
            patched.setattr(S3Objects, "put", killing)
            with pytest.raises(StoreUnreachable, match="对象存储连不上"):
                office.one.save(built(INDUSTRY))
        assert office.one.names() == office.one.at_hand() == [first]
        assert load_served(office.one, model=MODEL).snapshot.name == first, "its copy serves without the store"
        with pytest.raises(StoreUnreachable):
            load_served(office.other, model=MODEL)
    finally:
        object_store.start()
    assert office.published(INDUSTRY) == SECOND
    assert load_served(office.other, model=MODEL).snapshot.name == SECOND


def test_an_old_citation_opens_on_either_without_its_indexes(office: Office) -> None:
    first = office.published(COOPERATION)
    office.published(INDUSTRY)
    loaded = load_served(office.other, model=MODEL)
    source = Sources(lambda: loaded, office.other).open(first, COOPERATION.name)
    assert source and source.document == COOPERATION
    assert office.other.at_hand() == [SECOND]
    assert Sources(lambda: loaded, office.other).open(first, "nichts.md") is None


def test_a_deleted_snapshot_goes_everywhere(office: Office) -> None:
    for documents in ((COOPERATION,), (INDUSTRY,), (COOPERATION, INDUSTRY)):
        name = office.published(*documents)
        office.other.load(name, model=MODEL)
    with office.one.refreshing(who="王芳"), office.one.writing():
        assert office.one.prune(keep=1) == [FIRST, SECOND]
    assert office.one.names() == office.one.at_hand() == ["snapshot-000003"]
    assert {one.split("/")[1][:15] for one in office.objects.names("snapshots")} == {"snapshot-000003"}
    with pytest.raises(SnapshotMissing):
        office.other.load(FIRST, model=MODEL)
    office.published(COOPERATION)
    load_served(office.other, model=MODEL)
    assert office.other.at_hand() == ["snapshot-000003", "snapshot-000004"]


def test_notes_are_shared(office: Office) -> None:
    assert office.one.notes.touched(FIRST) == ()
    office.one.notes.write(FIRST, b"\x00\xff")
    seen = office.other.notes.touched(FIRST)
    assert office.other.notes.read(FIRST) == b"\x00\xff"
    office.other.notes.write(FIRST, b"2")
    assert office.one.notes.touched(FIRST) != seen
    office.one.notes.forget(FIRST)
    with pytest.raises(FileNotFoundError):
        office.other.notes.read(FIRST)


def test_two_processes_of_a_machine_fetch_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    name = office.published(COOPERATION, INDUSTRY)
    fetched: list[str] = []
    fetch = Remote.fetch

    def counting(self: Remote, name: str, folder: Path) -> None:
        fetched.append(name)
        fetch(self, name, folder)

    monkeypatch.setattr(Remote, "fetch", counting)
    threads = [threading.Thread(target=office.other.fetch, args=[name]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fetched == [name] and office.other.damage(name) == []


@pytest.mark.parametrize("name", ["../one", "snapshot-1", "", "snapshot-000009"])
def test_a_name_that_is_none_fetches_nothing(office: Office, name: str) -> None:
    with pytest.raises(SnapshotMissing):
        office.other.manifest(name)


def test_a_manifest_that_leads_out_of_its_folder_is_refused(office: Office, tmp_path: Path) -> None:
    name = office.published(COOPERATION)
    found = office.one.remote.manifest(name)
    with pytest.raises(SnapshotDamaged, match="不是它里面的文件"):
        office.other.remote._copy(found, "../../outside", tmp_path / "inner", "")


def test_what_cannot_be_reached_is_told_without_its_key(office: Office, postgresql_server: Server) -> None:
    gone = S3Objects("s3+http://wenda:geheim@127.0.0.1:1/wenda")
    remote = Remote(gone, SharedRegistry(SecretStr(postgresql_server.new().get_secret_value())))
    with pytest.raises(StoreUnreachable, match="请稍后再试") as refused:
        remote.store(office.one.folder / office.published(COOPERATION), "snapshot-000001")
    assert "geheim" not in str(refused.value)


def test_a_server_starts_from_an_older_copy_while_the_objects_are_away(
    office: Office, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "RETRY_AFTER", 0.0)
    first = office.published(COOPERATION)
    office.other.load(first, model=MODEL)
    with office.one.writing():
        refused = office.one.save(built(INDUSTRY))  # never published
    office.other.load(refused, model=MODEL)
    third = office.published(COOPERATION, INDUSTRY)
    object_store.stop()
    try:
        served = ServedSnapshot(office.other, model=MODEL)
        assert (
            served().snapshot.name == first and third in served().alarm and f"先由本机的{first}回答" in served().alarm
        )
        served.tend()
        assert "对象存储现在连不上" in office.other.trouble()
    finally:
        object_store.start()
    served.tend()
    assert office.other.trouble() == ""
    deadline = time.monotonic() + 60
    while served().snapshot.name != third:
        assert time.monotonic() < deadline, "it goes over by itself"
        time.sleep(0.05)
    assert served().alarm == ""


def test_while_the_objects_are_away_a_server_says_so_though_its_copy_is_good(
    office: Office, object_store: ObjectStore
) -> None:
    name = office.published(COOPERATION)
    served = ServedSnapshot(office.one, model=MODEL)
    served.tend()
    assert served().alarm == ""
    object_store.stop()
    try:
        served.tend()
        assert served().snapshot.name == name and "对象存储现在连不上" in served().alarm
    finally:
        object_store.start()
    served.tend()
    assert served().alarm == ""
