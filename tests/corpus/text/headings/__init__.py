"""Tests of `corpus.text.headings`."""
