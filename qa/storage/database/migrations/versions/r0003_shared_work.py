"""What servers on several machines work on together, in PostgreSQL only: the files, and the jobs of a refresh."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT = 'TEXT COLLATE "C"'
_KEPT = f"{_TEXT} NOT NULL"

_STATEMENTS = (
    # A file is there as long as `until` is empty; its content is an object by the name of its hash.
    f"""
    CREATE TABLE document_files (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path BYTEA NOT NULL, sha256 {_KEPT},
        size BIGINT NOT NULL, at {_KEPT}, who {_KEPT}, until {_TEXT}
    )
    """,
    "CREATE UNIQUE INDEX document_files_path ON document_files (path) WHERE until IS NULL",
    # A job is open until it has a result. Who works on it holds the lock of its row, and loses it by dying.
    f"""
    CREATE TABLE jobs (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch {_KEPT}, kind {_KEPT}, task BYTEA NOT NULL,
        result BYTEA
    )
    """,
    "CREATE INDEX jobs_open ON jobs (number) WHERE result IS NULL",
    "CREATE INDEX jobs_batch ON jobs (batch)",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _STATEMENTS:
            op.execute(statement)
