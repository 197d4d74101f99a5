"""Signing in: failures slow a name and an address down; who is signed in, until when."""

import hashlib
import math
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from qa.accounts import Accounts
from qa.database import open_database
from qa.roles import Role, StaffRefused

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
# Failures of the last ten minutes count: five are free, each further one doubles the wait, ten are the most.
WINDOW = timedelta(minutes=10)
FREE, MOST = 5, 10
FIRST_WAIT = timedelta(seconds=30)
_TOUCH = timedelta(seconds=30)  # so that reading pages does not write at every request
_LONGEST_NAME = 200


class SignInWrong(StaffRefused):
    """No such account, or another password: which of the two is not told."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对；请核对后再试")


class SignInTooOften(StaffRefused):
    """Too many failures for this name or from this address; nothing is looked at for `seconds`."""

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
    """A new session: the token is for the browser alone. `failures` are those of the name just before."""

    token: str
    member: Member
    failures: int = 0


class Sessions:
    """The sessions in the file `database`; safe with threads and several processes. Times are given by the caller.

    Only the hash of a token is kept, so that who reads the file or a copy of it cannot sign in with it.
    """

    def __init__(self, database: Path) -> None:
        self._accounts = Accounts(database)
        self._connection = open_database(database)
        self._lock = threading.Lock()

    def sign_in(self, name: str, password: str, *, address: str, now: datetime) -> SignedIn:
        """Begin a session; it takes a fifth of a second. Raises `SignInWrong`, `SignInTooOften`."""
        name = name[:_LONGEST_NAME]
        keys = [_hash(f"name {name.lower()}"), *([_hash(f"address {_network(address)}")] if address else [])]
        # Counted as failures before the password is looked at: of many at once, no more are looked at than of few.
        attempt = self._attempt(keys, now)
        kept = self._accounts.verified(name, password)
        if kept is None:
            raise SignInWrong
        token = secrets.token_urlsafe(32)
        with self._changing() as connection:
            # The password may have been changed while it was looked at.
            found = "SELECT role FROM accounts WHERE name = ? AND password = ?"
            row = connection.execute(found, (name, kept)).fetchone()
            if row is None:
                raise SignInWrong
            begun = (_hash(token), name, _text(now), _text(now))
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", begun)
            # Not the address's other failures: one's own account must not buy guesses at others.
            failures = len(self._failures(keys[0])) - 1  # this attempt was counted, too
            connection.execute("DELETE FROM sign_in_failures WHERE key = ?", (keys[0],))
            connection.executemany("DELETE FROM sign_in_failures WHERE id = ?", [(one,) for one in attempt])
        return SignedIn(token, Member(name, Role(row["role"])), failures)

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

    def _attempt(self, keys: list[str], now: datetime) -> list[int]:
        """Count an attempt for each key, and give the numbers of the rows. Raises `SignInTooOften`."""
        with self._changing() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE at <= ?", (_text(now - WINDOW),))
            wait = max(_wait(self._failures(key), now) for key in keys)
            if wait > timedelta(0):
                raise SignInTooOften(math.ceil(wait.total_seconds()))
            insert = "INSERT INTO sign_in_failures (key, at) VALUES (?, ?) RETURNING id"
            return [int(connection.execute(insert, (key, _text(now))).fetchone()[0]) for key in keys]

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _failures(self, key: str) -> list[datetime]:
        rows = self._connection.execute("SELECT at FROM sign_in_failures WHERE key = ? ORDER BY at", (key,))
        return [datetime.fromisoformat(row["at"]) for row in rows]


def end_sessions(database: Path) -> None:
    """End every session in the file `database`, as a server does that starts where no other serves."""
    with closing(open_database(database)) as connection:
        connection.execute("DELETE FROM sessions")


def _wait(failures: list[datetime], now: datetime) -> timedelta:
    """How long after these failures of the last `WINDOW` nothing more is looked at."""
    if len(failures) < FREE:
        return timedelta(0)
    if len(failures) >= MOST:
        return failures[-MOST] + WINDOW - now
    return failures[-1] + FIRST_WAIT * (1 << (len(failures) - FREE)) - now


def _network(address: str) -> str:
    """What counts as one address: of IPv6 the network that one customer is given."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
