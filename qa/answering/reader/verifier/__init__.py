"""Judges whether a quotation settles a question, and whether it bears out what the question says."""
