"""Which snapshot is published and who writes, agreed on by files of one machine or by a PostgreSQL."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from index.files.locks import LockHeld
from index.snapshots.coordination import REFRESHING, WRITING, Coordination, OneFolder, Published
from index.snapshots.errors import PublishedMeanwhile, StoreUnreachable
from index.snapshots.store import Store
from qa.publishing.serving import ServedSnapshot
from qa.runtime.settings import ROOT
from qa.storage.database import open_database
from qa.storage.shared import coordination
from qa.storage.shared.coordination import SharedCoordination
from tests.index.snapshots.conftest import MODEL, built
from tests.support.doubles.toy import COOPERATION, INDUSTRY
from tests.support.programs.postgresql import Server

FIRST, SECOND = Published("snapshot-000001", "a" * 64), Published("snapshot-000002", "b" * 64)
SECONDS = 60.0  # on a machine that has much to do besides
HOLDER = """
import sys, time
from pydantic import SecretStr
from qa.storage.shared.coordination import SharedCoordination
with SharedCoordination(SecretStr(sys.argv[1])).locked("refreshing", who="王芳", doing="refresh", wait=0.2):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def where(postgresql_server: Server) -> SecretStr:
    return postgresql_server.new()


@pytest.fixture(params=["files", pytest.param("postgresql", marks=pytest.mark.long)])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Coordination, Coordination]]:
    """What two servers agree by."""
    if request.param == "files":
        yield OneFolder(tmp_path), OneFolder(tmp_path)
    else:
        where = request.getfixturevalue("where")
        yield SharedCoordination(where), SharedCoordination(where)


def test_both_servers_see_what_either_published(servers: tuple[Coordination, Coordination]) -> None:
    one, other = servers
    assert (one.published(), one.once_published(), other.was_published("snapshot-000001")) == (None, [], False)
    one.publish(FIRST)
    other.publish(SECOND)
    one.publish(FIRST)
    assert one.published() == other.published() == FIRST
    assert other.once_published() == ["snapshot-000001", "snapshot-000002"]
    assert one.was_published("snapshot-000002") and not one.was_published("snapshot-000003")


def test_who_was_overtaken_publishes_nothing(servers: tuple[Coordination, Coordination]) -> None:
    one, other = servers
    one.publish(FIRST, before=None)
    with pytest.raises(PublishedMeanwhile, match="已被换成snapshot-000001，没有发布snapshot-000002"):
        other.publish(SECOND, before=None)
    assert other.published() == FIRST
    other.publish(SECOND, before="snapshot-000001")
    assert one.published() == SECOND


def test_a_lock_is_held_by_one_and_names_its_holder(servers: tuple[Coordination, Coordination]) -> None:
    one, other = servers
    with one.locked(REFRESHING, who="王芳", doing="refresh", wait=0.2):
        found = other.holder(REFRESHING)
        assert found and (found.who, found.doing) == ("王芳", "refresh")
        with pytest.raises(LockHeld) as refused, other.locked(REFRESHING, who="李明", doing="refresh", wait=0.1):
            pass
        assert refused.value.holder and refused.value.holder.who == "王芳"
        with other.locked(WRITING, who="李明", doing="writing", wait=0.1):
            assert other.holder(WRITING)
    assert other.holder(REFRESHING) is None
    with other.locked(REFRESHING, who="李明", doing="refresh", wait=0.1):
        found = one.holder(REFRESHING)
        assert found and found.who == "李明"


def test_a_killed_holder_loses_its_lock_at_once(where: SecretStr) -> None:
    address = where.get_secret_value()
    process = subprocess.Popen([sys.executable, "-c", HOLDER, address], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout and process.stdout.readline() == b"held\n"
        mine = SharedCoordination(where)
        assert mine.holder(REFRESHING)
        process.kill()
        with mine.locked(REFRESHING, who="李明", doing="refresh", wait=SECONDS):
            found = mine.holder(REFRESHING)
            assert found and found.who == "李明"
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def test_an_error_within_a_lock_is_told_as_it_is_and_frees_it(where: SecretStr) -> None:
    shared = SharedCoordination(where)
    with pytest.raises(ValueError, match="坏了"), shared.locked(WRITING, who="王芳", doing="writing", wait=0.1):
        raise ValueError("坏了")
    assert shared.holder(WRITING) is None


def test_of_many_who_decided_on_the_same_only_one_publishes(where: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    SharedCoordination(where).publish(FIRST)
    outcomes: list[str] = []
    add = coordination.add

    def late(*values: Any, **named: Any) -> None:
        time.sleep(0.2)  # the others have looked by now, if they may
        add(*values, **named)

    monkeypatch.setattr(coordination, "add", late)

    def publish(number: int) -> None:
        try:
            SharedCoordination(where).publish(Published(f"snapshot-{number:06d}", ""), before="snapshot-000001")
            outcomes.append("published")
        except PublishedMeanwhile:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=publish, args=[number]) for number in range(2, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["overtaken"] * 5 + ["published"]
    with_all = open_database(where)
    assert next(with_all.execute("SELECT count(*) FROM publications"))[0] == 2


def test_a_listener_hears_of_a_publication_at_once_and_after_a_restart_by_asking(
    where: SecretStr, postgresql_server: Server
) -> None:
    one, other = SharedCoordination(where), SharedCoordination(where)
    before = other.signature()
    other.wait(SECONDS)  # begins to listen, and returns at once
    began = time.monotonic()
    one.publish(FIRST)
    other.wait(SECONDS)
    assert other.signature() != before and time.monotonic() - began < SECONDS / 2
    heard = other.signature()
    postgresql_server.control("stop", "-m", "immediate")
    try:
        other.wait(0.1)
        assert other.signature() == heard, "what was published last is served on"
        assert "数据库现在连不上" in other.trouble()
        with pytest.raises(StoreUnreachable, match="连不上"):
            one.publish(SECOND)
    finally:
        postgresql_server.control("start")
    one.publish(SECOND)
    other.wait(0.1)
    assert other.signature() != heard and other.trouble() == ""
    other.close()


def test_a_database_that_says_nothing_is_away_after_some_seconds(
    where: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = SharedCoordination(where)
    monkeypatch.setattr(coordination, "SILENT_SECONDS", 0.0)
    assert quiet.trouble() == "", "nobody has asked it yet"
    quiet.wait(0.0)
    time.sleep(0.01)
    assert quiet.trouble() != ""
    monkeypatch.setattr(coordination, "SILENT_SECONDS", 3600.0)
    assert quiet.trouble() == ""
    quiet.close()


def test_two_servers_serve_what_one_of_them_published(
    where: SecretStr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own memory of the folder, as on two machines; by whichever way it hears."""
    stores = [Store(tmp_path / "snapshots", SharedCoordination(where)) for _ in range(2)]
    with stores[0].writing():
        stores[0].publish(stores[0].save(built(COOPERATION)))
    serving = [ServedSnapshot(store, model=MODEL) for store in stores]
    for one in serving:
        one.watch()
    with stores[0].writing():
        stores[0].publish(stores[0].save(built(COOPERATION, INDUSTRY)), before="snapshot-000001")
    deadline = time.monotonic() + SECONDS
    while {one().snapshot.name for one in serving} != {"snapshot-000002"}:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    monkeypatch.setattr(stores[0].coordination, "trouble", lambda: "away")
    assert [one().alarm for one in serving] == ["away", ""]
