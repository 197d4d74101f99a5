"""Slows guessers down: counts attempts to sign in by what they come from, and refuses them for ever longer.

Failures slow down the guesser, not the member whose name is guessed at.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.runtime.errors import StaffRefused
from qa.storage.database import Connection

# Failures within `WINDOW` count: `FREE` are free, each further one doubles the wait, `MOST` is the maximum.
WINDOW = timedelta(minutes=10)
FREE, MOST = 5, 10
FIRST_WAIT = timedelta(seconds=30)
# Failures at one name from all networks together. It bounds a guesser with many networks; known browsers are exempt.
CEILING = 50


class SignInTooOften(StaffRefused):
    """Too many failures from this network, from this browser or at this name; attempts are refused for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"登录失败次数太多，请{seconds}秒后再试；忘了密码请找管理员重设")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Count:
    """A key under which attempts count, how many are free, and how many are the most within `WINDOW`."""

    key: str
    free: int = FREE
    most: int = MOST


def of_name(name: str) -> str:
    """Return the key of a name, whoever tries it."""
    return hashed(f"name {name.lower()}")


def of_strangers(name: str, network: str) -> list[Count]:
    """Return what an attempt from an unknown browser counts for: the name here, the network, the name anywhere."""
    here = [Count(hashed(f"name {name.lower()} from {network}"))]
    if network:
        here.append(Count(hashed(f"address {network}")))
    return [*here, Count(of_name(name), free=CEILING, most=CEILING)]


def begin(connection: Connection, counts: Sequence[Count], now: datetime) -> list[int]:
    """Count an attempt as a failure, and return the ids of its rows. Raises `SignInTooOften`."""
    connection.execute("DELETE FROM sign_in_failures WHERE at <= ?", (as_text(now - WINDOW),))
    wait = max(_wait(failures(connection, count.key), count, now) for count in counts)
    if wait > timedelta(0):
        raise SignInTooOften(math.ceil(wait.total_seconds()))
    insert = "INSERT INTO sign_in_failures (key, at) VALUES (?, ?) RETURNING id"
    return [int(connection.execute(insert, (count.key, as_text(now))).fetchone()[0]) for count in counts]


def succeed(connection: Connection, attempt: Sequence[int]) -> None:
    """Take back the rows of an attempt, which was right."""
    connection.executemany("DELETE FROM sign_in_failures WHERE id = ?", [(one,) for one in attempt])


def forget(connection: Connection, key: str) -> None:
    """Take back all failures that count under a key."""
    connection.execute("DELETE FROM sign_in_failures WHERE key = ?", (key,))


def failures(connection: Connection, key: str) -> list[datetime]:
    """Return when the attempts under a key failed, the oldest first."""
    rows = connection.execute("SELECT at FROM sign_in_failures WHERE key = ? ORDER BY at", (key,))
    return [datetime.fromisoformat(row["at"]) for row in rows]


def hashed(text: str) -> str:
    """Return the SHA-256 of a text, which stands for it in the database."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def as_text(time: datetime) -> str:
    """Return a time as it stands in the database: UTC, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def _wait(failed: list[datetime], count: Count, now: datetime) -> timedelta:
    """Return how long after these failures within `WINDOW` attempts are refused."""
    if len(failed) < count.free:
        return timedelta(0)
    if len(failed) >= count.most:
        return failed[-count.most] + WINDOW - now
    return failed[-1] + FIRST_WAIT * (1 << (len(failed) - count.free)) - now
