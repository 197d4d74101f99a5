"""Tests of the table of quality."""
