"""How many servers so many users need: simulated from the seconds that one answer takes a core.

    python -m benchmarks.load.simulation [--users 10000 100000 1000000] [--work 0.2] [--every 300]

Assumed, none of it from an office's log: users ask independently of each other, each once in `--every` seconds;
questions are as frequent as their rank says (Zipf, exponent 1) among 200,000; a quarter goes on in a conversation,
which no kept reply answers; an answer takes `--work` seconds of one core, varied by three tenths; the proxy chooses the
server with the fewest questions under way, as `least_conn` does; each server has `--cores` and keeps its own 1,000
replies. Wanted: 95 of 100 answered within 0.6 s, and 999 of 1,000 within 4 s, after which a server turns visitors away.
Network, database and object store are not simulated, and no server fails: have one more than the table says.
"""

import argparse
import heapq
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

QUESTIONS, FOLLOW_UPS, VARIED = 200_000, 0.25, 0.3
WANTED_P95, LONGEST, WANTED_SERVED = 0.6, 4.0, 0.999
# Questions simulated, of which the first tenth only fills the servers: a line that grows for minutes is to be seen.
EVENTS, SECONDS = 60_000, 120
_FILLED = 4  # draws for each kept reply, by which a server's memory is filled beforehand


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is asked of all servers: questions a second, and what an answer costs."""

    rate: float
    work: float
    kept: int
    cores: int = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long visitors waited."""

    p95: float
    served: float
    kept: float  # the share of questions answered by a kept reply

    @property
    def good(self) -> bool:
        return self.p95 <= WANTED_P95 and self.served >= WANTED_SERVED


class _Server:
    """The moments at which its cores are free, and the replies it keeps."""

    def __init__(self, crowd: Crowd, asked: Sequence[int]) -> None:
        self.free = [0.0] * crowd.cores
        self._kept: OrderedDict[int, None] = OrderedDict()
        self._most = crowd.kept
        for question in asked:
            self.keeps(question)

    def keeps(self, question: int) -> bool:
        """Return whether the reply was kept; from now on it is."""
        found = question in self._kept
        if self._most:
            self._kept[question] = None
            self._kept.move_to_end(question)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def answer(self, now: float, work: float) -> float:
        """Return when the question is answered; the first core that is free does it."""
        end = max(now, heapq.heappop(self.free)) + work
        heapq.heappush(self.free, end)
        return end


def simulated(crowd: Crowd, servers: int, *, seed: int = 1, events: int = 0) -> Outcome:
    """Let so many servers answer a crowd."""
    events = events or max(EVENTS, round(SECONDS * crowd.rate))
    chance = np.random.default_rng(seed)
    arrivals = np.cumsum(chance.exponential(1 / crowd.rate, events)).tolist()
    works = np.maximum(0.01, chance.normal(crowd.work, VARIED * crowd.work, events)).tolist()
    questions, follow_ups = _drawn(chance, events), (chance.random(events) < FOLLOW_UPS).tolist()
    filled = _drawn(chance, servers * crowd.kept * _FILLED)
    share = crowd.kept * _FILLED
    ours = [_Server(crowd, filled[number * share : (number + 1) * share]) for number in range(servers)]
    under_way, ends = np.zeros(servers, dtype=np.int32), list[tuple[float, int]]()
    waits, kept = [], 0
    for now, work, question, follows in zip(arrivals, works, questions, follow_ups, strict=True):
        while ends and ends[0][0] <= now:
            under_way[heapq.heappop(ends)[1]] -= 1
        place = int(under_way.argmin())
        if not follows and ours[place].keeps(question):
            waits.append(0.0)
            kept += 1
            continue
        end = ours[place].answer(now, work)
        under_way[place] += 1
        heapq.heappush(ends, (end, place))
        waits.append(end - now)
    counted = np.array(waits[events // 10 :])
    return Outcome(float(np.quantile(counted, 0.95)), float((counted <= LONGEST).mean()), kept / events)


def _drawn(chance: np.random.Generator, count: int) -> list[int]:
    """Draw questions by their frequency."""
    frequent = 1 / np.arange(1, QUESTIONS + 1)
    bounds = np.cumsum(frequent / frequent.sum())
    drawn: list[int] = np.searchsorted(bounds, chance.random(count)).tolist()
    return drawn


def needed(crowd: Crowd) -> tuple[int, Outcome]:
    """Return the least number of servers that is good enough, and how visitors fare with it."""
    low = 0
    high = max(1, round(crowd.rate * crowd.work / crowd.cores))
    while not (outcome := simulated(crowd, high)).good:
        low, high = high, high + max(1, high // 10)
    found = outcome
    while high - low > 1:
        middle = (low + high) // 2
        outcome = simulated(crowd, middle)
        if outcome.good:
            high, found = middle, outcome
        else:
            low = middle
    return high, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--every", type=float, default=300, help="seconds between two questions of a user")
    parser.add_argument(
        "--work", type=float, default=0.2, help="seconds of a core that an answer takes: two gave 10.0 answers a second"
    )
    parser.add_argument("--cores", type=int, default=2, help="of a server")
    options = parser.parse_args()
    for users in options.users:
        for kept in (0, 1_000):
            crowd = Crowd(users / options.every, options.work, kept, options.cores)
            servers, outcome = needed(crowd)
            print(f"{users:9,} users, {crowd.rate:7.1f} questions a second, {kept:5,} replies kept by each: ", end="")
            print(f"{servers:4} servers; p95 {outcome.p95:.2f} s, {outcome.kept:.0%} by a kept reply", flush=True)


if __name__ == "__main__":
    main()
