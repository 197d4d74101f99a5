"""What a server costs besides answering: its start to the first answer, its memory part by part, and its rest.

    python -m benchmarks.speed.server [--idle 60] [--questions 100]

The program is started as an office starts it, on what is published; only a machine that does nothing else gives times.
Memory is resident memory; of its own is what is not mapped from files. The parts are opened one after the other in a
process of their own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.load.users import golden_questions
from index.snapshots.served import load_served
from qa.runtime.settings import ROOT

PORT = "7866"
LIMITS = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0"}
_TICKS = os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[int, int]:
    """Return the mebibytes of resident memory of a process, and how much of them is its own."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    held = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if "kB" in rest}
    return held["VmRSS"] // 1024, held["RssAnon"] // 1024


def processor_seconds(pid: int) -> float:
    """Return the processor seconds of a process so far, and of those children that it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def ask(address: str, question: str) -> None:
    """Ask through the interface. Raises `OSError` while nobody answers."""
    body = json.dumps({"question": question}).encode()
    head = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/ask", body, head), timeout=60) as response:
        response.read()


def until(done: Callable[[], object], process: "subprocess.Popen[bytes]") -> None:
    """Try until it is done. Raises `SystemExit` if the program ended."""
    while process.poll() is None:
        with suppress(OSError):
            done()
            return
        time.sleep(0.02)
    raise SystemExit("The program did not start")


def served(options: argparse.Namespace) -> None:
    """Start the program twice, the second time with files warm; print times, memory and rest."""
    questions = golden_questions(fresh=True)
    address = f"http://127.0.0.1:{PORT}"
    for last in (False, True):
        since = time.monotonic()
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **LIMITS, "QA_PORT": PORT})
        try:
            until(lambda: urllib.request.urlopen(f"{address}/readyz", timeout=5).close(), process)
            ready = time.monotonic() - since
            ask(address, next(questions))
            answered, worked = time.monotonic() - since, processor_seconds(process.pid)
            print(f"ready after {ready:.1f} s, first answer after {answered:.1f} s, {worked:.1f} s of the processor")
            if last:
                _rests(process.pid, address, questions, options)
        finally:
            process.terminate()
            process.wait(60)


def _rests(pid: int, address: str, questions: Iterator[str], options: argparse.Namespace) -> None:
    held, own = memory(pid)
    print(f"memory after the first answer: {held} MiB, {own} of its own", flush=True)
    for question in islice(questions, options.questions):
        ask(address, question)
    held, own = memory(pid)
    print(f"memory after {options.questions} more: {held} MiB, {own} of its own", flush=True)
    time.sleep(5)
    since, worked = time.monotonic(), processor_seconds(pid)
    time.sleep(options.idle)
    share = (processor_seconds(pid) - worked) / (time.monotonic() - since)
    print(f"idle for {options.idle:.0f} s: {share:.2%} of a core")


def parts(count: int) -> None:
    """Open one part after the other, and print the memory after each."""
    rows = ["| opened | MiB more | of its own |", "|---|---|---|"]
    before = (0, 0)

    def opened(name: str) -> None:
        nonlocal before
        now = memory(os.getpid())
        rows.append(f"| {name} | {now[0] - before[0]} | {now[1] - before[1]} |")
        before = now

    opened("Python with what measures")
    import app  # noqa: F401
    import qa.web.application  # noqa: F401
    from index.embedding import bundled_model
    from index.embedding.openvino import OpenVinoEmbedder
    from qa.answering.assistant import Assistant
    from qa.answering.query_rewriting import Synonyms
    from qa.answering.reader.opening import open_reader
    from qa.publishing.serving import store_of
    from qa.runtime import settings

    opened("Gradio, FastAPI and the program")
    chosen = settings.read(os.environ)
    folder = bundled_model.unpack(chosen.home)
    embedder = OpenVinoEmbedder(folder, chosen.home)
    embedder.encode_queries(["多少人"])
    opened("vocabulary, tokenizer, embedder")
    reader = open_reader(folder, chosen.home)
    opened("reader and verifier")
    loaded = load_served(store_of(chosen), model=embedder.name)
    assistant = Assistant(lambda: loaded, embedder, reader, Synonyms.read())
    assistant.prepare(loaded.snapshot)
    opened(f"index of {len(loaded.snapshot.passages)} passages, its names, dictionaries")
    for question in islice(golden_questions(fresh=True), count):
        assistant.ask(question)
    opened(f"{count} questions")
    print("\n".join([*rows, f"| together | {before[0]} | {before[1]} |"]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=float, default=60, help="seconds")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--parts", action="store_true", help="the memory of the parts alone")
    options = parser.parse_args()
    if options.parts:
        parts(options.questions)
        return 0
    served(options)
    # In a process of its own, which has opened nothing yet.
    subprocess.run([sys.executable, "-m", "benchmarks.speed.server", "--parts"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
