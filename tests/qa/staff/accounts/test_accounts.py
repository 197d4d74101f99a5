"""Accounts, passwords and sessions (T20 to T22), without a browser."""

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.runtime.settings import ROOT, read
from qa.staff.accounts import passwords
from qa.staff.accounts.accounts import AccountRefused, Accounts
from qa.staff.accounts.attempts import WINDOW, SignInTooOften
from qa.staff.accounts.members import Member, SignInWrong
from qa.staff.accounts.passwords import PasswordWeak
from qa.staff.accounts.sessions import IDLE, LONGEST, Sessions, end_sessions
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.database import DATABASE, open_database
from tests.support.counts import count
from tests.support.engines import in_a_file

pytestmark = pytest.mark.usefixtures("both_engines")

GOOD, OTHER = "青山 渡口 灯笼 七点半", "白菜 电车 月亮 十二点"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANY = count(10, whole=100)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    accounts = Accounts(tmp_path / DATABASE)
    accounts.add("wangfang", Role.EDITOR, GOOD)
    accounts.add("李明", Role.ADMIN, OTHER)
    return tmp_path / DATABASE


@pytest.fixture
def sessions(database: Path) -> Iterator[Sessions]:
    opened = Sessions(database)
    yield opened
    opened.close()


def token(sessions: Sessions, now: datetime = NOON) -> str:
    return sessions.sign_in("wangfang", GOOD, address="10.0.0.1", now=now).token


def test_there_is_no_account_until_one_is_added(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / DATABASE)
    assert not accounts.any()
    accounts.add("wangfang", Role.EDITOR, GOOD)
    assert accounts.any()


def test_no_password_stands_in_the_program() -> None:
    """T22: nothing that could be signed in with is in the sources, nor in what a start writes."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    sources = [ROOT / name for name in tracked if name.endswith((".py", ".md", ".txt", ".toml")) or name == "Makefile"]
    if not any(path.is_file() for path in sources):
        pytest.skip("no git checkout to look through")
    kept = re.compile(r"scrypt\$\d+\$\d+\$\d+\$[\w+/=]{20}")
    assert kept.search(passwords.hash_of(GOOD))
    assert [path for path in sources if path.is_file() and kept.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "password",
    [
        *("", "short", "a" * 9, "a" * 129, "xV9-plum-Ke", "长江之上三座新桥真长啊", "wangfang-2026", "aaaaaaaaaaaa"),
        *("123456789012", "098765432109", "qwertyuiopas", "password1234", "P@ssw0rd2026", "Admin@2024!!"),
        *("fuling-2026!", "ZheJiang8888", "zhefuwenda12", "abcabcabcabc", "1qaz2wsx3edc", "asdfghjkl123"),
        *("2026-03-02-11", "12345678901234567890", "qwer asdf zxcv", "111222333444", "Ｐａｓｓｗｏｒｄ１２３４"),
        *("1q2w3e4r5t6y", "qazwsxedcrfv", "123qweasdzxc", "zaq1xsw2cde3", "1qaz@wsx#edc", "Qwe123asd456"),
        *("leavemealone", "PlayStation2", "ｐｅａｎｕｔｂｕｔｔｅｒ", "christopher1"),
    ],
)
def test_a_weak_password_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(PasswordWeak):
        Accounts(tmp_path / DATABASE).add("wangfang", Role.EDITOR, password)


@pytest.mark.parametrize(
    "password",
    [
        *(GOOD, "correct horse battery", "xV9-plum-Kettle", "xV9-plum-Ket", "长江之上有三座很长的新桥"),
        *("leavemealonest", "christopher1 walks", "qwe-plum-asd-Ket"),
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    passwords.check(password, name="wangfang")


@in_a_file
def test_every_password_has_a_salt_of_its_own_and_only_its_hash_is_kept(database: Path) -> None:
    Accounts(database).add("zhaolei", Role.EDITOR, GOOD)
    rows = open_database(database).execute("SELECT password FROM accounts").fetchall()
    assert len({row["password"] for row in rows}) == 3
    assert GOOD.encode() not in database.read_bytes()


@pytest.mark.long
def test_scrypt_takes_what_owasp_asks_for(monkeypatch: pytest.MonkeyPatch, scrypt_cost: int) -> None:
    monkeypatch.setattr(passwords, "_LOG2_N", scrypt_cost)
    kept = passwords.hash_of(GOOD)
    assert kept.startswith("scrypt$15$8$3$")
    assert passwords.matches(GOOD, kept) and not passwords.matches(OTHER, kept)


def test_a_suggested_password_is_good_and_a_first_one_is_marked(database: Path, sessions: Sessions) -> None:
    for _ in range(50):
        passwords.check(passwords.suggestion())
    accounts = Accounts(database)
    for first in (True, False):
        accounts.set_password("wangfang", GOOD, first=first)
        found = sessions.member(token(sessions), NOON)
        assert found and found.first_password is first
        kept = accounts.kept("wangfang")
        assert kept and passwords.matches(GOOD, kept) and kept.startswith(passwords.FIRST) is first


def test_an_unknown_name_takes_the_same_work_and_gets_the_same_words(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[tuple[int, int, int]] = []
    real = passwords._scrypt

    def counted(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
        work.append((log2_n, r, p))
        return real(password, salt, log2_n, r, p)

    monkeypatch.setattr(passwords, "_scrypt", counted)
    told = []
    for name in ("wangfang", "nobody", "'; DROP TABLE accounts", "名" * 10_000):
        with pytest.raises(SignInWrong) as wrong:
            sessions.sign_in(name, OTHER, address="", now=NOON)
        told.append(str(wrong.value))
    assert len(set(told)) == 1
    assert work == [(4, 8, 3)] * 4


@pytest.mark.parametrize("name", ["", "王 芳", "a/b", "x" * 33, "<b>", "wang\nfang"])
def test_a_name_that_is_none_is_refused(database: Path, name: str) -> None:
    with pytest.raises(AccountRefused, match="账号名"):
        Accounts(database).add(name, Role.EDITOR, GOOD)


@pytest.mark.parametrize(
    "name", ["程序", "未知账号", "ｗａｎｇｆａｎｇ", "ﬁ", "①", "w\u0430ngfang", "wangf\u0251ng", "王芳\u0967"]
)
def test_a_name_that_reads_like_another_is_refused(database: Path, name: str) -> None:
    """Two names for four eyes must be two to who reads the log, and none of them the log's own."""
    with pytest.raises(AccountRefused, match="混淆"):
        Accounts(database).add(name, Role.EDITOR, GOOD)


@pytest.mark.parametrize("name", ["wangfang", "WangFang"])
def test_a_name_is_taken_once(database: Path, name: str) -> None:
    with pytest.raises(AccountRefused, match="已有账号"):
        Accounts(database).add(name, Role.ADMIN, OTHER)


def test_among_several_accounts_one_administrator_is_left(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / DATABASE)
    accounts.add("lili", Role.ADMIN, GOOD)
    accounts.add("wangfang", Role.EDITOR, GOOD)
    with pytest.raises(AccountRefused, match="最后一个“管理”账号"):
        accounts.remove("lili")
    with pytest.raises(AccountRefused, match="最后一个“管理”账号"):
        accounts.set_role("lili", Role.PUBLISHER)
    accounts.set_role("wangfang", Role.ADMIN)
    accounts.remove("lili")
    accounts.remove("wangfang")
    assert not accounts.any()


def test_changing_an_account_that_is_none_is_refused(database: Path) -> None:
    accounts = Accounts(database)
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.remove("nobody"),
        lambda: accounts.set_role("nobody", Role.ADMIN),
        lambda: accounts.set_password("nobody", OTHER),
    )
    for change in changes:
        with pytest.raises(AccountRefused, match="没有账号"):
            change()


# T20


@in_a_file  # thousands of statements, the same on both
@pytest.mark.long
def test_of_a_thousand_guesses_from_one_network_ten_are_looked_at_and_the_right_password_works_afterwards(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[datetime] = []
    now = NOON

    def looked(self: Accounts, name: str, password: str) -> None:
        looked_at.append(now)

    with monkeypatch.context() as guessing:
        guessing.setattr(Accounts, "verified", looked)
        for guess in range(1000):
            now = NOON + timedelta(seconds=3 * guess)
            with pytest.raises((SignInWrong, SignInTooOften)):
                sessions.sign_in("wangfang", f"guess {guess}", address=f"2001:db8::{guess:x}", now=now)
    most = max(sum(at <= other < at + WINDOW for other in looked_at) for at in looked_at)
    assert (5 < most <= 10, looked_at[4] - NOON) == (True, timedelta(seconds=12))
    with pytest.raises(SignInTooOften) as told:
        sessions.sign_in("wangfang", GOOD, address="2001:db8::ffff", now=now)
    later = now + timedelta(seconds=told.value.seconds)
    signed_in = sessions.sign_in("wangfang", GOOD, address="2001:db8::ffff", now=later)
    assert signed_in.member == Member("wangfang", Role.EDITOR)


def test_an_address_that_tries_many_names_is_slowed_down_and_another_is_not(sessions: Sessions) -> None:
    for guess in range(5):
        with pytest.raises(SignInWrong):
            sessions.sign_in(f"name{guess}", OTHER, address="10.0.0.1", now=NOON)
    with pytest.raises(SignInTooOften):
        sessions.sign_in("wangfang", GOOD, address="10.0.0.1", now=NOON)
    assert sessions.sign_in("wangfang", GOOD, address="10.0.0.2", now=NOON)


def test_one_network_of_ipv6_is_one_address(sessions: Sessions) -> None:
    for guess in range(5):
        with pytest.raises(SignInWrong):
            sessions.sign_in(f"name{guess}", OTHER, address=f"2001:db8::{guess}", now=NOON)
    with pytest.raises(SignInTooOften):
        sessions.sign_in("wangfang", GOOD, address="2001:db8::ffff", now=NOON)
    assert sessions.sign_in("wangfang", GOOD, address="2001:db8:1::1", now=NOON)


def test_own_success_does_not_buy_guesses_at_others(sessions: Sessions) -> None:
    for guess in range(4):
        with pytest.raises(SignInWrong):
            sessions.sign_in("李明", f"guess {guess}", address="10.0.0.1", now=NOON)
    token(sessions)
    with pytest.raises(SignInWrong):
        sessions.sign_in("李明", "guess", address="10.0.0.1", now=NOON)
    with pytest.raises(SignInTooOften):
        sessions.sign_in("李明", "guess", address="10.0.0.1", now=NOON)


def test_four_failures_slow_nobody_down_and_success_forgets_them(sessions: Sessions) -> None:
    for _ in range(3):
        for guess in range(4):
            with pytest.raises(SignInWrong):
                sessions.sign_in("wangfang", f"guess {guess}", address="", now=NOON)
        assert sessions.sign_in("wangfang", GOOD, address="", now=NOON)


def test_another_process_counts_the_same_failures(sessions: Sessions, database: Path) -> None:
    for guess in range(5):
        other = Sessions(database)
        with pytest.raises(SignInWrong):
            other.sign_in("wangfang", f"guess {guess}", address="", now=NOON)
        other.close()
    with pytest.raises(SignInTooOften):
        sessions.sign_in("wangfang", GOOD, address="", now=NOON)


# T21


def test_a_session_ends_after_a_quiet_time_and_after_a_long_one(sessions: Sessions) -> None:
    quiet = token(sessions)
    assert sessions.member(quiet, NOON + IDLE - timedelta(seconds=1)) == Member("wangfang", Role.EDITOR)
    assert sessions.member(quiet, NOON + 2 * IDLE) is None
    busy, at = token(sessions), NOON
    while at < NOON + LONGEST - IDLE:
        at += IDLE / 2
        assert sessions.member(busy, at)
    assert sessions.member(busy, NOON + LONGEST) is None


def test_what_a_page_looks_at_by_itself_does_not_keep_a_session_from_becoming_idle(sessions: Sessions) -> None:
    watching, working = token(sessions), token(sessions)
    for minute in range(1, 30):
        at = NOON + timedelta(minutes=minute)
        assert sessions.member(watching, at, active=False) and sessions.member(working, at)
    assert sessions.member(watching, NOON + IDLE, active=False) is None
    assert sessions.member(working, NOON + IDLE)


@pytest.mark.parametrize("ending", ["sign out", "everywhere", "role", "password", "removal", "restart"])
def test_whatever_ends_a_session_ends_it_for_good(sessions: Sessions, database: Path, ending: str) -> None:
    """T21: in all of many."""
    tokens = [token(sessions, NOON + timedelta(seconds=number)) for number in range(MANY)]
    later = NOON + timedelta(seconds=MANY)
    assert all(sessions.member(one, later) for one in tokens)
    other = sessions.sign_in("李明", OTHER, address="", now=later).token
    accounts = Accounts(database)
    match ending:
        case "sign out":
            for one in tokens:
                sessions.sign_out(one)
        case "everywhere":
            sessions.sign_out_everywhere("wangfang")
        case "role":
            accounts.set_role("wangfang", Role.PUBLISHER)
        case "password":
            accounts.set_password("wangfang", OTHER)
        case "removal":
            accounts.remove("wangfang")
        case "restart":
            end_sessions(database)
    assert [sessions.member(one, later) for one in tokens] == [None] * MANY
    assert (sessions.member(other, later) is None) == (ending == "restart")


def test_an_account_made_anew_does_not_revive_a_session(sessions: Sessions, database: Path) -> None:
    old = token(sessions)
    Accounts(database).remove("wangfang")
    Accounts(database).add("wangfang", Role.ADMIN, GOOD)
    assert sessions.member(old, NOON) is None


def test_a_token_cannot_be_read_from_the_file(sessions: Sessions, database: Path) -> None:
    old = token(sessions)
    rows = open_database(database).execute("SELECT * FROM sessions").fetchall()
    assert old not in str([tuple(row) for row in rows])
    assert sessions.member(rows[0]["token_hash"], NOON) is None
    assert sessions.member(old, NOON)


def test_a_password_changed_while_it_is_looked_at_opens_no_session(
    sessions: Sessions, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Accounts.verified

    def changed_meanwhile(self: Accounts, name: str, password: str) -> str | None:
        kept = real(self, name, password)
        Accounts(database).set_password(name, OTHER)
        return kept

    monkeypatch.setattr(Accounts, "verified", changed_meanwhile)
    with pytest.raises(SignInWrong):
        token(sessions)


@in_a_file
def test_a_reader_of_sqlite_sees_the_counts_under_hashes_only(sessions: Sessions, database: Path) -> None:
    with pytest.raises(SignInWrong):
        sessions.sign_in("my password in the wrong box", OTHER, address="10.0.0.1", now=NOON)
    rows = sqlite3.connect(database).execute("SELECT * FROM sign_in_failures").fetchall()
    assert len(rows) == 3 and "wrong box" not in str(rows) and "10.0.0.1" not in str(rows)


def test_ones_own_password_is_changed_with_the_old_one_only(database: Path, sessions: Sessions) -> None:
    settings = read({"QA_HOME": str(database.parent)})
    console = Console(settings, who="wangfang", role=Role.EDITOR)
    open_now = token(sessions, datetime.now(UTC))
    with pytest.raises(SignInWrong):
        console.accounts.own_password(OTHER, "别的 一个 密码 三二一")
    with pytest.raises(PasswordWeak, match="和现在的一样"):
        console.accounts.own_password(GOOD, GOOD)
    assert sessions.member(open_now, datetime.now(UTC))
    console.accounts.own_password(GOOD, "别的 一个 密码 三二一")
    assert sessions.member(open_now, datetime.now(UTC)) is None
