"""The second step of signing in: a code of the phone, each once, or a recovery code; set up with the password."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from qa.runtime.errors import NotAllowed
from qa.runtime.settings import Settings, read
from qa.staff.accounts.accounts import AccountRefused, Accounts
from qa.staff.accounts.attempts import SignInTooOften
from qa.staff.accounts.management import StaffAccounts
from qa.staff.accounts.members import CodeLate, SignInWrong
from qa.staff.accounts.second_step import CodeWrong, SecondStepRefused
from qa.staff.accounts.sessions import Sessions, end_sessions
from qa.staff.permissions import Role
from qa.staff.settings import RuntimeSettings
from qa.storage.audit import Audit
from qa.storage.database import DATABASE

pytestmark = pytest.mark.usefixtures("both_engines")

PASSWORD, ADDRESS = "竹林 海风 三十七 灯塔", "192.0.2.7"
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LATER = timedelta(seconds=30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for role in Role:
        Accounts(tmp_path / DATABASE).add(role.value, role, PASSWORD)
    return read({"QA_HOME": str(tmp_path)})


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    with closing(Sessions(settings.home / DATABASE)) as sessions:
        yield sessions


def own(settings: Settings, name: str = "publisher") -> StaffAccounts:
    return StaffAccounts(settings, who=name, role=Role(name))


def set_up(settings: Settings, name: str = "publisher") -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """A phone that makes the codes, and the recovery codes."""
    accounts = own(settings, name)
    accounts.begin_second_step(PASSWORD)
    phone = pyotp.TOTP(accounts.second_step().secret)
    return phone, accounts.confirm_second_step(phone.at(datetime.now(UTC)))


def begin(sessions: Sessions, now: datetime, name: str = "publisher") -> str:
    """Show the password; return the token that waits for the code."""
    waiting = sessions.sign_in(name, PASSWORD, address=ADDRESS, now=now)
    assert waiting.waits and waiting.known == ""
    return waiting.token


def test_password_and_code_together_open_what_the_password_alone_does_not(
    settings: Settings, sessions: Sessions
) -> None:
    assert not sessions.sign_in("publisher", PASSWORD, address=ADDRESS, now=NOW).waits, "the control"
    phone, _ = set_up(settings)
    now = datetime.now(UTC) + 4 * LATER
    token = begin(sessions, now)
    assert sessions.member(token, now) is None
    with pytest.raises(CodeWrong):
        sessions.second_step(token, f"{(int(phone.at(now)) + 1) % 1_000_000:06}", now=now)
    signed_in = sessions.second_step(token, phone.at(now), now=now)
    member = sessions.member(signed_in.token, now)
    assert member and member.name == "publisher" and sessions.knows("publisher", signed_in.known)
    with pytest.raises(CodeLate):
        sessions.second_step(token, phone.at(now), now=now)


@pytest.mark.parametrize(("off", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(settings: Settings, sessions: Sessions, off: int, accepted: bool) -> None:
    phone, _ = set_up(settings)
    now = datetime.now(UTC) + 10 * LATER
    token, code = begin(sessions, now), phone.at(now + off * LATER)
    if accepted:
        assert sessions.second_step(token, f" {code[:3]} {code[3:]} ", now=now).by == "app"
    else:
        with pytest.raises(CodeWrong):
            sessions.second_step(token, code, now=now)


def test_a_code_seen_over_the_shoulder_opens_nothing_a_second_time(settings: Settings, sessions: Sessions) -> None:
    phone, _ = set_up(settings)
    now = datetime.now(UTC) + 4 * LATER
    code = phone.at(now)
    sessions.second_step(begin(sessions, now), code, now=now)
    with pytest.raises(CodeWrong):
        sessions.second_step(begin(sessions, now), code, now=now)
    with pytest.raises(CodeWrong):
        sessions.second_step(begin(sessions, now), phone.at(now - LATER), now=now)
    assert sessions.second_step(begin(sessions, now), phone.at(now + LATER), now=now).by == "app"


def test_each_recovery_code_opens_once_and_new_ones_void_the_old(settings: Settings, sessions: Sessions) -> None:
    _, codes = set_up(settings)
    now = datetime.now(UTC)
    assert len(set(codes)) == 8
    used = sessions.second_step(begin(sessions, now), codes[0].upper().replace("-", " "), now=now)
    assert (used.by, used.left) == ("recovery code", 7)
    with pytest.raises(CodeWrong):
        sessions.second_step(begin(sessions, now), codes[0], now=now)
    renewed = own(settings).renew_recovery_codes(PASSWORD)
    with pytest.raises(CodeWrong):
        sessions.second_step(begin(sessions, now), codes[1], now=now)
    assert sessions.second_step(begin(sessions, now), renewed[0], now=now).left == 7


def test_codes_are_not_guessed_and_the_password_does_not_wait_for_ever(settings: Settings, sessions: Sessions) -> None:
    phone, _ = set_up(settings)
    now = datetime.now(UTC) + 4 * LATER
    token = begin(sessions, now)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            sessions.second_step(token, "no code", now=now)
    with pytest.raises(SignInTooOften):
        sessions.second_step(token, phone.at(now), now=now)
    later = now + timedelta(minutes=4)
    assert sessions.second_step(token, phone.at(later), now=later).by == "app", "the control"
    token = begin(sessions, later)
    with pytest.raises(CodeLate):
        sessions.second_step(token, phone.at(later + LATER), now=later + timedelta(minutes=5))
    for strange in ("", "x" * 43):
        with pytest.raises(CodeLate):
            sessions.second_step(strange, phone.at(later), now=later)


def test_a_changed_password_and_signing_out_everywhere_end_what_waits(settings: Settings, sessions: Sessions) -> None:
    phone, _ = set_up(settings)
    ends: list[Callable[[], None]] = [
        lambda: Accounts(settings.home / DATABASE).set_password("publisher", PASSWORD),
        lambda: sessions.sign_out_everywhere("publisher"),
        lambda: end_sessions(settings.home / DATABASE),
    ]
    for ended in ends:
        now = datetime.now(UTC) + 4 * LATER
        token = begin(sessions, now)
        ended()
        with pytest.raises(CodeLate):
            sessions.second_step(token, phone.at(now), now=now)


def test_setting_up_takes_the_password_and_a_right_code(settings: Settings, sessions: Sessions) -> None:
    accounts = own(settings)
    with pytest.raises(SignInWrong):
        accounts.begin_second_step("not the password")
    with pytest.raises(SecondStepRefused):
        accounts.confirm_second_step("123456")
    accounts.begin_second_step(PASSWORD)
    assert not sessions.sign_in("publisher", PASSWORD, address=ADDRESS, now=NOW).waits, "begun is not on"
    with pytest.raises(CodeWrong):
        accounts.confirm_second_step("123456789")
    set_up(settings)
    state = accounts.second_step()
    assert (state.on, state.secret, state.left) == (True, "", 8), "the secret is told only before"
    with pytest.raises(SecondStepRefused):
        accounts.begin_second_step(PASSWORD)
    with pytest.raises(SignInWrong):
        accounts.end_second_step("not the password")
    accounts.end_second_step(PASSWORD)
    assert not sessions.sign_in("publisher", PASSWORD, address=ADDRESS, now=NOW).waits


def test_an_administrator_resets_it_and_it_is_in_the_log(settings: Settings, sessions: Sessions) -> None:
    phone, codes = set_up(settings)
    with pytest.raises(NotAllowed):
        own(settings).reset_second_step("publisher")
    own(settings, "admin").reset_second_step("publisher")
    assert not sessions.sign_in("publisher", PASSWORD, address=ADDRESS, now=NOW).waits
    with pytest.raises(AccountRefused):
        own(settings, "admin").reset_second_step("editor")
    told = [(row.who, row.target, row.outcome) for row in Audit(settings.home).rows() if "two-step" in row.action]
    assert ("publisher", "on publisher", "done") in told and ("admin", "reset publisher", "done") in told
    log = (settings.home / "audit.jsonl").read_text(encoding="utf-8")
    assert phone.secret not in log and not [code for code in codes if code in log]


def test_where_it_is_required_publishers_have_to_set_it_up(settings: Settings, sessions: Sessions) -> None:
    board = RuntimeSettings(settings, who="admin", role=Role.ADMIN)
    tokens = {
        name: sessions.sign_in(name, PASSWORD, address=ADDRESS, now=NOW).token for name in ("editor", "publisher")
    }

    def unready() -> list[str]:
        members = (sessions.member(token, NOW) for token in tokens.values())
        return [member.name for member in members if member and member.unready]

    assert unready() == []
    board.change("two_step", "yes")
    assert unready() == ["publisher"], "editors cannot change what citizens see"
    set_up(settings)
    assert unready() == []


def test_a_removed_account_leaves_nothing_to_its_successor(settings: Settings, sessions: Sessions) -> None:
    set_up(settings)
    accounts = Accounts(settings.home / DATABASE)
    assert {one.name: one.two_step for one in accounts.list()} == {"admin": False, "editor": False, "publisher": True}
    accounts.remove("publisher")
    accounts.add("publisher", Role.EDITOR, PASSWORD)
    assert not sessions.sign_in("publisher", PASSWORD, address=ADDRESS, now=NOW).waits
    assert {one.name: bool(one.signed_in_at) for one in accounts.list()}["publisher"]
