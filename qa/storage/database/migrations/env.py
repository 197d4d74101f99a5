"""Runs Alembic's revisions on the connection that it is given, within the transaction of the caller."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
