"""Asks one program everything and writes down what it showed, and what that took.

Runs under the interpreter of the program, so it uses the standard library alone. Times are those of the processor,
child processes included: what else runs on the machine does not lengthen them.
"""

import importlib.metadata
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

CHANGED = 7  # the document that changes among the many
SHOWN = 3  # passages asked of each program
NEWS = "\n另据了解，该项目将于明年完工。\n"


@dataclass(frozen=True, slots=True)
class Text:
    """A document as every program receives it: its name and its characters."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question brought: passages as (document, text), the first first, and an answer where there is one.

    `refused` tells that the program said there is no answer.
    """

    passages: tuple[tuple[str, str], ...]
    answer: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Models:
    """Folders of the models that every program is given, and what else ours needs."""

    encoder: str
    reader: str
    home: str


class Program(Protocol):
    """What is measured of a program. It is made of its models, which is timed as its start."""

    def build(self, texts: Sequence[Text]) -> int:
        """Index these documents and no others; return the number of passages."""

    def ask(self, question: str) -> Shown:
        """Return what a citizen would see."""

    def seeding(self, on: bool) -> None:
        """While `on`, take random vectors: 2,000 documents need no hour then."""

    def build_stored(self, texts: Sequence[Text], folder: Path) -> None:
        """Index these documents, and store the index below `folder`."""

    def change(self, texts: Sequence[Text], place: int) -> None:
        """Bring the stored index up to date: the document at `place` is another than before."""


def run(name: str, packages: Sequence[str], start: Callable[[Models], Program]) -> None:
    """Measure the program as the task in the first argument says, and write the result into the second."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    program = start(Models(**task["models"]))
    result: dict[str, Any] = {"name": name, "versions": {p: importlib.metadata.version(p) for p in packages}}
    result["start_s"] = _processor()
    _warm(program, [Text(**text) for text in task["rate"][:2]], Path(task["aside"]) / f"{name}-warm")
    result["sets"] = {one["name"]: _asked(program, one) for one in task["sets"]}
    result["rate"] = _rate(program, [Text(**text) for text in task["rate"]])
    result["peak_mib"] = _peak_mib()
    if task["many"]:
        result["many"] = _changed(program, [Text(**text) for text in task["many"]], Path(task["aside"]) / name)
    Path(sys.argv[2]).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def _warm(program: Program, texts: list[Text], folder: Path) -> None:
    """Have everything done once, so that nothing is measured that a server does once; a fault shows early."""
    folder.mkdir(parents=True)
    program.build(texts)
    program.ask("预热一下")
    program.seeding(True)
    program.build_stored(texts, folder)
    program.seeding(False)
    program.change([Text(texts[0].name, texts[0].text + NEWS), *texts[1:]], 0)


def _asked(program: Program, one: dict[str, Any]) -> dict[str, Any]:
    passages = program.build([Text(**text) for text in one["documents"]])
    program.ask("预热一下")
    rows = []
    for question in one["questions"]:
        since = _processor()
        shown = program.ask(question["text"])
        spent = (_processor() - since) * 1000
        rows.append(
            {
                "question_id": question["question_id"],
                "ms": round(spent, 2),
                "passages": shown.passages,
                "answer": shown.answer,
                "refused": shown.refused,
            }
        )
    return {"passages": passages, "questions": rows}


def _rate(program: Program, texts: Sequence[Text]) -> dict[str, float]:
    """Return what indexing takes: seconds, passages and characters."""
    since = _processor()
    passages = program.build(texts)
    return {
        "seconds": _processor() - since,
        "passages": passages,
        "documents": len(texts),
        "characters": sum(len(text.text) for text in texts),
    }


def _changed(program: Program, texts: list[Text], folder: Path) -> dict[str, float]:
    """Return the seconds of a stored index of many documents without their vectors, and of one change in it."""
    folder.mkdir(parents=True)
    program.seeding(True)
    since = _processor()
    program.build_stored(texts, folder)
    rest = _processor() - since
    program.seeding(False)
    program.ask("预热一下")
    texts[CHANGED] = Text(texts[CHANGED].name, texts[CHANGED].text + NEWS)
    since = _processor()
    program.change(texts, CHANGED)
    return {"documents": len(texts), "rest_s": rest, "change_s": _processor() - since}


def _processor() -> float:
    """Return the seconds that this process and its ended children have had a processor."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak_mib() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
