"""Headings, sentences and passages of texts."""
