"""Counts visits over several servers, in PostgreSQL: one function there, and no address, only hashes for a minute."""

import hashlib
import hmac
import logging
import time
from collections.abc import Mapping
from contextlib import closing
from functools import cached_property

from pydantic import SecretStr

from qa.runtime.errors import DatabaseError
from qa.storage.database import DatabaseUnfit, open_database

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0


class SharedVisits:
    """Visits of all servers with the same database."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where
        self._retry_at = float("-inf")

    def take(self, keys: Mapping[str, int]) -> float | None:
        """Return the seconds until all keys may come, each so often a minute; 0 counts this visit for each of them.

        None while the database cannot be asked: this server then counts by itself.
        """
        if time.monotonic() < self._retry_at:
            return None
        try:
            names = [self._hashed(key) for key in keys]
            with closing(open_database(self._where)) as connection:
                steps = [60 / per_minute for per_minute in keys.values()]
                asked = "SELECT take_turn(CAST(? AS TEXT[]), CAST(? AS DOUBLE PRECISION[]))"
                return float(next(connection.execute(asked, (names, steps)))[0])
        except (DatabaseError, DatabaseUnfit) as error:
            logger.error("Visits are counted by this server alone: %s", error)
            self._retry_at = time.monotonic() + RETRY_SECONDS
            return None

    def forget(self) -> None:
        """Delete what no longer counts; `take` deletes some of it each time."""
        try:
            with closing(open_database(self._where)) as connection:
                connection.execute("DELETE FROM visits WHERE full_at < extract(epoch FROM clock_timestamp())")
        except (DatabaseError, DatabaseUnfit) as error:
            logger.error("Visits that no longer count are not deleted: %s", error)

    @cached_property
    def _secret(self) -> bytes:
        with closing(open_database(self._where)) as connection:
            return str(next(connection.execute("SELECT secret FROM visit_secret"))[0]).encode()

    def _hashed(self, key: str) -> str:
        return hmac.new(self._secret, key.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
