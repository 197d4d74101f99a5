"""The way of a browser to the provider and back: what only this browser can come back with, once, within minutes."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.staff.accounts.sign_on.errors import SignOnRefused, WayLost
from qa.storage.database import Connection, Where, open_database, together

LONGEST = timedelta(minutes=10)
# Ways that are open at once: from one network, where many staff may share an address, and from all together.
MOST_FROM_NETWORK, MOST = 100, 5000


class TooManyWays(SignOnRefused):
    """Too many browsers are on their way from this network, or altogether."""

    def __init__(self) -> None:
        super().__init__("现在登录的人太多，请过几分钟再试，也可以用账号和密码登录")


@dataclass(frozen=True, slots=True)
class Way:
    """What belongs to one way. `state` is known only when it begins; `earlier` are hashes of the browser's sessions.

    `verifier` is the secret of PKCE (RFC 7636); `back` is the address that the provider sends the browser back to.
    """

    state: str
    nonce: str
    verifier: str
    back: str
    earlier: tuple[str, ...]


class Ways:
    """The open ways in the file `database`; safe for threads and several processes. Tokens are stored as hashes."""

    def __init__(self, database: Where) -> None:
        self._database = database

    def begin(self, *, back: str, network: str, sessions: Collection[str], now: datetime) -> tuple[str, Way]:
        """Begin a way; return the browser's token and the way. Raises `TooManyWays`.

        `sessions` are tokens of sessions that the browser carries, to be ended once it has signed in: the cookies
        that hold them do not come along when the provider sends the browser back.
        """
        token, earlier = secrets.token_urlsafe(32), tuple(hash_of(one) for one in sessions)
        way = Way(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back, earlier)
        with self._changing() as connection:
            connection.execute("DELETE FROM sign_on_waits WHERE created_at <= ?", (_text(now - LONGEST),))
            count = "SELECT count(*), count(*) FILTER (WHERE network = ?) FROM sign_on_waits"
            of_all, of_network = connection.execute(count, (network,)).fetchone()
            if of_all >= MOST or of_network >= MOST_FROM_NETWORK:
                raise TooManyWays
            connection.execute(
                "INSERT INTO sign_on_waits VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    hash_of(token),
                    hash_of(way.state),
                    way.nonce,
                    way.verifier,
                    back,
                    json.dumps(earlier),
                    network,
                    _text(now),
                ),
            )
        return token, way

    def end(self, token: str, state: str, *, now: datetime) -> Way:
        """Return the way that a browser comes back on; nobody comes back on it again. Raises `WayLost`."""
        with self._changing() as connection:
            row = connection.execute(
                "DELETE FROM sign_on_waits WHERE token_hash = ? RETURNING *", (hash_of(token),)
            ).fetchone()
        if row is None or now - datetime.fromisoformat(row["created_at"]) >= LONGEST:
            raise WayLost
        if not hmac.compare_digest(row["state_hash"], hash_of(state)):
            raise WayLost
        return Way(state, row["nonce"], row["verifier"], row["back"], tuple(json.loads(row["earlier"])))

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with closing(open_database(self._database)) as connection, together(connection):
            yield connection


def hash_of(token: str) -> str:
    """Return the hash that a token is stored by."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
