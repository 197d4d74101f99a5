"""The second step of signing in: codes that an app on a member's phone makes (TOTP, RFC 6238), and recovery codes.

The secret has to be readable, because the server computes the same codes; it lies in the database, which only the
account of the service reads. Recovery codes are stored as hashes: they are as long as the password of a session.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

import pyotp

from qa.runtime.errors import StaffRefused
from qa.storage.database import Connection

ISSUER = "浙涪问答"
# Codes of the interval before and after are accepted, too: clocks of phones differ.
INTERVAL, WINDOW = 30, 1
RECOVERY_CODES, RECOVERY_BYTES = 8, 10
APP, RECOVERY = "app", "recovery code"


class CodeWrong(StaffRefused):
    """The code of the second step is wrong, too old, or used already."""

    def __init__(self) -> None:
        super().__init__("验证码不对，或已用过；请等手机上换了新的再输入，仍不行请核对手机的时间")


class SecondStepRefused(StaffRefused):
    """The second step is set up already, or not yet."""


def begin(connection: Connection, name: str) -> str:
    """Store a new secret that still has to be confirmed, and return it. Raises `SecondStepRefused` if one is in use."""
    if is_on(connection, name):
        raise SecondStepRefused("已经开通了两步登录；要换手机，请先关闭再开通")
    secret = pyotp.random_base32()
    remove(connection, name)
    begin = "INSERT INTO second_steps (account, secret, begun_at) VALUES (?, ?, ?)"
    connection.execute(begin, (name, secret, _now()))
    return secret


def begun(connection: Connection, name: str) -> str:
    """Return the secret that still has to be confirmed; empty without one."""
    row = connection.execute(
        "SELECT secret FROM second_steps WHERE account = ? AND confirmed_at = ''", (name,)
    ).fetchone()
    return str(row["secret"]) if row else ""


def address(name: str, secret: str) -> str:
    """Return the address that apps read from a QR code."""
    return pyotp.TOTP(secret, interval=INTERVAL).provisioning_uri(name=name, issuer_name=ISSUER)


def confirm(connection: Connection, name: str, code: str, *, now: datetime) -> tuple[str, ...]:
    """Turn the second step on, once the app makes the right codes; return the recovery codes, told only now.

    Raises `CodeWrong`, `SecondStepRefused`.
    """
    secret = begun(connection, name)
    if not secret:
        raise SecondStepRefused("请先点“开通”，扫出新的二维码")
    counter = _counter(secret, code, now, after=0)
    if counter is None:
        raise CodeWrong
    connection.execute(
        "UPDATE second_steps SET confirmed_at = ?, last_counter = ? WHERE account = ?", (_now(), counter, name)
    )
    return renew(connection, name)


def renew(connection: Connection, name: str) -> tuple[str, ...]:
    """Return new recovery codes; the earlier ones are void. Raises `SecondStepRefused`."""
    if not is_on(connection, name):
        raise SecondStepRefused("还没有开通两步登录")
    codes = tuple(_spaced(secrets.token_hex(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))
    _keep(connection, name, [_hash(code) for code in codes])
    return codes


def is_on(connection: Connection, name: str) -> bool:
    """Return whether an account signs in in two steps."""
    found = "SELECT 1 FROM second_steps WHERE account = ? AND confirmed_at <> ''"
    return connection.execute(found, (name,)).fetchone() is not None


def left(connection: Connection, name: str) -> int:
    """Return how many recovery codes are left."""
    row = connection.execute("SELECT recovery FROM second_steps WHERE account = ?", (name,)).fetchone()
    return len(json.loads(row["recovery"])) if row else 0


def accept(connection: Connection, name: str, code: str, *, now: datetime) -> str:
    """Use up a code of the app (`APP`) or a recovery code (`RECOVERY`); return which it was. Raises `CodeWrong`."""
    found = "SELECT secret, last_counter, recovery FROM second_steps WHERE account = ? AND confirmed_at <> ''"
    row = connection.execute(found, (name,)).fetchone()
    if row is None:
        raise CodeWrong
    counter = _counter(row["secret"], code, now, after=row["last_counter"])
    if counter is not None:
        connection.execute("UPDATE second_steps SET last_counter = ? WHERE account = ?", (counter, name))
        return APP
    kept, shown = [str(one) for one in json.loads(row["recovery"])], _hash(code)
    others = [one for one in kept if not hmac.compare_digest(one, shown)]
    if len(others) == len(kept):
        raise CodeWrong
    _keep(connection, name, others)
    return RECOVERY


def remove(connection: Connection, name: str) -> bool:
    """Turn the second step off; return whether it was on or begun."""
    return connection.execute("DELETE FROM second_steps WHERE account = ?", (name,)).rowcount > 0


def _counter(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the interval that a code belongs to, later than the one used last; None if it belongs to none."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    totp, here = pyotp.TOTP(secret, interval=INTERVAL), int(now.timestamp()) // INTERVAL
    for counter in range(here - WINDOW, here + WINDOW + 1):
        if counter > after and hmac.compare_digest(totp.generate_otp(counter), digits):
            return counter
    return None


def _keep(connection: Connection, name: str, hashes: list[str]) -> None:
    connection.execute("UPDATE second_steps SET recovery = ? WHERE account = ?", (json.dumps(hashes), name))


def _spaced(text: str) -> str:
    return "-".join(text[place : place + 5] for place in range(0, len(text), 5))


def _hash(code: str) -> str:
    plain = "".join(char for char in code.lower() if char.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
