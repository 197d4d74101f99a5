"""Answers that staff write and approve."""
