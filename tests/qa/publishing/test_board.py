"""How far a refresh is and how the last one ended is seen on every machine, and it is cancelled from any."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from index.snapshots.errors import StoreBusy, StoreUnreachable
from qa.bootstrap.refreshing import run_refresh
from qa.publishing.board import CANCEL, Board, board_of
from qa.publishing.inputs import Order
from qa.publishing.progress import Cancelled, State
from qa.runtime.settings import Settings, read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.shared.refreshes import SharedRefreshes
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.programs.postgresql import Server

pytestmark = pytest.mark.long


def machine(folder: Path, where: SecretStr) -> Settings:
    """The settings of one machine; the document is on its own disk."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    (documents / "合作.txt").write_text(COOPERATION.text, encoding="utf-8")
    named = {"QA_HOME": str(folder / "home"), "QA_DOCUMENTS": str(documents), "QA_EMBEDDING_MODEL": "toy"}
    return read({**named, "QA_DATABASE_URL": where.get_secret_value(), "QA_ASKED_AGAIN": "0"})


@pytest.fixture
def machines(postgresql_server: Server, tmp_path: Path) -> tuple[Settings, Settings]:
    where = postgresql_server.new()
    return machine(tmp_path / "one", where), machine(tmp_path / "other", where)


def staff(settings: Settings) -> Console:
    return Console(settings, who="李明", role=Role.PUBLISHER)


def test_another_machine_sees_each_step_and_how_it_ended(machines: tuple[Settings, Settings]) -> None:
    one, other = machines
    seen: list[tuple[str, bool, str]] = []

    def show(_: State) -> None:
        found = staff(other).progress()
        assert found
        seen.append((found["step"], found["running"], found["who"]))

    assert staff(other).progress() is None and staff(other).report() is None
    run_refresh(one, Order(who="王芳"), show, embedder=ToyEmbedder)
    steps = list(dict.fromkeys(step for step, *_ in seen))
    assert steps == ["scan", "read", "embed", "index", "save", "judge", "publish"]
    assert all(running and who == "王芳" for _, running, who in seen[:-1])
    ended, report = staff(other).progress(), staff(other).report()
    assert ended and report and (ended["state"], ended["running"]) == ("done", False)
    assert report == staff(one).report() and (report["published"], report["who"]) == ("snapshot-000001", "王芳")


def test_it_is_cancelled_from_another_machine(machines: tuple[Settings, Settings]) -> None:
    one, other = machines

    def show(state: State) -> None:
        if state.step == "read":
            assert staff(other).cancel()

    with pytest.raises(Cancelled):
        run_refresh(one, Order(who="王芳"), show, embedder=ToyEmbedder)
    ended = staff(other).progress()
    assert ended and ended["state"] == "interrupted" and (one.home / CANCEL).exists(), "where its watchdog looks"
    assert run_refresh(one, Order(who="王芳"), lambda _: None, embedder=ToyEmbedder).published, "not the next one"


def test_of_two_refreshes_on_two_machines_one_runs_and_the_other_is_told_by_whom(
    machines: tuple[Settings, Settings],
) -> None:
    one, other = machines
    told: list[str] = []

    def show(state: State) -> None:
        if state.step == "embed" and not told:
            with pytest.raises(StoreBusy) as refused:
                run_refresh(other, Order(who="李明"), lambda _: None, embedder=ToyEmbedder)
            told.append(str(refused.value))

    assert run_refresh(one, Order(who="王芳"), show, embedder=ToyEmbedder).published
    assert "王芳" in told[0]


def test_a_database_that_is_away_stops_nothing(
    machines: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = machines

    def away(*_: object) -> None:
        raise StoreUnreachable("away")

    for name in ("begin", "tell", "keep", "progress", "report"):
        monkeypatch.setattr(SharedRefreshes, name, away)
    assert run_refresh(one, Order(who="王芳"), lambda _: None, embedder=ToyEmbedder).published
    progress, report = board_of(one).progress(), board_of(one).report()
    assert progress and report and (progress["state"], report["published"]) == ("done", "snapshot-000001")


def test_the_database_is_told_once_a_second_and_whatever_matters(
    machines: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("qa.publishing.board.time.monotonic", lambda: now[0])
    one, other = (board_of(settings) for settings in machines)
    machines[0].home.mkdir()
    told: list[object] = []
    for done, seconds, always in [(0, 0.0, True), (1, 0.5, False), (2, 0.6, False), (3, 0.1, False), (9, 0.1, True)]:
        now[0] += seconds
        one.tell({"done": done}, always=always)
        told.append((other.progress() or {})["done"])
    assert told == [0, 0, 2, 2, 9] and one.progress() == {"done": 9}


def test_what_the_database_missed_is_seen_where_it_was_written(
    machines: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (board_of(settings) for settings in machines)
    machines[0].home.mkdir()

    def told(day: str) -> None:
        one.tell({"updated_at": day}, always=True)
        one.keep({"at": day})

    def away(*_: object) -> None:
        raise StoreUnreachable("away")

    told("2026-11-29T09:00:00")
    with monkeypatch.context() as while_away:
        while_away.setattr(SharedRefreshes, "tell", away)
        while_away.setattr(SharedRefreshes, "keep", away)
        told("2026-11-29T10:00:00")
    assert one.progress() == {"updated_at": "2026-11-29T10:00:00"} and one.report() == {"at": "2026-11-29T10:00:00"}
    assert other.progress() == {"updated_at": "2026-11-29T09:00:00"}
    told("2026-11-29T11:00:00")
    assert other.progress() == one.progress() == {"updated_at": "2026-11-29T11:00:00"}


def test_without_a_database_files_say_it(tmp_path: Path) -> None:
    board = Board(tmp_path)
    assert board.progress() is None and board.report() is None and not board.cancelled()
    board.tell({"state": "running\udc80"}, always=False)
    board.keep({"why": "名\udc80"})
    board.cancel()
    assert board.progress() == {"state": "running\udc80"} and board.report() == {"why": "名\udc80"}
    assert board.cancelled()
    board.begin()
    assert not board.cancelled()
    (tmp_path / "report.json").write_bytes(b"{")
    assert board.report() is None
