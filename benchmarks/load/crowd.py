"""Crowds of other kinds than those who ask, on the running program: threats T30 to T33, a row of figures each.

    python -m benchmarks.load.crowd cold | slow | greedy | overload [--address http://…]

cold      500 first visits in 60 seconds, each with every call that the page makes, beside Chromium that paints it
slow      500 idle connections and 200 that send a byte a second, while /healthz is asked
greedy    one address that asks 50 times a second, beside 50 others, against the 50 alone
overload  three times as many questions as can be answered, and how soon one alone is answered afterwards

Without `--address` the program is started on this machine; `greedy` needs a Linux loopback, whose addresses 127.0.0.x
all lead here.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx2
from playwright.async_api import Browser, async_playwright

from benchmarks.load.users import golden_questions, serving
from tests.support.programs.browsing import ARGUMENTS, CHROMIUM

COLD, COLD_SECONDS = 500, 60
IDLE, DRIPPING, SLOW_SECONDS = 500, 200, 30
OTHERS, GREEDY_RATE, GREEDY_SECONDS = 50, 50, 60
OVERLOADED_USERS, OVERLOAD_EVERY, OVERLOAD_SECONDS = 200, 1.5, 40


def at(times: Sequence[float], share: float) -> str:
    ordered = sorted(times)
    return f"{1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]:.0f} ms" if ordered else "-"


def row(name: str, times: Sequence[float], outcomes: Mapping[str, int]) -> None:
    print(f"{name}: {dict(outcomes)}, p50 {at(times, 0.5)}, p95 {at(times, 0.95)}, p99 {at(times, 0.99)}", flush=True)


def client(address: str, *, source: str = "") -> httpx2.AsyncClient:
    transport = httpx2.AsyncHTTPTransport(local_address=source or None, limits=httpx2.Limits(max_connections=None))
    return httpx2.AsyncClient(base_url=address, transport=transport, timeout=60)


async def cold(address: str) -> None:
    """Imitate browsers with six connections each; what Chromium calls, and when it paints, it reports itself."""
    async with painting() as browser:
        needed, _ = await _visited(browser, address)
        times: list[float] = []
        paints: list[float] = []
        outcomes: Counter[str] = Counter()
        visits = [asyncio.create_task(_visit(address, needed, times, outcomes)) for _ in range(COLD)]
        while not all(visit.done() for visit in visits):
            _, paint = await _visited(browser, address)
            paints.append(paint)
            await asyncio.sleep(2)
    row(f"{COLD} first visits in {COLD_SECONDS} s, {len(needed)} calls each", times, outcomes)
    row("  Chromium among them, first paint", paints, {"painted": len(paints)})


@asynccontextmanager
async def painting() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


async def _visited(browser: Browser, address: str) -> tuple[list[str], float]:
    """Return what a browser without a cache requests, and the seconds until it painted."""
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    await page.goto(address)
    await page.locator(".masthead .date").wait_for(state="attached", timeout=60_000)
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await context.close()
    return called, paint / 1000


async def _visit(address: str, needed: Sequence[str], times: list[float], outcomes: Counter[str]) -> None:
    await asyncio.sleep(random.uniform(0, COLD_SECONDS))
    started = time.monotonic()
    six = asyncio.Semaphore(6)
    page, *further = needed

    async def get(file: str) -> bool:
        async with six:
            return (await own.get(file)).status_code == 200

    try:
        async with client(address) as own:
            # Who asks for HTML first has nothing to ask for before it is there.
            got = [await get(page), *await asyncio.gather(*(get(file) for file in further))]
    except httpx2.HTTPError as error:
        outcomes[type(error).__name__] += 1
        return
    outcomes["ok" if all(got) else "failed"] += 1
    times.append(time.monotonic() - started)


async def slow(address: str) -> None:
    """Measure whether the process reports its health at once while many connections are held open."""
    host, port = urlsplit(address).hostname, urlsplit(address).port

    async def hold(head: bytes) -> None:
        end = time.monotonic() + SLOW_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(head)
                while time.monotonic() < end and not reader.at_eof():
                    writer.write(b"x" if head else b"")
                    await asyncio.sleep(1)
                writer.close()

    held = [asyncio.create_task(hold(b"")) for _ in range(IDLE)]
    held += [asyncio.create_task(hold(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")) for _ in range(DRIPPING)]
    times: list[float] = []
    outcomes: Counter[str] = Counter()
    await asyncio.sleep(2)
    async with client(address) as well:
        while not all(task.done() for task in held):
            started = time.monotonic()
            outcomes[str((await well.get("/healthz")).status_code)] += 1
            times.append(time.monotonic() - started)
            await asyncio.sleep(0.1)
    row(f"/healthz beside {IDLE} idle and {DRIPPING} slow connections", times, outcomes)


async def greedy(address: str) -> None:
    """Measure the others' times with and without one greedy visitor, in one run, on new questions."""
    questions = golden_questions(fresh=True)
    for name, rate in (("50 addresses alone", 0), (f"50 addresses beside one that asks {GREEDY_RATE} a second", 50)):
        times: list[float] = []
        outcomes: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        end = time.monotonic() + GREEDY_SECONDS
        asking = [
            _asks(address, f"127.0.1.{n + 1}", questions, end=end, every=10.0, times=times, outcomes=outcomes)
            for n in range(OTHERS)
        ]
        one = [
            _asks(address, "127.0.2.1", questions, end=end, every=1.0, times=[], outcomes=refused) for _ in range(rate)
        ]
        await asyncio.gather(*asking, *one)
        row(name, times, outcomes)
        if rate:
            print(f"  the one: {dict(refused)}")


async def overload(address: str) -> None:
    times: list[float] = []
    refusals: list[float] = []
    outcomes: Counter[str] = Counter()
    questions = golden_questions()
    end = time.monotonic() + OVERLOAD_SECONDS
    await asyncio.gather(
        *(
            _asks(
                address,
                f"127.0.3.{n + 1}",
                questions,
                end=end,
                every=OVERLOAD_EVERY,
                times=times,
                outcomes=outcomes,
                refusals=refusals,
            )
            for n in range(OVERLOADED_USERS)
        )
    )
    row(f"{OVERLOADED_USERS} users every {OVERLOAD_EVERY} s, answered", times, outcomes)
    row("  turned away", refusals, {})
    after = time.monotonic()
    alone: list[float] = []
    while not alone or alone[-1] > 1:
        await _asks(address, "127.0.4.1", questions, end=time.monotonic(), every=0.1, times=alone, outcomes=Counter())
    print(f"  answered within a second again after {time.monotonic() - after:.1f} s")


async def _asks(
    address: str,
    source: str,
    questions: Iterator[str],
    *,
    end: float,
    every: float,
    times: list[float],
    outcomes: Counter[str],
    refusals: list[float] | None = None,
) -> None:
    """Ask as one visitor from the address `source`, at least once and then again and again until `end`."""
    async with client(address, source=source) as own:
        await asyncio.sleep(random.uniform(0, min(every, max(0.0, end - time.monotonic()))))
        while True:
            started = time.monotonic()
            try:
                status = (await own.post("/api/ask", json={"question": next(questions)})).status_code
            except httpx2.HTTPError as error:
                status = 0
                outcomes[type(error).__name__] += 1
            taken = time.monotonic() - started
            if status:
                outcomes[str(status)] += 1
            if status == 200:
                times.append(taken)
            elif refusals is not None:
                refusals.append(taken)
            if time.monotonic() >= end:
                return
            await asyncio.sleep(max(0.0, every * random.uniform(0.8, 1.2) - taken))


CROWDS: Mapping[str, Callable[[str], Coroutine[None, None, None]]] = {
    "cold": cold,
    "slow": slow,
    "greedy": greedy,
    "overload": overload,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crowd", choices=CROWDS)
    parser.add_argument("--address", help="of a program that runs already")
    options = parser.parse_args()
    if options.address:
        asyncio.run(CROWDS[options.crowd](options.address))
        return 0
    limits = {} if options.crowd == "greedy" else {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0"}
    with serving(kept=0, **limits) as program:
        asyncio.run(CROWDS[options.crowd](program.address))
    return 0


if __name__ == "__main__":
    sys.exit(main())
