"""What one question costs: processor milliseconds of each step, then questions a second, one and two at a time.

    python -m benchmarks.speed.question [--questions 100] [--plain]

Asks golden questions of what is published, each in words that nobody asked before, without the web. Times are those of
the processor, the threads of the networks included; only a machine that does nothing else gives questions a second.
"""

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.load.users import golden_questions
from index.embedding.openvino import OpenVinoEmbedder
from index.embedding.openvino_runtime import CompiledNetwork
from index.embedding.word_vectors import WordVectors
from qa.answering import assistant as assistants
from qa.answering.assistant import Assistant
from qa.answering.lookup import searching
from qa.answering.query_rewriting import Names
from qa.answering.reader import extractive
from qa.answering.reader.calibration import QuestionFeatures
from qa.answering.reader.encoding import PairEncoder
from qa.bootstrap.service import open_assistant
from qa.cli.output import show_progress
from qa.runtime import settings
from qa.storage.reviewed_answers import ReviewedAnswers

NETWORKS = {"embedder": "the question embedded", "extractive": "the reader", "verifier": "the verifier"}
REST = "all else"
# Where a step begins: the owner of a function, its name, and what the table calls it.
STEPS: Sequence[tuple[Any, str, str]] = (
    (Assistant, "ask", REST),
    (assistants, "route", "cards: what is no question for the documents"),
    (ReviewedAnswers, "find", "answers of staff"),
    (Names, "mend", "names typed by sound"),
    (searching, "retrieve", "search by meaning and terms"),
    (OpenVinoEmbedder, "_encode", "tokens"),
    (PairEncoder, "encode", "tokens"),
    (WordVectors, "of", "vectors of words"),
    (QuestionFeatures, "of", "features of a passage"),
    (QuestionFeatures, "held", "features of a passage"),
    (extractive, "best_span", "the best span"),
    (extractive, "best_words", "the best span"),
    (assistants, "shape", "the form of the answer"),
)


class Spent:
    """Adds up the processor seconds of each step without those of the steps inside; for one asker at a time."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._inside: list[float] = []

    def around(self, function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        """Return the function, timed; `name` tells its step from the arguments."""

        def timed(*arguments: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            since = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                took = time.process_time() - since
                step = name(*arguments)
                self.seconds[step] += took - self._inside.pop()
                self.calls[step] += 1
                if self._inside:
                    self._inside[-1] += took

        return timed


def watch(spent: Spent) -> None:
    """Time every step from now on. Networks have to be opened afterwards, for they are known by their folders."""
    for owner, name, step in STEPS:
        setattr(owner, name, spent.around(getattr(owner, name), lambda *_, step=step: step))
    opened: dict[int, str] = {}
    made = CompiledNetwork.__init__

    def noted(self: CompiledNetwork, path: Path, *arguments: Any, **named: Any) -> None:
        opened[id(self)] = NETWORKS[path.parent.name.partition("-")[0]]
        made(self, path, *arguments, **named)

    CompiledNetwork.__init__ = noted  # type: ignore[method-assign]
    CompiledNetwork.__call__ = spent.around(  # type: ignore[method-assign]
        CompiledNetwork.__call__, lambda network, *_: opened[id(network)]
    )


def table(spent: Spent, questions: int) -> str:
    """Return the steps as a Markdown table, the dearest first."""
    total = sum(spent.seconds.values())
    rows = ["| step | calls a question | ms | share |", "|---|---|---|---|"]
    for step, seconds in sorted(spent.seconds.items(), key=lambda one: -one[1]):
        calls = f"{spent.calls[step] / questions:.1f}"
        rows.append(f"| {step} | {calls} | {1000 * seconds / questions:.1f} | {seconds / total:.0%} |")
    return "\n".join([*rows, f"| together | | {1000 * total / questions:.1f} | |"])


def rate(assistant: Assistant, questions: Sequence[str], *, at_once: int) -> str:
    """Ask all of them, so many at a time; return a row of figures."""
    times: list[float] = []

    def ask(question: str) -> None:
        since = time.perf_counter()
        assistant.ask(question)
        times.append(1000 * (time.perf_counter() - since))

    began, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(ask, questions))
    took, worked = time.perf_counter() - began, time.process_time() - worked
    times.sort()
    middle, late = (times[int(len(times) * share)] for share in (0.5, 0.95))
    figures = f"{len(times) / took:.1f} | {middle:.0f} | {late:.0f} | {1000 * worked / len(times):.0f}"
    return f"| {at_once} | {figures} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--plain", action="store_true", help="ask one at a time, and time nothing")
    options = parser.parse_args()
    count = options.questions
    asked = list(islice(golden_questions(fresh=True), 3 * count + 10))
    spent = Spent()
    if not options.plain:
        watch(spent)
    assistant = open_assistant(settings.read(os.environ), show_progress)
    for question in asked[:10]:  # the first questions load dictionaries
        assistant.ask(question)
    spent.seconds.clear()
    spent.calls.clear()
    for question in asked[10 : count + 10]:
        assistant.ask(question)
    if options.plain:
        return 0
    print(table(spent, count), end="\n\n")
    print("| at once | questions a second | p50, ms | p95, ms | processor, ms |\n|---|---|---|---|---|")
    for at_once in (1, 2):
        print(rate(assistant, asked[at_once * count + 10 : (at_once + 1) * count + 10], at_once=at_once), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
