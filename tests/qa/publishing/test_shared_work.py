"""A refresh shares its work with workers: the same index as alone, each job done once, whoever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from corpus.limits import DEFAULT_LIMITS
from corpus.read import read, scan
from index.files.objects import S3Objects
from index.snapshots import snapshot as snapshots
from index.snapshots.errors import StoreUnreachable
from qa.bootstrap.worker import work
from qa.publishing.shared import work as sharing
from qa.publishing.shared.contents import hash_of, object_name
from qa.publishing.shared.tasks import Conversion, convert_kind, embed, embed_kind
from qa.publishing.shared.work import SharedWork
from qa.runtime.settings import ROOT, SettingsError
from qa.runtime.settings import read as settings_of
from qa.storage.shared import jobs as table
from qa.storage.shared.jobs import Jobs
from tests.support.doubles.toy import ToyEmbedder
from tests.support.files.office_files import docx_file
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

pytestmark = pytest.mark.long
SECONDS = 120.0
# Holds the first job until it is killed.
HOLDER = """
import sys, time
from pydantic import SecretStr
from qa.storage.shared.jobs import Jobs
def hold(task):
    print("held", flush=True)
    time.sleep(600)
Jobs(SecretStr(sys.argv[1])).do_one({"count": hold})
"""


@pytest.fixture
def where(postgresql_server: Server) -> SecretStr:
    return postgresql_server.new()


@pytest.fixture
def jobs(where: SecretStr) -> Jobs:
    return Jobs(where)


@contextmanager
def worker(jobs: Jobs, kinds: dict[str, table.Work]) -> Iterator[list[str]]:
    """A worker in a thread; yields the kinds of the jobs it did."""
    done: list[str] = []
    ended, began = threading.Event(), threading.Event()

    def counted(kind: str) -> table.Work:
        def one(task: bytes) -> bytes:
            result = kinds[kind](task)
            done.append(kind)
            return result

        return one

    def run() -> None:
        with jobs.working():
            began.set()
            while not ended.is_set():
                with suppress(StoreUnreachable):
                    if not jobs.do_one({kind: counted(kind) for kind in kinds}):
                        time.sleep(0.01)

    thread = threading.Thread(target=run)
    thread.start()
    assert began.wait(SECONDS)
    try:
        yield done
    finally:
        ended.set()
        thread.join()


def test_each_job_is_done_once_by_one_of_many(jobs: Jobs) -> None:
    done: list[bytes] = []

    def note(task: bytes) -> bytes:
        done.append(task)
        time.sleep(0.001)
        return task * 2

    numbers = jobs.post("b", "count", [str(number).encode() for number in range(40)])
    threads = [
        threading.Thread(target=lambda: [None for _ in iter(lambda: jobs.do_one({"count": note}), False)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(str(number).encode() for number in range(40))
    assert sorted(jobs.collect("b")) == [(number, str(place).encode() * 2) for place, number in enumerate(numbers)]
    assert jobs.collect("b") == []


def test_a_killed_workers_job_is_done_by_another_and_once(where: SecretStr, jobs: Jobs) -> None:
    jobs.post("b", "count", [b"1", b"2"])
    command = [sys.executable, "-c", HOLDER, where.get_secret_value()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        done: list[bytes] = []

        def note(task: bytes) -> bytes:
            done.append(task)
            return task

        assert jobs.do_one({"count": note}) and not jobs.do_one({"count": note})
        assert done == [b"2"], "the first one is held"
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + SECONDS
    while not jobs.do_one({"count": note}):
        assert time.monotonic() < deadline
    assert done == [b"2", b"1"] and [result for _, result in sorted(jobs.collect("b"))] == [b"1", b"2"]


def test_work_that_fails_leaves_the_job_open_and_other_kinds_are_left_alone(jobs: Jobs) -> None:
    def fail(task: bytes) -> bytes:
        raise ZeroDivisionError

    jobs.post("b", "embed of another model", [b""])
    jobs.post("b", "count", [b"1"])
    with pytest.raises(ZeroDivisionError):
        jobs.do_one({"count": fail})
    assert jobs.do_one({"count": lambda task: task}) and not jobs.do_one({"count": fail})
    assert not jobs.do_one({"embed of another model": fail}, batch="c")


def test_workers_are_known_as_long_as_they_live(jobs: Jobs) -> None:
    assert jobs.workers() == 0
    with worker(jobs, {}), worker(jobs, {}):
        assert jobs.workers() == 2
    deadline = time.monotonic() + SECONDS
    while jobs.workers():
        assert time.monotonic() < deadline


def numbered(number: int, made: Any) -> None:
    made.add_paragraph(f"第{number}号：商会有会员企业{number}家。")


def documents(folder: Path) -> Path:
    """A folder with files that are read, that are not, and that hold others."""
    folder.mkdir()
    for number in range(4):
        (folder / f"表{number}.docx").write_bytes(docx_file(partial(numbered, number)))
        (folder / f"文{number}.txt").write_text(f"第{number}条：渡口在村头。", encoding="utf-8")
    (folder / "表1.docx.meta.yaml").write_text("title: 第一号\n", encoding="utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 no archive")
    return folder


@contextmanager
def with_objects(objects: S3Objects, folder: Path) -> Iterator[None]:
    """Have the contents of a folder shared, all but one."""
    for path in folder.iterdir():
        if path.name != "文2.txt":
            objects.put(object_name(hash_of(path.read_bytes())), path.read_bytes())
    yield


@pytest.mark.parametrize("away", [False, True])
def test_it_reads_and_embeds_the_same_with_workers_and_without(
    jobs: Jobs,
    postgresql_server: Server,
    object_store: ObjectStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    away: bool,
) -> None:
    monkeypatch.setattr(sharing, "_MOST_OPEN", 4)  # so that there are more tasks than are posted at once
    folder, objects, embedder = documents(tmp_path / "documents"), S3Objects(object_store.new()), ToyEmbedder()
    shared = SharedWork(jobs, objects)
    alone = read(folder, found=scan(folder))
    conversion = Conversion(objects)
    kinds: dict[str, table.Work] = {convert_kind(): conversion}
    kinds[embed_kind(embedder.name)] = lambda task: embed(ToyEmbedder(), task)
    progress: list[tuple[int, int]] = []

    def count(done: int, total: int) -> None:
        progress.append((done, total))
        if away and done == 3:
            postgresql_server.control("stop", "-m", "immediate")

    try:
        with with_objects(objects, folder), worker(jobs, kinds) as done:
            helped = read(folder, found=scan(folder), progress=count, converter=shared.converter)
            if away:
                postgresql_server.control("start")
            assert away or done.count(convert_kind()) > 0
            assert progress == [(number, 9) for number in range(1, 10)]
            assert helped == alone
            texts = [[f"{number}之{one}" for one in range(4)] for number in range(30)]
            made = {text: vector for part in shared.encoded(embedder, texts) for text, vector in part.items()}
            assert away or done.count(embed_kind(embedder.name)) > 0
    finally:
        conversion.close()
        if away:
            with suppress(RuntimeError):
                postgresql_server.control("start")
    expected = {text: vector for part in snapshots.encoded_here(embedder, texts) for text, vector in part.items()}
    assert made.keys() == expected.keys() and all(np.array_equal(made[text], expected[text]) for text in made)
    assert jobs.collect("") == []


def test_without_workers_nothing_is_posted(jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Jobs, "post", lambda *_: pytest.fail("a job"))
    folder = documents(tmp_path / "documents")
    shared = SharedWork(jobs, None)
    assert len(read(folder, found=scan(folder), converter=shared.converter).documents) == 8
    assert len(list(shared.encoded(ToyEmbedder(), [["一"], ["二"]]))) == 2
    elsewhere = SharedWork(Jobs(SecretStr("postgresql://wenda:secret@127.0.0.1:1/office")), None)
    assert len(list(elsewhere.encoded(ToyEmbedder(), [["一"], ["二"]]))) == 2


def test_a_task_keeps_the_limits_of_the_refresh(object_store: ObjectStore, tmp_path: Path, jobs: Jobs) -> None:
    folder, objects = documents(tmp_path / "documents"), S3Objects(object_store.new())
    limits = replace(DEFAULT_LIMITS, characters=3)
    conversion = Conversion(objects)
    with with_objects(objects, folder), worker(jobs, {convert_kind(): conversion}):
        helped = read_problems(folder, limits, SharedWork(jobs, objects))
    conversion.close()
    assert helped == read_problems(folder, limits, None) and len(helped) == 9


def read_problems(folder: Path, limits: object, shared: SharedWork | None) -> list[str]:
    from corpus.conversion.converter import Converter
    from corpus.errors import FileProblem

    problems = []
    files = scan(folder).files
    with shared.converter(limits, files) if shared else Converter(limits) as converter:  # type: ignore[arg-type]
        for file in files:
            try:
                converter.convert(file)
            except FileProblem as problem:
                problems.append(f"{file.name} {type(problem).__name__} {problem} {problem.again}")
    return problems


def test_a_worker_needs_a_postgresql(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs QA_DATABASE_URL"):
        work(settings_of({"QA_HOME": str(tmp_path)}), ToyEmbedder)


def test_a_worker_ends_in_order_when_it_is_told_to(where: SecretStr, jobs: Jobs, tmp_path: Path) -> None:
    variables = {**os.environ, "QA_HOME": str(tmp_path), "QA_DATABASE_URL": where.get_secret_value()}
    command = [sys.executable, "-m", "qa", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + SECONDS
        while not jobs.workers():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        told, faults = process.communicate(timeout=SECONDS)
    assert (process.returncode, faults.decode()) == (0, "") and "等待刷新交来的任务" in told.decode()
