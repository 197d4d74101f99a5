"""Which account a person of the provider stands for: the identity that an administrator wrote at the account."""

from dataclasses import dataclass

from qa.runtime.errors import StaffRefused
from qa.storage.database import Connection

MOST = 200


class IdentityRefused(StaffRefused):
    """The identity cannot be one, or another account has it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An account's identity at the provider; `subject` is empty until somebody signed in with it.

    `made` tells that the account itself was made by single sign-on, and that its role follows the provider's groups.
    """

    account: str
    name: str
    issuer: str
    subject: str
    made: bool


def of_name(connection: Connection, name: str) -> Identity | None:
    """Return the identity with a name; None if no account has it."""
    row = connection.execute("SELECT * FROM identities WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    return Identity(row["account"], row["name"], row["issuer"], row["subject"], bool(row["made"]))


def write(connection: Connection, account: str, name: str, *, made: bool = False) -> None:
    """Give an account an identity, or with an empty name none. Who signed in with it before is forgotten.

    Raises `IdentityRefused`.
    """
    if len(name) > MOST or not name.isprintable():
        raise IdentityRefused(f"统一登录名最多{MOST}个字，不能有换行或看不见的字符")
    other = of_name(connection, name) if name else None
    if other and other.account != account:
        raise IdentityRefused(f"账号“{other.account}”已经用了统一登录名“{name}”；一个人只能有一个账号")
    remove(connection, account)
    if name:
        connection.execute("INSERT INTO identities (account, name, made) VALUES (?, ?, ?)", (account, name, made))


def bind(connection: Connection, account: str, *, issuer: str, subject: str) -> None:
    """Note whom the provider means by an identity: names may be given to somebody else, subjects never are."""
    connection.execute("UPDATE identities SET issuer = ?, subject = ? WHERE account = ?", (issuer, subject, account))


def remove(connection: Connection, account: str) -> None:
    """Take the identity away from an account."""
    connection.execute("DELETE FROM identities WHERE account = ?", (account,))
