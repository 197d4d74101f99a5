"""Ours beside what a user would pick instead, one after the other, each in a process of its own.

    make peers                                  installs the others, measures, writes the tables
    python -m benchmarks.peers --again txtai    measures one again; the others keep their results

A program that has its result in the folder of results is not run again, so that a run that broke off goes on.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.peers import inputs, report
from benchmarks.peers.figures import Measured, of_set
from index.embedding import bundled_model
from qa.cli.output import show_progress
from qa.runtime.settings import ROOT
from qa.runtime.settings import read as read_settings

# No program may look for a model, or report that it is used.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "true",
}
LONGEST = 1800  # seconds of one program


@dataclass(frozen=True, slots=True)
class Entry:
    """A program to measure: its module, its name in the table, whether it is given our tuned encoder."""

    key: str
    module: str
    label: str
    tuned: bool = False


ENTRIES = (
    Entry("ours", "ours", "浙涪问答"),
    Entry("langchain", "langchain_faiss", "LangChain + FAISS"),
    Entry("llamaindex", "llamaindex", "LlamaIndex"),
    Entry("txtai", "txtai_search", "txtai"),
    Entry("haystack", "haystack_reader", "Haystack, extractive reader"),
    Entry("langchain-tuned", "langchain_faiss", "LangChain + FAISS, our tuned encoder", tuned=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--python", type=Path, default=ROOT / "var" / "peers" / "bin" / "python", help="has the others")
    parser.add_argument("--again", action="append", default=[], choices=[one.key for one in ENTRIES])
    parser.add_argument("--write", action="store_true", help="write docs/peers.md, its plot and the README's tables")
    given = parser.parse_args()
    home = read_settings(os.environ).home
    results = home / "peers-results"
    results.mkdir(parents=True, exist_ok=True)
    for key in given.again:
        (results / f"{key}.json").unlink(missing_ok=True)
    _prepare(home)
    asked = inputs.open_sets()
    measured = []
    for entry in ENTRIES:
        found = _result(entry, given.python.absolute(), home, results, asked)
        figures = (
            {}
            if "missing" in found
            else {name: of_set(asked[name][1], one["questions"]) for name, one in found["sets"].items()}
        )
        measured.append(Measured(entry.key, entry.label, found, figures))
    print(report.table(measured))
    if given.write:
        report.write(measured, {name: questions for name, (_, questions) in asked.items()})


def _prepare(home: Path) -> None:
    """Convert and unpack all models, so that no program's time or memory holds that."""
    from index.embedding.sentence_transformer import open_embedder
    from qa.answering.reader import opening

    folder = bundled_model.unpack(home)
    open_embedder(bundled_model.NAME, home)
    opening.open_reader(folder, home)
    inputs.write_reader(home, home / "peers-models" / "reader")
    inputs.write_tuned_encoder(home, home / "peers-models" / "encoder-tuned")


def _result(entry: Entry, python: Path, home: Path, results: Path, asked: dict[str, inputs.Set]) -> dict[str, Any]:
    """Return what the program gave, now or in an earlier run; `missing` tells why it gave nothing."""
    kept = results / f"{entry.key}.json"
    if not kept.is_file():
        interpreter = Path(sys.executable) if entry.key == "ours" else python
        if not interpreter.exists():
            return {"missing": f"{python} is not there; run: make peers"}
        models = home / "peers-models"
        encoder = models / "encoder-tuned" if entry.tuned else bundled_model.unpack(home)
        task = results / "task.json"
        given = {"encoder": str(encoder), "reader": str(models / "reader"), "home": str(home)}
        inputs.write_task(task, asked, models=given, with_many=not entry.tuned)
        shutil.rmtree(results / "aside", ignore_errors=True)
        show_progress(f"{entry.label} ...")
        since = time.perf_counter()
        reason = _run(entry, interpreter, task, kept)
        shutil.rmtree(results / "aside", ignore_errors=True)
        show_progress(f"{entry.label}: {reason or 'done'} after {time.perf_counter() - since:.0f} s")
        if reason:
            return {"missing": reason}
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _run(entry: Entry, interpreter: Path, task: Path, kept: Path) -> str:
    """Run a program; return why there is no result, empty if there is one."""
    command = [str(interpreter), "-m", f"benchmarks.peers.programs.{entry.module}", str(task), str(kept)]
    log = kept.with_suffix(".log")
    with log.open("w", encoding="utf-8") as lines:
        try:
            ended = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **QUIET}, stdout=lines, stderr=lines, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return f"took longer than {LONGEST} s"
    if ended.returncode == 0 and kept.is_file():
        return ""
    last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f"ended with {ended.returncode}: {last[-1] if last else 'without a word'}"


if __name__ == "__main__":
    main()
