"""Files written whole or not at all, locks, and a cache of records."""
