"""Two members of staff at the same time: nothing is lost, and the second is told."""

import io
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from index.embedding import bundled_model
from index.snapshots.errors import StoreBusy
from qa.publishing.progress import State
from qa.runtime.errors import Overtaken
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.documents.files import DocumentExists
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import RefreshOffice

ROUNDS = 10


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    """Three snapshots, the last of them published."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    made = RefreshOffice(tmp_path)
    for number in range(3):
        made.write("合作.txt", f"{COOPERATION.text}\n\n第{number}次修订。\n")
        made.refresh()
    return made


def console(office: RefreshOffice, who: str) -> Console:
    return Console(read({"QA_HOME": str(office.home), "QA_DOCUMENTS": str(office.folder)}), who=who, role=Role.ADMIN)


def at_once(*actions: Callable[[], object]) -> list[str]:
    """What came of actions begun at the same moment: `done`, or the name of the refusal."""
    gate, outcomes = threading.Barrier(len(actions)), [""] * len(actions)

    def run(number: int, action: Callable[[], object]) -> None:
        gate.wait()
        try:
            action()
            outcomes[number] = "done"
        except (Overtaken, StoreBusy, DocumentExists) as error:
            outcomes[number] = type(error).__name__

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_who_publish_after_the_same_look_one_is_told(office: RefreshOffice) -> None:
    for _ in range(ROUNDS):
        seen = office.store.published()
        others = [name for name in office.store.names() if name != seen]
        orders = [(who, name) for who, name in zip(("王芳", "李明"), others, strict=True)]
        outcomes = at_once(*(partial(console(office, who).publish, name, why="改", seen=seen) for who, name in orders))
        assert sorted(outcomes) == ["Overtaken", "done"]
        assert office.store.published() == orders[outcomes.index("done")][1]
    ends = [row for row in Audit(office.home).rows() if row.action == "publish" and row.outcome != "begun"]
    assert (len(ends), sum(row.outcome == "done" for row in ends)) == (2 * ROUNDS, ROUNDS)
    assert not Audit(office.home).tampering()


def test_of_two_who_change_the_fields_of_a_document_one_is_told(office: RefreshOffice) -> None:
    for number in range(ROUNDS):
        seen = console(office, "王芳").documents.metadata("合作.txt").version
        edits = [
            partial(console(office, who).documents.edit, "合作.txt", {"issuer": f"{who}{number}"}, version=seen)
            for who in ("王芳", "李明")
        ]
        outcomes = at_once(*edits)
        assert sorted(outcomes) == ["Overtaken", "done"]
        winner = ("王芳", "李明")[outcomes.index("done")]
        assert console(office, "王芳").documents.metadata("合作.txt").values == {"issuer": f"{winner}{number}"}


def test_of_two_who_upload_the_same_name_one_is_asked(office: RefreshOffice) -> None:
    def upload(who: str) -> None:
        console(office, who).documents.upload("新.txt", io.BytesIO(f"{who}写的。".encode()))

    outcomes = at_once(lambda: upload("王芳"), lambda: upload("李明"))
    assert sorted(outcomes) == ["DocumentExists", "done"]
    winner = ("王芳", "李明")[outcomes.index("done")]
    assert (office.folder / "新.txt").read_text(encoding="utf-8") == f"{winner}写的。"


def test_while_one_deletes_another_does_not_replace_what_was_seen(office: RefreshOffice) -> None:
    seen = console(office, "王芳").documents.metadata("合作.txt").version

    def replace() -> None:
        console(office, "李明").documents.upload("合作.txt", io.BytesIO("新的。".encode()), replacing=seen)

    outcomes = at_once(lambda: console(office, "王芳").documents.delete("合作.txt", version=seen), replace)
    assert sorted(outcomes) == ["Overtaken", "done"]
    assert (office.folder / "合作.txt").exists() == (outcomes[1] == "done")


def test_who_refreshes_second_is_told_who_is_at_it_and_a_roll_back_meanwhile_is_not_lost(office: RefreshOffice) -> None:
    office.write("合作.txt", f"{COOPERATION.text}\n\n又一次修订。\n")
    told: list[str] = []

    def meanwhile(state: State) -> None:
        if state.step == "judge" and not told:
            with pytest.raises(StoreBusy) as busy:
                console(office, "李明").refresh(show=lambda state: None)
            told.append(str(busy.value))
            console(office, "李明").publish("snapshot-000001", why="回退", seen="snapshot-000003")

    office.each = meanwhile
    report = office.refresh()
    assert "王芳" in told[0] and "正在刷新" in told[0]
    # What was rolled back to is served; who refreshed is told, and what was built is kept.
    assert (report.published, office.store.published()) == (None, "snapshot-000001")
    assert "snapshot-000001" in report.why and report.built in office.store.names()


def test_what_is_edited_during_a_refresh_is_not_lost(office: RefreshOffice) -> None:
    office.write("合作.txt", f"{COOPERATION.text}\n\n又一次修订。\n")
    edited: list[str] = []

    def meanwhile(state: State) -> None:
        if state.step == "judge" and not edited:
            documents = console(office, "李明").documents
            edited.append(documents.upload("新.txt", io.BytesIO("新写的。".encode())).name)

    office.each = meanwhile
    assert office.refresh().published
    assert console(office, "王芳").plan().added == ("新.txt",)
    office.each = lambda state: None
    assert office.refresh().documents == 2
