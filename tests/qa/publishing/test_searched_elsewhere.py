"""An installation whose candidates come from a Milvus: it is judged there, and while that is away it answers on."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest

from index.embedding import bundled_model
from index.search.milvus import Milvus
from index.snapshots.collection_upkeep import Collections, name_of
from index.snapshots.errors import StoreUnreachable
from index.snapshots.store import Store
from qa.runtime.settings import ROOT, read
from qa.staff.console import Console
from qa.staff.permissions import Role
from tests.support.doubles.toy import COOPERATION
from tests.support.doubles.toy_program import MODEL
from tests.support.machines.cluster import PROGRAM, SECONDS, AppServer
from tests.support.machines.milvus import MilvusServer
from tests.support.programs.refresh_office import RefreshOffice
from tests.support.programs.serving import environment, free_port

pytestmark = pytest.mark.long


@pytest.fixture
def address(milvus_server: MilvusServer) -> str:
    return milvus_server.new()


@pytest.fixture
def office(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    made = RefreshOffice(tmp_path)
    made.store = Store(made.home / "snapshots", collections=Collections(Milvus(address)))
    made.write("合作.txt", COOPERATION.text)
    return made


def collections(address: str) -> set[str]:
    return set(Milvus(address)._connected().list_collections())


def collection(office: RefreshOffice, name: str) -> str:
    return name_of(name, office.store.digests()[name])


def test_golden_questions_are_judged_on_what_the_server_finds(
    office: RefreshOffice, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.refresh().published == "snapshot-000001"
    assert collections(address) == {collection(office, "snapshot-000001")}
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    for search in ("nearest", "sharing"):  # as if the others had never been written
        monkeypatch.setattr(Milvus, search, lambda *_: np.array([0], dtype=np.int64))
    report = office.refresh()
    assert report.refused and "检验题" in report.why and office.store.published() == "snapshot-000001"
    monkeypatch.undo()
    assert office.refresh(anew=True).published == "snapshot-000003"


def test_without_the_server_nothing_is_published(
    office: RefreshOffice, milvus_server: MilvusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.refresh().published
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    milvus_server.stop()
    try:
        with monkeypatch.context() as away, pytest.raises(StoreUnreachable, match="QA_SEARCH_URL"):
            away.setattr("index.search.milvus._CONNECT_SECONDS", 1.0)  # one that runs may take its time
            office.refresh()
    finally:
        milvus_server.start()
    assert office.store.published() == "snapshot-000001" and office.states[-1].state == "failed"
    assert office.refresh(anew=True).published == "snapshot-000003"


def test_a_restore_leaves_no_collection_of_what_it_replaced(
    office: RefreshOffice, address: str, tmp_path: Path
) -> None:
    office.refresh()
    settings = read({"QA_HOME": str(office.home), "QA_DOCUMENTS": str(office.folder), "QA_SEARCH_URL": address})
    console = Console(settings, who="王芳", role=Role.ADMIN)
    console.backup(tmp_path / "one.backup")
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()
    first, second = (collection(office, f"snapshot-00000{number}") for number in (1, 2))
    assert collections(address) == {first, second}
    console.restore(tmp_path / "one.backup", force=True)
    assert collections(address) == {first} and office.store.names() == ["snapshot-000001"]


@pytest.fixture
def server(address: str, tmp_path: Path) -> Iterator[AppServer]:
    """A server that was not started yet, of an installation with an index."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "商会.md").write_text("# 合作\n\n商会有会员企业12家。\n", encoding="utf-8")
    named = {"QA_HOME": str(tmp_path / "home"), "QA_DOCUMENTS": str(documents), "QA_EMBEDDING_MODEL": MODEL}
    server = AppServer(tmp_path, free_port(), {**named, "QA_SEARCH_URL": address, "QA_KEPT_REPLIES": "0"})
    variables = environment(tmp_path / "network.txt", **server.settings)
    made = subprocess.run([*PROGRAM, "refresh"], cwd=ROOT, env=variables, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    yield server
    server.kill()


def until(server: AppServer, status: int) -> str:
    """Return why it is not ready, empty if it is, once it answers with this status."""
    deadline = time.monotonic() + SECONDS
    while True:
        assert server.process and server.process.poll() is None and time.monotonic() < deadline
        try:
            ready = httpx2.get(f"{server.address}/readyz", timeout=30)
            if ready.status_code == status:
                return str(ready.json().get("reason", ""))
        except httpx2.TransportError:
            pass
        time.sleep(0.1)


def answers(server: AppServer) -> bool:
    asked = {"question": "商会有多少家会员企业？"}
    return "12家" in httpx2.post(f"{server.address}/api/ask", json=asked, timeout=60).text


def test_a_served_program_says_why_it_searches_itself_and_answers_on(
    server: AppServer, milvus_server: MilvusServer
) -> None:
    milvus_server.stop()
    try:
        server.begin()
        assert "QA_SEARCH_URL" in until(server, 503) and answers(server)
        milvus_server.start()
        assert until(server, 200) == "" and answers(server)
        milvus_server.stop()
        assert answers(server) and "QA_SEARCH_URL" in until(server, 503)
    finally:
        milvus_server.stop()
        milvus_server.start()
    assert until(server, 200) == "" and answers(server)
    log = (server.folder / "log.txt").read_text()
    assert log.count("QA_SEARCH_URL") == 2 and log.count("Searching in wenda_snapshot_000001_") == 2
    assert "Traceback" not in log and "chttp2" not in log, "nothing of the library's own"
