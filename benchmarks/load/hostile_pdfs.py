"""Answers of the running program while hostile PDFs are converted beside it, and while nothing is.

    python -m benchmarks.load.hostile_pdfs [--seconds 30] [--rounds 3] [--users 4] [--every 1]

Both kinds of time take turns on one program, so that what else the machine does weighs on both alike.
"""

import argparse
import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.load.users import Seen, golden_questions, run, serving
from corpus.conversion.converter import Converter
from corpus.errors import FileProblem
from corpus.files.scan import File
from corpus.limits import DEFAULT_LIMITS
from tests.support.files.hostile_pdfs import HOSTILE_PDFS


@contextmanager
def converting(done: list[str]) -> Iterator[None]:
    """Convert the hostile PDFs over and over; their names are added to `done`."""
    over = threading.Event()

    def convert() -> None:
        with tempfile.TemporaryDirectory() as folder, Converter(DEFAULT_LIMITS) as conversion:
            path = Path(folder) / "文件.pdf"
            while not over.is_set():
                for name, make in HOSTILE_PDFS.items():
                    path.write_bytes(make())
                    with suppress(FileProblem):
                        conversion.convert(File(path.name, path, "", path.stat().st_size))
                    done.append(name)
                    if over.is_set():
                        return

    thread = threading.Thread(target=convert)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two questions of a user")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each kind, each round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    alone, beside, done = Seen(), Seen(), list[str]()
    with serving(kept=0, QA_ADDRESS_PER_MINUTE="0", QA_SESSION_PER_MINUTE="0") as program:
        address, questions = program.address, golden_questions()
        asyncio.run(run(address, argparse.Namespace(**{**vars(options), "seconds": 10.0}), questions))
        for _ in range(options.rounds):
            _add(alone, asyncio.run(run(address, options, questions)))
            with converting(done):
                _add(beside, asyncio.run(run(address, options, questions)))
    for kind, seen in (("alone", alone), ("beside", beside)):
        print(f"{kind}: {dict(seen.outcomes)}, p50 {seen.at(0.5) * 1000:.0f} ms, p95 {seen.at(0.95) * 1000:.0f} ms")
    print(f"p95 {beside.at(0.95) / alone.at(0.95):.2f} x while {len(done)} hostile PDFs were converted")


def _add(total: Seen, part: Seen) -> None:
    total.outcomes += part.outcomes
    total.times += part.times


if __name__ == "__main__":
    main()
