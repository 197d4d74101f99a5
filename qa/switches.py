"""What staff switch while the service runs: the notice above the chat, and the pause with its reason."""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

NOTICE, PAUSE = "notice", "pause"


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched on: texts for citizens, empty when it is not."""

    notice: str = ""
    pause: str = ""


def read(connection: sqlite3.Connection) -> Switches:
    values = dict(connection.execute("SELECT name, value FROM switches").fetchall())
    return Switches(values.get(NOTICE, ""), values.get(PAUSE, ""))


def write(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Switch on with a text, or off with an empty one; running servers see it within seconds."""
    connection.execute(
        "INSERT INTO switches (name, value, changed_at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        (name, value.strip(), datetime.now(UTC).isoformat(timespec="seconds")),
    )


class SwitchBoard:
    """The switches as a running server sees them, read anew every `seconds`."""

    def __init__(self, connection: sqlite3.Connection, *, seconds: float = 2.0) -> None:
        self._connection = connection
        self._seconds = seconds
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._switches = Switches()

    def at(self, now: float) -> Switches:
        """The switches at a moment of the monotonic clock. Raises sqlite3.Error when the file cannot be read."""
        with self._lock:
            if now - self._read_at >= self._seconds:
                self._switches, self._read_at = read(self._connection), now
            return self._switches

    def close(self) -> None:
        self._connection.close()
