"""Strangers who crowd the door keep nobody out of it."""

import asyncio
import threading
from collections.abc import Awaitable

import pytest

from qa.web.staff.sign_in_line import LINE, MOST_FROM_NETWORK, Crowded, SignInLine


async def outcome(coming: Awaitable[str]) -> str:
    try:
        return await coming
    except Crowded:
        return "crowded"


def crowd(addresses: list[str]) -> tuple[list[str], str, str]:
    """What comes of strangers at once, and of another stranger and a known browser behind them."""

    async def run() -> tuple[list[str], str, str]:
        line, gate = SignInLine(), threading.Event()

        def work() -> str:
            gate.wait(30)
            return "done"

        strangers = [asyncio.create_task(outcome(line.stranger(work, address=one))) for one in addresses]
        await asyncio.sleep(0)
        other = asyncio.create_task(outcome(line.stranger(work, address="203.0.113.9")))
        known = asyncio.create_task(outcome(line.known(work)))
        await asyncio.sleep(0)
        gate.set()
        return [await one for one in strangers], await other, await known

    return asyncio.run(run())


@pytest.mark.parametrize("one", ["198.51.100.7", "2001:db8:0:7::{}", "::ffff:198.51.100.7"])
def test_one_network_takes_no_more_than_its_places(one: str) -> None:
    strangers, other, known = crowd([one.format(number) for number in range(40)])
    assert strangers == ["done"] * MOST_FROM_NETWORK + ["crowded"] * (40 - MOST_FROM_NETWORK)
    assert (other, known) == ("done", "done")


def test_a_line_full_of_strangers_from_everywhere_leaves_room_to_known_browsers() -> None:
    strangers, other, known = crowd([f"198.51.100.{number}" for number in range(40)])
    assert strangers.count("done") == LINE
    assert (other, known) == ("crowded", "done")


def test_who_is_done_makes_room() -> None:
    async def run() -> list[str]:
        line = SignInLine()
        turns = [await outcome(line.stranger(lambda: "done", address="198.51.100.7")) for _ in range(40)]
        return turns + [await outcome(line.known(lambda: "done")) for _ in range(40)]

    assert asyncio.run(run()) == ["done"] * 80


def test_a_failure_makes_room_too() -> None:
    async def run() -> str:
        line = SignInLine()

        def wrong() -> str:
            raise ValueError

        for _ in range(2 * LINE):
            for coming in (line.stranger(wrong, address="198.51.100.7"), line.known(wrong)):
                with pytest.raises(ValueError):
                    await coming
        return await outcome(line.stranger(lambda: "done", address="198.51.100.7"))

    assert asyncio.run(run()) == "done"
