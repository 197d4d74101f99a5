"""Atomic file writes, locks, and a cache of records."""
