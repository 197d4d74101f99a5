"""Limits over several servers: as exact as one server's, without an address in the database, and never in the way."""

import asyncio
import math
import threading
import time
from contextlib import closing

import pytest
from pydantic import SecretStr

from qa.answering.overrides import Switches
from qa.service.rate_limit import Limit, Visitor, VisitorLimits
from qa.storage.database import open_database
from qa.storage.shared import visits
from qa.storage.shared.visits import SharedVisits
from tests.support.programs.postgresql import Server


@pytest.fixture
def where(postgresql_server: Server) -> SecretStr:
    return postgresql_server.new()


def test_two_servers_allow_together_what_one_allows(where: SecretStr) -> None:
    allowed: list[float | None] = []

    def visit() -> None:
        server = SharedVisits(where)
        for _ in range(15):
            allowed.append(server.take({"address 10.0.0.1": 30}))

    began = time.monotonic()
    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One more for every two seconds that the visits themselves take.
    further = math.ceil((time.monotonic() - began) / 2)
    assert len(allowed) == 60 and 30 <= allowed.count(0) <= min(30 + further, 59)


def test_exactly_as_many_as_allowed_at_once(where: SecretStr) -> None:
    server, other = SharedVisits(where), SharedVisits(where)
    taken = [one.take({"a": 3}) for one in (server, other, server, other, server)]
    assert taken[:3] == [0, 0, 0]
    assert all(wait is not None and 0 < wait <= 20 for wait in taken[3:])
    assert other.take({"b": 3}) == 0, "others are not counted for it"


def test_a_visit_that_is_being_counted_is_waited_for(where: SecretStr) -> None:
    server, waits = SharedVisits(where), list[float | None]()
    assert server.take({"b": 1}) == 0
    with closing(open_database(where)) as connection:
        other = threading.Thread(target=lambda: waits.append(SharedVisits(where).take({"a": 1})))
        with connection.transaction():
            key, step = server._hashed("a"), 60.0
            asked = "SELECT take_turn(CAST(? AS TEXT[]), CAST(? AS DOUBLE PRECISION[]))"
            assert next(connection.execute(asked, ([key], [step])))[0] == 0
            other.start()
            other.join(0.5)
            assert waits == []
        other.join()
    assert waits[0], "one a minute: the other came first"


def test_a_visit_counts_for_all_its_keys_or_for_none(where: SecretStr) -> None:
    server = SharedVisits(where)
    assert server.take({"address": 2, "session": 1}) == 0
    assert server.take({"address": 2, "session": 1}) != 0
    assert server.take({"address": 2}) == 0, "the refused visit did not count for the address"


def test_no_address_is_written(where: SecretStr) -> None:
    SharedVisits(where).take({"address 198.51.100.7": 3})
    with closing(open_database(where)) as connection:
        (key,) = [row["key"] for row in connection.execute("SELECT key FROM visits")]
        assert len(key) == 64 and "198" not in str(connection.execute("SELECT * FROM visit_secret").fetchall())
        connection.execute("UPDATE visits SET full_at = 1")
        SharedVisits(where).forget()
        assert connection.execute("SELECT key FROM visits").fetchall() == []


def test_without_the_database_a_server_counts_by_itself_and_asks_no_more_for_a_while(
    where: SecretStr, postgresql_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = SharedVisits(where)
    limits = VisitorLimits(Limit(2), Limit(0), shared)

    async def visit() -> bool:
        return not await limits.too_fast(Visitor("10.0.0.1"), Switches())

    assert asyncio.run(visit())
    postgresql_server.control("stop", "-m", "immediate")
    try:
        assert [asyncio.run(visit()) for _ in range(3)] == [True, True, False]
        with monkeypatch.context() as patched:
            patched.setattr(visits, "open_database", lambda _: pytest.fail("the database was asked again"))
            assert shared.take({"a": 1}) is None
    finally:
        postgresql_server.control("start")
    shared._retry_at = 0.0
    assert [asyncio.run(visit()) for _ in range(3)] == [True, True, False], "after a crash it counts anew"


def test_no_limit_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Untouched:
        def take(self, keys: object) -> float:
            raise AssertionError("asked")

    limits = VisitorLimits(Limit(0), Limit(0), Untouched())
    assert asyncio.run(limits.too_fast(Visitor("10.0.0.1", "page"), Switches())) == 0
