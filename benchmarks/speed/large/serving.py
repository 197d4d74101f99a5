"""The whole server over many passages: its start, its memory, and what a question takes.

    python -m benchmarks.speed.large.serving NEWS.jsonl [--passages 1000000] [--in FOLDER]

A snapshot is made as for `benchmarks.speed.large` and published in a home of its own; `app.py` serves it as an office
starts it. Half of the questions are about what the passages say, half about something else.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.speed.large import making
from benchmarks.speed.large.__main__ import NAME, real_passages
from benchmarks.speed.server import LIMITS, PORT, ask, memory, processor_seconds, until
from corpus.text.passages import PASSAGE_TOKENS
from index.snapshots.store import Store
from qa.publishing.serving import SNAPSHOTS
from qa.runtime.settings import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path, metavar="NEWS.jsonl")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--in", dest="folder", type=Path, default=ROOT / "var" / "large")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asked, home = options.folder / "questions.npz", options.folder / f"home-{options.passages}"
    real, model = real_passages(options.news, asked)
    store = home / SNAPSHOTS
    shutil.rmtree(store, ignore_errors=True)
    making.write(store / NAME, options.passages, options.news, real, model=model, max_tokens=PASSAGE_TOKENS)
    Store(store).publish(NAME)
    _served(home, np.load(asked)["texts"].tolist())
    shutil.rmtree(store)


def _served(home: Path, questions: list[str]) -> None:
    """Start the program twice, because the first time unpacks the model; print what the second start takes."""
    environment = {**os.environ, **LIMITS, "QA_PORT": PORT, "QA_HOME": str(home)}
    address = f"http://127.0.0.1:{PORT}"
    for last in (False, True):
        since = time.monotonic()
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
        try:
            until(lambda: urllib.request.urlopen(f"{address}/readyz", timeout=5).close(), process)
            ready, worked = time.monotonic() - since, processor_seconds(process.pid)
            print(f"ready after {ready:.1f} s, {worked:.1f} s of the processor; {_memory(process.pid)}", flush=True)
            if last:
                _asked(process.pid, address, questions)
        finally:
            process.terminate()
            process.wait(60)


def _asked(pid: int, address: str, questions: list[str]) -> None:
    took, processor = [], []
    for question in questions:
        since, worked = time.monotonic(), processor_seconds(pid)
        ask(address, question)
        took.append(time.monotonic() - since)
        processor.append(processor_seconds(pid) - worked)
    middle, late = np.percentile(took, (50, 95))
    print(f"{len(took)} questions: p50 {middle:.2f} s, p95 {late:.2f} s, {np.median(processor):.2f} s of the processor")
    print(_memory(pid), flush=True)


def _memory(pid: int) -> str:
    held, own = memory(pid)
    return f"{held} MiB, {own} of its own"


if __name__ == "__main__":
    main()
