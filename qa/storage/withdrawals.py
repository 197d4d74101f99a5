"""Documents that staff withdrew: no answer quotes them, whatever index is published, until they are reinstated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from qa.answering.overrides import Withdrawn
from qa.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The withdrawal of a document: by whom, when (ISO 8601, to the microsecond) and why."""

    document: str
    file_sha256: str
    at: str
    who: str
    why: str

    @property
    def second(self) -> datetime:
        """The second of the withdrawal, as the audit log counts."""
        return datetime.fromisoformat(self.at).replace(microsecond=0)

    def goes_with(self, other: "Withdrawal") -> bool:
        """Return whether both were withdrawn at the very moment, as an archive is with the files within."""
        return (self.at, self.who, self.why) == (other.at, other.who, other.why)

    def brings(self, other: "Withdrawal") -> bool:
        """Return whether the other ends with this one: itself, or a file within that went with it."""
        return other.document == self.document or (
            other.document.startswith(f"{self.document}/") and other.goes_with(self)
        )


def read(connection: Connection) -> list[Withdrawal]:
    """Return all withdrawals, by the name of the document."""
    return [Withdrawal(*row) for row in connection.execute("SELECT * FROM withdrawals ORDER BY document")]


def withdrawn(connection: Connection) -> Withdrawn:
    """Return the withdrawn documents."""
    return together(read(connection))


def together(found: Iterable[Withdrawal]) -> Withdrawn:
    """Return what these withdrawals hide."""
    kept = list(found)
    files = frozenset(one.file_sha256 for one in kept if one.file_sha256)
    return Withdrawn(frozenset(one.document for one in kept), files)


def of(connection: Connection, document: str) -> Withdrawal | None:
    """Return the withdrawal of a document, None if it is quoted."""
    return next((one for one in read(connection) if one.document == document), None)


def add(connection: Connection, withdrawal: Withdrawal) -> bool:
    """Withdraw a document; False if it already was, in which case the withdrawal that stands is not changed."""
    row = (withdrawal.document, withdrawal.file_sha256, withdrawal.at, withdrawal.who, withdrawal.why)
    added = connection.execute("INSERT INTO withdrawals VALUES (?, ?, ?, ?, ?) ON CONFLICT (document) DO NOTHING", row)
    return added.rowcount == 1


def within(connection: Connection, name: str) -> list[Withdrawal]:
    """Return the withdrawals of files within an archive of this name."""
    return [one for one in read(connection) if one.document.startswith(f"{name}/")]


def holder(connection: Connection, document: str) -> Withdrawal | None:
    """Return the withdrawal of the outermost archive that a document lies in; None if none is withdrawn."""
    known = {one.document: one for one in read(connection)}
    above = (str(path) for path in reversed(PurePosixPath(document).parents))
    return next((known[path] for path in above if path in known), None)


def remove(connection: Connection, document: str) -> bool:
    """Let a document be quoted again; return False if it was not withdrawn."""
    return connection.execute("DELETE FROM withdrawals WHERE document = ?", (document,)).rowcount == 1
