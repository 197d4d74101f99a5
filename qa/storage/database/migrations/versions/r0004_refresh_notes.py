"""How far a refresh is, who wants it cancelled, and how the last one ended, in PostgreSQL only."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute('CREATE TABLE refresh_notes (name TEXT COLLATE "C" PRIMARY KEY, content BYTEA NOT NULL)')
