"""Answers of several things: whole lists, parts of a question, the fields of a guide."""
