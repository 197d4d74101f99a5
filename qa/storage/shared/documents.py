"""Which files all servers share, with the hashes of what they hold: in PostgreSQL. The contents are objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from index.snapshots.errors import StoreBusy
from qa.storage.database import Connection
from qa.storage.shared.coordination import asked

# PostgreSQL's own lock, held while the list changes.
_LOCK = 7_860_005
# Contents of files that were replaced or deleted are kept for so long, should somebody want them back.
KEPT_DAYS = 30

Version = tuple[int, int]
# Of a list that never held anything.
NEW: Version = (0, 0)


@dataclass(frozen=True, slots=True)
class Listed:
    """The files at one moment, SHA-256 by name; equal versions are equal lists."""

    version: Version
    files: Mapping[bytes, str]


class SharedDocuments:
    """The list of files. Names are bytes, since a file system's need not be text. Raises `StoreUnreachable`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    def version(self) -> Version:
        """Return a key that changes with the list."""
        with asked(self._where) as connection:
            return _version(connection)

    def listed(self) -> Listed:
        """Return the files that there are now."""
        with asked(self._where) as connection, connection.snapshot():
            rows = connection.execute("SELECT number, path, sha256, until FROM document_files").fetchall()
        version = max((int(row["number"]) for row in rows), default=0), sum(row["until"] is not None for row in rows)
        return Listed(version, {bytes(row["path"]): str(row["sha256"]) for row in rows if row["until"] is None})

    def change(
        self, news: Mapping[bytes, tuple[str, int]], gone: Iterable[bytes], *, since: Version, who: str
    ) -> Version:
        """List files by their SHA-256 and size, whose contents are stored, and others no longer; all of it at once.

        Return the version from then on. Raises `StoreBusy` if the list changed `since`, as it may after a restart of
        the database, which loses all locks.
        """
        now = _text(datetime.now(UTC))
        with asked(self._where) as connection, connection.transaction(lock=_LOCK):
            if _version(connection) != since:
                raise StoreBusy("另一台机器刚改过文件；请再试一次")
            for path in (*news, *gone):
                connection.execute("UPDATE document_files SET until = ? WHERE path = ? AND until IS NULL", (now, path))
            connection.executemany(
                "INSERT INTO document_files (path, sha256, size, at, who) VALUES (?, ?, ?, ?, ?)",
                [(path, sha256, size, now, who) for path, (sha256, size) in news.items()],
            )
            return _version(connection)

    def forget(self, now: datetime) -> set[str]:
        """Forget files that are gone for long; return the SHA-256 of all contents that are still wanted."""
        with asked(self._where) as connection, connection.transaction(lock=_LOCK):
            # The newest row stays, since it is part of the version.
            connection.execute(
                "UPDATE document_files SET sha256 = '' WHERE until < ?", (_text(now - timedelta(days=KEPT_DAYS)),)
            )
            rows = connection.execute("SELECT DISTINCT sha256 FROM document_files WHERE sha256 <> ''")
            return {str(row["sha256"]) for row in rows}

    def installation(self) -> str:
        """Return what no other installation has."""
        with asked(self._where) as connection:
            return str(next(connection.execute("SELECT md5('documents' || secret) FROM visit_secret"))[0])


def _version(connection: Connection) -> Version:
    row = next(connection.execute("SELECT coalesce(max(number), 0), count(until) FROM document_files"))
    return int(row[0]), int(row[1])


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
