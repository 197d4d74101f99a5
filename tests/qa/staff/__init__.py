"""Tests of qa.staff."""
