"""Every limit takes the same callers for one."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest

from qa.service import rate_limit
from qa.service.admission import Received, TurnedAway
from qa.service.network_address import address_of, network_of
from qa.service.rate_limit import MOST_FROM_ADDRESS, Visitor
from tests.support.doubles.web import ADDRESS, FakeAssistant, admission, make_app


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:c633:6407", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("198.51.100.7:51234", "198.51.100.7"),
        ("[2001:db8:1:2:3:4:5:6]:51234", "2001:db8:1:2::/64"),
        ("[::ffff:198.51.100.7]", "198.51.100.7"),
        ("198.51.100.7:port", "198.51.100.7:port"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_counts_for_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("127.0.0.1", "::ffff:7f00:1", True),
        ("2001:DB8::1", "2001:db8:0:0:0:0:0:1", True),
        ("fe80::1%eth0", "fe80::1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("2001:db8::1", "2001:db8::2", False),
        ("127.0.0.1", "::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert (address_of(one) == address_of(other)) == same


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands, so that no bucket refills while a test runs."""
    clock = SimpleNamespace(monotonic=lambda: 100.0, perf_counter=time.perf_counter)
    monkeypatch.setattr(rate_limit, "time", clock)


def ask_from(home: Path, addresses: list[str]) -> list[int]:
    """The status of one question from each address, over HTTP, with the limit of 60 a minute."""
    app = make_app(FakeAssistant(), home, QA_ADDRESS_PER_MINUTE="60")

    async def run() -> list[int]:
        found = []
        for address in addresses:
            transport = httpx2.ASGITransport(app, client=(address, 1))
            async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                found.append((await client.post("/api/ask", json={"question": "多少"})).status_code)
        return found

    return asyncio.run(run())


@pytest.mark.usefixtures("still")
def test_ninety_addresses_of_one_ipv6_network_ask_no_more_than_one(tmp_path: Path) -> None:
    statuses = ask_from(tmp_path, [f"2001:db8:0:7::{number:x}" for number in range(90)] + ["2001:db8:0:8::1"])
    assert statuses == [200] * 60 + [429] * 30 + [200], "another network is not slowed down"


@pytest.mark.long
@pytest.mark.usefixtures("still")
def test_ninety_addresses_of_ipv4_are_ninety_callers_however_they_are_written(tmp_path: Path) -> None:
    assert ask_from(tmp_path, [f"::ffff:198.51.100.{number}" for number in range(90)]) == [200] * 90
    mixed = [f"{'::ffff:' if number % 2 else ''}198.51.100.200" for number in range(90)]
    assert ask_from(tmp_path, mixed) == [200] * 60 + [429] * 30


def test_one_network_does_not_fill_the_line(tmp_path: Path) -> None:
    async def run() -> tuple[int, bool]:
        at = admission(FakeAssistant(), tmp_path, per_address=1000)
        asked = [
            at.ask(f"{number}多少", (), Visitor(f"2001:db8:0:7::{number:x}"), channel="api")
            for number in range(MOST_FROM_ADDRESS + 4)
        ]
        other = at.ask("多少", (), Visitor("2001:db8:0:8::1"), channel="api")
        *outcomes, elsewhere = await asyncio.gather(*asked, other)
        at.close()
        return sum(isinstance(outcome, Received) for outcome in outcomes), isinstance(elsewhere, Received)

    assert asyncio.run(run()) == (MOST_FROM_ADDRESS, True)


@pytest.mark.usefixtures("still")
def test_feedback_counts_for_the_same_network(tmp_path: Path) -> None:
    async def run() -> list[bool]:
        at = admission(FakeAssistant(), tmp_path, per_address=2)
        visitors = [Visitor(f"2001:db8::{number}") for number in range(1, 4)]
        first = await at.ask("多少", (), visitors[0], channel="api")
        slowed = [isinstance(first, TurnedAway), *[bool(await at.too_fast(visitor)) for visitor in visitors[1:]]]
        at.close()
        return slowed

    assert asyncio.run(run()) == [False, False, True]
