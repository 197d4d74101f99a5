"""Everything stored in SQLite and in the audit log."""
