"""Guessing is bounded, and nobody keeps a member of staff out by guessing (T20)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.runtime.settings import read
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.attempts import CEILING, MOST, WINDOW, SignInTooOften
from qa.staff.accounts.known_browser import browser_of, new_browser, signed
from qa.staff.accounts.members import SignInWrong
from qa.staff.accounts.sessions import Sessions
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.database import DATABASE

pytestmark = pytest.mark.usefixtures("both_engines")

GOOD, OTHER = "青山 渡口 灯笼 七点半", "白菜 电车 月亮 十二点"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOME = "203.0.113.9"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    Accounts(tmp_path / DATABASE).add("wangfang", Role.ADMIN, GOOD)
    Accounts(tmp_path / DATABASE).add("李明", Role.EDITOR, OTHER)
    return tmp_path / DATABASE


@pytest.fixture
def sessions(database: Path) -> Iterator[Sessions]:
    opened = Sessions(database)
    yield opened
    opened.close()


def known(sessions: Sessions, name: str = "wangfang", password: str = GOOD) -> str:
    """What a browser has after its first sign-in, an hour ago."""
    return sessions.sign_in(name, password, address=HOME, now=NOON - timedelta(hours=1)).known


def guess(sessions: Sessions, count: int, *, name: str = "wangfang", now: datetime = NOON) -> int:
    """Guess from ever another network; how many of the guesses were looked at."""
    looked_at = 0
    for number in range(count):
        try:
            sessions.sign_in(name, f"guess {number}", address=f"10.{number // 250}.{number % 250}.1", now=now)
        except SignInWrong:
            looked_at += 1
        except SignInTooOften:
            pass
    return looked_at


@pytest.mark.parametrize("count", [5, 10, CEILING - 1])
def test_guesses_from_elsewhere_keep_neither_a_known_browser_nor_a_fresh_network_out(
    sessions: Sessions, count: int
) -> None:
    browser = known(sessions)
    assert guess(sessions, count) == count
    assert sessions.sign_in("wangfang", GOOD, address="198.51.100.1", now=NOON).failures == count
    assert sessions.sign_in("wangfang", GOOD, address="198.51.100.2", now=NOON, known=browser)


@pytest.mark.long
def test_of_guesses_from_a_thousand_networks_fifty_are_looked_at_and_the_known_browser_comes_in(
    sessions: Sessions,
) -> None:
    browser = known(sessions)
    assert guess(sessions, 1000) == CEILING == 50
    with pytest.raises(SignInTooOften) as told:
        sessions.sign_in("wangfang", GOOD, address="198.51.100.1", now=NOON)
    # From the guessers' own network, too.
    assert sessions.sign_in("wangfang", GOOD, address="10.0.0.1", now=NOON, known=browser)
    assert guess(sessions, 100) == 0, "coming in gave the guessers nothing back"
    later = NOON + timedelta(seconds=told.value.seconds)
    assert later <= NOON + WINDOW
    assert sessions.sign_in("wangfang", GOOD, address="198.51.100.1", now=later)


def test_a_name_under_attack_slows_no_other_name(sessions: Sessions) -> None:
    assert guess(sessions, 100) == CEILING
    assert sessions.sign_in("李明", OTHER, address=HOME, now=NOON)


def test_a_browser_that_was_not_given_it_is_a_stranger(sessions: Sessions, database: Path) -> None:
    genuine, colleague = known(sessions), known(sessions, "李明", OTHER)
    browser, _, signature = genuine.partition(".")
    forged = [
        *("", ".", "x", colleague, signed(new_browser(), "wangfang", "guessed key")),
        *(f"{new_browser()}.{signature}", f"{browser}.{'0' * 64}", genuine.upper(), genuine + "0", genuine + "\n"),
    ]
    guess(sessions, CEILING)
    for shown in forged:
        with pytest.raises(SignInTooOften):
            sessions.sign_in("wangfang", GOOD, address=HOME, now=NOON, known=shown)
    assert sessions.sign_in("wangfang", GOOD, address=HOME, now=NOON, known=genuine)
    kept = Accounts(database).kept("wangfang")
    assert browser_of(genuine, "wangfang", kept) == browser
    assert browser_of(genuine, "wangfang", None) == browser_of(genuine, "李明", kept) == ""


def test_a_changed_password_makes_every_browser_a_stranger(sessions: Sessions, database: Path) -> None:
    browser = known(sessions)
    Accounts(database).set_password("wangfang", OTHER)
    guess(sessions, CEILING)
    with pytest.raises(SignInTooOften):
        sessions.sign_in("wangfang", OTHER, address=HOME, now=NOON, known=browser)
    assert sessions.sign_in("wangfang", OTHER, address=HOME, now=NOON, known=sessions.know("wangfang"))
    assert sessions.know("nobody") == ""


def test_a_known_browser_is_no_place_to_guess(sessions: Sessions) -> None:
    browser, now, looked_at = known(sessions), NOON, 0
    while now < NOON + WINDOW:
        try:
            sessions.sign_in("wangfang", "guess", address=HOME, now=now, known=browser)
        except SignInWrong:
            looked_at += 1
        except SignInTooOften as told:
            now += timedelta(seconds=told.seconds)
    assert 5 < looked_at <= MOST
    assert sessions.sign_in("wangfang", GOOD, address="198.51.100.1", now=NOON), "it locked nobody out but itself"


def test_a_known_browser_stays_the_same_one(sessions: Sessions) -> None:
    browser = known(sessions)
    assert sessions.sign_in("wangfang", GOOD, address=HOME, now=NOON, known=browser).known == browser
    assert sessions.sign_in("wangfang", GOOD, address=HOME, now=NOON).known != browser


def test_callers_of_ipv4_behind_a_socket_of_both_kinds_are_told_apart(sessions: Sessions) -> None:
    for number in range(5):
        with pytest.raises(SignInWrong):
            sessions.sign_in(f"name{number}", "guess", address="::ffff:198.51.100.1", now=NOON)
    for address in ("::ffff:198.51.100.1", "198.51.100.1"):
        with pytest.raises(SignInTooOften):
            sessions.sign_in("wangfang", GOOD, address=address, now=NOON)
    assert sessions.sign_in("wangfang", GOOD, address="::ffff:203.0.113.9", now=NOON)


def test_strangers_guesses_do_not_keep_a_member_from_a_new_password(sessions: Sessions, database: Path) -> None:
    guess(sessions, CEILING, now=datetime.now(UTC))
    accounts = Console(read({"QA_HOME": str(database.parent)}), who="wangfang", role=Role.ADMIN).accounts
    for _ in range(4):
        with pytest.raises(SignInWrong):
            accounts.own_password("guess", OTHER)
    accounts.own_password(GOOD, OTHER)
    for _ in range(5):
        with pytest.raises(SignInWrong):
            accounts.own_password(GOOD, "别的 一个 密码 三二一")
    with pytest.raises(SignInTooOften):
        accounts.own_password(OTHER, "别的 一个 密码 三二一")
    browser = sessions.know("wangfang")
    assert sessions.sign_in("wangfang", OTHER, address=HOME, now=datetime.now(UTC), known=browser)
