"""Whether waiting questions are better read in one batch: questions a second, read one by one, two at a time, together.

    python -m benchmarks.speed.batching [--questions 64]

Every question is read as the reader reads it first: the two best passages. Nothing is remembered. Each way is timed
three times and its quickest run counts.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import bundled_model
from index.retrieve import retrieve
from index.snapshots.served import load_served
from qa.answering.reader.extractive import READ_FIRST, ExtractiveReader
from qa.answering.reader.opening import open_reader
from qa.bootstrap.service import open_parts
from qa.evaluation.golden import read_golden
from qa.runtime import settings

Read = Callable[[Sequence[Any]], None]
AT_ONCE = 2


def questions_a_second(read: Read, asked: Sequence[Any]) -> float:
    """Return the best of three runs over all the questions."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        read(asked)
        best = min(best, time.perf_counter() - started)
    return len(asked) / best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=64)
    count = parser.parse_args().questions
    chosen = settings.read(os.environ)
    parts = open_parts(chosen, print)
    snapshot = load_served(parts.store, model=parts.embedder.name).snapshot
    calls: list[dict[str, Any]] = []
    runs: list[Callable[[dict[str, Any]], Any]] = []

    def noted(run: Callable[..., Any]) -> Callable[..., Any]:
        runs.append(run)

        def note(arrays: dict[str, Any]) -> Any:
            calls.append(arrays)
            return run(arrays)

        return note

    reader: ExtractiveReader = open_reader(bundled_model.unpack(chosen.home), chosen.home, around=noted)
    golden = [g for g in read_golden(Path("corpus/golden.jsonl")) if not g.history][:count]
    for question in golden:
        hits = retrieve(snapshot, parts.embedder, question.question, count=READ_FIRST)
        reader.reckon(question.question, hits)
    run = runs[0]
    widths = [(arrays["input_ids"].shape, arrays) for arrays in calls]

    def together(size: int) -> Read:
        def read(asked: Sequence[Any]) -> None:
            for at in range(0, len(asked), size):
                run(joined([arrays for _, arrays in asked[at : at + size]]))

        return read

    def two_at_a_time(asked: Sequence[Any]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda one: run(one[1]), asked))

    run(calls[0])
    print(f"{len(calls)} questions, {sum(shape[0] for shape, _ in widths)} windows")
    print(f"two at a time, each alone: {questions_a_second(two_at_a_time, widths):.1f} questions a second")
    for size in (1, 2, 4, 8):
        print(f"one batch of {size}: {questions_a_second(together(size), widths):.1f} questions a second")
    return 0


def joined(all_arrays: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return several questions' windows as one batch, padded to the longest."""
    longest = max(arrays["input_ids"].shape[1] for arrays in all_arrays)
    fill = {"input_ids": 1, "attention_mask": 0, "passage_mask": 0}

    def grown(name: str, array: Any) -> Any:
        return np.pad(array, ((0, 0), (0, longest - array.shape[1])), constant_values=fill[name])

    return {name: np.concatenate([grown(name, arrays[name]) for arrays in all_arrays]) for name in fill}


if __name__ == "__main__":
    raise SystemExit(main())
