"""Signing in: failures slow down who guesses and not whose name is guessed at; who is signed in, until when."""

import hashlib
import math
import secrets
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.runtime.errors import StaffRefused
from qa.service.network_address import network_of
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.known_browser import browser_of, new_browser, signed
from qa.staff.permissions import Role
from qa.storage.database import open_database, together

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
# Failures of the last ten minutes count: five are free, each further one doubles the wait, ten are the most.
WINDOW = timedelta(minutes=10)
FREE, MOST = 5, 10
FIRST_WAIT = timedelta(seconds=30)
# Of all networks together at one name. It bounds a guesser with many networks; a known browser does not feel it.
CEILING = 50
_TOUCH = timedelta(seconds=30)  # so that reading pages does not write at every request
_LONGEST_NAME = 200


class SignInWrong(StaffRefused):
    """No such account, or another password: which of the two is not told."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对；请核对后再试")


class SignInTooOften(StaffRefused):
    """Too many failures of this network or this browser, or at this name; nothing is looked at for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"登录失败次数太多，请{seconds}秒后再试；忘了密码请找管理员重设")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, and as what."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token is for the browser alone. `failures` are those of the name just before.

    `known` is what the browser shows the next time, so that strangers' guesses do not keep it out.
    """

    token: str
    member: Member
    failures: int = 0
    known: str = ""


@dataclass(frozen=True, slots=True)
class _Count:
    """What attempts are counted under, and how many wait or are the most within `WINDOW`."""

    key: str
    free: int = FREE
    most: int = MOST


class Sessions:
    """The sessions in the file `database`; safe with threads and several processes. Times are given by the caller.

    Only the hash of a token is kept, so that who reads the file or a copy of it cannot sign in with it.
    """

    def __init__(self, database: Path) -> None:
        self._accounts = Accounts(database)
        self._connection = open_database(database)
        self._lock = threading.Lock()

    def sign_in(
        self,
        name: str,
        password: str,
        *,
        address: str,
        now: datetime,
        known: str = "",
        left: Collection[str] = (),
    ) -> SignedIn:
        """Begin a session; it takes a fifth of a second. Raises `SignInWrong`, `SignInTooOften`.

        `known` is what an earlier sign-in gave the browser. Where it is genuine only the browser's own failures count,
        so that nobody keeps a member of staff out by guessing elsewhere. `left` are the tokens that the browser still
        carries; their sessions end.
        """
        name = name[:_LONGEST_NAME]
        everywhere = _hash(f"name {name.lower()}")
        browser = browser_of(known, name, self._accounts.kept(name))
        own = _hash(f"browser {name.lower()} {browser}") if browser else ""
        counts = [_Count(own)] if own else _strangers(name, network_of(address), everywhere)
        with self._looked_at(counts, name, password, now) as (connection, kept, role):
            token = secrets.token_urlsafe(32)
            begun = (_hash(token), name, _text(now), _text(now))
            connection.executemany("DELETE FROM sessions WHERE token_hash = ?", [(_hash(one),) for one in left])
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", begun)
            failures = len(self._failures(everywhere)) + len(self._failures(own))
            # What is this member's own. Not the network's other failures, nor what strangers did with the name: one's
            # own account must not buy guesses at others, nor one's coming in guesses at oneself.
            connection.execute("DELETE FROM sign_in_failures WHERE key = ?", (counts[0].key,))
        return SignedIn(token, Member(name, role), failures, signed(browser or new_browser(), name, kept))

    def prove(self, name: str, password: str, *, now: datetime) -> None:
        """Look at the password of who is signed in already. Raises `SignInWrong`, `SignInTooOften`.

        Counted by itself: a browser left open is no place to guess at ease, and strangers' guesses do not matter here.
        """
        counts = [_Count(_hash(f"own {name.lower()}"))]
        with self._looked_at(counts, name, password, now) as (connection, _, _):
            connection.execute("DELETE FROM sign_in_failures WHERE key = ?", (counts[0].key,))

    def knows(self, name: str, known: str) -> bool:
        """Return whether an earlier sign-in of this account gave `known` to the browser that shows it."""
        return bool(browser_of(known, name[:_LONGEST_NAME], self._accounts.kept(name[:_LONGEST_NAME])))

    def know(self, name: str) -> str:
        """What makes the browser known of a member who has just proved who it is; empty where there is no account."""
        kept = self._accounts.kept(name)
        return signed(new_browser(), name, kept) if kept else ""

    def member(self, token: str, now: datetime, *, active: bool = True) -> Member | None:
        """Who a token belongs to; None when its session is over: too old, idle, signed out, or the account changed.

        A look that is not `active` does not keep it from becoming idle.
        """
        with self._lock:
            row = self._connection.execute(
                "SELECT sessions.*, role FROM sessions JOIN accounts ON account = name WHERE token_hash = ?",
                (_hash(token),),
            ).fetchone()
            if row is None:
                return None
            seen = datetime.fromisoformat(row["seen_at"])
            if now - seen >= IDLE or now - datetime.fromisoformat(row["created_at"]) >= LONGEST:
                self._connection.execute("DELETE FROM sessions WHERE token_hash = ?", (_hash(token),))
                return None
            if active and now - seen >= _TOUCH:
                self._connection.execute(
                    "UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (_text(now), _hash(token))
                )
        return Member(row["account"], Role(row["role"]))

    def sign_out(self, token: str) -> None:
        self._delete("token_hash = ?", _hash(token))

    def sign_out_everywhere(self, name: str) -> None:
        self._delete("account = ?", name)

    def close(self) -> None:
        self._connection.close()

    def _delete(self, which: str, value: str) -> None:
        with self._lock:
            self._connection.execute(f"DELETE FROM sessions WHERE {which}", (value,))

    @contextmanager
    def _looked_at(
        self, counts: Sequence[_Count], name: str, password: str, now: datetime
    ) -> Iterator[tuple[sqlite3.Connection, str, Role]]:
        """A change for whose password this is, with what is kept of it and the role; the attempt is forgotten then."""
        # Counted as failures before the password is looked at: of many at once, no more are looked at than of few.
        attempt = self._attempt(counts, now)
        kept = self._accounts.verified(name, password)
        if kept is None:
            raise SignInWrong
        with self._changing() as connection:
            # The password may have been changed while it was looked at.
            found = "SELECT role FROM accounts WHERE name = ? AND password = ?"
            row = connection.execute(found, (name, kept)).fetchone()
            if row is None:
                raise SignInWrong
            connection.executemany("DELETE FROM sign_in_failures WHERE id = ?", [(one,) for one in attempt])
            yield connection, kept, Role(row["role"])

    def _attempt(self, counts: Sequence[_Count], now: datetime) -> list[int]:
        """Count an attempt, and give the numbers of the rows. Raises `SignInTooOften`."""
        with self._changing() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE at <= ?", (_text(now - WINDOW),))
            wait = max(_wait(self._failures(count.key), count, now) for count in counts)
            if wait > timedelta(0):
                raise SignInTooOften(math.ceil(wait.total_seconds()))
            insert = "INSERT INTO sign_in_failures (key, at) VALUES (?, ?) RETURNING id"
            return [int(connection.execute(insert, (count.key, _text(now))).fetchone()[0]) for count in counts]

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, together(self._connection):
            yield self._connection

    def _failures(self, key: str) -> list[datetime]:
        rows = self._connection.execute("SELECT at FROM sign_in_failures WHERE key = ? ORDER BY at", (key,))
        return [datetime.fromisoformat(row["at"]) for row in rows]


def end_sessions(database: Path) -> None:
    """End every session in the file `database`, as a server does that starts where no other serves."""
    with closing(open_database(database)) as connection:
        connection.execute("DELETE FROM sessions")


def _strangers(name: str, network: str, everywhere: str) -> list[_Count]:
    """What an attempt from a browser that is not known counts for: the name from here, all from here, the name."""
    here = [_Count(_hash(f"name {name.lower()} from {network}"))]
    if network:
        here.append(_Count(_hash(f"address {network}")))
    return [*here, _Count(everywhere, free=CEILING, most=CEILING)]


def _wait(failures: list[datetime], count: _Count, now: datetime) -> timedelta:
    """How long after these failures of the last `WINDOW` nothing more is looked at."""
    if len(failures) < count.free:
        return timedelta(0)
    if len(failures) >= count.most:
        return failures[-count.most] + WINDOW - now
    return failures[-1] + FIRST_WAIT * (1 << (len(failures) - count.free)) - now


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
