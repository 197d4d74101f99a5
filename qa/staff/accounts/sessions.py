"""Sign-in and sessions: who proves to be a member gets a token, which ends when it is idle, too old or unwanted."""

import secrets
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from qa.service.network_address import network_of
from qa.staff.accounts import attempts, second_step
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.attempts import Count, as_text, hashed
from qa.staff.accounts.known_browser import browser_of, new_browser, signed
from qa.staff.accounts.members import CodeLate, Member, SignedIn, SignInWrong
from qa.staff.permissions import Role
from qa.storage.database import Connection, Row, Where, open_database, together
from qa.storage.runtime_settings import TWO_STEP, YES

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
# From the password to the code of the second step.
FOR_CODE = timedelta(minutes=5)
# From single sign-on to what needs the password once more.
JUST = timedelta(minutes=10)
_TOUCH = timedelta(seconds=30)  # so that reading pages does not write at every request
_LONGEST_NAME = 200


# A first password begins as `passwords.FIRST` says.
_MEMBER = """
    SELECT sessions.*, role, substr(password, 1, 12) = 'scrypt-first' AS first_password,
        (SELECT value FROM switches WHERE name = ?) AS required,
        EXISTS (SELECT 1 FROM second_steps WHERE second_steps.account = name AND confirmed_at <> '') AS two_step
    FROM sessions JOIN accounts ON sessions.account = name WHERE token_hash = ?
"""


class Sessions:
    """The sessions in the file `database`; safe for threads and several processes. The caller passes the time.

    Only the hash of a token is stored: a reader of the file or of a copy cannot sign in with it.
    """

    def __init__(self, database: Where) -> None:
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
        """Begin a session; this takes a fifth of a second. Raises `SignInWrong`, `SignInTooOften`.

        `known` is the cookie of an earlier sign-in. If it is genuine, only this browser's failures count, so that
        nobody can lock a member out by guessing elsewhere. `left` are the tokens that the browser still carries; their
        sessions end.
        """
        name = name[:_LONGEST_NAME]
        browser = browser_of(known, name, self._accounts.kept(name))
        own = hashed(f"browser {name.lower()} {browser}") if browser else ""
        counts = [Count(own)] if own else attempts.of_strangers(name, network_of(address))
        with self._looked_at(counts, name, password, now) as (connection, kept, role):
            connection.executemany("DELETE FROM sessions WHERE token_hash = ?", [(hashed(one),) for one in left])
            waits = second_step.is_on(connection, name)
            token = _wait_for_code(connection, name, now) if waits else _begin(connection, name, now)
            failures = sum(len(attempts.failures(connection, key)) for key in (attempts.of_name(name), own))
            # Only this member's own failures are cleared, not those of the network, nor those of strangers with the
            # name: signing in must buy nobody guesses at another account, and not reset guesses at one's own.
            attempts.forget(connection, counts[0].key)
        if waits:
            return SignedIn(token, Member(name, role), failures, waits=True)
        return SignedIn(token, Member(name, role), failures, signed(browser or new_browser(), name, kept))

    def sign_on(self, name: str, *, now: datetime, earlier: Collection[str] = ()) -> SignedIn:
        """Begin a session for a member whom the provider of single sign-on vouches for. Raises `SignInWrong`.

        The second step is asked for as after a password. `earlier` are hashes of tokens whose sessions end.
        """
        with self._changing() as connection:
            row = connection.execute("SELECT role FROM accounts WHERE name = ?", (name,)).fetchone()
            if row is None:  # removed in this very moment
                raise SignInWrong
            connection.executemany("DELETE FROM sessions WHERE token_hash = ?", [(one,) for one in earlier])
            waits = second_step.is_on(connection, name)
            begun = _wait_for_code if waits else _begin
            return SignedIn(begun(connection, name, now, signed_on=True), Member(name, Role(row["role"])), waits=waits)

    def just_signed_on(self, token: str, name: str, now: datetime) -> bool:
        """Return whether the session of a member began by single sign-on, no longer ago than `JUST`."""
        row = self._session(token)
        if row is None or row["account"] != name or not row["signed_on"]:
            return False
        return now - datetime.fromisoformat(row["created_at"]) < JUST

    def signed_on(self, token: str) -> bool:
        """Return whether a session began by single sign-on."""
        row = self._session(token)
        return row is not None and bool(row["signed_on"])

    def _session(self, token: str) -> Row | None:
        with self._lock:
            found = self._connection.execute("SELECT * FROM sessions WHERE token_hash = ?", (hashed(token),)).fetchone()
        return found if isinstance(found, Row) else None

    def second_step(self, token: str, code: str, *, now: datetime) -> SignedIn:
        """Begin a session with the code that `sign_in` waits for. Raises `CodeWrong`, `CodeLate`, `SignInTooOften`."""
        name = self._waiting(token, now)
        counts = [Count(hashed(f"code {name.lower()}"))]
        attempt = self._attempt(counts, now)
        with self._changing() as connection:
            gone = connection.execute(
                "DELETE FROM second_step_waits WHERE token_hash = ? RETURNING signed_on", (hashed(token),)
            ).fetchone()
            row = connection.execute("SELECT role, password FROM accounts WHERE name = ?", (name,)).fetchone()
            if gone is None or row is None:
                raise CodeLate
            by = second_step.accept(connection, name, code, now=now)
            attempts.succeed(connection, attempt)
            attempts.forget(connection, counts[0].key)
            begun = _begin(connection, name, now, signed_on=bool(gone["signed_on"]))
            left = second_step.left(connection, name)
        known = signed(new_browser(), name, row["password"])
        return SignedIn(begun, Member(name, Role(row["role"])), known=known, by=by, left=left)

    def waits(self, token: str) -> str:
        """Return the account whose password was shown with this token, however long ago; empty for none."""
        with self._lock:
            found = "SELECT account FROM second_step_waits WHERE token_hash = ?"
            row = self._connection.execute(found, (hashed(token),)).fetchone()
        return str(row["account"]) if row else ""

    def _waiting(self, token: str, now: datetime) -> str:
        """Return the account whose password was shown with this token. Raises `CodeLate`."""
        with self._lock:
            row = self._connection.execute(
                "SELECT account, created_at FROM second_step_waits WHERE token_hash = ?", (hashed(token),)
            ).fetchone()
        if row is None or now - datetime.fromisoformat(row["created_at"]) >= FOR_CODE:
            raise CodeLate
        return str(row["account"])

    def prove(self, name: str, password: str, *, now: datetime) -> None:
        """Check the password of a member who is signed in already. Raises `SignInWrong`, `SignInTooOften`.

        Its failures count separately: a browser left open must not allow guessing, and strangers' guesses do not
        matter.
        """
        counts = [Count(hashed(f"own {name.lower()}"))]
        with self._looked_at(counts, name, password, now) as (connection, _, _):
            attempts.forget(connection, counts[0].key)

    def knows(self, name: str, known: str) -> bool:
        """Return whether `known` is the genuine cookie of an earlier sign-in to this account."""
        return bool(browser_of(known, name[:_LONGEST_NAME], self._accounts.kept(name[:_LONGEST_NAME])))

    def know(self, name: str) -> str:
        """Return a new cookie for a member who has just proved the password; empty if there is no account."""
        kept = self._accounts.kept(name)
        return signed(new_browser(), name, kept) if kept else ""

    def member(self, token: str, now: datetime, *, active: bool = True) -> Member | None:
        """Return the member of a token; None when the session is over: too old, idle, signed out, account changed.

        A request that is not `active` does not keep the session from becoming idle.
        """
        with self._lock:
            row = self._connection.execute(_MEMBER, (TWO_STEP, hashed(token))).fetchone()
            if row is None:
                return None
            seen = datetime.fromisoformat(row["seen_at"])
            if now - seen >= IDLE or now - datetime.fromisoformat(row["created_at"]) >= LONGEST:
                self._connection.execute("DELETE FROM sessions WHERE token_hash = ?", (hashed(token),))
                return None
            if active and now - seen >= _TOUCH:
                self._connection.execute(
                    "UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (as_text(now), hashed(token))
                )
        role = Role(row["role"])
        required = row["required"] == YES and role.covers(Role.PUBLISHER)
        first = bool(row["first_password"]) and not row["signed_on"]
        return Member(row["account"], role, unready=required and not row["two_step"], first_password=first)

    def sign_out(self, token: str) -> None:
        self._delete("token_hash = ?", hashed(token))

    def sign_out_everywhere(self, name: str) -> None:
        self._delete("account = ?", name)
        with self._lock:
            self._connection.execute("DELETE FROM second_step_waits WHERE account = ?", (name,))

    def close(self) -> None:
        self._connection.close()

    def _delete(self, which: str, value: str) -> None:
        with self._lock:
            self._connection.execute(f"DELETE FROM sessions WHERE {which}", (value,))

    @contextmanager
    def _looked_at(
        self, counts: Sequence[Count], name: str, password: str, now: datetime
    ) -> Iterator[tuple[Connection, str, Role]]:
        """Verify a password, then open a change with its stored hash and the role; success removes the attempt."""
        # Counted as a failure before the password is checked, so that parallel attempts gain nothing.
        attempt = self._attempt(counts, now)
        kept = self._accounts.verified(name, password)
        if kept is None:
            raise SignInWrong
        with self._changing() as connection:
            # The password may have changed while it was being checked.
            found = "SELECT role FROM accounts WHERE name = ? AND password = ?"
            row = connection.execute(found, (name, kept)).fetchone()
            if row is None:
                raise SignInWrong
            attempts.succeed(connection, attempt)
            yield connection, kept, Role(row["role"])

    def _attempt(self, counts: Sequence[Count], now: datetime) -> list[int]:
        """Count an attempt and return the ids of its rows. Raises `SignInTooOften`."""
        with self._changing() as connection:
            return attempts.begin(connection, counts, now)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self._lock, together(self._connection):
            yield self._connection


def end_sessions(database: Where) -> None:
    """End every session in the file `database`. A server does so when it starts and no other server runs."""
    with closing(open_database(database)) as connection:
        connection.execute("DELETE FROM sessions")
        connection.execute("DELETE FROM second_step_waits")
        connection.execute("DELETE FROM sign_on_waits")


def _begin(connection: Connection, name: str, now: datetime, *, signed_on: bool = False) -> str:
    """Begin a session; return its token."""
    token = secrets.token_urlsafe(32)
    columns = "token_hash, account, created_at, seen_at, signed_on"
    values = (hashed(token), name, as_text(now), as_text(now), signed_on)
    connection.execute(f"INSERT INTO sessions ({columns}) VALUES (?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE accounts SET signed_in_at = ? WHERE name = ?", (as_text(now), name))
    return token


def _wait_for_code(connection: Connection, name: str, now: datetime, *, signed_on: bool = False) -> str:
    """Note that the password was right, or the provider vouched; return the token that the code has to come with."""
    token = secrets.token_urlsafe(32)
    connection.execute("DELETE FROM second_step_waits WHERE created_at <= ?", (as_text(now - FOR_CODE),))
    columns, values = "token_hash, account, created_at, signed_on", (hashed(token), name, as_text(now), signed_on)
    connection.execute(f"INSERT INTO second_step_waits ({columns}) VALUES (?, ?, ?, ?)", values)
    return token
