"""Tests of what is computed from the figures of sentences and rows."""
