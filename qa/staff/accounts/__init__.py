"""Accounts of staff: passwords, sessions, management."""
