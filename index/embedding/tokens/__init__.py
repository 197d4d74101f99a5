"""Texts as the tokens of the bundled encoder."""
