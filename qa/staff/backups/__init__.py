"""Backups: archive, restore, management."""
