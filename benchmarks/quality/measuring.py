"""All sets asked once of one opened program."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality import sets
from benchmarks.quality.asking import QualityInputs, ask_all
from benchmarks.quality.figures import by_tag, figures
from benchmarks.quality.memory import Memory
from index.embedding.sentence_transformer import open_embedder
from index.embedding.vector_cache import VectorCache
from qa.answering.query_rewriting import Synonyms
from qa.bootstrap import service as bootstrap
from qa.bootstrap.models import open_reader
from qa.cli.output import show_progress
from qa.evaluation.network_cache import reader_identity
from qa.evaluation.squad import exact_match, f1, read_squad
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings

SQUAD = {"cmrc2018_dev": "cmrc2018_dev.json", "drcd_test": "drcd_test.json"}
SQUAD_LIMIT = 400


def measure(
    settings: Settings,
    names: Sequence[str],
    *,
    limit: int,
    left_out: frozenset[str],
    keep: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Return figures and records of all sets; `keep` receives them after each set, so that little can be lost."""
    started = time.perf_counter()
    means = open_inputs(settings)
    _forget_peak()
    about = {"commit": _commit(), "threshold": means.parts.reader.threshold, "limit": limit}
    result: dict[str, Any] = {"about": about, "sets": {}}
    for name in names:
        since = time.perf_counter()
        try:
            rows = list(_squad(means.parts, name, limit) if name in SQUAD else _asked(means, name, limit, left_out))
        except sets.SetMissing as missing:
            result["sets"][name] = {"skipped": str(missing)}
            show_progress(f"{name}: skipped, {missing}")
        else:
            means.memory.close()
            measured = {"figures": figures(rows), "by_tag": by_tag(rows), "questions": rows}
            result["sets"][name] = {**measured, "seconds": round(time.perf_counter() - since)}
        about |= {"seconds": round(time.perf_counter() - started), "peak_mb": _peak_mb(), "load": _load()}
        keep(result)
    return result


def open_inputs(settings: Settings) -> QualityInputs:
    """Return the parts as `compose.open_parts` opens them, with a memory before both networks."""
    folder = settings.home / "benchmarks"
    memory = Memory(folder / "quality.cache", identity=reader_identity())
    embedder = open_embedder(settings.embedding_model, settings.home)
    reader = open_reader(settings, lambda: embedder, around=memory.around)
    parts = bootstrap.Parts(store_of(settings), memory.embedder(embedder), reader, Synonyms.read())
    return QualityInputs(parts, VectorCache(folder, embedder.name), memory)


def _asked(means: QualityInputs, name: str, limit: int, left_out: frozenset[str]) -> Iterator[dict[str, Any]]:
    chosen = sets.thinned(sets.open_set(name), limit, left_out)
    total = sum(len(folder.questions) for folder in chosen.folders)
    count = 0

    def tell() -> None:
        nonlocal count
        count += 1
        if count % 100 == 0 or count == total:
            show_progress(f"{name}: {count} of {total}")

    for folder in chosen.folders:
        for record in ask_all(means, folder, alone=chosen.alone, tell=tell):
            yield record.as_json()


def _squad(parts: bootstrap.Parts, name: str, limit: int) -> Iterator[dict[str, Any]]:
    path = sets.SHARED / "data" / SQUAD[name]
    if not path.is_file():
        raise sets.SetMissing(f"{path} is not there")
    asked = [(paragraph, question) for paragraph in read_squad(path) for question in paragraph.questions]
    asked.sort(key=lambda one: sets.lot(one[1].question_id))
    for paragraph, question in asked[: min(limit, SQUAD_LIMIT) or None]:
        words = bootstrap.read_paragraph(parts, question.text, paragraph)
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
