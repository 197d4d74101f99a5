"""Tests of `qa.staff.quality`."""
