"""The line before the desk: fair among addresses, and nothing lost when somebody leaves it."""

import asyncio
from collections.abc import Sequence

import pytest

from qa.service.fair_queue import Line, TooMany, Turns

PATIENCE = 60.0  # seconds


async def stand(line: Line, address: str, name: str, served: list[str], hold: asyncio.Event | None = None) -> None:
    async with line.turn(address):
        served.append(name)
        if hold:
            await hold.wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def served_in_order(asked: Sequence[tuple[str, str]], *, leaving: Sequence[str] = ()) -> list[str]:
    """Who is served, in order, when all ask while the only turn is taken and `leaving` give up waiting."""

    async def run() -> list[str]:
        line, served, hold = Line(1), list[str](), asyncio.Event()
        first = asyncio.create_task(stand(line, "first", "first", served, hold))
        await settled()
        standing = {name: asyncio.create_task(stand(line, address, name, served)) for address, name in asked}
        await settled()
        for name in leaving:
            standing[name].cancel()
        hold.set()
        await asyncio.gather(first, *standing.values(), return_exceptions=True)
        await asyncio.wait_for(stand(line, "late", "late", served), timeout=PATIENCE)
        return served

    return asyncio.run(run())


def test_addresses_take_turns() -> None:
    """T33: who asks three times at once delays nobody by more than one answer."""
    asked = [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1")]
    assert served_in_order(asked) == ["first", "a1", "b1", "c1", "a2", "a3", "late"]


def test_one_address_is_served_in_the_order_it_asked() -> None:
    assert served_in_order([("a", "a1"), ("a", "a2"), ("a", "a3")]) == ["first", "a1", "a2", "a3", "late"]


def test_who_leaves_the_line_takes_no_turn_along() -> None:
    asked = [("a", "a1"), ("b", "b1"), ("c", "c1")]
    assert served_in_order(asked, leaving=["a1", "c1"]) == ["first", "b1", "late"]


def test_a_turn_given_to_somebody_who_leaves_at_that_moment_goes_on() -> None:
    async def run() -> list[str]:
        line, served, hold = Line(1), list[str](), asyncio.Event()
        first = asyncio.create_task(stand(line, "first", "first", served, hold))
        await settled()
        leaving = asyncio.create_task(stand(line, "a", "a", served))
        staying = asyncio.create_task(stand(line, "b", "b", served))
        await settled()
        first.cancel()  # passes the turn on to `leaving`, before which …
        await asyncio.sleep(0)
        leaving.cancel()  # … had a chance to run
        await asyncio.gather(first, leaving, return_exceptions=True)
        await asyncio.wait_for(staying, timeout=PATIENCE)
        return served

    assert asyncio.run(run()) == ["first", "b"]


def test_who_comes_now_is_behind_one_of_each_other_address_and_all_of_his_own() -> None:
    async def run() -> tuple[int, int, int]:
        line, served, hold = Line(1), list[str](), asyncio.Event()
        asked = ["first", "a", "a", "a", "b"]
        tasks = [asyncio.create_task(stand(line, address, address, served, hold)) for address in asked]
        await settled()
        counts = line.ahead("new"), line.ahead("b"), line.ahead("a")
        hold.set()
        await asyncio.gather(*tasks)
        return counts

    assert asyncio.run(run()) == (2, 3, 4)


def test_as_many_are_served_at_once_as_there_are_turns() -> None:
    async def run() -> int:
        line, served, hold = Line(2), list[str](), asyncio.Event()
        tasks = [asyncio.create_task(stand(line, str(n), str(n), served, hold)) for n in range(5)]
        await settled()
        count = len(served)
        hold.set()
        await asyncio.gather(*tasks)
        assert len(served) == 5
        return count

    assert asyncio.run(run()) == 2


def test_a_member_holds_a_part_of_the_turns_and_no_more_of_the_line_than_may() -> None:
    async def run() -> tuple[list[str], list[str]]:
        turns, working, hold = Turns(3, of_member=2, present=4), list[str](), asyncio.Event()

        async def work(member: str, name: str) -> None:
            async with turns.turn(member):
                working.append(name)
                await hold.wait()

        tasks = [asyncio.create_task(work("a", f"a{n}")) for n in range(4)]
        tasks += [asyncio.create_task(work("b", f"b{n}")) for n in range(2)]
        await settled()
        at_work = list(working)
        with pytest.raises(TooMany):
            await work("a", "a5")
        tasks[3].cancel()
        hold.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5), turns.turn("a"), turns.turn("b"):
            assert turns._present.total() == 2
        assert not turns._present and not turns._own, "nobody who left is remembered"
        return at_work, working

    at_work, all_of_them = asyncio.run(run())
    assert at_work == ["a0", "a1", "b0"]
    assert sorted(all_of_them) == ["a0", "a1", "a2", "b0", "b1"]
