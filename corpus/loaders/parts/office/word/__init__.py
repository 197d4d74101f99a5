"""Renders Word files as Word shows them: list numbers, symbols, fields, notes, running heads."""
