"""Switches that staff set while the service runs: notice, pause, contact, limits, threshold, withdrawals."""

import logging
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

from qa.answering.overrides import Switches
from qa.answering.screening.cards import CARDS
from qa.storage import withdrawals
from qa.storage.database import Connection, DatabaseError, Where, open_database

logger = logging.getLogger(__name__)

NOTICE, PAUSE, CONTACT, THRESHOLD = "notice", "pause", "contact", "threshold"
# Whether publishers and administrators need a second step to sign in: `YES`, or empty.
TWO_STEP, YES = "two_step", "yes"
ADDRESS_PER_MINUTE, SESSION_PER_MINUTE = "address_per_minute", "session_per_minute"
# The prefix of the names of cards' texts.
CARD = "card_"


def read(connection: Connection) -> Switches:
    """Return the present switches."""
    values = {row[0]: row[1] for row in connection.execute("SELECT name, value FROM switches") if row[1]}
    return Switches(
        values.get(NOTICE, ""),
        values.get(PAUSE, ""),
        values.get(CONTACT),
        float(values[THRESHOLD]) if THRESHOLD in values else None,
        int(values[ADDRESS_PER_MINUTE]) if ADDRESS_PER_MINUTE in values else None,
        int(values[SESSION_PER_MINUTE]) if SESSION_PER_MINUTE in values else None,
        withdrawals.withdrawn(connection),
        {name: values[CARD + name] for name in CARDS if CARD + name in values},
    )


def current(database: Where) -> Switches:
    """Return the present switches, for a program that reads them once."""
    with closing(open_database(database)) as connection:
        return read(connection)


def write(connection: Connection, name: str, value: str, *, who: str = "") -> None:
    """Set a switch to a text, or unset it with an empty one; running servers see it within seconds."""
    connection.execute(
        "INSERT INTO switches (name, value, changed_at, changed_by) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        (name, value.strip(), datetime.now(UTC).isoformat(timespec="seconds"), who),
    )


class CurrentSettings:
    """The switches as a running server sees them, read again every `seconds`."""

    def __init__(self, connection: Connection, *, seconds: float = 2.0) -> None:
        self._connection = connection
        self._seconds = seconds
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._switches = Switches()

    def at(self, now: float) -> Switches:
        """Return the switches at a moment of the monotonic clock; the last known ones if the file cannot be read.

        A service that cannot read its notice goes on, and withdrawn documents stay withdrawn.
        """
        with self._lock:
            if now - self._read_at >= self._seconds:
                try:
                    self._switches = read(self._connection)
                except (DatabaseError, ValueError) as error:
                    logger.error("What staff switched cannot be read: %s", error)
                self._read_at = now
            return self._switches

    def now(self) -> Switches:
        """Return the present switches."""
        return self.at(time.monotonic())

    def close(self) -> None:
        self._connection.close()
