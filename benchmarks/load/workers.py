"""A refresh of new documents with and without workers: how many times as many passages it embeds.

    python -m benchmarks.load.workers [--documents 200] [--rounds 1]

Each turn has an installation of its own, with the PostgreSQL and the object store of the tests, and publishes a few
documents first, so that everybody has opened the models. The refresh runs on the first core in every turn, and does
jobs itself. It runs alone; beside one worker on its own core, which can only cost; beside one on another core, as on
another machine; and beside two, a core each. Only a machine that does nothing else gives figures. Ends with 1 when two
workers on two cores are less than `--least` times as fast as one worker on one.
"""

import argparse
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import docx
from pydantic import SecretStr

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from index.embedding import bundled_model
from index.embedding.sentence_transformer import open_embedder
from qa.publishing import records
from qa.publishing.serving import shared_store_of
from qa.runtime.settings import ROOT, read
from qa.storage.shared.jobs import Jobs
from tests.support.machines import object_store
from tests.support.machines.object_store import ObjectStore
from tests.support.programs import postgresql
from tests.support.programs.postgresql import Server

FIRST = 30  # documents that everybody warms up on: a batch of passages for each
SECTIONS = 10  # of a document, each a passage
LONG = 200  # characters of a section, at least
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A way to refresh: the cores of the workers, by their places."""

    name: str
    workers: tuple[int, ...]


ALONE, ONE, ELSEWHERE, TWO = (
    Turn("alone, one core", ()),
    Turn("one worker, the same core", (0,)),
    Turn("one worker, another core", (1,)),
    Turn("two workers, two cores", (0, 1)),
)


@dataclass(slots=True)
class Installation:
    """The settings of a turn, and the cores to run on."""

    settings: Mapping[str, str]
    cores: Sequence[int]
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self, command: Sequence[str], core: int, **pipes: Any) -> subprocess.Popen[bytes]:
        """Start a command of the program on one core."""
        ours = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self.cores[core]})  # which the program inherits
        try:
            variables = {**os.environ, **self.settings}
            with self.log.open("ab") as log:
                line = [sys.executable, "-m", "qa", *command]
                return subprocess.Popen(line, cwd=ROOT, env=variables, stderr=log, **pipes)
        finally:
            os.sched_setaffinity(0, ours)

    def refresh(self) -> dict[str, Any]:
        """Publish what is new; return the report."""
        with self.begin(["refresh", "--json"], 0, stdout=subprocess.PIPE) as process:
            told, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"The refresh failed: {told.decode()} {self.log.read_text(encoding='utf-8')}")
        report: dict[str, Any] = json.loads(told)
        return report

    def seconds(self, snapshot: str) -> Mapping[str, float]:
        """Return how long each step of its making took."""
        found = records.read(shared_store_of(read(self.settings)), snapshot)
        assert found
        return found.seconds

    def work(self, turn: Turn) -> None:
        """Start the workers of a turn and wait until they are known."""
        jobs = Jobs(SecretStr(self.settings["QA_DATABASE_URL"]))
        self.workers += [self.begin(["worker"], core, stdout=subprocess.DEVNULL) for core in turn.workers]
        deadline = time.monotonic() + START_SECONDS
        while jobs.workers() < len(self.workers):
            if time.monotonic() > deadline:
                raise SystemExit(f"The workers did not start: {self.log.read_text(encoding='utf-8')}")
            time.sleep(0.1)


@contextmanager
def installed(place: Path, database: Server, objects: ObjectStore, cores: Sequence[int]) -> Iterator[Installation]:
    """Make an empty installation whose models are those of this checkout; its workers end with the block."""
    home, documents = place / "home", place / "documents"
    home.mkdir(parents=True)
    documents.mkdir()
    (home / "models").symlink_to(read(os.environ).home / "models")
    settings = {
        "QA_HOME": str(home),
        "QA_DOCUMENTS": str(documents),
        "QA_DATABASE_URL": database.new().get_secret_value(),
        "QA_SNAPSHOTS_URL": objects.new(),
        "QA_SHARE_DOCUMENTS": "yes",
        "QA_ASKED_AGAIN": "0",
    }
    found = Installation(settings, cores, place / "log.txt")
    try:
        yield found
    finally:
        for worker in found.workers:
            worker.terminate()
        for worker in found.workers:
            worker.wait()


def documents(count: int) -> list[bytes]:
    """Make documents of Word whose sections hold sentences of the shipped ones, no section like another."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus" / "documents").glob("*.md")))
    known = [line for text in texts for line in re.findall(r"[^\n。#：|]{12,}。", text)]
    chance = random.Random(1)
    return [_document(number, known, chance) for number in range(count)]


def _document(number: int, known: Sequence[str], chance: random.Random) -> bytes:
    made = docx.Document()
    made.add_heading(f"第{number}号工作简报", 0)
    for section in range(SECTIONS):
        made.add_heading(f"第{section + 1}项 {number}之{section}", 1)
        text = f"本项编号为{chance.getrandbits(40)}。"
        while len(text) < LONG:
            text += chance.choice(known).strip()
        made.add_paragraph(text)
    with io.BytesIO() as file:
        made.save(file)
        return file.getvalue()


def measured(turn: Turn, installation: Installation, files: Sequence[bytes]) -> float:
    """Run a turn, print its figures, and return how many passages it embedded a second, conversion included."""
    folder = Path(installation.settings["QA_DOCUMENTS"])
    _write(folder, files[:FIRST], 0)
    installation.work(turn)
    installation.refresh()
    _write(folder, files[FIRST:], FIRST)
    report = installation.refresh()
    seconds = installation.seconds(report["published"])
    rest = report["seconds"] - seconds["read"] - seconds["embed"]
    rate = float(report["embedded"] / report["seconds"])
    print(
        f"{turn.name:26} {report['seconds']:7.1f} s: read {seconds['read']:.1f}, embed {seconds['embed']:.1f}, ", end=""
    )
    print(f"the rest {rest:.1f}; {report['embedded']} passages, {rate:.1f} a second", flush=True)
    return rate


def _write(folder: Path, files: Sequence[bytes], first: int) -> None:
    for number, content in enumerate(files, first):
        (folder / f"简报{number:05d}.docx").write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200, help=f"of {SECTIONS} passages each, that are new")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--least", type=float, default=1.6, help="times as fast that two workers have to be")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("Two cores are needed")
    for program, why_not in (
        (postgresql.programs(), postgresql.WHY_NOT),
        (object_store.program(), object_store.WHY_NOT),
    ):
        if program is None:
            raise SystemExit(why_not)
    open_embedder(bundled_model.NAME, read(os.environ).home)  # converted once, for all turns
    files = documents(FIRST + options.documents)
    rates: dict[Turn, list[float]] = {turn: [] for turn in (ALONE, ONE, ELSEWHERE, TWO)}
    with ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="workers-"))
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        database, objects = stack.enter_context(postgresql.started()), stack.enter_context(object_store.started())
        for number in range(options.rounds):
            for turn in rates:
                where = place / f"{number} {turn.name}"
                with installed(where, database, objects, cores) as installation:
                    rates[turn].append(measured(turn, installation, files))
    alone, one, elsewhere, two = (median(found) for found in rates.values())
    print(f"a second machine: {elsewhere / alone:.2f} times as fast as one refresh alone")
    print(f"one worker on the core of the refresh: {one / alone:.2f} times; two on two cores: {two / alone:.2f} times")
    print(f"two workers on two cores against one on one: {two / one:.2f}, wanted {options.least}")
    return 1 if two / one < options.least else 0


if __name__ == "__main__":
    sys.exit(main())
