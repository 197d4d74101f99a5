"""Whole visits: first sight, at every width, within another site."""
