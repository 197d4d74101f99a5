"""Switches that staff set while the service runs: notice, pause, contact, limits, threshold, withdrawals."""

import json
import logging
import threading
import time
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from qa.answering.overrides import Switches, Withheld
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
# Questions that are answered with nothing; no page sets it.
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Withholding:
    """A golden question that is answered with nothing rather than from some documents, since which snapshot, and why.

    `golden` is the hash of the golden question `question_id`, `questions` are its wordings, `contents` the content
    hashes of the `documents`. `because` is the withdrawn document, or `answer N` for a stopped answer of staff; empty
    once that is undone, when it is answered as before.
    """

    golden: str
    question_id: str
    questions: tuple[str, ...]
    contents: tuple[str, ...]
    documents: tuple[str, ...]
    because: str
    snapshot: str

    def and_also(self, other: "Withholding") -> "Withholding":
        """Return it for the contents of both."""
        contents = tuple(dict.fromkeys((*self.contents, *other.contents)))
        documents = tuple(dict.fromkeys((*self.documents, *other.documents)))
        return replace(self, contents=contents, documents=documents)


def merged(known: Iterable[Withholding], added: Iterable[Withholding]) -> tuple[Withholding, ...]:
    """Return each golden question once, the added ones as they came about."""
    found = {one.golden: one for one in known}
    for one in added:
        found[one.golden] = one.and_also(found[one.golden]) if one.golden in found else one
    return tuple(found.values())


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
        tuple(Withheld(one.questions, one.contents) for one in _withheld(values.get(WITHHELD, ""))),
    )


def withheld(connection: Connection) -> tuple[Withholding, ...]:
    """Return the golden questions that are answered with nothing rather than wrongly."""
    row = connection.execute("SELECT value FROM switches WHERE name = ?", (WITHHELD,)).fetchone()
    return _withheld(row[0] if row else "")


def _withheld(value: str) -> tuple[Withholding, ...]:
    entries: list[dict[str, Any]] = json.loads(value) if value else []
    lists = ("questions", "contents", "documents")
    return tuple(Withholding(**{**entry, **{name: tuple(entry[name]) for name in lists}}) for entry in entries)


def withhold(connection: Connection, added: Iterable[Withholding], *, who: str) -> None:
    """Withhold more golden questions, besides those that are. Run in a transaction, or where nobody else writes."""
    _keep(connection, merged(withheld(connection), added), who)


def settle(connection: Connection, because: str, *, who: str) -> None:
    """Note that what golden questions were withheld for is undone, so that staff need not look at them."""
    known = withheld(connection)
    if any(one.because == because for one in known):
        _keep(connection, [replace(one, because="") if one.because == because else one for one in known], who)


def release(connection: Connection, *, asked: Collection[str], who: str) -> None:
    """Answer again what is no golden question any more; `asked` are the hashes of those that are."""
    known = withheld(connection)
    kept = [one for one in known if one.golden in asked]
    if len(kept) < len(known):
        _keep(connection, kept, who)


def _keep(connection: Connection, known: Iterable[Withholding], who: str) -> None:
    entries = [asdict(one) for one in known]
    write(connection, WITHHELD, json.dumps(entries, ensure_ascii=False) if entries else "", who=who)


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
