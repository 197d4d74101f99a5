"""What is kept in SQLite and in the audit log."""
