"""Headings: those of plain texts, the title of a document, and the path above any place in it."""
