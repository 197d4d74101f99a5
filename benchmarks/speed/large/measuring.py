"""Loads a snapshot in a process of its own and asks it; prints one JSON object.

    python measuring.py STORE SNAPSHOT QUESTIONS.npz

It uses only what the program of before format 3 has too, so that it can be run beside an older checkout.
"""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import faiss
import numpy as np

from index.embedding.base import Embedder
from index.retrieve import retrieve
from index.snapshots.store import Store

COUNT = 6


def memory() -> dict[str, int]:
    """Return the memory of this process in MiB: its own, the files mapped, the most ever."""
    lines = (line.split() for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    found = {line[0]: int(line[1]) for line in lines if line and line[0] in ("RssAnon:", "RssFile:", "VmHWM:")}
    return {"own": found["RssAnon:"] // 1024, "mapped": found["RssFile:"] // 1024, "most": found["VmHWM:"] // 1024}


def main(store: Path, name: str, asked: Path) -> None:
    faiss.omp_set_num_threads(1)
    with np.load(asked) as questions:
        texts, vectors, model = questions["texts"].tolist(), questions["vectors"], str(questions["model"])
    before = memory()
    wall, processor = time.perf_counter(), time.process_time()
    snapshot = Store(store).load(name, model=model)
    loading = (time.perf_counter() - wall, time.process_time() - processor)
    loaded = memory()
    found, walls, processors = [], [], []
    only: dict[str, list[float]] = {"dense": [], "lexical": []}
    for text, vector in zip(texts, vectors, strict=True):
        embedder = cast(Embedder, SimpleNamespace(encode_queries=lambda _, vector=vector: vector[None]))
        wall, processor = time.perf_counter(), time.process_time()
        hits = retrieve(snapshot, embedder, text, count=COUNT)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
        found.append([[hit.passage.document.name, hit.passage.span.start] for hit in hits])
        _timed(only["dense"], lambda vector=vector: snapshot.dense.search(vector, count=50))
        _timed(only["lexical"], lambda text=text: snapshot.lexical.scores(text))
    report: dict[str, Any] = {
        "passages": len(snapshot.passages),
        "load_s": loading,
        "ms": [float(np.percentile(walls, part)) * 1000 for part in (50, 95)],
        "processor_ms": float(np.median(processors)) * 1000,
        "dense_ms": float(np.median(only["dense"])) * 1000,
        "lexical_ms": float(np.median(only["lexical"])) * 1000,
        "before": before,
        "loaded": loaded,
        "asked": memory(),
        "found": found,
    }
    print(json.dumps(report))


def _timed(into: list[float], call: Any) -> None:
    started = time.process_time()
    call()
    into.append(time.process_time() - started)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
