"""Whole documents are made into pages apart, kept, and limited in number."""

import asyncio
import threading
from pathlib import Path

import pytest

from qa.service.answer_queue import AnswerQueue
from qa.service.document_pages import LINE, MOST_FROM_NETWORK, ReadingRoom, ReadingRoomFull
from qa.service.rate_limit import READS, Visitor
from qa.service.sources import Source
from tests.support.doubles.web import FakeAssistant, FakeSources, admission


def test_a_page_is_made_once_in_another_thread() -> None:
    room, made = ReadingRoom(), []

    def make() -> bytes:
        made.append(threading.current_thread())
        return b"page"

    async def read() -> list[bytes]:
        return [await room.page("a", make), await room.page("a", make), await room.page("b", make)]

    assert asyncio.run(read()) == [b"page"] * 3
    assert len(made) == 2 and threading.main_thread() not in made
    room.close()


def test_only_so_much_is_kept() -> None:
    room, made = ReadingRoom(most_kept=10), []

    def make() -> bytes:
        made.append(1)
        return b"x" * 6

    async def read() -> None:
        for key in ("a", "b", "b", "a"):
            await room.page(key, make)

    asyncio.run(read())
    assert len(made) == 3
    room.close()


def test_who_comes_when_many_wait_is_turned_away_and_comes_in_later() -> None:
    room, go = ReadingRoom(), threading.Event()

    def make() -> bytes:
        go.wait(20)
        return b"page"

    async def read() -> bytes:
        waiting = [asyncio.create_task(room.page(number, make)) for number in range(LINE)]
        await asyncio.sleep(0)
        with pytest.raises(ReadingRoomFull):
            await room.page("one more", make)
        go.set()
        await asyncio.gather(*waiting)
        return await room.page("one more", make)

    assert asyncio.run(read()) == b"page"
    room.close()


def test_one_network_leaves_room_to_others() -> None:
    room, go = ReadingRoom(), threading.Event()

    def make() -> bytes:
        go.wait(20)
        return b"page"

    async def read() -> None:
        one = [asyncio.create_task(room.page(n, make, network="198.51.100.1")) for n in range(MOST_FROM_NETWORK)]
        await asyncio.sleep(0)
        with pytest.raises(ReadingRoomFull):
            await room.page("one more", make, network="198.51.100.1")
        other = asyncio.create_task(room.page("another's", make, network="198.51.100.2"))
        await asyncio.sleep(0)
        go.set()
        assert await asyncio.gather(other, *one) == [b"page"] * (MOST_FROM_NETWORK + 1)
        assert await room.page("one more", make, network="198.51.100.1") == b"page"

    asyncio.run(read())
    room.close()


@pytest.mark.parametrize(("snapshot", "where"), [("000001", "asyncio"), ("000000", "reading")])
def test_what_is_read_from_the_disk_takes_no_thread_of_those_who_ask(tmp_path: Path, snapshot: str, where: str) -> None:
    threads: list[str] = []

    class Watched(FakeSources):
        def open(self, snapshot: str, name: str) -> Source | None:
            threads.append(threading.current_thread().name)
            return super().open(snapshot, name)

    desk = admission(FakeAssistant(), tmp_path, sources=Watched())
    asyncio.run(desk.open(snapshot, "school.md", Visitor("198.51.100.1")))
    assert desk.snapshot == "000001" and [name.partition("_")[0] for name in threads] == [where]
    desk.close()


def test_documents_are_opened_so_often_from_one_address(tmp_path: Path) -> None:
    desk = admission(FakeAssistant(), tmp_path, per_address=2)
    opened = [asyncio.run(desk.reads_too_fast(Visitor("198.51.100.1"))) == 0 for _ in range(2 * READS + 1)]
    assert opened == [True] * 2 * READS + [False]
    assert asyncio.run(desk.reads_too_fast(Visitor("198.51.100.2"))) == 0
    assert asyncio.run(desk.too_fast(Visitor("198.51.100.1"))) == 0, "questions are counted apart"
    desk.close()


def test_a_time_does_not_tell_that_somebody_asked_the_same() -> None:
    desk = AnswerQueue(FakeAssistant())

    async def ask() -> list[float]:
        return [(await desk.ask("结成多少对？")).elapsed_ms for _ in range(2)]

    assert asyncio.run(ask()) == [12.0, 12.0]
    assert len(desk.assistant.asked) == 1  # type: ignore[attr-defined]
    desk.close()
