"""Accounts of staff: passwords, sessions, the second step."""
