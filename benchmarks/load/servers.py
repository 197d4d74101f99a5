"""Two servers of the program, each on a core of its own, against one of them: the ratio of answers a second.

    python -m benchmarks.load.servers [--seconds 60] [--rounds 3] [--users 8]

Both run all the time, over one `QA_HOME`; in turn the first alone is asked, and both. Every user asks the next question
as soon as the last is answered, each in words that nobody asked before, and no reply is remembered. Only a machine that
does nothing else gives figures. Ends with 1 when anything failed, or when two answer less than `--least` times as much.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median

import httpx2

from benchmarks.load.users import Program, Seen, golden_questions, serving

FIRST_PORT = 7867


async def _user(client: httpx2.AsyncClient, questions: Iterator[str], end: float, seen: Seen) -> None:
    while time.monotonic() < end:
        started = time.monotonic()
        try:
            response = await client.post("/api/ask", json={"question": next(questions)})
            kind = "ok" if response.status_code == 200 else str(response.status_code)
        except httpx2.HTTPError as error:
            kind = type(error).__name__
        if time.monotonic() > end:
            return  # answered after the end, as others were that are not waited for
        seen.outcomes[kind] += 1
        if kind == "ok":
            seen.times.append(time.monotonic() - started)


async def asked(programs: Sequence[Program], questions: Iterator[str], *, users: int, seconds: float) -> Seen:
    """Ask all programs at once, as so many users each; return what was answered in these seconds."""
    seen, end = Seen(), time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for program in programs:
            for _ in range(users):
                group.create_task(_visit(program, questions, end, seen))
    return seen


async def _visit(program: Program, questions: Iterator[str], end: float, seen: Seen) -> None:
    async with httpx2.AsyncClient(base_url=program.address, timeout=60) as client:
        await _user(client, questions, end, seen)


def compared(programs: Sequence[Program], options: argparse.Namespace) -> int:
    """Ask one and all in turn, print the figures; return 1 if a limit was missed."""
    questions = golden_questions(fresh=True)
    rates: dict[int, list[float]] = {1: [], len(programs): []}
    failed = False
    for program in programs:  # its first questions load dictionaries
        asyncio.run(asked([program], questions, users=1, seconds=5))
    for _ in range(options.rounds):
        for count in rates:
            worked = time.process_time()
            seen = asyncio.run(asked(programs[:count], questions, users=options.users, seconds=options.seconds))
            rates[count].append(len(seen.times) / options.seconds)
            failed |= set(seen.outcomes) != {"ok"}
            share = (time.process_time() - worked) / options.seconds
            print(
                f"{count} of {len(programs)}: {dict(seen.outcomes)}, {rates[count][-1]:.2f} answers a second, ", end=""
            )
            print(f"p95 {seen.at(0.95) * 1000:.0f} ms; asking took {share:.0%} of a core", flush=True)
    one, all_of_them = (median(found) for found in rates.values())
    ratio = all_of_them / one if one else 0.0
    print(f"medians: {one:.2f} and {all_of_them:.2f} answers a second, ratio {ratio:.2f}, wanted {options.least}")
    return 1 if failed or ratio < options.least else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--users", type=int, default=8, help="of each server")
    parser.add_argument("--least", type=float, default=1.8, help="times as much that both have to answer")
    options = parser.parse_args()
    ours = os.sched_getaffinity(0)
    if len(ours) < 2:
        raise SystemExit("Two cores are needed")
    limits = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0"}
    with ExitStack() as stack:
        programs = []
        for number, core in enumerate(sorted(ours)[:2]):
            os.sched_setaffinity(0, {core})  # which the program inherits
            programs.append(stack.enter_context(serving(kept=0, QA_PORT=str(FIRST_PORT + number), **limits)))
        os.sched_setaffinity(0, ours)
        return compared(programs, options)


if __name__ == "__main__":
    sys.exit(main())
