"""Many users at once on the running program, over the calls that the page makes: threat T29.

    python -m benchmarks.load.users --users 200 --every 30 --seconds 300 [--kept 0] [--fresh] [--most] [--address http://…]

Every user loads the page's state once, then asks a golden question every `--every` seconds, the first at a random
moment; with `--fresh` each in words that nobody asked before, so that nothing read before helps. With `--most` there
are ever more users, `--seconds` for each number, as long as all goes well. Without `--address` the program is started
on this machine, with the limits per visitor off. Ends with 1 when anything failed or p95 is over `--p95` seconds.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]
PORT = "7869"
CALL = "/gradio_api/run/predict"
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}


# How much more users there are at the next number of them.
STEP = 1.3
_BEFORE = ("", "请问", "您好，", "您好，请问", "想问一下，", "麻烦问一下，", "老师好，", "打扰了，")
_AFTER = ("", "谢谢", "谢谢！", "谢谢您。", "多谢", "麻烦您了", "辛苦了", "急，谢谢", "盼复", "请告知")


async def one_user(
    client: httpx2.AsyncClient, questions: Iterator[str], options: argparse.Namespace, seen: "Seen"
) -> None:
    chance = random.Random()
    session = f"{chance.getrandbits(50):x}"
    end = time.monotonic() + options.seconds
    await asyncio.sleep(chance.uniform(0, options.every))
    await client.get("/api/page")
    while time.monotonic() < end:
        body = {"data": [next(questions), "[]"], "fn_index": 0, "trigger_id": 9, "session_hash": session}
        started = time.monotonic()
        try:
            response = await client.post(CALL, json=body)
            kind = "ok" if response.status_code == 200 else str(response.status_code)
            if kind == "ok" and json.loads(response.json()["data"][2]) == {}:
                kind = "turned away"
        except httpx2.HTTPError as error:
            kind = type(error).__name__
        taken = time.monotonic() - started
        seen.outcomes[kind] += 1
        if kind == "ok":
            seen.times.append(taken)
        await asyncio.sleep(max(0.0, options.every * chance.uniform(0.8, 1.2) - taken))


class Seen:
    """Counts of the questions by outcome, and the seconds that answers took."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.times: list[float] = []

    def at(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))] if self.times else 0.0


def golden_questions(*, fresh: bool = False) -> Iterator[str]:
    """Yield questions in random order, without end; `fresh` ones vary in courtesy, and each comes only once."""
    chance = random.Random()
    lines = (ROOT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    if not fresh:
        while True:
            yield chance.choice(questions)
    asking = [before + question + after for question in questions for before in _BEFORE for after in _AFTER]
    chance.shuffle(asking)
    yield from asking


async def run(address: str, options: argparse.Namespace, questions: Iterator[str]) -> Seen:
    seen = Seen()
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        await asyncio.gather(*(one_user(client, questions, options, seen) for _ in range(options.users)))
    return seen


def resident(pid: int) -> int:
    """Return the mebibytes of memory that a process holds; 0 if the kernel does not say."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
    return 0


@dataclass(frozen=True, slots=True)
class Program:
    """A running program: where it is reached, and its process, 0 if that is not ours."""

    address: str
    pid: int = 0


@contextmanager
def serving(*, kept: int, **further: str) -> Iterator[Program]:
    """Run the program on this machine, with `further` settings, until the block ends."""
    settings = {"QA_PORT": PORT, "QA_KEPT_REPLIES": str(kept), **further}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **settings})
    address = f"http://127.0.0.1:{settings['QA_PORT']}"
    try:
        while True:
            if process.poll() is not None:
                raise SystemExit("The program did not start")
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                    break
            except OSError:
                time.sleep(0.5)
        yield Program(address, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--every", type=float, default=30, help="seconds between two questions of a user")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--fresh", action="store_true", help="no question twice")
    parser.add_argument("--most", action="store_true", help="ever more users until it fails")
    parser.add_argument("--kept", type=int, default=1000, help="replies remembered; 0: none")
    parser.add_argument("--p95", type=float, default=3, help="seconds that 95 of 100 answers may take")
    parser.add_argument("--address", help="of a program that runs already")
    options = parser.parse_args()
    if options.address:
        return crowded(Program(options.address), options)
    with serving(kept=options.kept, QA_ADDRESS_PER_MINUTE="0", QA_SESSION_PER_MINUTE="0") as program:
        return crowded(program, options)


def crowded(program: Program, options: argparse.Namespace) -> int:
    """Run, print the figures; return 1 if a limit was missed."""
    questions = golden_questions(fresh=options.fresh)
    held = 0
    while True:
        before = resident(program.pid)
        seen = asyncio.run(run(program.address, options, questions))
        rate = len(seen.times) / options.seconds
        print(f"{options.users} users, {dict(seen.outcomes)}, {rate:.1f} answers a second, ", end="")
        print(", ".join(f"{name} {seen.at(share) * 1000:.0f} ms" for name, share in SHARES.items()), end="")
        print(f", memory {before} to {resident(program.pid)} MiB", flush=True)
        good = set(seen.outcomes) == {"ok"} and seen.at(0.95) <= options.p95
        if not options.most:
            return 0 if good else 1
        if not good:
            print(f"most users held: {held}")
            return 0
        held, options.users = options.users, round(options.users * STEP)


if __name__ == "__main__":
    sys.exit(main())
