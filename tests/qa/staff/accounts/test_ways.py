"""The ways to the provider of single sign-on and back: each once, from one browser, within minutes, not too many."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.staff.accounts.sign_on import ways
from qa.staff.accounts.sign_on.errors import WayLost
from qa.staff.accounts.sign_on.ways import LONGEST, TooManyWays, Ways
from qa.storage.database import DATABASE

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
BACK = "https://wenda.example.gov.cn/staff/sign-in/sso/back"


def begin(ways: Ways, network: str = "192.0.2.7", now: datetime = NOW) -> tuple[str, str]:
    token, way = ways.begin(back=BACK, network=network, sessions=["s"], now=now)
    return token, way.state


def test_a_way_ends_once_and_returns_what_it_began_with(tmp_path: Path) -> None:
    open_ways = Ways(tmp_path / DATABASE)
    token, way = open_ways.begin(back=BACK, network="192.0.2.7", sessions=["s"], now=NOW)
    assert open_ways.end(token, way.state, now=NOW + LONGEST - timedelta(seconds=1)) == way
    assert way.earlier == (ways.hash_of("s"),)
    with pytest.raises(WayLost):
        open_ways.end(token, way.state, now=NOW)


def test_neither_another_browser_nor_another_state_nor_a_late_one_ends_it(tmp_path: Path) -> None:
    open_ways = Ways(tmp_path / DATABASE)
    (mine, state), (other, others) = begin(open_ways), begin(open_ways)
    with pytest.raises(WayLost):
        open_ways.end("x" * 43, state, now=NOW)
    with pytest.raises(WayLost):
        open_ways.end(mine, others, now=NOW)
    with pytest.raises(WayLost):
        open_ways.end(mine, state, now=NOW)  # the wrong state has used it up
    with pytest.raises(WayLost):
        open_ways.end(other, others, now=NOW + LONGEST)


def test_a_network_with_many_open_ways_waits_and_others_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "MOST_FROM_NETWORK", 2)
    monkeypatch.setattr(ways, "MOST", 3)
    open_ways = Ways(tmp_path / DATABASE)
    begin(open_ways), begin(open_ways)
    with pytest.raises(TooManyWays):
        begin(open_ways)
    begin(open_ways, "198.51.100.1")
    with pytest.raises(TooManyWays):
        begin(open_ways, "198.51.100.2")
    begin(open_ways, now=NOW + LONGEST)


def test_the_file_holds_neither_token_nor_state(tmp_path: Path) -> None:
    token, state = begin(Ways(tmp_path / DATABASE))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert BACK.encode() in kept and token.encode() not in kept and state.encode() not in kept
