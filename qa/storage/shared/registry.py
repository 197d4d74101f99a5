"""Which snapshots all servers share, with the hashes of their manifests and what is noted of each: in PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import SecretStr

from qa.storage.database import Connection
from qa.storage.shared.coordination import asked

_STORED = "SELECT name, manifest_sha256 FROM stored_snapshots WHERE dropped_at IS NULL"


class SharedRegistry:
    """See `index.snapshots.shared.remote.Registry`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    def stored(self) -> Mapping[str, str]:
        with asked(self._where) as connection:
            return {str(row["name"]): str(row["manifest_sha256"]) for row in connection.execute(_STORED)}

    def ever(self) -> list[str]:
        with asked(self._where) as connection:
            return [str(row["name"]) for row in connection.execute("SELECT name FROM stored_snapshots ORDER BY name")]

    def add(self, name: str, manifest_sha256: str) -> None:
        with asked(self._where) as connection:
            connection.execute(
                "INSERT INTO stored_snapshots (name, manifest_sha256, stored_at) VALUES (?, ?, ?)",
                (name, manifest_sha256, _now()),
            )

    def drop(self, name: str) -> None:
        with asked(self._where) as connection:
            connection.execute("UPDATE stored_snapshots SET dropped_at = ? WHERE name = ?", (_now(), name))


class SharedNotes:
    """See `index.snapshots.notes.Notes`."""

    def __init__(self, where: SecretStr) -> None:
        self._where = where

    def read(self, name: str) -> bytes:
        with asked(self._where) as connection:
            row = connection.execute("SELECT content FROM snapshot_notes WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise FileNotFoundError(name)
        return bytes(row["content"])

    def write(self, name: str, content: bytes) -> None:
        with asked(self._where) as connection:
            write_note(connection, name, content)

    def touched(self, name: str) -> tuple[int, ...]:
        with asked(self._where) as connection:
            row = connection.execute("SELECT version FROM snapshot_notes WHERE name = ?", (name,)).fetchone()
        return (int(row["version"]),) if row else ()

    def forget(self, name: str) -> None:
        with asked(self._where) as connection:
            connection.execute("DELETE FROM snapshot_notes WHERE name = ?", (name,))


def write_note(connection: Connection, name: str, content: bytes) -> None:
    """Replace what is noted of a snapshot."""
    connection.execute(
        "INSERT INTO snapshot_notes AS kept (name, content) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET content = excluded.content, version = kept.version + 1",
        (name, content),
    )


def replace_all(connection: Connection, snapshots: Mapping[str, str], notes: Mapping[str, bytes]) -> None:
    """Have these snapshots known and no others, with the hashes of their manifests and their notes.

    Call within a transaction.
    """
    connection.execute("UPDATE stored_snapshots SET dropped_at = ? WHERE dropped_at IS NULL", (_now(),))
    for name, digest in snapshots.items():
        connection.execute(
            "INSERT INTO stored_snapshots (name, manifest_sha256, stored_at) VALUES (?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET manifest_sha256 = excluded.manifest_sha256, dropped_at = NULL",
            (name, digest, _now()),
        )
    connection.execute("DELETE FROM snapshot_notes")
    for name, content in notes.items():
        write_note(connection, name, content)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
