"""Whatever happens to a refresh or to its files, what is published goes on answering and the next refresh succeeds.

A short run of each; `make test-faults` does the whole of it.
"""

import errno
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.embedding import bundled_model
from index.snapshots.errors import StoreBusy
from index.snapshots.served import Loaded, load_served
from index.snapshots.snapshot import SnapshotDamaged, SnapshotForeign
from index.snapshots.store import Store
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Answer
from qa.bootstrap import service as bootstrap
from qa.publishing.board import Board
from qa.publishing.progress import State
from qa.publishing.serving import ServedSnapshot
from qa.runtime.settings import ROOT, read
from qa.storage.audit import Audit
from tests.support.counts import some
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.programs.refresh_office import GOLDEN, RefreshOffice
from tests.support.programs.serving import START_SECONDS, Served, environment, run

FULL = "FAULTS" in os.environ
KILLS, CORRUPTIONS, RACES, PAIRS = (200, 400, 50, 100) if FULL else (6, 24, 4, 8)
PUBLISHES, ASKERS = (100, 50) if FULL else (6, 8)
REAL_KILLS = 12 if FULL else 1
SEED = 20201121


def office_at(home: Path) -> RefreshOffice:
    office = RefreshOffice(home)
    office.write("合作.txt", COOPERATION.text)
    return office


def version(office: RefreshOffice, number: int) -> None:
    """Another version of the second document: long enough that each step of the refresh takes a while."""
    office.write("产业.txt", "产业园\n\n" + "".join(f"第{i}个项目在白涛，第{number}版。\n\n" for i in range(30)))


def answers(store: Store) -> None:
    """What is published loads without alarm and answers."""
    embedder = ToyEmbedder()
    reader = SimilarityReader(embedder)
    reader.threshold = 0.0
    loaded = load_served(store, model="toy-1")
    assert loaded.alarm == ""
    reply = Assistant(lambda: loaded, embedder, reader, Synonyms([])).ask(GOLDEN[0].question)
    assert isinstance(reply, Answer) and "237家" in reply.text


def _refresh_forever(home: str, seed: int, ready: Any) -> None:
    office = RefreshOffice(Path(home))
    number = seed * 10_000
    while True:
        number += 1
        version(office, number)
        ready.set()
        office.refresh()


@pytest.fixture(scope="module")
def clean() -> Iterator[Any]:
    """Children of a server that has imported everything and run nothing: a start takes milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.qa.publishing.test_faults"])
    yield context


def test_a_refresh_killed_at_any_moment_loses_nothing(tmp_path: Path, clean: Any) -> None:
    office = office_at(tmp_path)
    office.refresh()
    chance = random.Random(SEED)
    newest, steps, advanced = office.store.published() or "", [], 0
    for number in range(1, KILLS + 1):
        ready = clean.Event()
        writer = clean.Process(target=_refresh_forever, args=(str(tmp_path), number, ready))
        writer.start()
        assert ready.wait(60)
        time.sleep(chance.uniform(0, 0.6))
        assert writer.is_alive()
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        steps.append((Board(tmp_path).progress() or {}).get("step"))
        answers(office.store)
        killed_at = office.store.published() or ""
        assert killed_at >= newest
        version(office, number)
        report = office.refresh()
        assert report.published == office.store.published()
        assert report.built is None or report.published > killed_at  # type: ignore[operator]
        answers(office.store)
        advanced += (office.store.published() or "") > newest
        newest = office.store.published() or ""
    assert advanced >= KILLS - 1  # one may find the very version that was published when its writer died
    assert Audit(tmp_path).tampering() == []
    assert not list(office.store.folder.glob(".snapshot-*"))
    print(f"{KILLS} kills in the steps", {step: steps.count(step) for step in sorted(set(map(str, steps)))})


@pytest.mark.full
def test_a_refresh_with_the_real_model_killed_at_any_moment_keeps_its_vectors(served: Served, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "documents"
    served.lend_models(home)
    folder.mkdir()
    (folder / "合作.txt").write_text(COOPERATION.text, encoding="utf-8")
    golden = [{"id": g.question_id, "question": g.question, "must": g.must, "answerable": True} for g in GOLDEN]
    lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in golden)
    (tmp_path / "golden.jsonl").write_text(lines, encoding="utf-8")
    variables = {"QA_HOME": str(home), "QA_DOCUMENTS": str(folder)}
    child = environment(tmp_path / "network.txt", **variables)
    first = _refreshed(child)
    settings = read(variables)
    parts = bootstrap.open_parts(settings, lambda text: None)
    served_now: list[Loaded] = []
    # Two sentences are all there is to find, so retrieval is not sure of much.
    assistant = Assistant(lambda: served_now[-1], parts.embedder, parts.reader.at(0.3), parts.synonyms)
    chance, steps, kept = random.Random(SEED), [], []
    for number in range(1, REAL_KILLS + 1):
        (folder / "项目.txt").write_text(_projects(number), encoding="utf-8")
        before = parts.store.published()
        # The first one in the middle of embedding, whatever the machine has to do besides.
        state = _killed(child, home, after=128 if number == 1 else 0, pause=chance.uniform(0, 6) if number > 1 else 0)
        steps.append(state["step"])
        served_now.append(load_served(parts.store, model=bundled_model.embedder_name()))
        assert (served_now[-1].alarm, served_now[-1].snapshot.name) == ("", parts.store.published())
        reply = assistant.ask(GOLDEN[0].question)
        assert isinstance(reply, Answer) and "237家" in reply.text
        report = _refreshed(child)
        assert report["published"] == parts.store.published() != before
        kept.append(report["passages"] - first["passages"] - report["embedded"])
        assert kept[-1] >= (state["done"] if state["step"] == "embed" else 0)
        assert report["embedded"] == 0 or state["step"] in ("scan", "read", "embed")
    assert kept[0] >= 128
    assert Audit(home).tampering() == []
    print(f"{REAL_KILLS} kills with the real model in the steps {steps}; vectors kept: {kept}")


def _refreshed(child: dict[str, str]) -> Any:
    ended = run(child, "-m", "qa", "refresh", "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


PROJECTS = 200


def _projects(version: int) -> str:
    """A document of as many passages."""
    sentence = "浙江企业在涪陵投资建设，预计竣工后新增就业岗位，带动当地农户增收，并与学校合作培养技术工人。"
    return "\n\n".join(f"第{version}版第{n}个项目在白涛。{sentence * 4}" for n in range(PROJECTS)) + "\n"


def _killed(child: dict[str, str], home: Path, *, after: int, pause: float) -> dict[str, Any]:
    """Kill a refresh once so many passages are embedded and it ran on for a while; how far it told that it was."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "refresh"], cwd=ROOT, env=child, stderr=subprocess.DEVNULL
    ) as one:
        deadline = time.monotonic() + START_SECONDS
        while (state := Board(home).progress() or {}).get("pid") != one.pid or (after and state["done"] < after):
            assert one.poll() is None and time.monotonic() < deadline, state
            time.sleep(0.02)
        time.sleep(pause)
        alive = one.poll() is None
        one.kill()
    state = Board(home).progress() or {}
    assert (one.returncode == -signal.SIGKILL) == alive and state["pid"] == one.pid
    assert alive or pause  # a refresh that was quicker than the pause was not killed
    return state


def test_a_damaged_file_of_a_snapshot_is_found_and_the_one_before_is_served(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    first = office.refresh().published
    version(office, 1)
    second = office.refresh().published
    folder = office.store.folder / str(second)
    sound = tmp_path / "sound"
    shutil.copytree(folder, sound)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    chance = random.Random(SEED)
    for _ in range(CORRUPTIONS):
        path = chance.choice(files)
        _damage(path, chance)
        loaded = load_served(office.store, model="toy-1")
        assert (loaded.snapshot.name, str(second) in loaded.alarm) == (first, True), path
        assert office.store.damage(str(second)) != []
        shutil.rmtree(folder)
        shutil.copytree(sound, folder)
    assert load_served(office.store, model="toy-1").snapshot.name == second


def _damage(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    match chance.choice(["truncate", "zero tail", "flip", "delete", "swap"]):
        case "truncate":
            path.write_bytes(content[:place])
        case "zero tail":
            tail = bytes(len(content) - place)
            path.write_bytes(content[:place] + tail if content[place:] != tail else b"")
        case "flip":
            content[place] ^= 1 << chance.randrange(8)
            path.write_bytes(content)
        case "delete":
            path.unlink()
        case "swap":
            path.write_bytes(content + b"x")


def test_files_of_two_snapshots_are_never_mixed(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    names = [str(office.refresh().published)]
    version(office, 1)
    names.append(str(office.refresh().published))
    chance = random.Random(SEED)
    refused = 0
    for _ in range(PAIRS):
        into, out_of = chance.sample(names, 2)
        folder = office.store.folder / into
        kept = tmp_path / "kept"
        shutil.copytree(folder, kept)
        differing = [
            path.relative_to(folder)
            for path in folder.rglob("*")
            if path.is_file()
            and path.read_bytes() != (office.store.folder / out_of / path.relative_to(folder)).read_bytes()
        ]
        shutil.copy(office.store.folder / out_of / chance.choice(differing), folder / chance.choice(differing))
        model = chance.choice(["toy-1", "toy-2"])
        with pytest.raises((SnapshotDamaged, SnapshotForeign)):
            office.store.load(into, model=model)
        refused += 1
        shutil.rmtree(folder)
        kept.rename(folder)
    assert refused == PAIRS
    assert office.store.load(names[0], model="toy-1")  # the control: unmixed, both load
    assert office.store.load(names[1], model="toy-1")


class Disk:
    """Fails the `at`-th time that something is written below a folder: opened to write, made, renamed, synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.at, self.count, self.error = 0, 0, errno.ENOSPC
        self.active = False

    def fail(self, at: int, error: int) -> None:
        self.at, self.count, self.error, self.active = at, 0, error, True

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.active or not self._writes(event, arguments):
            return
        self.step(str(arguments[0]))

    def step(self, path: str) -> None:
        self.count += 1
        # A full disk stays full.
        if self.active and self.count >= self.at:
            raise OSError(self.error, os.strerror(self.error), path)

    def _writes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
            return str(arguments[0]).startswith(self.folder) and bool(arguments[2] & writes)
        return event in ("os.mkdir", "os.rename") and str(arguments[0]).startswith(self.folder)


@pytest.fixture(scope="module")
def hook() -> Iterator[Disk]:
    disk = Disk(Path("/nowhere"))
    sys.addaudithook(disk)  # it cannot be taken away again
    yield disk
    disk.active = False


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"])
def test_a_disk_that_refuses_at_any_step_leaves_what_is_published(
    tmp_path: Path, hook: Disk, error: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_at(tmp_path)
    office.refresh()
    hook.folder = str(tmp_path)
    sync = os.fsync

    def failing(descriptor: int) -> None:
        if hook.active:
            hook.step("fsync")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    chance = random.Random(SEED)
    failed, at = 0, 1
    while True:
        version(office, at)
        published = office.store.published()
        hook.fail(at, error)
        try:
            report = office.refresh()
            reached = None
        except OSError as refused:
            reached = refused.errno
        finally:
            hook.active = False
        answers(office.store)
        if reached is None:
            assert report.published == office.store.published() != published
            break
        assert reached == error
        failed += 1
        assert not [path for path in office.store.folder.glob(".snapshot-*") if error == errno.ENOSPC and path.is_dir()]
        at += 1 if FULL else chance.randrange(1, 6)
    assert failed >= (30 if FULL else 5)
    assert office.refresh().published
    answers(office.store)


def _grow_no_file(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("share", some([0.1, 0.5, 0.9], part=[0.5, 0.9]))
def test_a_file_that_cannot_grow_is_refused_in_a_sentence(tmp_path: Path, share: float) -> None:
    """The system itself refuses the bytes, in the middle of a file."""
    office = office_at(tmp_path)
    version(office, 0)
    office.refresh()
    largest = max(path.stat().st_size for path in office.store.folder.rglob("*") if path.is_file())
    limit = int(largest * share)
    version(office, 1)
    code = (
        "import sys; from pathlib import Path; from qa.storage.disk_errors import DiskRefused, disk_in_words\n"
        "from tests.support.programs.refresh_office import RefreshOffice\n"
        "try:\n    with disk_in_words(): RefreshOffice(Path(sys.argv[1])).refresh()\n"
        "except DiskRefused as error: print(error); sys.exit(7)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: _grow_no_file(limit),
    )
    assert (ended.returncode, "磁盘已满" in ended.stdout) == (7, True), ended.stderr
    answers(office.store)
    assert office.refresh().published == office.store.published() != "snapshot-000001"


def _race(home: str, start: Any, told: Any, results: Any) -> None:
    office = RefreshOffice(Path(home))

    def hold(state: State) -> None:
        if state.step == "judge":
            told.wait(60)  # until the other has met the one that is under way

    office.each = hold
    start.wait(60)
    try:
        results.put(office.refresh().published)
    except StoreBusy as error:
        results.put(f"busy: {error}")
        told.set()


def test_of_two_refreshes_at_once_one_runs_and_the_other_is_told_by_whom(tmp_path: Path, clean: Any) -> None:
    office = office_at(tmp_path)
    for number in range(1, RACES + 1):
        version(office, number)
        start, told, results = clean.Barrier(2), clean.Event(), clean.Queue()
        racers = [clean.Process(target=_race, args=(str(tmp_path), start, told, results)) for _ in range(2)]
        for racer in racers:
            racer.start()
        outcomes = [results.get(timeout=60) for _ in racers]
        for racer in racers:
            racer.join()
            assert racer.exitcode == 0
        (refused,) = [outcome for outcome in outcomes if str(outcome).startswith("busy")]
        assert "王芳" in refused
        assert office.store.published() == f"snapshot-{number:06d}"  # one snapshot a race, not two, and none mixed
        answers(office.store)


def test_askers_without_pause_meet_no_error_and_no_mixture_while_snapshots_are_published(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    version(office, 0)
    office.refresh()
    texts = {office.store.published(): _texts(office.store)}
    embedder = ToyEmbedder()
    reader = SimilarityReader(embedder)
    reader.threshold = 0.0
    served = ServedSnapshot(office.store, model="toy-1")
    assistant = Assistant(served, embedder, reader, Synonyms([]))
    served.prepare = assistant.prepare
    stop, replies, errors = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                replies.append(assistant.ask("第3个项目在哪里？"))
            except Exception as error:
                errors.append(error)

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    for number in range(1, PUBLISHES + 1):
        version(office, number)
        name = office.refresh().published
        texts[name] = _texts(office.store)
        deadline = time.monotonic() + 60
        while served().snapshot.name != name and time.monotonic() < deadline:
            time.sleep(0.01)
    stop.set()
    for asker in askers:
        asker.join()
    assert errors == []
    assert {reply.snapshot for reply in replies} >= {f"snapshot-{n:06d}" for n in range(2, PUBLISHES + 1)}
    assert any(isinstance(reply, Answer) for reply in replies)
    for reply in replies:
        for citation in reply.citations if isinstance(reply, Answer) else reply.nearest:
            assert texts[reply.snapshot][citation.document][citation.start : citation.end] == citation.text


def _texts(store: Store) -> dict[str, str]:
    return {document.name: document.text for document in load_served(store, model="toy-1").snapshot.documents}
