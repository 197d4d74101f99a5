"""The database of the service: SQLite in `QA_HOME`, or PostgreSQL. The same statements run on both."""

from qa.runtime.errors import DatabaseError
from qa.storage.database.connection import Connection, Row, together
from qa.storage.database.opening import AUDIT_LOG, DATABASE, DatabaseUnfit, Where, as_it_is, database_of, open_database
from qa.storage.database.sqlite_files import DatabaseLocked
from qa.storage.database.upgrading import DatabaseNewer

__all__ = [
    "AUDIT_LOG",
    "DATABASE",
    "Connection",
    "DatabaseError",
    "DatabaseLocked",
    "DatabaseNewer",
    "DatabaseUnfit",
    "Row",
    "Where",
    "as_it_is",
    "database_of",
    "open_database",
    "together",
]
