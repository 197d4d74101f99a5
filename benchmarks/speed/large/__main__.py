"""Loading and asking snapshots of many passages: time, memory, and whether the best six are those of before.

    python -m benchmarks.speed.large NEWS.jsonl [--sizes 64000 500000 1000000] [--before CHECKOUT] [--in FOLDER]

Each size is made once: texts of real sentences, vectors between those of real passages (`making.py`). With `--before`
the program in another checkout, of before format 3, is measured in the same run on the same snapshot, and this program
on the snapshot as that one wrote it. Every measurement is a process of its own, on one processor.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.speed.large import making
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.base import Vectors
from index.snapshots.snapshot import Recipe
from qa.bootstrap import service as bootstrap
from qa.evaluation.golden import read_golden
from qa.runtime.settings import ROOT
from qa.runtime.settings import read as read_settings

REAL = 500  # passages embedded, from which the others' vectors are made
QUESTIONS = 60
NAME, BEFORE = "snapshot-000001", "snapshot-000002"


def main() -> None:
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    asked = options.folder / "questions.npz"
    real, model = real_passages(options.news, asked)
    for size in options.sizes:
        store = options.folder / str(size)
        shutil.rmtree(store, ignore_errors=True)
        making.write(store / NAME, size, options.news, real, model=model, max_tokens=PASSAGE_TOKENS)
        runs = [("now", ROOT, NAME)]
        if options.before:
            recipe = Recipe(model, real.shape[1], PASSAGE_TOKENS)
            making.write_as_before(store / BEFORE, store / NAME, recipe)
            runs = [("before", options.before, BEFORE), *runs, ("now, format 2", ROOT, BEFORE)]
        found = {what: _measured(checkout, store, name, asked, most=options.most_gib) for what, checkout, name in runs}
        for what, report in found.items():
            print(_line(size, what, report, found.get("before")), flush=True)
        shutil.rmtree(store)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path, metavar="NEWS.jsonl")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64_000, 500_000, 1_000_000])
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--most-gib", type=int, default=0, help="memory of its own that each measured process may take")
    parser.add_argument("--in", dest="folder", type=Path, default=ROOT / "var" / "large")
    return parser.parse_args()


def real_passages(news: Path, asked: Path) -> tuple[Vectors, str]:
    """Return the vectors of real passages and the model's name; write golden questions with theirs."""
    parts = bootstrap.open_parts(read_settings(os.environ), lambda line: None)
    kept = asked.with_name("real.npy")
    if not kept.exists():
        known = making.sentences(news)
        texts = ["".join(known[place] for place in passage) for passage in making.plan(REAL, len(known))]
        np.save(kept, parts.embedder.encode_passages(texts))
        golden = read_golden(ROOT / "corpus" / "golden.jsonl")
        # Half of them about what the passages say, as citizens ask: the beginning of a sentence in them.
        questions = [one.question for one in golden if not one.history][: QUESTIONS // 2]
        questions += [f"{known[number * 97][:18]}是怎么回事？" for number in range(QUESTIONS - len(questions))]
        vectors = parts.embedder.encode_queries(questions)
        np.savez(asked, texts=np.array(questions), vectors=vectors, model=np.array(parts.embedder.name))
    return np.load(kept), parts.embedder.name


def _measured(checkout: Path, store: Path, name: str, asked: Path, *, most: int) -> dict[str, Any]:
    script = Path(making.__file__).with_name("measuring.py")
    environment = os.environ | {"PYTHONPATH": str(checkout.resolve()), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-P", str(script.resolve()), str(store.resolve()), name, str(asked.resolve())]
    limited = ["prlimit", f"--data={most * 2**30}", *command] if most else command
    done = subprocess.run(limited, env=environment, cwd=checkout, capture_output=True, text=True)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]}
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _line(size: int, what: str, report: dict[str, Any], before: dict[str, Any] | None) -> str:
    if "failed" in report:
        return f"{size:>9} {what:<14} {report['failed']}"
    asked, loaded = report["asked"], report["loaded"]
    same = _same(report["found"], before["found"]) if before and "found" in before else "-"
    return (
        f"{size:>9} {what:<14} load {report['load_s'][0]:.1f} s ({report['load_s'][1]:.1f} cpu)"
        f"  p50 {report['ms'][0]:.1f} p95 {report['ms'][1]:.1f} ms ({report['processor_ms']:.1f} cpu;"
        f" dense {report['dense_ms']:.1f}, lexical {report['lexical_ms']:.1f})"
        f"  MiB own {asked['own']} mapped {asked['mapped']} most {asked['most']}"
        f" (after loading {loaded['own']} and {loaded['mapped']}, before {report['before']['own']})"
        f"  same six {same}"
    )


def _same(found: Sequence[Any], before: Sequence[Any]) -> str:
    return f"{sum(one == other for one, other in zip(found, before, strict=True))} of {len(found)}"


if __name__ == "__main__":
    main()
