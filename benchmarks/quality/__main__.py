"""One table of quality over many documents.

    python -m benchmarks.quality [--sets a,b] [--limit N] [--leave-out FILE] [--json OUT] [--base FILE] [--gate FILE]

Each set's files that are missing on this machine leave it out by name. `--json` keeps every reply's outcome and
confidence; `--base` prints what moved since such a file was written, `--gate` ends with 1 where a figure is missed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import qa.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.quality import sets
from benchmarks.quality.asking import Means, ask_all
from benchmarks.quality.comparing import missed, moved
from benchmarks.quality.figures import by_tag, figures
from benchmarks.quality.memory import Memory
from benchmarks.quality.report import table
from index import bundled
from index.sentence_embedder import open_embedder
from index.vectors import VectorCache
from qa import compose
from qa.reader import Reader
from qa.reader.similarity import SimilarityReader
from qa.reader.trained import open_reader
from qa.remembered import reader_identity
from qa.repair import Synonyms
from qa.serving import store_of
from qa.settings import Settings
from qa.settings import read as read_settings
from qa.squad import exact_match, f1, read_squad

SQUAD = {"cmrc2018_dev": "cmrc2018_dev.json", "drcd_test": "drcd_test.json"}
SQUAD_LIMIT = 400
LIMIT = 640  # of a set: a quarter of an hour for all sets on two cores


def main() -> int:
    options = _options()
    started = time.perf_counter()
    settings = read_settings(os.environ)
    means = _means(settings)
    parts = means.parts
    _forget_peak()
    result: dict[str, Any] = {"about": {"commit": _commit(), "threshold": parts.reader.threshold}, "sets": {}}
    for name in options.sets.split(",") if options.sets else [*sets.names(), *SQUAD]:
        since = time.perf_counter()
        try:
            rows = list(_squad(parts, name, options.limit) if name in SQUAD else _asked(means, name, options))
        except sets.SetMissing as missing:
            result["sets"][name] = {"skipped": str(missing)}
            _tell(f"{name}: skipped, {missing}")
            continue
        means.memory.close()
        seconds = round(time.perf_counter() - since, 1)
        result["sets"][name] = {"figures": figures(rows), "by_tag": by_tag(rows), "seconds": seconds, "questions": rows}
        result["about"] |= {"seconds": round(time.perf_counter() - started), "peak_mb": _peak_mb(), "load": _load()}
        if options.json:
            options.json.write_text(json.dumps(result, ensure_ascii=False, indent=0), encoding="utf-8")
    print("\n".join(table(result)))
    if options.base:
        print("\nMoved since " + str(options.base))
        print("\n".join(moved(json.loads(options.base.read_text(encoding="utf-8")), result)))
    lines = missed(json.loads(options.gate.read_text(encoding="utf-8")), result) if options.gate else []
    print("\n".join(["", "Gates missed:", *lines]) if lines else "", end="\n" if lines else "")
    return 1 if lines else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="One table of quality")
    parser.add_argument("--sets", help="names separated by commas; without it, all")
    parser.add_argument("--limit", type=int, default=LIMIT, help="at most so many questions a set, 0 for all")
    parser.add_argument("--leave-out", type=Path, metavar="FILE", help="ids of questions not asked, one a line")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep figures and every reply's outcome here")
    parser.add_argument("--base", type=Path, metavar="FILE", help="print what moved since this JSON")
    parser.add_argument("--gate", type=Path, metavar="FILE", help="exit 1 where a figure misses its value")
    options = parser.parse_args()
    known = [*sets.names(), *SQUAD]
    for name in options.sets.split(",") if options.sets else ():
        if name not in known:
            parser.error(f"{name} is no set; there are {', '.join(known)}")
    return options


def _means(settings: Settings) -> Means:
    """The parts as `compose.open_parts` gives them, with a memory before both networks."""
    folder = settings.home / "benchmarks"
    memory = Memory(folder / "quality.cache", identity=reader_identity())
    embedder = open_embedder(settings.embedding_model, settings.home)
    if settings.reader == "similarity":
        reader: Reader = SimilarityReader(embedder)
    else:
        reader = open_reader(bundled.unpack(settings.home), settings.home, around=memory.around)
    reader = reader if settings.threshold is None else reader.at(settings.threshold)
    parts = compose.Parts(store_of(settings.home), memory.embedder(embedder), reader, Synonyms.read())
    return Means(parts, VectorCache(folder, embedder.name), memory)


def _asked(means: Means, name: str, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    left_out = frozenset(sets.ids(options.leave_out)) if options.leave_out else frozenset[str]()
    chosen = sets.thinned(sets.open_set(name), options.limit, left_out)
    total = sum(len(folder.questions) for folder in chosen.folders)
    count = 0

    def tell() -> None:
        nonlocal count
        count += 1
        if count % 100 == 0 or count == total:
            _tell(f"{name}: {count} of {total}")

    for folder in chosen.folders:
        for record in ask_all(means, folder, alone=chosen.alone, tell=tell):
            yield record.as_json()


def _squad(parts: compose.Parts, name: str, limit: int) -> Iterator[dict[str, Any]]:
    path = sets.SHARED / "data" / SQUAD[name]
    if not path.is_file():
        raise sets.SetMissing(f"{path} is not there")
    asked = [(paragraph, question) for paragraph in read_squad(path) for question in paragraph.questions]
    asked.sort(key=lambda one: sets.lot(one[1].question_id))
    for paragraph, question in asked[: min(limit, SQUAD_LIMIT) or None]:
        words = compose.read_paragraph(parts, question.text, paragraph)
        references = [answer for answer, _ in question.answers]
        scores = {"em": exact_match(words, references), "f1": round(f1(words, references), 4)}
        yield {"question_id": question.question_id, "question": question.text, "short": words, **scores}


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=sets.ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + (" and changes" if git("status", "--porcelain", "-uno") else "")


def _forget_peak() -> None:
    """Measure the memory from here on: converting the models, once, takes more than serving."""
    if (clear := Path("/proc/self/clear_refs")).exists():
        clear.write_text("5", encoding="ascii")


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
