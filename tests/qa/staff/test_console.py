"""What staff can do, without a model where none is needed."""

import os
import pwd
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.embedding import bundled_model
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.cli.main import main
from qa.publishing import records
from qa.publishing.board import Board
from qa.publishing.inputs import Order
from qa.publishing.progress import Progress
from qa.publishing.refresh.running import refresh
from qa.publishing.serving import ServedSnapshot
from qa.runtime.errors import ReasonMissing
from qa.runtime.settings import ROOT, read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.snapshots.snapshots import OwnWish
from qa.storage.audit import Audit
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.engines import in_a_file
from tests.support.programs.refresh_office import RefreshOffice

pytestmark = pytest.mark.usefixtures("both_engines")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    """Two snapshots published, a third refused, built by a model that is named like the bundled one."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    office = RefreshOffice(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    office.refresh()
    return office


def console(office: RefreshOffice, who: str = "王芳", **environment: str) -> Console:
    settings = read({"QA_HOME": str(office.home), "QA_DOCUMENTS": str(office.folder), **environment})
    return Console(settings, who=who, role=Role.ADMIN)


def test_the_list_tells_how_each_snapshot_came_to_be(office: RefreshOffice) -> None:
    first, second, third = console(office).snapshots()
    assert (first.documents, second.documents, first.who) == (1, 2, "王芳")
    assert [one.published for one in (first, second, third)] == [False, True, False]
    assert (first.was_published, third.was_published, third.golden_right, third.golden_asked) == (True, False, 1, 2)
    assert third.why_not == "1道检验题答得不如现行版本（“浙江商会有多少家会员企业？”）"


def test_rolling_back_serves_the_older_one_and_is_logged(office: RefreshOffice) -> None:
    console(office).publish("snapshot-000001", why="回退")
    assert console(office).status().snapshot == "snapshot-000001"
    assert [(row.action, row.target, row.why) for row in Audit(office.home).rows()][-1] == (
        "publish",
        "snapshot-000001",
        "回退",
    )


def test_fifty_questions_get_their_old_answers_back_when_staff_roll_back_under_a_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    office = RefreshOffice(tmp_path)
    office.golden = []

    def refresh_with(further: int) -> None:
        rows = "".join(f"第{n}号窗口在{n + further}室办公。\n\n" for n in range(1, 51))
        office.write("窗口.txt", f"窗口\n\n{rows}")
        assert office.refresh().published

    refresh_with(0)
    served = ServedSnapshot(office.store, model="toy-1")
    reader = SimilarityReader(office.embedder)
    reader.threshold = 0.0
    assistant = Assistant(served, office.embedder, reader, Synonyms([]))
    served.prepare = assistant.prepare

    def answers(name: str) -> list[str]:
        deadline = time.monotonic() + 600
        while served().snapshot.name != name and time.monotonic() < deadline:
            time.sleep(0.01)
        replies = [assistant.ask(f"第{n}号窗口在哪里？") for n in range(1, 51)]
        assert {reply.snapshot for reply in replies} == {name}
        return [reply.text for reply in replies]

    old = answers("snapshot-000001")
    refresh_with(100)
    assert not set(answers("snapshot-000002")) & set(old)
    began = time.monotonic()
    console(office).publish("snapshot-000001", why="有人改错了")
    assert answers("snapshot-000001") == old
    print(f"rolled back, and fifty answered, {time.monotonic() - began:.1f} s after the wish")


def test_rolling_back_does_not_wait_for_a_refresh(office: RefreshOffice) -> None:
    with office.store.refreshing(who="李明"):
        console(office).publish("snapshot-000001")
    assert office.store.published() == "snapshot-000001"


def test_what_was_refused_is_published_with_a_reason_only(office: RefreshOffice) -> None:
    with pytest.raises(ReasonMissing, match="浙江商会有多少家会员企业？"):
        console(office).publish("snapshot-000003")
    assert office.store.published() == "snapshot-000002"
    assert console(office, QA_FOUR_EYES="no").publish("snapshot-000003", why="数字待核")
    assert office.store.published() == "snapshot-000003"


def test_what_was_refused_is_published_by_two_persons(office: RefreshOffice) -> None:
    assert not console(office).publish("snapshot-000003", why="数字待核")
    for _ in range(2):
        with pytest.raises(OwnWish, match="另一位"):
            console(office).publish("snapshot-000003", why="再试")
    assert office.store.published() == "snapshot-000002"
    (*_, third) = console(office).snapshots()
    assert (third.wanted_by, third.wanted_why, third.forced) == ("王芳", "数字待核", False)
    with pytest.raises(ReasonMissing):
        console(office, "李明").publish("snapshot-000003")
    assert console(office, "李明").publish("snapshot-000003", why="同意")
    assert office.store.published() == "snapshot-000003"
    rows = [(row.who, row.outcome) for row in Audit(office.home).rows() if row.target == "snapshot-000003"]
    assert rows[-1] == ("李明", "published in spite of the golden questions") and ("王芳", "waits") in rows
    (*_, third) = console(office).snapshots()
    assert (third.forced, third.published) == (True, True)


def test_what_was_never_judged_is_published_by_nobody(office: RefreshOffice) -> None:
    (office.store.folder / "snapshot-000003.record.json").unlink()
    for who in ("王芳", "李明"):
        with pytest.raises(OwnWish, match="没有检验完"):
            console(office, who).publish("snapshot-000003", why="数字待核")
    assert office.store.published() == "snapshot-000002"


def test_a_refresh_that_asks_for_it_is_the_wish_of_one(office: RefreshOffice) -> None:
    office.keep_golden()
    means = office.means
    office.write("合作.txt", COOPERATION.text.replace("237家", "不少"))
    progress = Progress(Board(office.home), who="王芳", pid=1, show=lambda state: None)
    report = refresh(means, Order(who="王芳", why="急", force=True, four_eyes=True), progress)
    assert (report.published, report.forced) == (None, False) and "等另一位" in report.why
    with pytest.raises(OwnWish):
        console(office).publish(str(report.built), why="急")
    assert console(office, "李明").publish(str(report.built), why="看过")
    assert office.store.published() == report.built


def test_a_difference_names_documents_passages_and_replies(office: RefreshOffice) -> None:
    found = console(office).diff("snapshot-000001", "snapshot-000003")
    assert [(c.document, c.kind, c.passages_added, c.passages_removed) for c in found.changes] == [
        ("产业.txt", "added", 1, 0),
        ("合作.txt", "changed", 1, 1),
    ]
    assert [now.question_id for _, now in found.golden if now] == ["g1"]


def test_pruning_never_takes_the_published_one(office: RefreshOffice) -> None:
    console(office).publish("snapshot-000001")
    assert console(office).prune(keep=1) == [], "the oldest is the published one, the next the latest of those before"
    console(office).publish("snapshot-000002")
    assert console(office).prune(keep=1) == ["snapshot-000001"]
    assert office.store.names() == ["snapshot-000002", "snapshot-000003"]
    assert records.read(office.store, "snapshot-000001") is None


def test_verifying_names_what_is_damaged(office: RefreshOffice) -> None:
    assert not any(console(office).verify().values())
    (office.store.folder / "snapshot-000001" / "dense.faiss").write_bytes(b"")
    (office.store.folder / "snapshot-000002.record.json").write_bytes(b"{}")
    found = console(office).verify()
    assert [name for name, problems in found.items() if problems] == ["snapshot-000001", "snapshot-000002"]


def test_a_refresh_that_died_is_told_as_interrupted(office: RefreshOffice) -> None:
    path = office.home / "progress.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"refused"', '"running"'), encoding="utf-8")
    state = console(office).progress()
    assert state is not None and (state["state"], state["running"]) == ("interrupted", False)


def test_without_a_refresh_there_is_nothing_to_cancel(office: RefreshOffice) -> None:
    assert console(office).cancel() is None
    with office.store.refreshing(who="李明"):
        running = console(office).cancel()
    assert running is not None and (running.who, running.pid) == ("李明", os.getpid())


def test_what_staff_read_of_damage_and_of_the_log_is_chinese(
    office: RefreshOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_HOME", str(office.home))
    monkeypatch.setenv("QA_DOCUMENTS", str(office.folder))
    assert main(["prune", "--keep", "2"]) == 0
    capsys.readouterr()  # the control: words of another language are seen
    assert english("audit.jsonl is damaged") == ["is", "damaged"]
    assert main(["audit"]) == 0
    folder = office.store.folder
    (folder / "snapshot-000003" / "dense.faiss").write_bytes(b"")
    (folder / "snapshot-000003" / "passages" / "spans.npy").unlink()
    (folder / "snapshot-000002" / "MANIFEST.json").write_bytes(b"{}")
    assert [main([name]) for name in ("verify", "status", "snapshots")] == [1, 1, 0]
    (folder / "CURRENT").write_bytes(b"{}")
    assert [main([name]) for name in ("verify", "status", "progress")] == [1, 1, 0]
    assert [main(arguments) for arguments in (["publish", "snapshot-000009"], ["diff", "1", "2"])] == [1, 1]
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-2")
    assert main(["publish", "snapshot-000003", "--reason", "试"]) == 1
    printed = "".join(capsys.readouterr())
    assert printed.count("已损坏") >= 5
    assert english(printed) == []


def english(printed: str) -> list[str]:
    """Words that are neither names of files and commands, nor of who did it, nor keys of the recipe."""
    names = r"[\w./-]*(?:snapshot-|CURRENT|MANIFEST|\.jsonl?|\.faiss|\.npy|\.txt|toy-)[\w./-]*"
    known = rf"{names}|python -m qa \w+|\(published\)|^qa:|model"
    rest = re.sub(known, "", re.sub(r"\d+-\d+-\d+T[\d:+]+", "", printed), flags=re.MULTILINE)
    return [word for word in re.findall(r"[A-Za-z]{2,}", rest) if word != pwd.getpwuid(os.getuid()).pw_name]


@in_a_file
def test_commands_and_servers_import_no_library_of_models_before_they_need_it() -> None:
    code = (
        "import sys, qa.runtime.offline, qa.cli.main, qa.bootstrap.service;"
        " print([m for m in ('torch', 'openvino', 'transformers') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout == "[]\n"


def test_the_toy_is_the_model_of_these_snapshots() -> None:
    assert ToyEmbedder().name == "toy-1"
