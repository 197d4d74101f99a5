"""Alembic's revisions of the tables, for both engines."""
