"""Turns a question into a reply: screening, follow-ups, retrieval, reading, checks, wording."""
