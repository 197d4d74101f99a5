"""The accounts of staff, kept in the service's database; the table is empty until somebody adds an account."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.runtime.errors import Overtaken, StaffRefused
from qa.staff.accounts import passwords, second_step
from qa.staff.accounts.failed_sign_ins import NOBODY
from qa.staff.accounts.sign_on import identities
from qa.staff.permissions import Role
from qa.storage.audit import PROGRAM
from qa.storage.database import Connection, Row, Where, open_database, together
from qa.storage.database.connection import Rows

_NAME = re.compile(r"[\w.-]{1,32}")
_ACCOUNTS = """
    SELECT accounts.*, confirmed_at, identities.name AS identity, subject FROM accounts
    LEFT JOIN second_steps ON second_steps.account = accounts.name
    LEFT JOIN identities ON identities.account = accounts.name
"""
# Names under which the log records what no particular person did.
RESERVED = frozenset({PROGRAM, NOBODY})


class AccountRefused(StaffRefused):
    """The account is missing or exists already, its name is not allowed, or no administrator would be left."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shown, without its password; `signed_in_at` is empty before the first sign-in.

    `two_step` tells whether a code is asked for after the password; `identity` is whom the provider of single sign-on
    means by it, and `bound` whether that person has signed in so. `version` changes with role, password and identity.
    """

    name: str
    role: Role
    created_at: str
    changed_at: str
    signed_in_at: str = ""
    two_step: bool = False
    identity: str = ""
    bound: bool = False
    version: str = ""


class Accounts:
    """The table of accounts in the file `database`; safe for threads and several processes.

    A changed role, a changed password and a removal each end the account's sessions.
    """

    def __init__(self, database: Where) -> None:
        self._database = database

    def any(self) -> bool:
        """Return whether an account exists; without one there is no staff area."""
        return bool(self.list())

    def list(self) -> list[Account]:
        """Return all accounts, by name."""
        with self._open() as connection:
            return [_account(row) for row in connection.execute(f"{_ACCOUNTS} ORDER BY accounts.name")]

    def add(self, name: str, role: Role, password: str, *, first: bool = False) -> None:
        """Add an account; a `first` password has to be changed at the first sign-in.

        Raises `AccountRefused`, `PasswordWeak`.
        """
        _named(name)
        passwords.check(password, name=name)
        self._add(name, role, passwords.hash_of(password, first=first))

    def add_without_password(self, name: str, role: Role) -> None:
        """Add an account that only single sign-on opens, until a password is set. Raises `AccountRefused`."""
        _named(name)
        self._add(name, role, passwords.hash_of(secrets.token_urlsafe(32)))

    def _add(self, name: str, role: Role, kept: str) -> None:
        with self._changing() as connection:
            if any(one.lower() == name.lower() for (one,) in connection.execute("SELECT name FROM accounts")):
                raise AccountRefused(f"已有账号“{name}”；要改它的密码，请用重设密码")
            columns = "name, role, password, created_at, changed_at"
            made = (name, role.value, kept, _now(), _now())
            connection.execute(f"INSERT INTO accounts ({columns}) VALUES (?, ?, ?, ?, ?)", made)

    def set_role(self, name: str, role: Role, *, seen: str | None = None) -> None:
        """Change the role of an account. Raises `AccountRefused`, and `Overtaken` if it is not at the version seen."""
        with self._changing() as connection:
            _as_seen(connection, name, seen)
            if role is not Role.ADMIN:
                _not_the_last(connection, name)
            _update(connection, name, "role", role.value)

    def set_password(self, name: str, password: str, *, first: bool = False, seen: str | None = None) -> None:
        """Change the password of an account; a `first` one has to be changed at the next sign-in.

        Raises `AccountRefused`, `PasswordWeak`, and `Overtaken` if it is not at the version `seen`.
        """
        passwords.check(password, name=name)
        kept = passwords.hash_of(password, first=first)
        with self._changing() as connection:
            _as_seen(connection, name, seen)
            _update(connection, name, "password", kept)

    def remove(self, name: str, *, seen: str | None = None) -> None:
        """Remove an account and end its sessions.

        Raises `AccountRefused`, also for the only administrator among several accounts, and `Overtaken` if it is not at
        the version `seen`.
        """
        with self._changing() as connection:
            _as_seen(connection, name, seen)
            _not_the_last(connection, name)
            _there(connection.execute("DELETE FROM accounts WHERE name = ?", (name,)), name)
            _end(connection, name)
            second_step.remove(connection, name)
            identities.remove(connection, name)

    def set_identity(self, name: str, identity: str, *, seen: str | None = None) -> None:
        """Write whom the provider of single sign-on means by an account; with an empty text nobody.

        The account's sessions end. Raises `AccountRefused`, `IdentityRefused`, and `Overtaken` if it is not at the
        version `seen`.
        """
        with self._changing() as connection:
            _as_seen(connection, name, seen)
            _there(connection.execute("UPDATE accounts SET changed_at = ? WHERE name = ?", (_now(), name)), name)
            identities.write(connection, name, identity)
            _end(connection, name)

    def verified(self, name: str, password: str) -> str | None:
        """Return the stored password hash if `password` matches. A missing account takes the same work."""
        kept = self.kept(name)
        return kept if passwords.matches(password, kept) else None

    def kept(self, name: str) -> str | None:
        """Return the stored password hash of an account; None if there is no account."""
        with self._open() as connection:
            row = connection.execute("SELECT password FROM accounts WHERE name = ?", (name,)).fetchone()
        return str(row["password"]) if row else None

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        with closing(open_database(self._database)) as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """Run one transaction: all its changes take effect, or none."""
        with self._open() as connection, together(connection):
            yield connection


def _named(name: str) -> None:
    """Raise `AccountRefused`, with advice, for what cannot be the name of an account."""
    if not _NAME.fullmatch(name):
        raise AccountRefused("账号名用1到32个文字、数字、点或横线，例如 wangfang")
    if unicodedata.normalize("NFKC", name) != name or not all(map(_is_usual, name)) or name in RESERVED:
        raise AccountRefused(f"“{name}”容易与别的名字混淆；请用普通的文字、半角的字母和数字，例如 wangfang")


def _is_usual(char: str) -> bool:
    """Return whether a character reads like no other: letters of several alphabets look like Latin ones."""
    return char.isascii() or unicodedata.name(char, "").startswith("CJK UNIFIED IDEOGRAPH")


def _update(connection: Connection, name: str, column: str, value: str) -> None:
    change = f"UPDATE accounts SET {column} = ?, changed_at = ? WHERE name = ?"
    _there(connection.execute(change, (value, _now(), name)), name)
    _end(connection, name)


def _as_seen(connection: Connection, name: str, seen: str | None) -> None:
    """Raise `Overtaken` if an account is another than the one that somebody saw."""
    row = None if seen is None else connection.execute(f"{_ACCOUNTS} WHERE accounts.name = ?", (name,)).fetchone()
    if row is not None and _account(row).version != seen:
        raise Overtaken(f"您打开这一页以后，账号{name}已被别人改过，没有再改；请看过现在的样子再改")


def _end(connection: Connection, name: str) -> None:
    """End the sessions of an account, and the sign-ins that wait for a code."""
    for table in ("sessions", "second_step_waits"):
        connection.execute(f"DELETE FROM {table} WHERE account = ?", (name,))


def _account(row: Row) -> Account:
    version = repr((row["role"], row["password"], row["changed_at"], row["identity"]))
    return Account(
        name=row["name"],
        role=Role(row["role"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        signed_in_at=row["signed_in_at"],
        two_step=bool(row["confirmed_at"]),
        identity=row["identity"] or "",
        bound=bool(row["subject"]),
        version=hashlib.sha256(version.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    )


def _not_the_last(connection: Connection, name: str) -> None:
    """Refuse to leave several accounts without an administrator. The only account may be removed."""
    roles = dict(connection.execute("SELECT name, role FROM accounts").fetchall())
    admins = [one for one, role in roles.items() if role == Role.ADMIN.value]
    if admins == [name] and len(roles) > 1:
        raise AccountRefused(f"“{name}”是最后一个“{Role.ADMIN.label}”账号；请先给另一个账号这个角色")


def _there(changed: Rows, name: str) -> None:
    if not changed.rowcount:
        raise AccountRefused(f"没有账号“{name}”；请在账号列表里核对")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
