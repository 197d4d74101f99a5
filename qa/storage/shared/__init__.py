"""What several servers with one PostgreSQL share besides its tables: what is published, locks, limits."""
