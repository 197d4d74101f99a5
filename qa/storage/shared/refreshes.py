"""What every machine knows of the refresh on any of them: how far it is, whether to stop, how the last one ended."""

from pydantic import SecretStr

from qa.storage.database import Connection
from qa.storage.shared.coordination import asked

_PROGRESS, _CANCEL, _REPORT = "progress", "cancel", "report"
_WRITE = """
INSERT INTO refresh_notes (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content
"""
_DELETE = "DELETE FROM refresh_notes WHERE name = ?"
_READ = "SELECT content FROM refresh_notes WHERE name = ?"


class SharedRefreshes:
    """The notes on refreshes in the PostgreSQL of all servers. Every method may raise `StoreUnreachable`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    def begin(self) -> None:
        """Drop an old cancellation."""
        with asked(self._where) as connection:
            connection.execute(_DELETE, (_CANCEL,))

    def tell(self, progress: bytes) -> bool:
        """Note how far the refresh is; return whether somebody wants it cancelled."""
        with asked(self._where) as connection:
            connection.execute(_WRITE, (_PROGRESS, progress))
            return _read(connection, _CANCEL) is not None

    def progress(self) -> bytes | None:
        """Return what was told last."""
        with asked(self._where) as connection:
            return _read(connection, _PROGRESS)

    def cancel(self) -> None:
        """Have the refresh under way stop, whichever machine it runs on."""
        with asked(self._where) as connection:
            connection.execute(_WRITE, (_CANCEL, b""))

    def keep(self, report: bytes) -> None:
        """Note how a refresh ended, in place of the one before."""
        with asked(self._where) as connection:
            take_over(connection, report)

    def report(self) -> bytes | None:
        """Return what was kept last."""
        with asked(self._where) as connection:
            return _read(connection, _REPORT)


def take_over(connection: Connection, report: bytes | None) -> None:
    """Have this report known, or none."""
    if report is None:
        connection.execute(_DELETE, (_REPORT,))
    else:
        connection.execute(_WRITE, (_REPORT, report))


def _read(connection: Connection, name: str) -> bytes | None:
    row = connection.execute(_READ, (name,)).fetchone()
    return bytes(row["content"]) if row else None
