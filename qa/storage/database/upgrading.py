"""Brings a database up to date: files by the scripts of their first versions, then both engines by Alembic."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from qa.storage.database.connection import Connection, together
from qa.storage.migrations import MIGRATIONS

# The revisions in `migrations/versions`, in order. Each only adds, since servers of the version before may go on over
# it while others are exchanged (docs/operations.md). `MIGRATIONS` bring a file as far as the first brings PostgreSQL.
REVISIONS = ("0001", "0002", "0003", "0004")
# Those of them that change nothing in a file, which is therefore not opened by Alembic for them.
ONLY_ON_SERVER = frozenset({"0002", "0003", "0004"})
FOLDER = Path(__file__).parent / "migrations"


class DatabaseNewer(Exception):
    """A newer version of the program wrote the database."""


def file_version() -> int:
    """Return the number that a file of this program carries."""
    return len(MIGRATIONS) + len(_of_files()) - 1


def upgrade_file(connection: Connection, path: Path) -> None:
    """Bring a file up to date. Raises `DatabaseNewer`."""
    # Checked without a transaction first: merely opening the file must not wait for a writer.
    if _version(connection) == file_version():
        return
    with together(connection):
        version = _version(connection)
        if version > file_version():
            raise DatabaseNewer(f"{path} was written by a newer version of this program; install that one")
        for migration in MIGRATIONS[version:]:
            # Not executescript(): it would commit before the end.
            for statement in _statements(migration):
                with connection.raw() as inner:
                    inner.exec_driver_sql(statement)
        if file_version() > len(MIGRATIONS):
            _by_alembic(connection, since=_of_files()[max(0, version - len(MIGRATIONS))])
        connection.execute(f"PRAGMA user_version = {file_version()}")


def upgrade_server(connection: Connection) -> None:
    """Bring a PostgreSQL up to date. Raises `DatabaseNewer`."""
    if _revision(connection) == REVISIONS[-1]:
        return
    with connection.transaction(seconds=60):
        found = _revision(connection)
        if found and found not in REVISIONS:
            raise DatabaseNewer(f"The database has revision {found} of a newer version of this program; install that")
        _by_alembic(connection)


def _by_alembic(connection: Connection, *, since: str = "") -> None:
    """Run the revisions that are missing; a database that Alembic does not know yet counts as having `since`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    with connection.raw() as inner:
        config.attributes["connection"] = inner
        if since:
            command.stamp(config, since)
        command.upgrade(config, "head")


def _of_files() -> list[str]:
    return [revision for revision in REVISIONS if revision not in ONLY_ON_SERVER]


def _version(connection: Connection) -> int:
    return int(next(connection.execute("PRAGMA user_version"))[0])


def _revision(connection: Connection) -> str:
    """Return the revision of a PostgreSQL; empty for a new one."""
    (known,) = next(connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL"))
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else ""


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; semicolons in strings, comments and triggers end none."""
    begun = ""
    for part in script.split(";"):
        begun += f"{part};"
        if sqlite3.complete_statement(begun):
            if begun.strip(" \n;"):
                yield begun
            begun = ""
    if begun.strip(" \n;"):
        yield begun  # unfinished: SQLite reports what is wrong
