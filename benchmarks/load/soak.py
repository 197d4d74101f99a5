"""A long time at a steady load: whether memory and times stay, and a plot of both.

    python -m benchmarks.load.soak [--minutes 10] [--share 0.8] [--plot docs/soak.svg]

Finds in half a minute how many questions a second the program answers when it is always asked, and then asks a share of
that for so long, each question in words that nobody asked before and no reply remembered. Ends with 1 when anything
failed, or when the memory of the last tenth is over `--growth` percent above that of the second tenth.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import httpx2

from benchmarks.load.servers import asked
from benchmarks.load.users import Program, Seen, golden_questions, resident, serving

PORT = "7865"
FINDING_SECONDS, FINDING_USERS = 30, 8
LOOK_SECONDS = 5


@dataclass
class Soak:
    """What was seen: answers with the second they came in, and looks at the memory."""

    answers: list[tuple[float, float]] = field(default_factory=list)  # second, seconds it took
    failed: int = 0
    looks: list[tuple[float, int]] = field(default_factory=list)  # second, mebibytes


def again() -> Iterator[str]:
    """Yield new questions; after all of them, the same again in another order, which are forgotten by then."""
    while True:
        yield from golden_questions(fresh=True)


async def soak(program: Program, questions: Iterator[str], *, rate: float, seconds: float) -> Soak:
    """Ask `rate` questions a second, whether the earlier ones are answered or not."""
    seen, since = Soak(), time.monotonic()

    async def one(client: httpx2.AsyncClient, question: str) -> None:
        started = time.monotonic()
        try:
            good = (await client.post("/api/ask", json={"question": question})).status_code == 200
        except httpx2.HTTPError:
            good = False
        if good:
            seen.answers.append((started - since, time.monotonic() - started))
        seen.failed += not good

    async def look() -> None:
        while True:
            seen.looks.append((time.monotonic() - since, resident(program.pid)))
            await asyncio.sleep(LOOK_SECONDS)

    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=program.address, timeout=60, limits=limits) as client:
        looking, asking = asyncio.create_task(look()), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, since + number / rate - time.monotonic()))
            asking.append(asyncio.create_task(one(client, next(questions))))
        await asyncio.gather(*asking)
        looking.cancel()
    return seen


def tenths(seen: Soak, seconds: float) -> list[tuple[int, float, float, float]]:
    """Return for each tenth of the time the answers, p50 and p95 in seconds, and the mean memory in mebibytes."""
    rows = []
    for number in range(10):
        inside = range(int(number * seconds / 10), int((number + 1) * seconds / 10))
        times = Seen()
        times.times = [took for at, took in seen.answers if int(at) in inside]
        held = [size for at, size in seen.looks if int(at) in inside]
        rows.append((len(times.times), times.at(0.5), times.at(0.95), mean(held) if held else 0.0))
    return rows


def table(rows: Sequence[tuple[int, float, float, float]], seconds: float) -> str:
    lines = ["| minutes | answers | p50, ms | p95, ms | memory, MiB |", "|---|---|---|---|---|"]
    for number, (count, middle, late, held) in enumerate(rows):
        span = f"{number * seconds / 600:.3g}–{(number + 1) * seconds / 600:.3g}"
        lines.append(f"| {span} | {count} | {1000 * middle:.0f} | {1000 * late:.0f} | {held:.0f} |")
    return "\n".join(lines)


def draw(seen: Soak, path: Path) -> None:
    """Write the plot, an SVG: memory and the time of each answer over the minutes."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.hashsalt": "soak", "svg.fonttype": "none", "font.size": 9})
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(6.8, 3.6), sharex=True, layout="constrained")
    above.plot([at / 60 for at, _ in seen.looks], [size for _, size in seen.looks], color="#b3261e")
    above.set_ylim(bottom=0)
    above.set_ylabel("memory, MiB")
    kept = seen.answers[:: max(1, len(seen.answers) // 1000)]
    below.plot([at / 60 for at, _ in kept], [1000 * took for _, took in kept], ".", color="#8fa6b8", markersize=2)
    below.set_ylim(bottom=0)
    below.set_ylabel("an answer, ms")
    below.set_xlabel("minutes")
    for plane in (above, below):
        plane.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--share", type=float, default=0.8, help="of what it answers when it is always asked")
    parser.add_argument("--growth", type=float, default=3, help="percent that memory may grow")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    questions, seconds = again(), 60 * options.minutes
    limits = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0", "QA_PORT": PORT}
    with serving(kept=0, **limits) as program:
        found = asyncio.run(asked([program], questions, users=FINDING_USERS, seconds=FINDING_SECONDS))
        most = len(found.times) / FINDING_SECONDS
        rate = options.share * most
        print(
            f"always asked: {most:.1f} answers a second, p95 {1000 * found.at(0.95):.0f} ms; now {rate:.1f}", flush=True
        )
        seen = asyncio.run(soak(program, questions, rate=rate, seconds=seconds))
    rows = tenths(seen, seconds)
    print(table(rows, seconds))
    growth = 100 * (rows[-1][3] / rows[1][3] - 1)
    print(f"{seen.failed} of {len(seen.answers) + seen.failed} failed; memory grew by {growth:.1f} %")
    if options.plot:
        draw(seen, options.plot)
    return 1 if seen.failed or growth > options.growth else 0


if __name__ == "__main__":
    sys.exit(main())
