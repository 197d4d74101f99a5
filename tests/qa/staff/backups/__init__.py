"""Backups, restores and moves of everything that an installation holds."""
